package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One call, whose page is loaded again and whose socket is lost, again and again: who talks notices little, the trunk nothing. */
@ExtendWith(Trial.Extension.class)
final class ACallSurvivesTheBrowserIT {

    private static final String BROWSERS_NUMBER = "+493055507777";
    private static final long HEARD_AGAIN_MILLIS = 2000;

    @ParameterizedTest
    @EnumSource
    void aCallSurvivesReloadsAndLostSockets(Browser.Kind kind, Trial trial, Exchange exchange) {
        int times = kind == Browser.Kind.CHROMIUM ? 20 : 5;
        Browser browser = kind.browser();
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier =
                Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far).with("-timeout", "600s"));
        SocketRelay relay = trial.keep(new SocketRelay(exchange.config().webPort()));
        Capture capture = Capture.start(trial);
        SdkPage phone = SdkPage.open(trial, browser, exchange.pages().uri("/sdk.html"));
        phone.connect(relay.uri());
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        phone.await("established", 15);
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        String call = phone.evaluate("phone.call.id").asText();

        List<Long> reloads = new ArrayList<>();
        List<Long> losses = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            long when = System.nanoTime();
            phone.reload();
            reloads.add(Gap.after(trial, far, when, HEARD_AGAIN_MILLIS + 800, browser.microphoneHz()));
            Ear.hears("the browser after reload " + time, phone.hear(800), Exchange.TELEPHONE_HZ);
            phone.evaluate("(window.peerBefore = window.lastPeer, true)");
            when = System.nanoTime();
            relay.cut();
            losses.add(Gap.after(trial, far, when, HEARD_AGAIN_MILLIS, browser.microphoneHz()));
            Tools.await(
                    "the client is back",
                    5,
                    () -> phone.evaluate("phone.client.state").asText().equals("connected"),
                    () -> phone.evaluate("phone.story").toString());
            assertThat(phone.evaluate("phone.client.calls.map(({ id, state }) => `${id} ${state}`).join()")
                            .asText())
                    .isEqualTo(call + " established");
            assertThat(phone.evaluate("window.peerBefore === window.lastPeer").asBoolean())
                    .as("a lost socket is no reason for another connection")
                    .isTrue();
        }
        System.err.printf(
                "    %s: silent for the telephone, in ms: at reloads %s, at lost sockets %s%n", kind, reloads, losses);
        assertThat(reloads).allSatisfy(gap -> assertThat(gap).isLessThanOrEqualTo(HEARD_AGAIN_MILLIS));
        assertThat(losses).allSatisfy(gap -> assertThat(gap).isLessThanOrEqualTo(HEARD_AGAIN_MILLIS));
        Ear.hears("the browser", phone.hear(800), Exchange.TELEPHONE_HZ);
        phone.evaluate("(phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
        theTrunkNoticedNothing(exchange, far, capture);
    }

    /** A browser may have kept the page or load it anew. */
    @ParameterizedTest
    @EnumSource
    void aPageThatIsLeftAndComeBackToHasItsCallAgain(Browser.Kind kind, Trial trial, Exchange exchange) {
        Browser browser = kind.browser();
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        SdkPage phone = SdkPage.open(trial, browser, exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway());
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        phone.await("established", 15);
        far.awaitAudio(10);
        String call = phone.evaluate("phone.call.id").asText();
        phone.evaluate("(setTimeout(() => { location.href = '/raw.html'; }, 0), true)");
        awaitPage(phone, "location.pathname === '/raw.html' && document.readyState === 'complete'");
        phone.evaluate("(setTimeout(() => history.back(), 0), true)");
        awaitPage(phone, "window.phone?.client?.state === 'connected' && phone.client.calls.length === 1");
        assertThat(phone.evaluate("phone.client.calls[0].id").asText()).isEqualTo(call);
        long gap = Gap.after(trial, far, System.nanoTime(), 3000, browser.microphoneHz());
        System.err.printf(
                "    %s: heard again %d ms after it was back; %s%n",
                kind, gap, phone.evaluate("performance.getEntriesByType('navigation')[0].type"));
        assertThat(gap).isLessThanOrEqualTo(HEARD_AGAIN_MILLIS);
        phone.evaluate("(phone.client.calls[0].hangup(), true)");
        carrier.awaitSuccess(10);
    }

    @ParameterizedTest
    @EnumSource
    void aPageWithoutACallThatIsLeftAndComeBackToIsRungAgain(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        SdkPage phone = SdkPage.open(trial, kind.browser(), exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway(), BROWSERS_NUMBER);
        phone.evaluate("(window.addEventListener('pageshow', (event) => { window.kept = event.persisted; }), true)");
        phone.evaluate("(setTimeout(() => { location.href = '/raw.html'; }, 0), true)");
        awaitPage(phone, "location.pathname === '/raw.html' && document.readyState === 'complete'");
        phone.evaluate("(setTimeout(() => history.back(), 0), true)");
        awaitPage(phone, "window.phone?.client?.state === 'connected'");
        System.err.printf(
                "    %s: the page was %s%n",
                kind, phone.evaluate("!!window.kept").asBoolean() ? "kept" : "loaded again");
        Sipp caller = Sipp.start(trial, exchange.caller("uac-call", BROWSERS_NUMBER, G711.PCMU, far, 2000));
        phone.await("incoming", 10);
        phone.evaluate("phone.call.accept().then(() => true)");
        caller.awaitSuccess(20);
    }

    private static void awaitPage(SdkPage phone, String isSo) {
        Tools.await(
                isSo,
                15,
                () -> phone.isSo(isSo),
                () -> phone.evaluate("[location.href, window.phone?.client?.state].join()")
                        .toString());
    }

    /** By tshark: one INVITE, one BYE, and one stream whose timestamps only ever rise. */
    private static void theTrunkNoticedNothing(Exchange exchange, FarEnd far, Capture capture) {
        assertThat(capture.read(exchange.carrierPort(), "sip.Method", "sip.Method", "udp.dstport"))
                .extracting(List::getFirst)
                .containsExactly("INVITE", "ACK", "BYE");
        List<List<String>> packets = capture.readRtp(far.port(), "rtp.ssrc", "rtp.timestamp", "rtp.seq");
        assertThat(packets).hasSizeGreaterThan(1000);
        assertThat(packets.stream().map(List::getFirst).distinct()).hasSize(1);
        List<String> steps = new ArrayList<>();
        for (int i = 1; i < packets.size(); i++) {
            long step = Long.parseLong(packets.get(i).get(1))
                    - Long.parseLong(packets.get(i - 1).get(1));
            int next = Integer.parseInt(packets.get(i).get(2))
                    - Integer.parseInt(packets.get(i - 1).get(2));
            if ((step & 0xffff_ffffL) == 0 || (step & 0xffff_ffffL) > 8000 * 10 || (next & 0xffff) != 1) {
                steps.add(packets.get(i - 1) + " then " + packets.get(i));
            }
        }
        assertThat(steps).isEmpty();
    }
}
