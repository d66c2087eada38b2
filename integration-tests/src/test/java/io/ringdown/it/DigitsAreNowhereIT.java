package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Card numbers are dialled by every road, both ways, with errors on the way and the log at its most talkative: nothing that the
 * gateway has written or answers has them, and no live object in a dump of its heap.
 */
@ExtendWith(Trial.Extension.class)
final class DigitsAreNowhereIT {

    private static final String FIRST = "4111111111111111";
    private static final String SECOND = "5105105105105100";
    private static final int MILLIS = 60;
    private static final int GAP_MILLIS = 60;

    /** Shorter ones turn up by chance among the times, ports and ids of a talkative log. */
    private static final int TELLING = 8;

    private static final int TELLING_ALONE = 6;
    private static final Pattern BETWEEN_DIGITS = Pattern.compile("(?<=[0-9])[ ,;:|/.\\[\\]'\"-]{1,3}(?=[0-9])");
    private static final Pattern FIELD =
            Pattern.compile("(?i)(signal|digits?|key|tone)\"?\\s*[:=]\\s*[\"'\\[]?[0-9*#]{1,64}[\"'\\s,;}\\]]");

    private static final String MOST_TALKATIVE = """
        <configuration>
          <contextListener class="ch.qos.logback.classic.jul.LevelChangePropagator"/>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%level %logger %msg%n%ex{full}</pattern></encoder>
          </appender>
          <root level="TRACE"><appender-ref ref="out"/></root>
        </configuration>
        """;

    @Test
    void neitherInWhatIsWrittenNorInLiveObjects(Trial trial) {
        GatewayConfig config = new GatewayConfig();
        int events = trunk(config, "events", "+491", "");
        int info = trunk(config, "info", "+492", "dtmf: {road: info}");
        int tones = trunk(config, "tones", "+493", "");
        config.lines("calls: {secure-input: always}\ntokens: {monitor-key: \"" + Operator.KEY + "\"}\n");
        Path home = trial.file("home");
        trial.write("logback.xml", MOST_TALKATIVE);
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PageServer pages = trial.keep(new PageServer(0));
        Gateway gateway = Gateway.start(
                trial,
                config.origin(pages.origin()),
                home,
                List.of("-Dlogback.configurationFile=" + trial.file("logback.xml"), "-Djava.io.tmpdir=" + home));
        Exchange exchange = new Exchange(pages, gateway, config, events);

        StringBuilder answers = new StringBuilder();
        byEvents(trial, exchange, answers);
        byInfo(trial, exchange, info, "200 OK", answers);
        byInfo(trial, exchange, info, "415 Unsupported Media Type", answers);
        byTonesAndInfo(trial, exchange, tones, answers);
        answers.append(look(gateway));
        assertThat(gateway.get("/metrics").body()).contains("\nringdown_calls 0\n");

        assertThat(gateway.log()).as("the log is talkative").contains("DEBUG io.ringdown");
        assertThat(leaks(answers.toString())).as("in metrics and debug state").isEmpty();
        assertThat(leaks(gateway.log())).as("in the log").isEmpty();
        assertThat(leaksIn(home)).as("in its files").isEmpty();
        assertThat(leaksInHeap(trial, gateway, "at-once")).as("in live objects").isEmpty();
        if (Tools.full()) {
            Tools.pause(35_000); // past the 32 s of RFC 3261's timers B, F, H and J
            assertThat(leaksInHeap(trial, gateway, "later"))
                    .as("in live objects, 35 s later")
                    .isEmpty();
        }
    }

    /** That the search finds what it must, else nothing found means nothing. */
    @Test
    void theSearchFindsWhatItMust(Trial trial) throws IOException {
        assertThat(leaks("a 4111111111111111 b")).isNotEmpty();
        assertThat(leaks("x [4, 1, 1, 1, 1, 1, 1, 1, 1] y")).isNotEmpty();
        assertThat(leaks("{\"digits\":\"51\"}")).isNotEmpty();
        assertThat(leaks("Signal=5\r\n")).isNotEmpty();
        assertThat(leaks("pin 510510 end")).isNotEmpty();
        assertThat(leaks("2026-11-26T01:51:05.105 port 41111 packets 1111")).isEmpty();
        for (var charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Path file = trial.file("heap");
            Files.write(file, ("...." + SECOND + "....").getBytes(charset));
            assertThat(leaksInBytes(file)).as(charset.name()).isNotEmpty();
        }
    }

    private static int trunk(GatewayConfig config, String name, String prefix, String dtmf) {
        int port = Tools.freePort();
        config.trunk(name, """
                sip:
                  address: 127.0.0.1:%d
                media:
                  listen: 127.0.0.1
                %s
                prefixes: ['%s']
                """.formatted(port, dtmf, prefix));
        return port;
    }

