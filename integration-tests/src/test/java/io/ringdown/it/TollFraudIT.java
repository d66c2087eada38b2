package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever may call, and whatever they do: no INVITE leaves that the guard has not let through. SIPp counts them. */
@ExtendWith(Trial.Extension.class)
final class TollFraudIT {
    private static final String BERLIN = "+4930123456";
    private static final Pattern CALL_ID =
            Pattern.compile("(?m)^INVITE [^\\r\\n]*\\r?\\n(?:[^\\r\\n]+\\r?\\n)*?Call-ID: ([^\\r\\n]+)");

    private final int port = Tools.freePort();

    private Gateway gateway(Trial trial, String sip, String guard) {
        return Gateway.start(
                trial,
                new GatewayConfig()
                        .trunk("carrier", """
                                sip: {address: '127.0.0.1:%d'%s}
                                media: {listen: 127.0.0.1, codecs: [pcmu]}
                                prefixes: [any]
                                """.formatted(port, sip))
                        .guard(guard)
                        .web(
                                "sockets-per-address: 200\nlimits: {connections-per-address: 2000, requests-per-second-per-address: 2000}\n")
                        .webSilence("3m") // nobody here has media
                        .lines(
                                "numbers: {country: DE}\ncalls: {dial: at-once, connect-timeout: 60s, max-calls: 2000}\n"));
    }

