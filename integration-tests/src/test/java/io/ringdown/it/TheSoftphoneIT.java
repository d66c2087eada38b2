package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final String OTHER = "+493055505678";

    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort))
                .lines("users:\n  alice:\n    key: " + KEY + "\n    numbers: ['" + Softphone.number(0) + "', '"
                        + Softphone.number(1) + "']\n    extension: '12'\n");
        exchange = Exchange.start(trial, config, carrierPort);
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
        Sipp caller = Sipp.start(
                trial,
                Sipp.Run.of("uac-called-hangs-up", Tools.freePort())
                        .key("pt", G711.PCMA.payloadType())
                        .key("codec", G711.PCMA.name())
                        .key("te", 101)
                        .key("rtp_ip", calling.address())
                        .key("rtp_port", calling.port())
                        .with("-s", Softphone.number(kind.ordinal()), "-d", "0")
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
        calling.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", softphone.page().hearOnceLoud(), Exchange.TELEPHONE_HZ);
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
    void theKeyboardAndTheDevicesAreToldInTheReadersLanguage(Browser.Kind kind, Trial trial) {
        Softphone softphone = Softphone.open(trial, kind, exchange, "?lang=de");
        softphone.signIn(KEY, kind);
        softphone.press(Keystroke.BACK_TAB);
        softphone.press(Keystroke.of('?'));
        softphone.await("the help is there", "document.querySelector('#help').open");
        softphone.keepPictures("softphone-help-de");
        softphone.press(Keystroke.ESCAPE);
        softphone.await("it is closed", "!document.querySelector('#help').open");
        softphone.page().evaluate("(document.querySelector('#settings-open').focus(), true)");
        softphone.press(Keystroke.ENTER);
        softphone.await("the devices are there", "document.querySelector('#microphone').options.length > 1");
        softphone.keepPictures("softphone-settings-de");
        softphone.press(Keystroke.ESCAPE);
        softphone.signOut();
    }
}