    /** Out by the browser's events and by message, in by events; then what cannot be done, and a hang-up while presses wait. */
    private static void byEvents(Trial trial, Exchange exchange, StringBuilder answers) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = established(trial, exchange, far, "+4911234");
        pressOut(phone);
        for (char key : (FIRST + "#").toCharArray()) {
            far.press(101, Press.KEYS.indexOf(key), MILLIS);
            Tools.pause(GAP_MILLIS);
        }
        awaitReceipts(phone, "sent", 34);
        assertThat(Press.of(far.received()).stream().map(Press::digit).collect(Collectors.joining()))
                .isEqualTo(FIRST + "#" + SECOND + "#");
        awaitIn(phone, FIRST + "#");
        answers.append(look(exchange.gateway()));

        send(phone, "{type: 'dtmf', call: client.call, ref: 'x', digits: '" + FIRST + "x'}");
        send(phone, "{type: 'dtmf', call: client.call, ref: 'x', digits: '" + FIRST + "', duration: 7}");
        send(phone, "{type: 'dtmf', call: client.call, ref: 'x', digits: " + SECOND + "}");
        send(phone, "{type: 'dtmf', call: 'of nobody', ref: 'x', digits: '" + SECOND + "'}");
        phone.evaluate("(client.socket.send('{\"type\":\"dtmf\",\"digits\":\"" + FIRST + "'), true)");
        send(phone, "{type: 'dtmf', call: client.call, digits: '" + SECOND + "#', duration: 500}");
        awaitReceipts(phone, "sent", 36);
        phone.hangUp();
        phone.awaitEnded(10);
        assertThat(phone.messages("error")).hasSizeGreaterThanOrEqualTo(5);
        assertThat(phone.messages("error"))
                .allSatisfy(error ->
                        assertThat(leaks(error.toString())).as("in " + error).isEmpty());
        carrier.awaitSuccess(10);
        phone.close();
    }

    /** Out by INFO. */
    private static void byInfo(Trial trial, Exchange exchange, int port, String status, StringBuilder answers) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, carrier("uas-takes-info", port, far).key("status", status));
        RawClient phone = established(trial, exchange, far, "+4921234");
        pressOut(phone);
        awaitReceipts(phone, status.startsWith("200") ? "confirmed" : "failed", 34);
        answers.append(look(exchange.gateway()));
        phone.hangUp();
        phone.awaitEnded(10);
        carrier.awaitSuccess(10);
        assertThat(carrier.messages()).contains("Signal=4");
        phone.close();
    }

    /** Out by tones; in by tones and by INFO, while an operator listens, who hears none of them. */
    private static void byTonesAndInfo(Trial trial, Exchange exchange, int port, StringBuilder answers) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial,
                carrier("uas-presses-by-info", port, far)
                        .key("keys", SECOND + "#")
                        .with("-d", "500"));
        RawClient phone = established(trial, exchange, far, "+4931234");
        Operator operator = Operator.listen(trial, exchange.gateway(), phone, "operator");
        awaitIn(phone, SECOND + "#");
        pressOut(phone);
        awaitReceipts(phone, "sent", 34);
        Tools.pause(700); // nothing is heard for 0.6 s after a tone of ours: it could be its echo
        far.play(0, Keypad.sound(trial.directory(), 0, FIRST + "#", MILLIS, GAP_MILLIS));
        Sound sound = Ear.of(trial.directory(), "telephone", far.received());
        assertThat(ToneEar.keys(sound).stream()
                        .map(tone -> String.valueOf(tone.key()))
                        .collect(Collectors.joining()))
                .isEqualTo(FIRST + "#" + SECOND + "#");
        awaitIn(phone, SECOND + "#" + FIRST + "#");
        answers.append(look(exchange.gateway()));
        phone.hangUp();
        phone.awaitEnded(10);
        carrier.awaitSuccess(10);
        phone.close();
        Operator.Heard heard = operator.awaitEnd();
        assertThat(heard.telephone().seconds())
                .as("the operator heard all of it")
                .isGreaterThan(5);
        assertThat(ToneEar.multimon(trial.directory(), "operator-left", heard.browser()))
                .isEmpty();
        assertThat(ToneEar.multimon(trial.directory(), "operator-right", heard.telephone()))
                .isEmpty();
    }

    private static Sipp.Run carrier(String scenario, int port, FarEnd far) {
        return Sipp.Run.of(scenario, port)
                .key("pt", 0)
                .key("codec", "PCMU")
                .key("formats", "")
                .key("lines", "")
                .key("headers", "")
                .key("rtp_ip", far.address())
                .key("rtp_port", far.port());
    }

    private static RawClient established(Trial trial, Exchange exchange, FarEnd far, String number) {
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(number);
        phone.awaitEstablished();
        far.awaitAudio(10);
        return phone;
    }

    /** The first number by the browser's telephone-events, the second by message. */
    private static void pressOut(RawClient phone) {
        phone.evaluate("client.press('" + FIRST + "#', " + MILLIS + ", " + GAP_MILLIS + ")");
        awaitReceipts(phone, "accepted", 17);
        send(
                phone,
                "{type: 'dtmf', call: client.call, digits: '" + SECOND + "#', duration: " + MILLIS + ", gap: "
                        + GAP_MILLIS + "}");
    }

    private static void send(RawClient phone, String message) {
        phone.evaluate("(client.send(" + message + "), true)");
    }

    private static void awaitReceipts(RawClient phone, String state, int count) {
        Tools.await(
                count + " presses are " + state,
                25,
                () -> phone.messages("dtmf-receipt").stream()
                                .filter(receipt ->
                                        receipt.path("state").asText().equals(state))
                                .count()
                        >= count,
                () -> phone.messages("dtmf-receipt").toString());
    }

    private static void awaitIn(RawClient phone, String keys) {
        Tools.await(
                "the browser is told them",
                20,
                () -> phone.messages("dtmf").size() >= keys.length(),
                () -> phone.messages("dtmf").toString());
        assertThat(phone.messages("dtmf").stream()
                        .map(each -> each.path("digit").asText())
                        .collect(Collectors.joining()))
                .isEqualTo(keys);
    }

    private static String look(Gateway gateway) {
        return gateway.get("/metrics").body() + gateway.get("/admin/debug").body();
    }

    /** Parts of the numbers, this long; those of one digit alone are anywhere. */
    private static Set<String> parts(int length) {
        Set<String> parts = new TreeSet<>();
        for (String number : List.of(FIRST, SECOND)) {
            for (int from = 0; from + length <= number.length(); from++) {
                String part = number.substring(from, from + length);
                if (part.chars().distinct().count() > 1) {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    /** The lines that have a good part of a number, joined or spaced, or a key in a field of its own. */
    private static List<String> leaks(String text) {
        Set<String> parts = parts(TELLING);
        Set<String> alone = parts(TELLING_ALONE);
        List<String> leaks = new ArrayList<>();
        for (String line : text.split("\\R", -1)) {
            String joined = BETWEEN_DIGITS.matcher(line).replaceAll("");
            boolean isPart = parts.stream().anyMatch(part -> line.contains(part) || joined.contains(part));
            boolean isAlone = Stream.of(line.split("[^0-9A-Za-z]+", -1)).anyMatch(alone::contains);
            Matcher field = FIELD.matcher(line + "\n");
            if (isPart || isAlone || field.find()) {
                leaks.add(line.substring(0, Math.min(line.length(), 400)));
            }
        }
        return leaks.subList(0, Math.min(leaks.size(), 20));
    }

    private static List<String> leaksIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> leaks = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                leaks.addAll(leaks(Files.readString(file, StandardCharsets.ISO_8859_1)));
            }
            return leaks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> leaksInHeap(Trial trial, Gateway gateway, String name) {
        Path dump = trial.file("heap-" + name + ".hprof");
        String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        String pid = Long.toString(gateway.pid());
        try {
            for (List<String> command :
                    List.of(List.of(jcmd, pid, "GC.run"), List.of(jcmd, pid, "GC.heap_dump", dump.toString()))) {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(trial.file("jcmd-" + name + ".log").toFile())
                        .start();
                assertThat(process.waitFor()).isZero();
            }
            assertThat(Files.size(dump)).as("a dump of everything").isGreaterThan(4 << 20);
            List<String> leaks = leaksInBytes(dump);
            Files.delete(dump);
            return leaks;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Where a part of a number stands, a character in one byte or in two. */
    private static List<String> leaksInBytes(Path file) throws IOException {
        String text;
        try (FileChannel channel = FileChannel.open(file)) {
            byte[] all = new byte[(int) channel.size()];
            java.nio.ByteBuffer into = java.nio.ByteBuffer.wrap(all);
            while (into.hasRemaining() && channel.read(into) >= 0) {
                // until all of it is there
            }
            text = new String(all, StandardCharsets.ISO_8859_1);
        }
        List<String> leaks = new ArrayList<>();
        for (String part : parts(TELLING)) {
            String wide = part.chars().mapToObj(digit -> "" + (char) digit).collect(Collectors.joining("\0"));
            for (String form : List.of(part, wide)) {
                int at = text.indexOf(form);
                if (at >= 0) {
                    String around = text.substring(Math.max(0, at - 120), Math.min(text.length(), at + 120));
                    leaks.add(at + ": " + around.replaceAll("[^ -~]", "."));
                }
            }
        }
        return leaks;
    }
}
