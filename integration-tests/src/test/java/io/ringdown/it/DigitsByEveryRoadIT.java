package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Digits in both directions by every road, over trunks of every kind: each press arrives once, by the road that was told and by
 * no other. Tones are heard by multimon-ng and by their frequencies, INFO is SIPp's, telephone-events are read by the far end.
 */
@ExtendWith(Trial.Extension.class)
final class DigitsByEveryRoadIT {

    private static final String OUT = "159D#";
    private static final String IN = "15##";
    private static final int MILLIS = 120;
    private static final int MORE_MILLIS = 700; // in which a press that is told twice would be told again
    private static final Pattern SIGNAL = Pattern.compile("(?m)^Signal=(.)\\s*$");
    private static final Pattern ALONE =
            Pattern.compile("Content-Type: application/dtmf\\s+Content-Length: 1\\s+(\\S)\\s");
    private static final List<String> TABLE = new ArrayList<>();

    private static Exchange exchange;

    /** A trunk of the gateway, and what its other end answers. */
    enum Trunk {
        AUTO("pcmu, pcma", "", true, ""),
        WITHOUT("pcmu, pcma", "", false, ""),
        WIDE("g722", "", false, ""),
        ACCEPTS("pcmu, pcma", "", false, "Accept: application/sdp, application/dtmf-relay\n"),
        LEARNS("pcmu, pcma", "", false, ""),
        REFUSES("pcmu, pcma", "", false, "Accept: application/sdp, application/dtmf-relay\n"),
        PINNED_INFO("pcmu, pcma", "road: info", true, ""),
        PINNED_SHORT_INFO("pcmu, pcma", "road: info, info-form: dtmf", false, ""),
        PINNED_INBAND("pcmu, pcma", "road: inband", true, ""),
        PINNED_RTP("pcmu, pcma", "road: rtp", false, ""),
        ALL_EARS("pcmu, pcma", "hear: always", true, "");

        private final String codecs;
        private final String dtmf;
        private final boolean agrees;
        private final String headers;
        private final int port = Tools.freePort();

        Trunk(String codecs, String dtmf, boolean agrees, String headers) {
            this.codecs = codecs;
            this.dtmf = dtmf;
            this.agrees = agrees;
            this.headers = headers;
        }

        String prefix() {
            return "+49" + port;
        }

        String lines() {
            return """
                sip:
                  address: 127.0.0.1:%d
                media:
                  listen: 127.0.0.1
                  codecs: [%s]
                %sprefixes: ['%s']
                """.formatted(port, codecs, dtmf.isEmpty() ? "" : "dtmf: {" + dtmf + "}\n", prefix());
        }
    }

    /** What is sent both ways. */
    enum Codec {
        PCMU(0),
        PCMA(8),
        G722(9);

        private final int payloadType;

        Codec(int payloadType) {
            this.payloadType = payloadType;
        }
    }

    /** How the far end presses. */
    enum In {
        EVENTS("rtp"),
        INFO("info"),
        TONES("inband"),
        INFO_AND_EVENTS("info"),
        TONES_AND_EVENTS("inband");

        private final String first;

        In(String first) {
            this.first = first;
        }
    }

