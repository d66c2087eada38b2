package io.ringdown.bench.detector;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The command {@code bench detector}: digits in sound that are heard, missed, doubled, and heard where there are none. */
public final class Detector {
    private final DetectorOptions options;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Object> document = new LinkedHashMap<>();

    private Detector(DetectorOptions options) {
        this.options = options;
    }

    /**
     * Measures what the words of the command line ask for and prints it. For half a minute or so.
     *
     * @throws IllegalArgumentException telling what is wrong with the words
     * @throws IOException if speech cannot be made or a file not be written
     */
    public static void run(List<String> words) throws IOException {
        Detector detector = new Detector(DetectorOptions.parse(words));
        detector.document.put("command", "bench detector " + String.join(" ", words));
        detector.document.put("seed", detector.options.seed());
        detector.presses();
        detector.signals();
        if (detector.options.minutes() > 0) {
            detector.speech();
        }
        System.out.print(detector.text);
        if (detector.options.json().isPresent()) {
            Files.writeString(
                    detector.options.json().get(),
                    new ObjectMapper()
                                    .enable(SerializationFeature.INDENT_OUTPUT)
                                    .writeValueAsString(detector.document) + "\n");
        }
    }

    private void presses() {
        line(String.format(
                Locale.ROOT,
                "%-46s %8s %8s %8s %10s %8s",
                "per thousand presses",
                "missed",
                "doubled",
                "wrong",
                "length ms",
                "worst"));
        document.put("heard", Conditions.heard().stream().map(this::heard).toList());
        line("");
        line(String.format(Locale.ROOT, "%-46s %8s", "what is no press, per thousand", "heard"));
        document.put("refused", Conditions.refused().stream().map(this::refused).toList());
    }

    private Map<String, Object> heard(Condition condition) {
        Trial.Outcome outcome = Trial.of(condition, options.presses(), options.seed());
        boolean isMeasured = outcome.missed() < outcome.presses();
        line(String.format(
                Locale.ROOT,
                "%-46s %8.1f %8.1f %8.1f %10s %8s",
                condition.name(),
                outcome.perThousand(outcome.missed()),
                outcome.perThousand(outcome.doubled()),
                outcome.perThousand(outcome.wrong()),
                isMeasured ? "%+.1f".formatted(outcome.meanError()) : "-",
                isMeasured ? "%.1f".formatted(outcome.worstError()) : "-"));
        return json(outcome);
    }

    private Map<String, Object> refused(Condition condition) {
        Trial.Outcome outcome = Trial.of(condition, options.presses(), options.seed());
        int heard = outcome.presses() - outcome.missed() + outcome.doubled() + outcome.wrong();
        line(String.format(Locale.ROOT, "%-46s %8.1f", condition.name(), outcome.perThousand(heard)));
        return json(outcome);
    }

    private static Map<String, Object> json(Trial.Outcome outcome) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("condition", outcome.condition().name());
        row.put("presses", outcome.presses());
        row.put("missed", outcome.missed());
        row.put("doubled", outcome.doubled());
        row.put("wrong", outcome.wrong());
        row.put("meanLengthErrorMillis", rounded(outcome.meanError()));
        row.put("worstLengthErrorMillis", rounded(outcome.worstError()));
        return row;
    }

    private void signals() {
        line("");
        line(String.format(Locale.ROOT, "%-74s %6s", "false hits in a minute of", ""));
        List<Object> rows = new ArrayList<>();
        for (Signals signal : Signals.values()) {
            int hits = Heard.in(signal.sound(options.seed()), AudioCodec.PCMU).size();
            line(String.format(Locale.ROOT, "%-74s %6d", signal.what(), hits));
            rows.add(Map.of("signal", signal.what(), "hits", hits));
        }
        document.put("signals", rows);
    }

    private void speech() throws IOException {
        line("");
        if (!Talkers.areHere()) {
            line("no speech: it takes espeak-ng and sox to make some");
            return;
        }
        Talkers talkers = new Talkers(options.seed());
        long samples = 0;
        int[] hits = new int[2];
        int beeps = 0;
        int turns = 0;
        short[] last = new short[0];
        for (; samples < options.minutes() * 60L * Sounds.RATE; turns++) {
            double[] sound = talkers.next();
            samples += sound.length;
            short[] pcm = Sounds.rounded(sound);
            last = Heard.coded(pcm, AudioCodec.PCMU);
            hits[0] += Heard.in(last).size();
            beeps += Beeps.in(last);
            hits[1] += Heard.in(Heard.coded(pcm, AudioCodec.PCMA)).size();
        }
        double hours = samples / 3_600.0 / Sounds.RATE;
        line(String.format(
                Locale.ROOT,
                "false hits per hour of speech (synthetic: espeak-ng, %d voices, %d languages, %.1f h): µ-law %.2f, A-law %.2f",
                Math.min(turns, Talkers.voices()),
                Talkers.languages(),
                hours,
                hits[0] / hours,
                hits[1] / hours));
        line(String.format(Locale.ROOT, "beeps taken from the same speech: %.2f per hour", beeps / hours));
        document.put("speechHours", rounded(hours));
        document.put("beepsInSpeech", beeps);
        document.put("falseHits", Map.of("PCMU", hits[0], "PCMA", hits[1]));
        cost(last);
    }

    private void cost(short[] speech) {
        Cost cost = Cost.of(Arrays.copyOf(speech, Math.min(speech.length, 60 * Sounds.RATE)));
        line(String.format(
                Locale.ROOT,
                "cost, on speech: %.0f ns of CPU for a frame of 20 ms, %.1f bytes allocated",
                cost.nanos(),
                cost.bytes()));
        document.put("nanosPerFrame", Math.round(cost.nanos()));
        document.put("bytesPerFrame", rounded(cost.bytes()));
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
