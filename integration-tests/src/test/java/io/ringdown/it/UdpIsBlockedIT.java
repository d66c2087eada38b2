package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A browser whose network drops UDP in silence calls all the same: by TCP to the gateway, or through a TURN server. */
@ExtendWith(Trial.Extension.class)
final class UdpIsBlockedIT {

    // Loopback addresses all: browsers have only such a one to connect from, and do not use a connection from another.
    private static final String GATEWAY = "127.0.0.1";
    private static final String TURN = "127.0.0.9";

    /** Half of {@code calls.connect-timeout}: who waits for UDP to fail takes longer. */
    private static final long SET_UP_MILLIS = 4000;

    private static final long HEARD_AGAIN_MILLIS = 5000;

    /** What the others are measured by. */
    @ParameterizedTest
    @EnumSource
    void whereNothingIsBlockedACallGoesByUdp(Browser.Kind kind, Trial trial) {
        Talk talk = new Talk(new Place(trial, ""), kind.browser());
        assertThat(talk.path()).isEqualTo("udp");
        talk.end();
    }

    @ParameterizedTest
    @EnumSource
    void aCallGoesByTcp(Browser.Kind kind, Trial trial) {
        Place place = new Place(trial, "");
        place.firewall().drop("udp");
        Talk talk = new Talk(place, kind.browser());
        assertThat(talk.path()).isEqualTo("tcp");
        talk.presses();
        talk.isWhole();
        talk.end();
    }

    @ParameterizedTest
    @EnumSource
    void aCallOutlivesItsTcpConnection(Browser.Kind kind, Trial trial) {
        Place place = new Place(trial, "");
        place.firewall().drop("udp");
        Talk talk = new Talk(place, kind.browser());
        Firewall resets = place.firewall().reset();
        long when = System.nanoTime();
        Tools.pause(500);
        resets.close();
        long gap = Gap.after(trial, talk.far, when, 9000, talk.browser.microphoneHz());
        System.err.printf("    %s: heard again after %d ms%n", kind, gap);
        assertThat(gap).as("it was away").isPositive().isLessThanOrEqualTo(HEARD_AGAIN_MILLIS);
        assertThat(talk.path()).isEqualTo("tcp");
        talk.isWhole();
        talk.end();
    }

    @ParameterizedTest
    @EnumSource
    void aCallGoesThroughATurnServerByTcp(Browser.Kind kind, Trial trial) {
        Place place = new Place(trial, "turn:" + TURN + ":" + Coturn.PORT + "?transport=tcp");
        place.firewall().drop("udp").drop("tcp");
        Talk talk = new Talk(place, kind.browser());
        assertThat(talk.path()).isEqualTo("relay-tcp");
        talk.presses();
        talk.isWhole();
        talk.end();
    }

    /** Chromium alone can be told to take a certificate that no authority of its own has signed, for TURN too. */
    @Test
    void aCallGoesThroughATurnServerByTlsOnThePortOfTheWeb(Trial trial) {
        Place place = new Place(trial, "turns:" + TURN + ":" + Coturn.TLS_PORT + "?transport=tcp");
        place.firewall().drop("udp").drop("tcp");
        Talk talk = new Talk(place, trial.keep(new Chromium("--ignore-certificate-errors")));
        assertThat(talk.path()).isEqualTo("relay-tls");
        talk.isWhole();
        talk.end();
    }

    @ParameterizedTest
    @EnumSource
    void credentialsThatAreWrongOrHaveRunOutOpenNothing(Browser.Kind kind, Trial trial) {
        Place place = new Place(trial, "turn:" + TURN + ":" + Coturn.PORT + "?transport=tcp");
        SdkPage page =
                SdkPage.open(trial, kind.browser(), place.exchange.pages().uri("/sdk.html"));
        long now = System.currentTimeMillis() / 1000;
        String good = now + 600 + ":page";
        String old = now - 60 + ":page";
        assertThat(relays(page, good, Coturn.password(Coturn.SECRET, good))).isPositive();
        assertThat(relays(page, old, Coturn.password(Coturn.SECRET, old)))
                .as("run out")
                .isZero();
        assertThat(relays(page, good, Coturn.password("another-secret-than-theirs", good)))
                .as("of another secret")
                .isZero();
        assertThat(relays(page, now + 9999 + ":page", Coturn.password(Coturn.SECRET, good)))
                .as("with more time than was given")
                .isZero();
    }

