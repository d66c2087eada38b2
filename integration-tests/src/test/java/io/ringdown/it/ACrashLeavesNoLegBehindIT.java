package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The gateway is killed in the middle of fifty calls, and started again: SIPp sees each of them end, and each has one record. */
@ExtendWith(Trial.Extension.class)
final class ACrashLeavesNoLegBehindIT {
    private static final int ANSWERED = 42;
    private static final int RINGING = 5;
    private static final int CALLED = 2;
    private static final int CALLED_RINGING = 1;
    private static final int ALL = ANSWERED + RINGING + CALLED + CALLED_RINGING;
    private static final Pattern BRANCH =
            Pattern.compile("(INVITE|CANCEL) sip:.*?branch=([^;\\s]+).*?Call-ID: *(\\S+)", Pattern.DOTALL);
    // What the gateway has until the last telephone must have been told.
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Pattern TOLD = Pattern.compile(
            "-{10,} (\\S+ \\S+)\\R[A-Z]+ message received [^\\n]*\\R\\s*(BYE sip:|CANCEL sip:|SIP/2.0 503 ).*?Call-ID: *(\\S+)",
            Pattern.DOTALL);
    private static final DateTimeFormatter SIPP_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    @Test
    void everyTelephoneIsToldByTheNextStartAndEveryCallHasOneRecord(Trial trial) throws IOException {
        int answering = Tools.freePort();
        int ringing = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("answers", trunk(answering, "+49"))
                .trunk("rings", trunk(ringing, "+44"))
                .lines("calls: {dial: at-once, connect-timeout: 60s}\n");
        PageServer pages = trial.keep(new PageServer(0));
        Gateway first = Gateway.start(trial, config.origin(pages.origin()));

        // Before the calls that never connect, and so last as long as connect-timeout: a browser may take its time to
        // open.
        List<RawClient> browsers = new ArrayList<>();
        for (int i = 0; i < CALLED; i++) {
            browsers.add(RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), pages, first, "+49305559" + i));
        }
        Sipp answers = Sipp.start(trial, run("uas-answer", answering).calls(ANSWERED));
        Sipp rings = Sipp.start(trial, run("uas-no-answer", ringing).calls(RINGING));
        HttpPhone phone = new HttpPhone(first);
        for (int i = 0; i < ANSWERED; i++) {
            call(phone, "+49305550" + (1000 + i));
        }
        for (int i = 0; i < RINGING; i++) {
            call(phone, "+4420555" + (1000 + i));
        }
        List<Sipp> callers = new ArrayList<>();
        for (int i = 0; i < CALLED; i++) {
            callers.add(isCalled(trial, browsers.get(i), config, "+49305559" + i));
        }
        SocketPhone.connect(trial, first, "+493055599");
        callers.add(caller(trial, config, "uac-expects", "+493055599"));
        Tools.await(
                "all calls stand",
                30,
                () -> count(first, "established") == ANSWERED + CALLED
                        && count(first, "ringing") == RINGING
                        && count(first, "offered") == CALLED_RINGING,
                () -> first.debugState().path("calls").toString());

        first.kill();
        LocalDateTime killed = LocalDateTime.now(ZoneId.systemDefault());
        assertThat(answers.messages() + rings.messages())
                .doesNotContain("BYE sip:")
                .doesNotContain("CANCEL sip:");
        Gateway second = Gateway.start(trial, config);
        LocalDateTime ready = LocalDateTime.now(ZoneId.systemDefault());
        callers.add(answers);
        callers.add(rings);
        callers.forEach(sipp -> sipp.awaitSuccess(30));
        LocalDateTime told = callers.stream()
                .map(sipp -> lastTold(sipp.messages()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        System.err.printf(
                "    %d telephones were told %d ms after the restart began, %d ms after it was ready%n",
                ALL,
                Duration.between(killed, told).toMillis(),
                Duration.between(ready, told).toMillis());
        assertThat(Duration.between(ready, told)).isLessThan(WITHIN);

        assertThat(Stream.of(answers.messages().split("BYE sip:", -1)).skip(1))
                .hasSizeGreaterThanOrEqualTo(ANSWERED)
                .allMatch(bye -> bye.contains("Reason: Q.850;cause=41;text=\"The gateway was interrupted.\""));
        assertThat(branches(rings.messages(), "CANCEL"))
                .hasSize(RINGING)
                .isEqualTo(branches(rings.messages(), "INVITE"));
        Tools.await(
                "nothing is left in the journal",
                10,
                () -> second.debugState().path("journal").path("dialogs").asInt(-1) == 0,
                () -> second.debugState().path("journal").toString());
        List<JsonNode> records = records(trial);
        assertThat(records).hasSize(ALL);
        assertThat(records).extracting(record -> record.path("id").asText()).doesNotHaveDuplicates();
        assertThat(records).allSatisfy(record -> {
            assertThat(record.path("cause").asText()).isEqualTo("interrupted");
            assertThat(record.path("to").asText()).startsWith("+4");
            assertThat(record.path("end").asText())
                    .isGreaterThanOrEqualTo(record.path("start").asText());
        });
        assertThat(records.stream().filter(record -> record.has("answer"))).hasSize(ANSWERED + CALLED);
        assertThat(second.log()).doesNotContain("ERROR");
    }

    /** A machine that is busy with fifty calls at once may refuse one, and takes it a moment later. */
    private static void call(HttpPhone phone, String number) {
        Tools.await("a call to " + number, 20, () -> phone.call(number, "").status() == 201, () -> "refused");
    }

    private static String trunk(int port, String prefix) {
        return """
                sip: {address: '127.0.0.1:%d'}
                media: {listen: 127.0.0.1}
                prefixes: ['%s']
                """.formatted(port, prefix);
    }

    private static Sipp.Run run(String scenario, int port) {
        return Sipp.Run.of(scenario, port)
                .key("pt", 0)
                .key("codec", "PCMU")
                .key("te", 101)
                .key("status", 503)
                .key("rtp_ip", "127.0.0.1")
                .key("rtp_port", Tools.freePort());
    }

    private static Sipp caller(Trial trial, GatewayConfig config, String scenario, String number) {
        return Sipp.start(trial, run(scenario, Tools.freePort()).with("-s", number, "127.0.0.1:" + config.sipPort()));
    }

    /** When the last of a SIPp's telephones was told at first, by its own log: what it does then is its own time. */
    private static LocalDateTime lastTold(String messages) {
        Map<String, LocalDateTime> told = new HashMap<>();
        Matcher request = TOLD.matcher(messages);
        while (request.find()) {
            told.putIfAbsent(request.group(3), LocalDateTime.parse(request.group(1), SIPP_TIME));
        }
        assertThat(told).as(messages).isNotEmpty();
        return Collections.max(told.values());
    }

    /** A telephone calls this browser, which answers. */
    private static Sipp isCalled(Trial trial, RawClient browser, GatewayConfig config, String number) {
        Sipp caller = caller(trial, config, "uac-called-hangs-up", number);
        browser.evaluate("client.accept(" + browser.await("incoming", 10).get("call") + ")");
        browser.awaitEstablished();
        return caller;
    }

    private static long count(Gateway gateway, String state) {
        long count = 0;
        for (JsonNode call : gateway.debugState().path("calls")) {
            count += call.path("state").asText().equals(state) ? 1 : 0;
        }
        return count;
    }

    /** The branches of the requests with this method, by Call-ID (RFC 3261 9.1). */
    private static Map<String, String> branches(String messages, String method) {
        Map<String, String> branches = new HashMap<>();
        Matcher request = BRANCH.matcher(messages);
        while (request.find()) {
            if (request.group(1).equals(method)) {
                branches.put(request.group(3), request.group(2));
            }
        }
        return branches;
    }

    static List<JsonNode> records(Trial trial) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(trial.file("var/records"))) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).forEach(line -> records.add(JsonSocket.parse(line)));
            }
        }
        return records;
    }
}
