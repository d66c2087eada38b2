package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A browser that changes its network in mid-call goes on talking by the new one, and the trunk notices nothing. */
@ExtendWith(Trial.Extension.class)
final class ANetworkChangeIT {

    private static final String GATEWAY = "10.79.0.1";

    /** Chromium looks every two seconds which networks there are. */
    private static final long BOTH_MILLIS = 4000;

    /** Two seconds until a dead path is noticed at the latest, and the time that another one takes. */
    private static final long HEARD_AGAIN_MILLIS = 4000;

    /** As a telephone leaves a wireless network: for a while it has both. */
    @ParameterizedTest
    @EnumSource
    void anAddressGoesAnotherComesAndTheCallGoesOn(Browser.Kind kind, Trial trial) {
        Interface first = Interface.up(trial, "first", "10.77.0.2");
        Talk talk = new Talk(trial, kind.browser());
        assertThat(talk.path()).isEqualTo(first.address());
        Interface second = Interface.up(trial, "second", "10.78.0.2");
        Tools.pause(BOTH_MILLIS);
        assertThat(talk.path()).isEqualTo(first.address());
        long when = System.nanoTime();
        first.loseAddress();
        long gap = Gap.after(trial, talk.far, when, 8000, talk.browser.microphoneHz());
        System.err.printf("    %s: heard again after %d ms%n", kind, gap);
        assertThat(gap).isLessThanOrEqualTo(HEARD_AGAIN_MILLIS);
        assertThat(talk.path()).isEqualTo(second.address());
        assertThat(talk.phone.names()).containsSubsequence("mediainterrupted", "mediarestored");
        talk.isWhole();
        talk.end();
    }

    /** Where both networks are there from the beginning, the browser may go over by itself; nothing must get in its way. */
    @Test
    void theAddressInUseGoesAndTheOtherOneIsTaken(Trial trial) {
        Interface first = Interface.up(trial, "first", "10.77.0.2");
        Interface second = Interface.up(trial, "second", "10.78.0.2");
        Talk talk = new Talk(trial, Browser.Kind.CHROMIUM.browser());
        Interface used = talk.path().equals(first.address()) ? first : second;
        long when = System.nanoTime();
        used.loseAddress();
        long gap = Gap.after(trial, talk.far, when, 8000, talk.browser.microphoneHz());
        System.err.printf("    heard again after %d ms%n", gap);
        assertThat(gap).isLessThanOrEqualTo(HEARD_AGAIN_MILLIS);
        assertThat(talk.path()).isNotEqualTo(used.address());
        talk.isWhole();
        talk.end();
    }

    @Test
    void aNewPathIsTriedWhileTheOldOneGoesOn(Trial trial) {
        Interface.up(trial, "first", "10.77.0.2");
        Talk talk = new Talk(trial, Browser.Kind.CHROMIUM.browser());
        JsonNode before = talk.fragment();
        long when = System.nanoTime();
        talk.phone.evaluate("(window.dispatchEvent(new Event('online')), true)");
        long gap = Gap.after(trial, talk.far, when, 4000, talk.browser.microphoneHz());
        assertThat(gap).as("not one fifth of a second is missing").isZero();
        assertThat(talk.fragment()).as("it was another path").isNotEqualTo(before);
        assertThat(talk.phone.names()).doesNotContain("mediainterrupted");
        talk.isWhole();
        talk.end();
    }

    /** A call between a browser with networks of its own and a telephone. */
    private static final class Talk {
        private final Trial trial;
        private final Browser browser;
        private final FarEnd far;
        private final Sipp carrier;
        private final SdkPage phone;

        private Talk(Trial trial, Browser browser) {
            this.trial = trial;
            this.browser = browser;
            trial.keep(OnlyByInterface.to(trial, GATEWAY));
            int port = Tools.freePort();
            GatewayConfig config = new GatewayConfig().mediaListen(GATEWAY).trunk("carrier", Exchange.carrier(port));
            Exchange exchange = Exchange.start(trial, config, port);
            far = trial.keep(new FarEnd());
            carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
            phone = SdkPage.open(trial, browser, exchange.pages().uri("/sdk.html"));
            phone.connect(exchange.gateway());
            phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
            phone.await("established", 15);
            far.awaitAudio(10);
            far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
            Ear.hears(
                    "the telephone", Ear.of(trial.directory(), "before", far.listenFor(1000)), browser.microphoneHz());
        }

        /** The browser's address in use. */
        private String path() {
            return phone.evaluate("""
                    phone.call.stats().then(({ report }) => {
                      const all = [...report.values()];
                      const transport = all.find(({ type }) => type === 'transport');
                      const pair = report.get(transport?.selectedCandidatePairId)
                        ?? all.find(({ type, selected }) => type === 'candidate-pair' && selected);
                      return report.get(pair?.localCandidateId)?.address ?? '';
                    })
                    """).asText();
        }

        /** The ICE user name that the browser offered last. */
        private JsonNode fragment() {
            return phone.evaluate("window.lastPeer.localDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1]");
        }

        /** Both hear each other, and the trunk was told nothing. */
        private void isWhole() {
            Ear.hears("the browser", phone.hear(1500), Exchange.TELEPHONE_HZ);
            Ear.hears("the telephone", Ear.of(trial.directory(), "after", far.listenFor(1000)), browser.microphoneHz());
            assertThat(carrier.messages().lines().filter(line -> line.startsWith("INVITE sip:")))
                    .hasSize(1);
            assertThat(far.received().stream().map(FarEnd.Packet::ssrc).distinct())
                    .hasSize(1);
        }

        private void end() {
            phone.evaluate("(phone.call.hangup(), true)");
            carrier.awaitSuccess(10);
        }
    }
}