    /** How many addresses of a TURN server the browser gets with these. */
    private static int relays(SdkPage page, String name, String password) {
        return page.evaluate("""
                new Promise((done) => {
                  const peer = new RTCPeerConnection({
                    iceServers: [{ urls: 'turn:%s:%d?transport=tcp', username: '%s', credential: '%s' }],
                    iceTransportPolicy: 'relay',
                  });
                  let relays = 0;
                  const end = () => { peer.close(); done(relays); };
                  peer.addEventListener('icecandidate', ({ candidate }) => {
                    relays += candidate?.type === 'relay' ? 1 : 0;
                    if (!candidate) end();
                  });
                  setTimeout(end, 10000);
                  peer.addTransceiver('audio');
                  peer.createOffer().then((offer) => peer.setLocalDescription(offer));
                })
                """.formatted(TURN, Coturn.PORT, name, password)).asInt();
    }

    /** A gateway, a telephone, and perhaps a TURN server; between browsers and the gateway there may be a firewall. */
    private static final class Place {
        private final Trial trial;
        private final Exchange exchange;

        private Place(Trial trial, String turn) {
            this.trial = trial;
            int port = Tools.freePort();
            GatewayConfig config = new GatewayConfig().mediaListen(GATEWAY).trunk("carrier", Exchange.carrier(port));
            if (!turn.isEmpty()) {
                Coturn.start(trial, TURN, GATEWAY);
                config.web("ice-servers: [{urls: ['" + turn + "'], secret: " + Coturn.SECRET + "}]");
            }
            exchange = Exchange.start(trial, config, port);
        }

        private Firewall firewall() {
            int first = exchange.config().mediaPort();
            return Firewall.before(trial, first + ":" + (first + 1), TURN);
        }
    }

    /** A call in which both have been heard. */
    private static final class Talk {
        private final Trial trial;
        private final Browser browser;
        private final FarEnd far;
        private final Sipp carrier;
        private final SdkPage phone;

        private Talk(Place place, Browser browser) {
            this.trial = place.trial;
            this.browser = browser;
            far = trial.keep(new FarEnd());
            carrier = Sipp.start(trial, place.exchange.carrier("uas-answer", G711.PCMA, far));
            phone = SdkPage.open(trial, browser, place.exchange.pages().uri("/sdk.html"));
            phone.connect(place.exchange.gateway());
            long began = System.nanoTime();
            phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
            phone.await("established", 15);
            long millis = (System.nanoTime() - began) / 1_000_000;
            System.err.printf(
                    "    %s: established after %d ms%n", browser.getClass().getSimpleName(), millis);
            assertThat(millis).isLessThan(SET_UP_MILLIS);
            far.awaitAudio(10);
            far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
            Ear.hears(
                    "the telephone", Ear.of(trial.directory(), "before", far.listenFor(1000)), browser.microphoneHz());
        }

        private String path() {
            return phone.evaluate("phone.call.stats().then(({ path }) => path)").asText();
        }

        /** Each digit arrives once. */
        private void presses() {
            phone.evaluate("(phone.call.sendDigits('159#'), true)");
            Tools.await(
                    "four presses",
                    10,
                    () -> Press.of(far.received()).stream()
                                    .filter(press -> press.ends() == 3)
                                    .count()
                            >= 4,
                    () -> Press.of(far.received()).toString());
            assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("1", "5", "9", "#");
        }

        private void isWhole() {
            Ear.hears("the browser", phone.hear(1500), Exchange.TELEPHONE_HZ);
            Ear.hears("the telephone", Ear.of(trial.directory(), "after", far.listenFor(1000)), browser.microphoneHz());
            assertThat(carrier.messages().lines().filter(line -> line.startsWith("INVITE sip:")))
                    .hasSize(1);
        }

        private void end() {
            phone.evaluate("(phone.call.hangup(), true)");
            carrier.awaitSuccess(10);
        }
    }
}
