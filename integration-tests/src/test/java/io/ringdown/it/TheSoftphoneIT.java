package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody works with the softphone page by the keyboard alone, against telephones of SIPp's. Each state is looked at by axe at the
 * widths of a telephone and of a desk; pictures are left in {@code target/pictures}.
 */
@ExtendWith(Trial.Extension.class)
final class TheSoftphoneIT {
    private static final String KEY = "alices-key-has-some-letters";
    private static final String BOBS_KEY = "bobs-key-has-other-letters";
    private static final String API_KEY = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "+493055505678";
    private static final String ABROAD = "+441632960100";
    private static final int ABROAD_HZ = 1700;

    private static Exchange exchange;
    private static int abroadPort;

    @BeforeAll
    static void start(Trial trial) {
        int carrierPort = Tools.freePort();
        abroadPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", patient(carrierPort).replace("'+'", "'+49'"))
                .trunk("abroad", patient(abroadPort).replace("'+'", "'+44'"))
                .lines("""
                    api: {key: %s}
                    groups:
                      sales: {}
                    users:
                      alice: {key: %s, name: Alice Arnold, extension: '12', groups: [sales], numbers: ['%s', '%s']}
                      bob: {key: %s, name: Bob Berg, extension: '13', groups: [sales], supervises: [sales]}
                    """.formatted(
                                API_KEY,
                                KEY,
                                Softphone.number(Browser.Kind.CHROMIUM),
                                Softphone.number(Browser.Kind.FIREFOX),
                                BOBS_KEY));
        // Its own page is what the gateway lets in.
        exchange = new Exchange(trial.keep(new PageServer(0)), Gateway.start(trial, config), config, carrierPort);
    }

    /** A trunk that waits for a SIPp whose machine is busy. */
    private static String patient(int port) {
        return Exchange.carrier(port).replace("sip:\n", "sip:\n  silent-after: 15s\n");
    }

    @ParameterizedTest
    @EnumSource
    void aCallIsMadeHeldWrittenOnAndHandedOverAfterAConsultation(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier("uas-is-asked-to-transfer", G711.PCMU, far)
                        .key("target", OTHER)
                        .key("final", "200 OK")
                        .calls(2));
        Softphone softphone = Softphone.open(trial, kind, exchange);
        softphone.keepPictures("softphone-sign-in");
        softphone.type("wrong-key-of-some-letters");
        softphone.press(Keystroke.ENTER);
        softphone.await("who is refused may try again", "document.querySelector('#signin-problem').textContent");
        softphone.signIn(KEY, kind);
        softphone.keepPictures("softphone-signed-in");

        softphone.type(Exchange.NUMBER);
        softphone.press(Keystroke.ENTER);
        softphone.awaitCards("talking");
        far.awaitAudio(10);
        far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", softphone.page().hearOnceLoud(), Exchange.TELEPHONE_HZ);
        softphone.await("how both legs do", "!document.querySelector('.quality').hidden");
        softphone.keepPictures("softphone-talking");

        softphone.press(Keystroke.shortcut('H'));
        softphone.awaitCards("held");
        softphone.press(Keystroke.shortcut('H'));
        softphone.awaitCards("talking");
        softphone.press(Keystroke.shortcut('M'));
        softphone.await("it is muted", "document.querySelector('[data-deed=mute]').ariaPressed === 'true'");
        softphone.press(Keystroke.shortcut('M'));
        softphone.press(Keystroke.shortcut('K'));
        softphone.type("5#");
        softphone.await(
                "both presses have left",
                "document.querySelectorAll('.presses li:not([data-state=waiting]):not([data-state=accepted])').length === 2");
        softphone.keepPictures("softphone-keypad");
        softphone.press(Keystroke.ESCAPE);
        assertThat(softphone.focused())
                .as("who closes the keypad is where it was opened")
                .isEqualTo("Keypad");
        softphone.press(Keystroke.shortcut('N'));
        softphone.type("wants a quote?");
        softphone.keepPictures("softphone-note");