    /** One call: which trunk, and by which roads digits must go out and come in. */
    record Run(Browser.Kind kind, Trunk trunk, Codec codec, String out, String why, In in) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%-8s %-17s %s  out: %-6s (%s)  in: %s", kind, trunk, codec, out, why, in);
        }
    }

    static Stream<Run> runs() {
        Browser.Kind chromium = Browser.Kind.CHROMIUM;
        Browser.Kind firefox = Browser.Kind.FIREFOX;
        Stream<Run> more = Stream.of(
                new Run(chromium, Trunk.AUTO, Codec.PCMA, "rtp", "agreed", In.INFO),
                new Run(chromium, Trunk.PINNED_INFO, Codec.PCMU, "info", "pinned", In.EVENTS),
                new Run(firefox, Trunk.WIDE, Codec.G722, "inband", "last-resort or learnt", In.TONES),
                new Run(firefox, Trunk.ALL_EARS, Codec.PCMU, "rtp", "agreed", In.TONES_AND_EVENTS),
                new Run(firefox, Trunk.AUTO, Codec.PCMA, "rtp", "agreed", In.INFO_AND_EVENTS));
        Stream<Run> always = Stream.of(
                new Run(chromium, Trunk.AUTO, Codec.PCMU, "rtp", "agreed", In.EVENTS),
                new Run(chromium, Trunk.AUTO, Codec.PCMU, "rtp", "agreed", In.INFO_AND_EVENTS),
                new Run(chromium, Trunk.ALL_EARS, Codec.PCMA, "rtp", "agreed", In.TONES_AND_EVENTS),
                new Run(chromium, Trunk.WITHOUT, Codec.PCMU, "inband", "last-resort or learnt", In.TONES),
                new Run(chromium, Trunk.WITHOUT, Codec.PCMA, "inband", "last-resort or learnt", In.TONES),
                new Run(chromium, Trunk.WIDE, Codec.G722, "inband", "last-resort or learnt", In.TONES),
                new Run(chromium, Trunk.ACCEPTS, Codec.PCMU, "info", "offered", In.TONES),
                new Run(chromium, Trunk.PINNED_SHORT_INFO, Codec.PCMA, "info", "pinned", In.TONES),
                new Run(chromium, Trunk.PINNED_INBAND, Codec.PCMA, "inband", "pinned", In.EVENTS),
                new Run(chromium, Trunk.PINNED_RTP, Codec.PCMU, "none", "not-agreed", In.TONES),
                new Run(firefox, Trunk.AUTO, Codec.PCMA, "rtp", "agreed", In.EVENTS),
                new Run(firefox, Trunk.AUTO, Codec.PCMU, "rtp", "agreed", In.INFO),
                new Run(firefox, Trunk.PINNED_INFO, Codec.PCMA, "info", "pinned", In.EVENTS),
                new Run(firefox, Trunk.WITHOUT, Codec.PCMU, "inband", "last-resort or learnt", In.TONES));
        return Tools.full() ? Stream.concat(always, more) : always;
    }

    @BeforeAll
    static void start(Trial trial) {
        GatewayConfig config = new GatewayConfig();
        for (Trunk trunk : Trunk.values()) {
            config.trunk(trunk.name().toLowerCase(Locale.ROOT).replace('_', '-'), trunk.lines());
        }
        exchange = Exchange.start(trial, config, Trunk.AUTO.port);
    }

    @AfterAll
    static void print() {
        TABLE.forEach(System.err::println);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyPressArrivesOnceByItsRoadAndByNoOther(Run run, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, carrier(run, far));
        RawClient phone = exchange.phone(trial, run.kind.browser());
        phone.start(run.trunk.prefix() + "1234");
        phone.awaitEstablished();
        far.awaitAudio(10);
        JsonNode road = phone.await("dtmf-road", 5);
        assertThat(road.path("road").asText()).isEqualTo(run.out);
        assertThat(road.path("why").asText()).isIn((Object[]) run.why.split(" or ", -1));

        phone.evaluate("client.press('" + OUT + "', " + MILLIS + ", 100)");
        String last = run.out.equals("none") ? "failed" : "sent";
        Tools.await(
                "the gateway is through with the presses",
                15,
                () -> receipts(phone, last).size() >= OUT.length(),
                () -> phone.messages("dtmf-receipt").toString());
        Tools.pause(700); // so long after a tone of ours nothing is heard: it could be its echo
        String lengths = judgeOut(run, trial, far, carrier, phone);

        pressFromFar(run, trial, far, carrier);
        Tools.await(
                "the browser is told the presses",
                15,
                () -> phone.messages("dtmf").size() >= IN.length(),
                () -> phone.messages("dtmf").toString());
        Tools.pause(MORE_MILLIS);
        judgeIn(run, phone);
        phone.hangUp();
        carrier.awaitSuccess(10);
        TABLE.add(run + "  " + lengths);
    }

    @Test
    void aTrunkThatPressesByInfoIsPressedByInfoFromTheNextCallOn(Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, carrier("uas-gives-info", Trunk.LEARNS, Codec.PCMU, "200 OK", far));
        RawClient phone = established(trial, far, Trunk.LEARNS);
        assertThat(roads(phone)).containsExactly("inband last-resort");
        Tools.await(
                "the browser is told the presses",
                15,
                () -> phone.messages("dtmf").size() >= IN.length(),
                () -> phone.messages("dtmf").toString());
        Tools.pause(MORE_MILLIS);
        phone.hangUp();
        carrier.awaitSuccess(10);

        FarEnd again = trial.keep(new FarEnd());
        Sipp second = Sipp.start(trial, carrier("uas-takes-info", Trunk.LEARNS, Codec.PCMU, "200 OK", again));
        RawClient next = established(trial, again, Trunk.LEARNS);
        assertThat(roads(next)).containsExactly("info learnt");
        next.evaluate("client.press('7', " + MILLIS + ", 100)");
        awaitReceipt(next, "confirmed");
        assertThat(infoOf(second.messages())).isEqualTo("7");
        next.hangUp();
        second.awaitSuccess(10);
        TABLE.add("CHROMIUM LEARNS            PCMU  out: info   (learnt), since its own came by info");
    }

    private static RawClient established(Trial trial, FarEnd far, Trunk trunk) {
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(trunk.prefix() + "1234");
        phone.awaitEstablished();
        far.awaitAudio(10);
        phone.await("dtmf-road", 5);
        return phone;
    }

    private static List<String> roads(RawClient phone) {
        return phone.messages("dtmf-road").stream()
                .map(each -> each.path("road").asText() + " " + each.path("why").asText())
                .toList();
    }

    @Test
    void aTrunkThatRefusesInfoGetsTonesFromThenOn(Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial, carrier("uas-takes-info", Trunk.REFUSES, Codec.PCMU, "415 Unsupported Media Type", far));
        RawClient phone = established(trial, far, Trunk.REFUSES);
        phone.evaluate("client.press('1', " + MILLIS + ", 100)");
        JsonNode failed = awaitReceipt(phone, "failed");
        assertThat(failed.path("reason").asText()).isEqualTo("refused");
        assertThat(failed.path("sip").asInt()).isEqualTo(415);
        Tools.await(
                "another road is told",
                5,
                () -> phone.messages("dtmf-road").size() == 2,
                () -> phone.messages().toString());
        assertThat(roads(phone)).containsExactly("info offered", "inband last-resort");
        phone.evaluate("client.press('2', " + MILLIS + ", 100)");
        assertThat(awaitReceipt(phone, "sent", 2).path("road").asText()).isEqualTo("inband");
        Tools.pause(300);
        Sound sound = Ear.of(trial.directory(), "telephone", far.received());
        assertThat(ToneEar.multimon(trial.directory(), "telephone", sound)).isEqualTo("2");
        assertThat(infoOf(carrier.messages())).isEqualTo("1");
        phone.hangUp();
        carrier.awaitSuccess(10);
        assertThat(exchange.gateway().get("/metrics").body())
                .contains("ringdown_dtmf_info_refused{trunk=\"refuses\"} 1");
        TABLE.add("CHROMIUM REFUSES           PCMU  out: info   (offered) refused by 415, then inband");
    }

    private static JsonNode awaitReceipt(RawClient phone, String state) {
        return awaitReceipt(phone, state, 1);
    }

    private static JsonNode awaitReceipt(RawClient phone, String state, int count) {
        Tools.await(
                count + " presses are " + state,
                15,
                () -> receipts(phone, state).size() >= count,
                () -> phone.messages("dtmf-receipt").toString());
        return receipts(phone, state).get(count - 1);
    }

    private static Sipp.Run carrier(Run run, FarEnd far) {
        boolean gives = run.in == In.INFO || run.in == In.INFO_AND_EVENTS;
        return carrier(gives ? "uas-gives-info" : "uas-takes-info", run.trunk, run.codec, "200 OK", far);
    }

    private static Sipp.Run carrier(String scenario, Trunk trunk, Codec codec, String status, FarEnd far) {
        return Sipp.Run.of(scenario, trunk.port)
                .key("pt", codec.payloadType)
                .key("codec", codec)
                .key("formats", trunk.agrees ? " [$te]" : "")
                .key("lines", trunk.agrees ? "a=rtpmap:[$te] telephone-event/8000\na=fmtp:[$te] 0-15\n" : "")
                .key("headers", trunk.headers)
                .key("status", status)
                .key("rtp_ip", far.address())
                .key("rtp_port", far.port())
                .with("-d", "2500");
    }

    private static List<JsonNode> receipts(RawClient phone, String state) {
        return phone.messages("dtmf-receipt").stream()
                .filter(receipt -> receipt.path("state").asText().equals(state))
                .toList();
    }

    /** Answers what was measured. */
    private static String judgeOut(Run run, Trial trial, FarEnd far, Sipp carrier, RawClient phone) {
        List<Press> events = Press.of(far.received());
        Sound sound = Ear.of(trial.directory(), "telephone", far.received());
        List<ToneEar.Heard> tones = ToneEar.keys(sound);
        String multimon = ToneEar.multimon(trial.directory(), "telephone", sound);
        String byInfo = infoOf(carrier.messages());
        trial.write("heard.txt", events + "\n" + tones + "\n" + multimon + "\n" + byInfo);
        assertThat(events.stream().map(Press::digit).collect(Collectors.joining()))
                .as("telephone-events")
                .isEqualTo(run.out.equals("rtp") ? OUT : "");
        assertThat(multimon).as("tones, as multimon-ng hears them").isEqualTo(run.out.equals("inband") ? OUT : "");
        assertThat(byInfo).as("INFO").isEqualTo(run.out.equals("info") ? OUT : "");
        assertThat(receipts(phone, "sent"))
                .allSatisfy(sent -> assertThat(sent.path("road").asText()).isEqualTo(run.out));
        return switch (run.out) {
            case "rtp" ->
                lengths(run, events.stream().mapToDouble(Press::millis).toArray());
            case "inband" -> {
                assertThat(tones.stream()
                                .map(tone -> String.valueOf(tone.key()))
                                .collect(Collectors.joining()))
                        .as("tones by frequency: " + tones)
                        .isEqualTo(OUT);
                assertThat(tones)
                        .allSatisfy(tone -> assertThat(tone.share())
                                .as("nothing beside the two frequencies of " + tone)
                                .isGreaterThan(0.97));
                yield lengths(
                        run,
                        tones.stream()
                                .mapToDouble(tone -> tone.seconds() * 1000)
                                .toArray());
            }
            case "info" -> {
                Tools.await(
                        "each INFO's 200 is told",
                        5,
                        () -> receipts(phone, "confirmed").size() == OUT.length(),
                        () -> phone.messages("dtmf-receipt").toString());
                yield lengths(
                        run,
                        receipts(phone, "sent").stream()
                                .mapToDouble(sent -> sent.path("duration").asDouble())
                                .toArray());
            }
            default -> {
                assertThat(receipts(phone, "failed"))
                        .allSatisfy(failed ->
                                assertThat(failed.path("reason").asText()).isEqualTo("no-road"));
                yield "not sent, and told so";
            }
        };
    }

    /** ±20 ms; Firefox's presses beside Opus come in steps of 120 ms (docs/dtmf.md). */
    private static String lengths(Run run, double... millis) {
        for (double each : millis) {
            assertThat(each).as("the length of each of " + run).isBetween(MILLIS - 20.0, MILLIS + 20.0);
        }
        double least = Arrays.stream(millis).min().orElseThrow();
        double most = Arrays.stream(millis).max().orElseThrow();
        return String.format(Locale.ROOT, "%.0f to %.0f ms of %d", least, most, MILLIS);
    }

    /** The keys of the INFO requests that SIPp has received, retransmissions aside. */
    private static String infoOf(String messages) {
        StringBuilder keys = new StringBuilder();
        Set<String> seen = new HashSet<>();
        for (String message : messages.split("-{40,}", -1)) {
            if (message.contains("message received") && message.contains("INFO sip:") && message.contains(" SIP/2.0")) {
                Matcher number = Pattern.compile("CSeq: ([0-9]+) INFO").matcher(message);
                if (number.find() && seen.add(number.group(1))) {
                    keys.append(keyOf(message + "\n"));
                }
            }
        }
        return keys.toString();
    }

    private static String keyOf(String message) {
        Matcher signal = SIGNAL.matcher(message);
        if (signal.find()) {
            return signal.group(1);
        }
        Matcher alone = ALONE.matcher(message);
        return alone.find() ? alone.group(1) : "?";
    }

    private static void pressFromFar(Run run, Trial trial, FarEnd far, Sipp carrier) {
        switch (run.in) {
            case EVENTS -> {
                for (int i = 0; i < IN.length(); i++) {
                    far.press(eventType(carrier), Press.KEYS.indexOf(IN.charAt(i)), MILLIS);
                    Tools.pause(80);
                }
            }
            case INFO -> {
                // SIPp presses by itself.
            }
            case TONES ->
                far.play(run.codec.payloadType, Keypad.sound(trial.directory(), run.codec.payloadType, IN, MILLIS, 80));
            case INFO_AND_EVENTS -> {
                for (int i = 0; i < IN.length(); i++) {
                    int sent = i + 1;
                    Tools.await("SIPp sends INFO " + sent, 10, () -> infosSent(carrier) >= sent, carrier::messages);
                    far.press(eventType(carrier), Press.KEYS.indexOf(IN.charAt(i)), MILLIS);
                }
            }
            case TONES_AND_EVENTS -> {
                for (int i = 0; i < IN.length(); i++) {
                    String one = IN.substring(i, i + 1);
                    far.play(
                            run.codec.payloadType,
                            Keypad.sound(trial.directory(), run.codec.payloadType, one, MILLIS, 0));
                    far.press(eventType(carrier), Press.KEYS.indexOf(one), MILLIS);
                }
            }
        }
    }

    private static int infosSent(Sipp carrier) {
        return (int) Pattern.compile("(?m)^INFO sip:")
                .matcher(carrier.messages())
                .results()
                .count();
    }

    private static void judgeIn(Run run, RawClient phone) {
        List<JsonNode> told = phone.messages("dtmf");
        assertThat(told.stream().map(each -> each.path("digit").asText()).collect(Collectors.joining()))
                .as("each press once: " + told)
                .isEqualTo(IN);
        assertThat(told).allSatisfy(each -> {
            String road = each.path("road").asText();
            if (run.in == In.INFO_AND_EVENTS) { // the first to be there tells it, and a request may take longer
                assertThat(road).isIn("info", "rtp");
            } else {
                assertThat(road).isEqualTo(run.in.first);
            }
            if (!road.equals("info")) {
                assertThat(each.path("duration").asInt()).isBetween(MILLIS - 20, MILLIS + 20);
            }
        });
    }

    private static int eventType(Sipp carrier) {
        Matcher line = Pattern.compile("a=rtpmap:([0-9]+) telephone-event/8000").matcher(carrier.messages());
        assertThat(line.find()).as("the offer has telephone-event").isTrue();
        return Integer.parseInt(line.group(1));
    }
}
