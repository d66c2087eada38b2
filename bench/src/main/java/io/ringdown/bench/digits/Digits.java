package io.ringdown.bench.digits;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The command {@code bench digits}: presses over bad lines through Ringdown and rtpengine, side by side. */
public final class Digits {
    private static final int STREAMS = 50;

    // Gaps are 40 ms and more; what comes later than this by our own fault would be the line's.
    private static final double LATEST_MILLIS = 5;
    private static final int TRIES = 5;

    private final DigitsOptions options;
    private final Codecs codecs = Codecs.load(OpusSettings.defaults());
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private boolean isGood = true;
    private double latestMillis;

    private Digits(DigitsOptions options) {
        this.options = options;
    }

    /**
     * Measures what the words of the command line ask for and prints it. For five minutes or so, since rtpengine runs in real
     * time; where it is not installed for some seconds, without it.
     *
     * @return whether Ringdown doubled none, misplaced none, made none up, and lost none of which a packet had arrived
     * @throws IllegalArgumentException telling what is wrong with the words
     * @throws IOException if rtpengine does not do as it is told or a file cannot be written
     */
    public static boolean run(List<String> words) throws IOException, InterruptedException {
        Digits digits = new Digits(DigitsOptions.parse(words));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("command", ("bench digits " + String.join(" ", words)).strip());
        document.put("seed", digits.options.seed());
        document.put("java", Runtime.version().toString());
        document.put("opus", digits.codecs.describe());
        digits.forms();
        Optional<Rtpengine> peer = Rtpengine.start();
        if (peer.isPresent()) {
            try (Rtpengine rtpengine = peer.get()) {
                digits.measure(List.of(new Ringdown(digits.codecs), rtpengine));
                document.put("rtpengine", rtpengine.version());
                line("rtpengine " + rtpengine.version() + ", in user space; packets came to it late by "
                        + rounded(digits.latestMillis) + " ms at most (p99 of a row)"
                        + (digits.latestMillis > LATEST_MILLIS ? ": some of its rows are VOID" : ""));
            }
        } else {
            digits.measure(List.of(new Ringdown(digits.codecs)));
            line("rtpengine is not installed (Debian: rtpengine-daemon): no figures of it");
        }
        document.put("rows", digits.rows);
        if (digits.options.json().isPresent()) {
            Files.writeString(
                    digits.options.json().get(),
                    new ObjectMapper()
                                    .enable(SerializationFeature.INDENT_OUTPUT)
                                    .writeValueAsString(document) + "\n");
        }
        return digits.isGood;
    }

    private void measure(List<Gateway> gateways) throws IOException, InterruptedException {
        for (Road road : Road.values()) {
            head(road.label);
            List<byte[]> sound = Sound.of(road, codecs);
            for (Condition condition : Condition.values()) {
                List<Stream> streams = streams(road, Form.over(road), condition, sound);
                for (Gateway gateway : gateways) {
                    System.err.println("bench: " + road.label + ", " + condition.label + ", " + gateway.name());
                    switch (gateway) {
                        case Ringdown ringdown -> {
                            Tally tally = tally(road, streams, ringdown);
                            isGood &= tally.lost() + tally.doubled() + tally.misplaced() + tally.madeUp() == 0;
                            row(road.label, condition.label, gateway.name(), tally, false);
                        }
                        case Rtpengine rtpengine -> {
                            Tally tally = inTime(road, streams, rtpengine);
                            row(
                                    road.label,
                                    condition.label,
                                    gateway.name(),
                                    tally,
                                    rtpengine.lateMillis() > LATEST_MILLIS);
                        }
                    }
                }
            }
            line("");
        }
    }

    /** Ringdown alone, each form of sender by itself: in the tables above one can hide among the others. */
    private void forms() throws IOException, InterruptedException {
        String table = "PCMU to PCMU, by sender";
        head(table);
        List<byte[]> sound = Sound.of(Road.PCMU, codecs);
        Ringdown ringdown = new Ringdown(codecs);
        for (Form form : Form.values()) {
            for (Condition condition : List.of(Condition.LOSS_5, Condition.LOSS_20)) {
                List<Stream> streams = streams(Road.PCMU, List.of(form), condition, sound);
                String name = form.label + ", " + condition.label;
                row(table, name, ringdown.name(), tally(Road.PCMU, streams, ringdown), false);
            }
        }
        line("");
    }