        softphone.press(Keystroke.shortcut('V'));
        softphone.type(OTHER);
        softphone.press(Keystroke.TAB);
        softphone.press(Keystroke.TAB);
        assertThat(softphone.focused()).isEqualTo("Ask first");
        softphone.press(Keystroke.ENTER);
        softphone.awaitCards("talking", "held");
        softphone.keepPictures("softphone-consulting");
        softphone.press(Keystroke.TAB);
        assertThat(softphone.focused()).isEqualTo("Complete the transfer");
        softphone.press(Keystroke.ENTER);
        softphone.awaitCards("ended", "ended");
        carrier.awaitSuccess(10);
        assertThat(carrier.messages()).contains("REFER sip:").contains("Replaces=");
        softphone.keepPictures("softphone-transferred");

        softphone.reload();
        softphone.await("this tab is still signed in", "!document.querySelector('#work').hidden");
        assertThat(softphone
                        .page()
                        .evaluate(
                                "[...document.querySelectorAll('#recent textarea')].map(({value}) => value).join('|')")
                        .asText())
                .as("the note outlives the page")
                .contains("wants a quote?");
        softphone.signOut();
    }

    @ParameterizedTest
    @EnumSource
    void aTelephoneThatRingsIsAnsweredByTheKeyboardBesideACallOfMine(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        FarEnd calling = trial.keep(new FarEnd());
        Softphone softphone = Softphone.open(trial, kind, exchange);
        softphone.signIn(KEY, kind);
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        softphone.type(Exchange.NUMBER);
        softphone.press(Keystroke.ENTER);
        softphone.awaitCards("talking");
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Sipp caller = Sipp.start(
                trial,
                Sipp.Run.of("uac-called-hangs-up", Tools.freePort())
                        .key("pt", G711.PCMA.payloadType())
                        .key("codec", G711.PCMA.name())
                        .key("te", 101)
                        .key("rtp_ip", calling.address())
                        .key("rtp_port", calling.port())
                        .with("-s", Softphone.number(kind), "-d", "0")
                        .with("127.0.0.1:" + exchange.config().sipPort()));
        softphone.awaitCards("incoming", "talking");
        assertThat(softphone
                        .page()
                        .evaluate("document.querySelector('#alarm').textContent")
                        .asText())
                .isEqualTo("Incoming call from Ada Caller");
        softphone.keepPictures("softphone-incoming");
        softphone.press(Keystroke.shortcut('P'));
        softphone.awaitCards("talking", "held");
        assertThat(softphone.focused())
                .as("the call that was taken has the focus")
                .isEqualTo("Ada Caller");
        calling.awaitAudio(10);
        calling.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), ABROAD_HZ));
        Ear.hears("the browser, of who called", softphone.page().hearOnceLoud(), ABROAD_HZ);
        Ear.hears(
                "the telephone that called",
                Ear.of(trial.directory(), "caller", calling.listenFor(1500)),
                kind.browser().microphoneHz());
        softphone.press(Keystroke.shortcut('X'));
        softphone.awaitCards("ended", "held");
        caller.awaitSuccess(10);
        softphone.press(Keystroke.shortcut('2'));
        softphone.awaitCards("ended", "talking");
        softphone.press(Keystroke.shortcut('X'));
        softphone.awaitCards("ended", "ended");
        carrier.awaitSuccess(10);
        softphone.signOut();
    }

    @ParameterizedTest
    @EnumSource
    void colleaguesSeeWhoIsThereAndTwoCallsBecomeAConference(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        FarEnd abroad = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        Sipp other = Sipp.start(
                trial,
                Sipp.Run.of("uas-answer", abroadPort)
                        .key("pt", G711.PCMU.payloadType())
                        .key("codec", G711.PCMU.name())
                        .key("rtp_ip", abroad.address())
                        .key("rtp_port", abroad.port()));
        Softphone alice = Softphone.open(trial, kind, exchange);
        alice.signIn(KEY, kind);
        Softphone bob = Softphone.open(trial, kind, exchange);
        bob.signIn(BOBS_KEY);
        alice.press(Keystroke.shortcut('S'));
        bob.awaitColleague("Alice Arnold", "Away");
        alice.press(Keystroke.shortcut('S'));
        bob.awaitColleague("Alice Arnold", "Available");
        alice.type("berg");
        alice.await(
                "she is offered him by his name",
                "document.querySelector('#dial-field [role=option]')?.innerText.includes('Bob Berg')");
        alice.keepPictures("softphone-name");
        alice.page().evaluate("(document.activeElement.select(), true)");

        alice.type(Exchange.NUMBER);
        alice.press(Keystroke.ENTER);
        alice.awaitCards("talking");
        bob.awaitColleague("Alice Arnold", "On a call");
        alice.press(Keystroke.shortcut('L'));
        alice.type(ABROAD);
        alice.press(Keystroke.ENTER);
        alice.awaitCards("talking", "held");
        alice.press(Keystroke.shortcut('J'));
        alice.await(
                "it is a conference",
                "document.querySelectorAll('.call[data-state=talking] [data-part=state]').length === 2"
                        + " && document.querySelector('[data-part=state]').textContent.startsWith('Conference')");
        alice.keepPictures("softphone-conference");
        alice.reload();
        alice.await(
                "it is a conference still",
                "[...document.querySelectorAll('.call[data-state=talking] [data-part=state]')]"
                        + ".filter(({textContent}) => textContent.startsWith('Conference')).length === 2");
        alice.press(Keystroke.shortcut('M'));
        alice.press(Keystroke.shortcut('2'));
        alice.press(Keystroke.shortcut('M'));
        far.awaitAudio(10);
        abroad.awaitAudio(10);
        abroad.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), ABROAD_HZ));
        Tools.pause(500);
        Ear.hears("the one telephone, of the other", Ear.of(trial.directory(), "far", far.listenFor(1500)), ABROAD_HZ);
        alice.press(Keystroke.shortcut('J'));
        alice.awaitCards("held", "talking");
        alice.press(Keystroke.shortcut('X'));
        alice.press(Keystroke.shortcut('1'));
        alice.awaitCards("talking", "ended");
        alice.press(Keystroke.shortcut('X'));
        carrier.awaitSuccess(10);
        other.awaitSuccess(10);
        alice.signOut();
        bob.signOut();
    }

    @ParameterizedTest
    @EnumSource
    void aColleagueIsCalledByExtensionAndGivenACallThatTheGatewayBegan(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        Softphone alice = Softphone.open(trial, kind, exchange);
        alice.signIn(KEY, kind);
        Softphone bob = Softphone.open(trial, kind, exchange);
        bob.signIn(BOBS_KEY);
        alice.type("13");
        alice.press(Keystroke.ENTER);
        bob.awaitCards("incoming");
        assertThat(bob.page()
                        .evaluate("document.querySelector('#alarm').textContent")
                        .asText())
                .isEqualTo("Incoming call from Alice Arnold");
        bob.press(Keystroke.shortcut('P'));
        bob.awaitCards("talking");
        alice.awaitCards("talking");
        Ear.hears("the colleague", bob.page().hearOnceLoud(), kind.browser().microphoneHz());
        Ear.hears("who called", alice.page().hearOnceLoud(), kind.browser().microphoneHz());
        alice.press(Keystroke.shortcut('X'));
        alice.awaitCards("ended");
        bob.awaitCards("ended");

        assertThat(exchange.gateway()
                        .send(HttpRequest.newBuilder(exchange.gateway().uri("/api/v1/calls"))
                                .header("Authorization", "Bearer " + API_KEY)
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"agent\":\"alice\",\"to\":\"" + Exchange.NUMBER + "\"}"))
                                .build())
                        .statusCode())
                .isEqualTo(202);
        alice.awaitCards("incoming", "ended");
        assertThat(alice.page()
                        .evaluate("document.querySelector('[data-part=errand]').textContent")
                        .asText())
                .startsWith("Answer to call ");
        assertThat(carrier.messages()).as("she has not taken it yet").doesNotContain("INVITE sip:");
        alice.press(Keystroke.shortcut('P'));
        alice.awaitCards("talking", "ended");
        far.awaitAudio(10);
        far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        alice.press(Keystroke.shortcut('V'));
        alice.type("13");
        alice.press(Keystroke.ENTER);
        bob.awaitCards("incoming", "ended");
        assertThat(bob.page()
                        .evaluate("document.querySelector('[data-part=errand]').textContent")
                        .asText())
                .contains("Alice Arnold");
        bob.press(Keystroke.shortcut('P'));
        bob.awaitCards("talking", "ended");
        alice.awaitCards("ended", "ended");
        Ear.hears("who was given the call", bob.page().hearOnceLoud(), Exchange.TELEPHONE_HZ);
        bob.press(Keystroke.shortcut('X'));
        carrier.awaitSuccess(10);
        alice.signOut();
        bob.signOut();
    }

    @ParameterizedTest
    @EnumSource
    void whoSupervisesListensAndThenJoinsIn(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        Softphone alice = Softphone.open(trial, kind, exchange);
        alice.signIn(KEY, kind);
        Softphone bob = Softphone.open(trial, kind, exchange);
        bob.signIn(BOBS_KEY);
        alice.type(Exchange.NUMBER);
        alice.press(Keystroke.ENTER);
        alice.awaitCards("talking");
        alice.press(Keystroke.shortcut('M'));
        far.awaitAudio(10);
        far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));

        bob.await("her call is seen", "document.querySelector('.supervised button')");
        bob.pressOn(".supervised button:nth-of-type(1)");
        bob.await("he listens", "document.querySelector('.supervised p')?.textContent.startsWith('You listen')");
        Ear.hears("who listens", bob.page().hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hearsNothing("the telephone meanwhile", Ear.of(trial.directory(), "listening", far.listenFor(1500)));
        assertThat(alice.page()
                        .evaluate("document.querySelector('.call-line').textContent")
                        .asText())
                .as("of who listens she is told nothing")
                .isEmpty();
        bob.keepPictures("softphone-supervising");
        bob.pressOn(".supervised button:nth-of-type(3)");
        bob.await("he has joined in", "document.querySelector('.supervised p')?.textContent === 'Both hear you.'");
        alice.await(
                "she is told", "document.querySelector('.call-line').textContent === 'Bob Berg has joined the call.'");
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "joined", far.listenFor(1500)),
                kind.browser().microphoneHz());
        bob.pressOn(".supervised button:nth-of-type(4)");
        bob.await("he has left", "!document.querySelector('.supervised p')");
        alice.press(Keystroke.shortcut('X'));
        carrier.awaitSuccess(10);
        alice.signOut();
        bob.signOut();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsLostIsToldUntilItIsBackAndTheCallGoesOn(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        Softphone softphone = Softphone.open(trial, kind, exchange);
        softphone.signIn(KEY, kind);
        softphone.type(Exchange.NUMBER);
        softphone.press(Keystroke.ENTER);
        softphone.awaitCards("talking");
        far.awaitAudio(10);
        softphone.cut(true);
        softphone.await(
                "it is told",
                "document.querySelector('.notice strong')?.textContent === 'The connection to the gateway is lost.'");
        Ear.hears(
                "the telephone meanwhile",
                Ear.of(trial.directory(), "meanwhile", far.listenFor(1500)),
                kind.browser().microphoneHz());
        softphone.keepPictures("softphone-lost");
        if (kind == Browser.Kind.CHROMIUM) {
            softphone.page().page().prefer("prefers-color-scheme", "dark");
            softphone.keepPictures("softphone-lost-dark");
            softphone.page().page().prefer("forced-colors", "active");
            softphone.await(
                    "the active call has a frame",
                    "getComputedStyle(document.querySelector('.call[data-active]')).borderTopWidth === '3px'");
            softphone.keepPictures("softphone-lost-forced-colours");
            softphone.page().page().prefer("forced-colors", "none");
        }
        softphone.cut(false);
        softphone.pressOn(".notice button");
        softphone.await(
                "it is back",
                "!document.querySelector('.notice') && document.querySelector('#link').dataset.state === 'connected'");
        softphone.awaitCards("talking");
        softphone.press(Keystroke.shortcut('X'));
        softphone.awaitCards("ended");
        carrier.awaitSuccess(10);
        softphone.signOut();
    }

    @ParameterizedTest
    @EnumSource
    void theKeyboardAndTheDevicesAreToldInTheReadersLanguage(Browser.Kind kind, Trial trial) {
        Softphone softphone = Softphone.open(trial, kind, exchange, "?lang=de");
        softphone.signIn(KEY, kind);
        softphone.press(Keystroke.BACK_TAB);
        softphone.press(Keystroke.of('?'));
        softphone.await("the help is there", "document.querySelector('#help').open");
        softphone.keepPictures("softphone-help-de");
        softphone.press(Keystroke.ESCAPE);
        softphone.await("it is closed", "!document.querySelector('#help').open");
        softphone.pressOn("#settings-open");
        softphone.pressOn("#try-microphone"); // a browser names no device before that
        softphone.await("the microphone is open", "document.querySelector('#try-microphone').ariaPressed === 'true'");
        softphone.keepPictures("softphone-settings-de");
        softphone.press(Keystroke.ESCAPE);
        softphone.signOut();
    }
}