    /**
     * S5: half of them over HTTP, half over WebSockets. Nobody has media, so each that is let through lasts for the connect-timeout:
     * while all dial, none gives its place to another.
     */
    @Test
    void ofAThousandCallsAtOnceAsManyReachTheTrunkAsTheLimitLets(Trial trial) throws Exception {
        int most = 25;
        Sipp carrier = Sipp.start(trial, Sipp.Run.of("uas-no-answer", port).calls(1_000));
        Gateway gateway = gateway(trial, "", "limits: [{name: all, per: total, at-once: " + most + "}]\n");
        HttpPhone http = new HttpPhone(gateway);
        // The first call has much to load; one whose answer took 10 s would be hung up, and its place be another's.
        HttpPhone.Reply first = http.call(BERLIN, "");
        Tools.await("the first INVITE", 30, () -> invites(carrier).size() == 1, carrier::messages);
        http.hangUp(first);
        Tools.await(
                "the first call is over",
                30,
                () -> http.metrics().contains("ringdown_calls_ended_total{cause=\"cancelled\",blame=\"caller\"} 1"),
                http::metrics);
        List<SocketPhone> sockets = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sockets.add(SocketPhone.connect(trial, gateway));
        }
        List<Integer> statuses = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> dials = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                dials.add(threads.submit(() -> {
                    go.await();
                    return http.call(BERLIN, "").status();
                }));
            }
            List<Future<Boolean>> starts = sockets.stream()
                    .map(socket -> threads.submit(() -> {
                        go.await();
                        for (int i = 0; i < 5; i++) {
                            socket.start(BERLIN);
                        }
                        return true;
                    }))
                    .toList();
            go.countDown();
            for (Future<Boolean> start : starts) {
                start.get();
            }
            for (Future<Integer> dial : dials) {
                statuses.add(status(dial));
            }
        }
        for (SocketPhone socket : sockets) {
            Tools.await(
                    "five outcomes",
                    60,
                    () -> socket.told("answer").size() + socket.told("ended").size() == 5,
                    () -> socket.told("ended").toString() + socket.told("error"));
        }
        long bySocket = sockets.stream()
                .mapToLong(socket -> socket.told("answer").size())
                .sum();
        // Who is slower may get none of the places: the sockets' dials can be first with all of them.
        assertThat(statuses).as("none took so long that it was hung up").isSubsetOf(201, 429);
        assertThat(statuses.stream().filter(status -> status == 201).count() + bySocket)
                .isEqualTo(most);
        assertThat(sockets)
                .flatExtracting(socket -> socket.told("ended"))
                .extracting(ended -> ended.path("cause").asText())
                .containsOnly("limit-reached");
        Tools.await(
                "INVITEs of all that were let through",
                30,
                () -> invites(carrier).size() >= 1 + most,
                carrier::messages);
        assertThat(invites(carrier)).as("with the first").hasSize(1 + most);
        assertThat(http.metrics()).contains("ringdown_guard_refused_total{reason=\"cap\"} " + (1_000 - most));
    }

    private static int status(Future<Integer> dial) throws InterruptedException {
        try {
            return dial.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        }
    }

    /** S5: over HTTP all, over a WebSocket every tenth. */
    @Test
    void noSpellingOfANumberThatMayNotBeCalledReachesTheTrunk(Trial trial) {
        Sipp carrier = Sipp.start(trial, rejecting());
        Gateway gateway = gateway(trial, "", "limits: []\n");
        HttpPhone http = new HttpPhone(gateway);
        List<String> spellings = Spellings.all();
        assertThat(spellings).hasSizeGreaterThanOrEqualTo(500);
        for (String spelling : spellings) {
            HttpPhone.Reply reply = call(http, spelling);
            assertThat(reply.status()).as("%s: %s", spelling, reply.body()).isBetween(400, 499);
        }
        for (int first = 0; first < spellings.size(); first += 150) {
            SocketPhone socket = SocketPhone.connect(trial, gateway);
            int asked = 0;
            for (int i = first; i < Math.min(first + 150, spellings.size()); i += 10) {
                socket.say("{\"type\":\"start\",\"to\":" + JsonSocket.quote(spellings.get(i)) + ",\"sdp\":"
                        + JsonSocket.quote(HttpPhone.OFFER) + "}");
                asked++;
            }
            int all = asked;
            Tools.await(
                    "an answer to each",
                    20,
                    () -> socket.told("ended").size() + socket.told("error").size() == all,
                    () -> socket.told("ended").toString() + socket.told("error"));
        }
        assertThat(carrier.messages()).doesNotContain("INVITE");
        // It was not for want of a trunk.
        http.ending(http.call(BERLIN, ""));
        carrier.awaitSuccess(10);
    }

    /** Who sends what is no HTTP finds the connection closed at the next request, and asks again on another. */
    private static HttpPhone.Reply call(HttpPhone http, String number) {
        try {
            return http.call(number, "");
        } catch (UncheckedIOException closed) {
            return http.call(number, "");
        }
    }

    /** S6. */
    @Test
    void noReferralAndNoRedirectToAPremiumNumberBecomesACall(Trial trial) {
        int each = 50;
        Gateway gateway = gateway(trial, ", redirects: follow, transfer: {accept: true}", "limits: []\n");
        HttpPhone http = new HttpPhone(gateway);
        Sipp redirecting =
                Sipp.start(trial, Sipp.Run.of("uas-redirects-to-premium", port).calls(each));
        for (int i = 0; i < each; i++) {
            http.ending(http.call(BERLIN, ""));
        }
        redirecting.awaitSuccess(20);
        assertThat(requests(redirecting, "INVITE")).hasSize(each).containsOnly("INVITE sip:" + BERLIN);

        FarEnd far = trial.keep(new FarEnd());
        Sipp referring = Sipp.start(
                trial,
                Sipp.Run.of("uas-transfers-refused", port)
                        .calls(each)
                        .key("pt", G711.PCMU.payloadType())
                        .key("codec", G711.PCMU.name())
                        .key("rtp_ip", far.address())
                        .key("rtp_port", far.port())
                        .key("status", 403)
                        .key("target", "+4990012345678")
                        .with("-d", "300"));
        List<HttpPhone.Reply> calls = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            calls.add(http.call(BERLIN, ""));
        }
        Tools.await(
                "each REFER is refused",
                60,
                () -> count(referring.messages(), "SIP/2.0 403 ") >= each,
                referring::messages);
        calls.forEach(http::hangUp);
        referring.awaitSuccess(30);
        assertThat(requests(referring, "INVITE")).containsOnly("INVITE sip:" + BERLIN);
        assertThat(invites(referring)).hasSize(each);
    }

    /** S5: two calls fit into what may be spent; what they have reserved is nobody else's. */
    @Test
    void moneyThatIsReservedIsNotSpentTwice(Trial trial) {
        Gateway gateway = gateway(trial, "", """
                rates: {table: [{prefix: +49, price: 0.10}]}
                limits: [{name: budget, per: total, spend-per-day: 0.25}]
                """);
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial,
                Sipp.Run.of("uas-answer", port)
                        .calls(2)
                        .key("pt", G711.PCMU.payloadType())
                        .key("codec", G711.PCMU.name())
                        .key("rtp_ip", far.address())
                        .key("rtp_port", far.port()));
        HttpPhone http = new HttpPhone(gateway);
        HttpPhone.Reply one = http.call(BERLIN, "");
        HttpPhone.Reply two = http.call(BERLIN, "");
        HttpPhone.Reply three = http.call(BERLIN, "");
        assertThat(three.status()).isEqualTo(429);
        assertThat(three.json().path("cause").asText()).isEqualTo("limit-reached");
        for (HttpPhone.Reply call : List.of(one, two)) {
            Tools.await(
                    "it is answered",
                    30,
                    () -> http.state(call).path("state").asText().equals("established"),
                    () -> http.state(call).toString());
            http.hangUp(call);
        }
        carrier.awaitSuccess(30);
        assertThat(invites(carrier)).hasSize(2);
    }

    private Sipp.Run rejecting() {
        return Sipp.Run.of("uas-reject", port)
                .key("status", 486)
                .key("phrase", "Busy Here")
                .key("why", "Q.850;cause=17");
    }

    /** The calls that INVITEs came for, however often each was sent. */
    private static Set<String> invites(Sipp carrier) {
        return CALL_ID.matcher(carrier.messages())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static List<String> requests(Sipp carrier, String method) {
        return Pattern.compile("(?m)^" + method + " sip:[^@]*")
                .matcher(carrier.messages())
                .results()
                .map(found -> found.group())
                .toList();
    }

    private static long count(String text, String what) {
        return Pattern.compile(Pattern.quote(what)).matcher(text).results().count();
    }
}
