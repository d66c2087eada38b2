package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ten thousand hostile texts in every field that a client can write, by WebSocket and by HTTP. What arrives at the carrier is
 * read from the captured bytes: each request has the headers that a request of its kind has where nobody is hostile, and none
 * more (THREATS W3).
 */
@ExtendWith(Trial.Extension.class)
final class HostileTextIT {
    // Each has two hostile texts: a name, and one in another field.
    private static final int BY_HTTP = 2_500;
    private static final int BY_SOCKET = 2_000;
    // Each has one.
    private static final int IN_CALLS = 1_000;
    private static final int SOCKETS = 40;
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final int CALLS = 10;
    private static final int AT_ONCE = 16;
    private static final Duration PACE = Duration.ofMillis(55); // 20 messages in a second are too many

    private static final Pattern BUSY_LINE =
            Pattern.compile("INVITE sip:\\+4930([0-9]{6})(?:[0-9*]|%23)*@127\\.0\\.0\\.1:[0-9]+ SIP/2\\.0");
    private static final Pattern TALK_LINE = Pattern.compile("(INVITE|ACK|INFO|REFER|BYE) sip:[^ ?]+ SIP/2\\.0");
    private static final Pattern FROM =
            Pattern.compile("(?:\"(?:[^\"\\\\]|\\\\[\"\\\\])*\" )?<sip:[+0-9a-zA-Z.*#%-]+@[0-9a-z.]+>;tag=[0-9a-f]+");

    /** What a client asked for to be in its INVITE. */
    private record Asked(Optional<String> note, Optional<String> userToUser) {}

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Map<Integer, Asked> asked = new ConcurrentHashMap<>();
    private GatewayConfig config = new GatewayConfig();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger texts = new AtomicInteger();

    @Test
    void addsNoHeaderAnywhere(Trial trial) throws Exception {
        int busy = Tools.freePort();
        int talks = Tools.freePort();
        config = new GatewayConfig()
                .web("limits: {connections-per-address: 1000, requests-per-second-per-address: 10000}")
                .trunk("busy", trunk(busy, "+4930"))
                .trunk("talks", trunk(talks, "+4940"))
                .lines("calls: {dial: at-once, connect-timeout: 60s}\n");
        Gateway gateway = Gateway.start(trial, config);
        Capture capture = Capture.start(trial);
        Sipp.start(
                trial,
                Sipp.Run.of("uas-reject", busy)
                        .calls(1_000_000)
                        .key("status", 486)
                        .key("phrase", "Busy Here")
                        .key("why", "Q.850;cause=17"));
        FarEnd far = trial.keep(new FarEnd());
        Sipp answering = Sipp.start(
                trial,
                Sipp.Run.of("uas-takes-anything", talks)
                        .calls(CALLS)
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("rtp_ip", far.address())
                        .key("rtp_port", far.port()));

        System.err.println("  seed " + seed + " (-Dseed=" + seed + " for the same texts)");
        callsOfNobodyHostile();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (int worker = 0; worker < AT_ONCE; worker++) {
                int first = 10 + worker;
                work.add(workers.submit(done(() -> byHttp(first))));
            }
            for (int worker = 0; worker < SOCKETS; worker++) {
                int first = 100_000 + worker;
                work.add(workers.submit(done(() -> bySocket(trial, gateway, first))));
            }
            for (int call = 0; call < CALLS; call++) {
                int which = call;
                work.add(workers.submit(done(() -> inACall(trial, gateway, which))));
            }
            for (Future<?> each : work) {
                each.get();
            }
        }
        answering.awaitSuccess(20);
        assertThat(texts.get()).as("hostile texts sent").isGreaterThanOrEqualTo(10_000);