    private static void head(String title) {
        line(String.format(
                Locale.ROOT,
                "%-32s %-10s %8s %8s %8s %8s %8s %8s %9s %8s %10s %10s %10s",
                title,
                "",
                "presses",
                "arrived",
                "unheard",
                "lost",
                "doubled",
                "split",
                "misplaced",
                "made up",
                "off p50 ms",
                "off p99 ms",
                "late p99"));
    }

    private record Stream(Script script, List<Packet> arriving) {}

    @SuppressWarnings("EnumOrdinal") // a number for a seed, nothing more
    private List<Stream> streams(Road road, List<Form> forms, Condition condition, List<byte[]> sound) {
        List<Stream> streams = new ArrayList<>();
        int each = Math.ceilDiv(options.presses(), STREAMS);
        for (int i = 0; i < STREAMS; i++) {
            Random random = new Random(
                    options.seed() * 1_000_003 + List.of(Road.values()).indexOf(road) * 10_007L + i);
            Script script = Script.of(road, forms.get(i % forms.size()), sound, each, random.nextLong());
            Random line =
                    new Random(random.nextLong() + List.of(Condition.values()).indexOf(condition));
            streams.add(new Stream(script, condition.impair(script.packets(), line)));
        }
        return streams;
    }

    private static Tally tally(Road road, List<Stream> streams, Gateway gateway)
            throws IOException, InterruptedException {
        List<FarEnd> ends =
                streams.stream().map(stream -> new FarEnd(road.farEventType)).toList();
        gateway.carry(road, streams.stream().map(Stream::arriving).toList(), ends);
        Tally tally = new Tally();
        for (int i = 0; i < ends.size(); i++) {
            tally.add(streams.get(i).script(), streams.get(i).arriving(), ends.get(i));
        }
        return tally;
    }

    /** What was disturbed by others on this machine is made again. */
    private Tally inTime(Road road, List<Stream> streams, Rtpengine rtpengine)
            throws IOException, InterruptedException {
        Tally tally = tally(road, streams, rtpengine);
        for (int i = 1; i < TRIES && rtpengine.lateMillis() > LATEST_MILLIS; i++) {
            System.err.println("bench: late by " + rounded(rtpengine.lateMillis()) + " ms, and made again");
            tally = tally(road, streams, rtpengine);
        }
        latestMillis = Math.max(latestMillis, rtpengine.lateMillis());
        return tally;
    }

    private void row(String table, String name, String gateway, Tally tally, boolean isVoid) {
        line(String.format(
                Locale.ROOT,
                "%-32s %-10s %8d %8d %8d %8d %8d %8d %9d %8d %10.1f %10.1f %10.1f %s",
                name,
                gateway,
                tally.presses(),
                tally.arrived(),
                tally.unheard(),
                tally.lost(),
                tally.doubled(),
                tally.split(),
                tally.misplaced(),
                tally.madeUp(),
                tally.errorMillis(50),
                tally.errorMillis(99),
                tally.delayMillis(99),
                isVoid ? "VOID" : ""));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("table", table);
        row.put("row", name);
        row.put("gateway", gateway);
        row.put("presses", tally.presses());
        row.put("arrived", tally.arrived());
        row.put("unheard", tally.unheard());
        row.put("lost", tally.lost());
        row.put("doubled", tally.doubled());
        row.put("split", tally.split());
        row.put("misplaced", tally.misplaced());
        row.put("madeUp", tally.madeUp());
        row.put("lengthErrorMillisP50", rounded(tally.errorMillis(50)));
        row.put("lengthErrorMillisP99", rounded(tally.errorMillis(99)));
        row.put("delayMillisP99", rounded(tally.delayMillis(99)));
        row.put("void", isVoid);
        rows.add(row);
    }

    private static void line(String line) {
        System.out.println(line.stripTrailing()); // at once: a run takes minutes
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
