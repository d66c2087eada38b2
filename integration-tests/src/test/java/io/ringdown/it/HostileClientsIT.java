package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that hold on to the web server and never finish: a call that stands goes on, and new ones are set up (THREATS W4). */
@ExtendWith(Trial.Extension.class)
final class HostileClientsIT {
    private static final int CLIENTS = Tools.full() ? 10_000 : 2_000;
    private static final int SECONDS = Tools.full() ? 60 : 15;
    private static final int PER_ADDRESS = 256; // as the settings have it

    @Test
    void neitherCallsThatStandNorNewOnesMindClientsThatNeverFinish(Trial trial) throws Exception {
        int carrierPort = Tools.freePort();
        int busyPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", """
                        sip: {address: '127.0.0.1:%d'}
                        media: {listen: 127.0.0.1}
                        prefixes: ['+49']
                        """.formatted(carrierPort))
                .trunk("busy", """
                        sip: {address: '127.0.0.1:%d'}
                        media: {listen: 127.0.0.1}
                        prefixes: ['+44']
                        """.formatted(busyPort))
                .lines("calls: {dial: at-once, connect-timeout: 30s}\n");
        Exchange exchange = Exchange.start(trial, config, carrierPort);
        Gateway gateway = exchange.gateway();
        Sipp.start(
                trial,
                Sipp.Run.of("uas-reject", busyPort)
                        .calls(1_000_000)
                        .key("status", 486)
                        .key("phrase", "Busy Here")
                        .key("why", "Q.850;cause=17"));
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        phone.hearOnceLoud();

        setUps(config.webPort(), 5); // whatever is compiled on the way
        List<Long> quiet = setUps(config.webPort(), SECONDS);
        int descriptors = gateway.descriptors();
        long logged = gateway.log().length();

        HalfOpen hostile = trial.keep(HalfOpen.start(config.webPort(), CLIENTS));
        Tools.await("all are there", 60, () -> hostile.opened() >= CLIENTS, () -> hostile.opened() + " opened");
        List<Long> besieged = setUps(config.webPort(), SECONDS);
        Ear.hears("the browser", phone.hear(3000), Exchange.TELEPHONE_HZ);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                phone.browser().microphoneHz());
        assertThat(phone.messages("ended")).as("the call has gone on").isEmpty();
        assertThat(hostile.cut()).as("clients that were cut").isGreaterThan(CLIENTS / 2);
        hostile.close();
        Tools.await(
                "nothing of them is left",
                30,
                () -> gateway.descriptors() < descriptors + 50,
                () -> gateway.descriptors() + " descriptors, " + descriptors + " before");
        assertThat(gateway.log().length() - logged)
                .as("what the log says of them, in characters")
                .isLessThan(200L * besieged.size() * 6 + 50_000);
        phone.hangUp();
        carrier.awaitSuccess(10);
        System.err.printf(
                "  set-up of a call, ms: p50 %.1f, p95 %.1f (%d calls); with %d half-open clients for %d s:"
                        + " p50 %.1f, p95 %.1f (%d calls); %d connections begun, %d cut%n",
                at(quiet, 0.5),
                at(quiet, 0.95),
                quiet.size(),
                CLIENTS,
                SECONDS,
                at(besieged, 0.5),
                at(besieged, 0.95),
                besieged.size(),
                hostile.opened(),
                hostile.cut());
    }

    @Test
    void oneAddressHasItsConnectionsAndAnotherHasItsOwn(Trial trial, Exchange exchange) throws Exception {
        int port = exchange.config().webPort();
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * PER_ADDRESS; i++) {
                held.add(new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral("127.0.8.1"), 0));
            }
            int ended = 0;
            for (Socket socket : held.subList(PER_ADDRESS, held.size())) {
                socket.setSoTimeout(4_000); // sooner than any of them is cut for its silence
                ended += read(socket) < 0 ? 1 : 0;
            }
            assertThat(ended).as("connections above the limit").isEqualTo(PER_ADDRESS);
            assertThat(exchange.gateway().get("/healthz").statusCode())
                    .as("who asks from another address")
                    .isEqualTo(200);
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static int read(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketTimeoutException open) {
            return 0;
        } catch (IOException reset) {
            return -1;
        }
    }

    /** Calls one after another for so long, each on a connection of its own, up to the gateway's answer; nanoseconds. */
    private static List<Long> setUps(int port, int seconds) {
        List<Long> took = new ArrayList<>();
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() - until < 0) {
            long began = System.nanoTime();
            assertThat(HttpPhone.callOnce(port, "/v1/calls/" + "+44207946%04d".formatted(took.size() % 10_000)))
                    .startsWith("HTTP/1.1 201 ");
            took.add(System.nanoTime() - began);
            Tools.pause(50); // twenty a second
        }
        return took;
    }

    private static double at(List<Long> took, double quantile) {
        List<Long> sorted = new ArrayList<>(took);
        Collections.sort(sorted);
        return sorted.get((int) (quantile * (sorted.size() - 1))) / 1e6;
    }
}