        int calls = invitesAreGolden(capture.sentTo(busy));
        assertThat(calls)
                .as("calls at the carrier, and calls that a client was told of")
                .isEqualTo(taken.get());
        assertThat(calls).as("hostile texts that came as far as the carrier").isGreaterThan(1_000);
        requestsAreGolden(capture.sentTo(talks));
        assertThat(gateway.log()).doesNotContain("error of ours").doesNotContain("X-Evil");
        System.err.println("  " + texts.get() + " hostile texts, " + calls + " calls at the carrier, 0 headers more");
    }

    private static String trunk(int port, String prefix) {
        return """
            sip: {address: '127.0.0.1:%d', headers-out: [X-Note, User-to-User]}
            media: {listen: 127.0.0.1, codecs: [pcmu]}
            dtmf: {road: info}
            prefixes: ['%s']
            """.formatted(port, prefix);
    }

    private static Callable<Void> done(Runnable work) {
        return () -> {
            work.run();
            return null;
        };
    }

    // ---- calls that nobody answers

    /** Numbers 0 to 3: with neither header, the one, the other, both. */
    private void callsOfNobodyHostile() {
        for (int i = 0; i < 4; i++) {
            post(i, number(i), "Ann", "+12025550100", i % 2 == 1 ? "note" : "", i > 1 ? "data" : "", "");
        }
        assertThat(taken.get()).isEqualTo(4);
    }

    private void byHttp(int first) {
        HostileText hostile = new HostileText(seed + first);
        for (int i = first; i < BY_HTTP + 10; i += AT_ONCE) {
            String name = hostile.next();
            String text = hostile.next();
            texts.addAndGet(2);
            switch (i % 6) {
                case 0 -> post(i, number(i) + text, name, "", "", "", "");
                case 1 -> post(i, number(i), name, "+1202" + text, "", "", "");
                case 2 -> post(i, number(i), name, "", hostile.among("", "a") + text, "", "");
                case 3 -> post(i, number(i), name, "", "", hostile.among("", "a") + text, "");
                case 4 -> post(i, number(i), name + text, "", "", "", "");
                default -> post(i, number(i), name, "", "", "", "X-" + text + ":" + hostile.next());
            }
        }
    }

    /** Empty texts are not sent. */
    private void post(int i, String to, String name, String from, String note, String userToUser, String header) {
        asked.put(i, new Asked(written(note), written(userToUser)));
        StringBuilder query = new StringBuilder("?name=" + HostileText.percent(name));
        written(from).ifPresent(text -> query.append("&from=").append(HostileText.percent(text)));
        written(note).ifPresent(text -> query.append("&header=X-Note:").append(HostileText.percent(text)));
        written(userToUser)
                .ifPresent(text -> query.append("&header=User-to-User:").append(HostileText.percent(text)));
        written(header).ifPresent(text -> query.append("&header=").append(HostileText.percent(text)));
        String path = "/v1/calls/" + HostileText.percent(to) + query;
        String answer = HttpPhone.callOnce(config.webPort(), path);
        if (answer.isEmpty()) { // of a head that is too long no more is read: who still sends may miss the answer
            assertThat(path.length()).as("not answered: %s", path).isGreaterThan(LONGEST_HEAD - 500);
        } else if (answer.startsWith("HTTP/1.1 201 ")) {
            taken.incrementAndGet();
        } else {
            assertThat(answer).as(path).containsPattern("^HTTP/1.1 (400|404|414|431|503) ");
        }
    }

    private static Optional<String> written(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private void bySocket(Trial trial, Gateway gateway, int first) {
        HostileText hostile = new HostileText(seed + first);
        SocketPhone phone = SocketPhone.connect(
                gateway,
                "\"page\":" + HostileText.json(hostile.next().substring(0, 1)) + ",\"ref\":"
                        + HostileText.json(hostile.next().substring(0, 1)));
        synchronized (trial) {
            trial.keep(phone);
        }
        int said = 0;
        for (int i = first; i < first + BY_SOCKET; i += SOCKETS) {
            String name = hostile.next();
            String text = hostile.next();
            texts.addAndGet(2);
            String more = ",\"name\":" + HostileText.json(name);
            String to = number(i);
            Asked headers = new Asked(Optional.empty(), Optional.empty());
            switch (i / SOCKETS % 6) {
                case 0 -> to += text;
                case 1 -> more += ",\"from\":" + HostileText.json("+1202" + text);
                case 2 -> {
                    headers = new Asked(Optional.of(text), Optional.empty());
                    more += ",\"headers\":{\"X-Note\":" + HostileText.json(text) + "}";
                }
                case 3 -> {
                    headers = new Asked(Optional.empty(), Optional.of(text));
                    more += ",\"headers\":{\"User-to-User\":" + HostileText.json(text) + "}";
                }
                case 4 -> more = ",\"name\":" + HostileText.json(name + text);
                default -> more += ",\"headers\":{" + HostileText.json("X-" + text) + ":\"a\"}";
            }
            asked.put(i, headers);
            said++;
            phone.say("{\"type\":\"start\",\"to\":" + HostileText.json(to) + ",\"sdp\":"
                    + JsonSocket.quote(HttpPhone.OFFER) + more + "}");
            int outcomes = said;
            Tools.await(
                    "the call ends or is refused",
                    30,
                    () -> phone.told("error").size() + phone.told("ended").size() >= outcomes,
                    () -> phone.told("error").toString());
            Tools.pause(PACE.toMillis());
        }
        assertThat(phone.told("error").stream()
                        .map(error -> error.path("code").asText())
                        .collect(Collectors.toSet()))
                .isSubsetOf("bad-message", "bad-number");
        taken.addAndGet(phone.told("answer").size());
    }

    private static String number(int i) {
        return "+4930%06d".formatted(i);
    }

    // ---- calls that are answered

    private void inACall(Trial trial, Gateway gateway, int which) {
        HostileText hostile = new HostileText(seed - 1 - which);
        SocketPhone phone = SocketPhone.connect(gateway, "\"numbers\":[]");
        synchronized (trial) {
            trial.keep(phone);
        }
        phone.start("+494000000" + which);
        phone.await("established", 1);
        String call = phone.told("answer").getFirst().path("call").asText();
        say(phone, "dtmf", call, "\"digits\":\"1\"");
        say(phone, "transfer", call, "\"to\":\"+494055512\"");
        phone.await("dtmf-receipt", 1);
        Tools.await(
                "the transfer is refused",
                20,
                () -> phone.told("transfer").stream()
                        .anyMatch(stage -> stage.path("stage").asText().equals("failed")),
                () -> phone.told("transfer").toString());
        for (int i = 0; i < IN_CALLS / CALLS; i++) {
            String text = HostileText.json(hostile.next());
            texts.incrementAndGet();
            switch (i % 6) {
                case 0 -> say(phone, "dtmf", call, "\"digits\":" + text);
                case 1 -> say(phone, "dtmf", call, "\"digits\":" + HostileText.json("1" + hostile.next()));
                case 2 -> say(phone, "transfer", call, "\"to\":" + text);
                case 3 -> say(phone, "transfer", call, "\"to\":" + HostileText.json("+4940" + hostile.next()));
                case 4 -> say(phone, "reject", call, "\"reason\":" + text);
                default -> say(phone, "hangup", "none", "\"ref\":\"a\",\"reason\":" + text);
            }
        }
        say(phone, "hangup", call, "\"reason\":" + HostileText.json(hostile.next()) + ",\"text\":\"\\r\\nX-Evil: 1\"");
        phone.await("ended", 1);
    }

    private static void say(SocketPhone phone, String type, String call, String more) {
        phone.say("{\"type\":\"" + type + "\",\"call\":\"" + call + "\"," + more + "}");
        Tools.pause(PACE.toMillis());
    }

    // ---- what the carrier got

    /** Checks every INVITE and ACK; gives the number of calls. */
    private int invitesAreGolden(List<String> datagrams) {
        Map<String, List<String>> golden = new HashMap<>();
        Set<String> calls = ConcurrentHashMap.newKeySet();
        for (String hex : datagrams) {
            StrictSip message = StrictSip.read(HexFormat.of().parseHex(hex));
            String what = message.method()
                    + message.maybe("X-Note").isPresent()
                    + message.maybe("User-to-User").isPresent();
            assertThat(message.method()).as(message.toString()).isIn("INVITE", "ACK");
            assertThat(message.names())
                    .as("seed %d: %s", seed, message)
                    .isEqualTo(golden.computeIfAbsent(what, _ -> message.names()));
            assertThat(message.only("From")).as("seed %d", seed).matches(FROM);
            if (message.method().equals("INVITE")) {
                Matcher line = BUSY_LINE.matcher(message.start());
                assertThat(line.matches())
                        .as("seed %d: %s", seed, message.start())
                        .isTrue();
                int i = Integer.parseInt(line.group(1));
                calls.add(message.only("Call-ID"));
                Asked wanted = asked.getOrDefault(i, new Asked(Optional.empty(), Optional.empty()));
                message.maybe("X-Note")
                        .ifPresent(note ->
                                assertThat(wanted.note.map(String::strip)).hasValue(note.strip()));
                message.maybe("User-to-User")
                        .ifPresent(data ->
                                assertThat(wanted.userToUser.map(String::strip)).hasValue(data.strip()));
                assertThat(message.body().split("\r\n", -1))
                        .allMatch(each -> each.isEmpty() || each.matches("[a-z]=[\\x20-\\x7e]*"));
            }
        }
        assertThat(golden.keySet())
                .as("with neither, either and both of the headers that clients may set")
                .contains("INVITEfalsefalse", "INVITEtruefalse", "INVITEfalsetrue", "INVITEtruetrue", "ACKfalsefalse");
        return calls.size();
    }

    /** Each request within a dialog has the headers of the first of its kind, which nobody hostile made. */
    private void requestsAreGolden(List<String> datagrams) {
        Map<String, List<String>> golden = new HashMap<>();
        int referred = 0;
        for (String hex : datagrams) {
            StrictSip message = StrictSip.read(HexFormat.of().parseHex(hex));
            assertThat(message.start()).as("seed %d", seed).matches(TALK_LINE);
            assertThat(message.names())
                    .as("seed %d: %s", seed, message)
                    .isEqualTo(golden.computeIfAbsent(message.method(), _ -> message.names()));
            if (message.method().equals("REFER")) {
                referred++;
                assertThat(message.only("Refer-To")).matches("<sip:\\+4940[0-9*#%]*@127\\.0\\.0\\.1(?::[0-9]+)?>");
            } else if (message.method().equals("INFO")) {
                assertThat(message.body()).matches("Signal= ?[0-9*#A-D]\r\nDuration= ?[0-9]+\r\n");
            }
        }
        assertThat(golden.keySet()).containsExactlyInAnyOrder("INVITE", "ACK", "INFO", "REFER", "BYE");
        assertThat(referred).isGreaterThanOrEqualTo(CALLS);
    }
}
