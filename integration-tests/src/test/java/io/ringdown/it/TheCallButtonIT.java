package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A website of its own, with a strict policy and a back end for tokens, has one script and one element; its visitors call, with a mouse
 * or by the keyboard alone. Pictures of each state are left in {@code target/pictures}.
 */
@ExtendWith(Trial.Extension.class)
final class TheCallButtonIT {

    private static final TokenSigner SIGNER = new TokenSigner();

    private static Exchange exchange;
    private static StrictSite website;

    @BeforeAll
    static void start(Trial trial) {
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort).replace("sip:\n", "sip:\n  no-answer-after: 8s\n"))
                .lines("tokens:\n  keys:\n    - algorithm: EdDSA\n      file: " + trial.file("website.pub") + "\n");
        trial.write("website.pub", SIGNER.publicKey());
        String gateway = "http://127.0.0.1:" + config.webPort();
        String socket = "ws://127.0.0.1:" + config.webPort();
        website = trial.keep(new StrictSite(
                policy(gateway, socket),
                Map.of(
                        "/de", page(gateway, "de", ""),
                        "/en", page(gateway, "en", ""),
                        "/es", page(gateway, "es-MX", ""),
                        "/fr", page(gateway, "fr", ""),
                        "/down", page(gateway, "de", "gateway='http://127.0.0.1:" + Tools.freePort() + "'"))));
        PageServer pages = trial.keep(new PageServer(0));
        exchange = new Exchange(pages, Gateway.start(trial, config.origin(website.origin())), config, carrierPort);
    }

    /** What a strict site allows for the element's sake; and its own icon, which Firefox asks every site for. */
    private static String policy(String gateway, String socket) {
        return "default-src 'none'; script-src " + gateway + "; connect-src 'self' " + socket + "; img-src 'self'";
    }

    /** The whole of it. */
    private static String page(String gateway, String language, String more) {
        return """
            <!doctype html>
            <html lang="%s">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Shop</title>
            <script type="module" src="%s/ringdown.js"></script>
            <main>
              <h1>Shop</h1>
              <ringdown-call to="%s" token-url="/ringdown-token" %s></ringdown-call>
            </main>
            """.formatted(language, gateway, Exchange.NUMBER, more);
    }

    @ParameterizedTest
    @EnumSource
    void aVisitorTalksPressesKeysAndHangsUpByTheKeyboardAlone(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        Visitor visitor = visit(trial, kind, "/en");
        int askedBefore = website.asked().size();
        visitor.keepPictures("idle");
        visitor.press(Keystroke.TAB);
        visitor.press(Keystroke.ENTER);
        visitor.awaitState("talking", 20);
        assertThat(visitor.focused()).as("the button that called hangs up").isEqualTo("Hang up");
        assertThat(website.asked().subList(askedBefore, website.asked().size()))
                .as("one token for one call, for its number")
                .containsExactly("{\"to\":\"" + Exchange.NUMBER + "\"}");
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", visitor.page.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                kind.browser().microphoneHz());
        visitor.press(Keystroke.of('7')); // a key that nobody has asked for: the keypad has not the focus
        visitor.press(Keystroke.TAB);
        visitor.press(Keystroke.SPACE);
        assertThat(visitor.focused()).isEqualTo("Mute pressed");
        Tools.pause(500);
        Ear.hearsNothing("the telephone of a muted visitor", Ear.of(trial.directory(), "muted", far.listenFor(1500)));
        visitor.keepPictures("talking");
        visitor.press(Keystroke.SPACE);
        visitor.press(Keystroke.TAB);
        visitor.press(Keystroke.ENTER);
        assertThat(visitor.focused()).as("the keypad has the focus").isEqualTo("1");
        visitor.keepPictures("keypad");
        visitor.press(Keystroke.of('5'));
        visitor.press(Keystroke.of('#'));
        visitor.press(Keystroke.ENTER);
        Tools.await(
                "the presses arrive",
                10,
                () -> Press.of(far.received()).size() >= 3,
                () -> Press.of(far.received()).toString());
        assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("5", "#", "#");
        visitor.press(Keystroke.ESCAPE);
        assertThat(visitor.focused())
                .as("who closes the keypad is where it was opened")
                .isEqualTo("Keypad");
        visitor.press(Keystroke.BACK_TAB);
        visitor.press(Keystroke.BACK_TAB);
        visitor.press(Keystroke.ENTER);
        visitor.awaitState("ended", 5);
        carrier.awaitSuccess(10);
        assertThat(visitor.focused()).as("from here one calls again").isEqualTo("Call");
        assertThat(visitor.status()).isEqualTo("The call has ended.");
        assertThat(website.violations()).as("the strict policy stops nothing").isEmpty();
        visitor.isAccessible("when it has ended");
    }

    @ParameterizedTest
    @CsvSource({
        "CHROMIUM, /de, 486, 17, Die Leitung ist besetzt. Bitte versuchen Sie es später noch einmal.",
        "FIREFOX, /fr, 486, 17, La ligne est occupée. Veuillez réessayer plus tard.",
        "CHROMIUM, /es, 603, 21, La llamada ha sido rechazada.",
        "FIREFOX, /de, 503, 42, Der Anruf ist gerade nicht möglich. Bitte versuchen Sie es später noch einmal.",
        "CHROMIUM, /en, 486, 17, The number is busy. Try again in a few minutes.",
    })
    void aRefusalIsToldInTheLanguageOfThePage(
            Browser.Kind kind, String path, int status, int q850, String words, Trial trial) {
        Sipp carrier = Sipp.start(
                trial,
                Sipp.Run.of("uas-reject", exchange.carrierPort())
                        .key("status", status)
                        .key("phrase", "No")
                        .key("why", "Q.850;cause=" + q850));
        Visitor visitor = visit(trial, kind, path);
        visitor.click();
        visitor.awaitState("ended", 15);
        carrier.awaitSuccess(10);
        assertThat(visitor.status()).isEqualTo(words);
        visitor.keepPictures("busy-" + path.substring(1));
    }

    @ParameterizedTest
    @EnumSource
    void aTelephoneThatNobodyAnswersRingsAndIsGivenUp(Browser.Kind kind, Trial trial) {
        Sipp carrier = Sipp.start(trial, Sipp.Run.of("uas-no-answer", exchange.carrierPort()));
        Visitor visitor = visit(trial, kind, "/de");
        visitor.click();
        visitor.awaitState("ringing", 15);
        assertThat(visitor.status()).isEqualTo("Es klingelt …");
        visitor.keepPictures("ringing");
        visitor.awaitState("ended", 20);
        carrier.awaitSuccess(10);
        assertThat(visitor.status()).startsWith("Niemand hat abgenommen.");
    }

    @ParameterizedTest
    @EnumSource
    void theTelephoneHangsUpAndTheVisitorCallsAgain(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial, exchange.carrier("uas-answer-then-bye", G711.PCMU, far).with("-d", "1500"));
        Visitor visitor = visit(trial, kind, "/de");
        visitor.click();
        visitor.click(); // the second half of a double click hangs up nothing
        visitor.awaitState("talking", 20);
        visitor.awaitState("ended", 15);
        carrier.awaitSuccess(10);
        assertThat(visitor.status()).isEqualTo("Der Anruf ist beendet.");
        Sipp again = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        Tools.pause(600); // a button that has just got another meaning takes no click
        visitor.click();
        visitor.awaitState("talking", 20);
        assertThat(visitor.time()).matches("0:0\\d");
        visitor.evaluate(
                "element.activeCall.dispatchEvent(Object.assign(new Event('warning'), {code: 'muted-but-speaking',"
                        + " text: 'You speak', hint: ''}))");
        assertThat(visitor.notice()).isEqualTo("Sie sprechen, sind aber stumm.");
        visitor.keepPictures("warning");
        visitor.evaluate("element.activeCall.dispatchEvent(Object.assign(new Event('warningcleared'),"
                + " {code: 'muted-but-speaking'}))");
        assertThat(visitor.notice()).isEmpty();
        visitor.evaluate("(element.hangup(), true)");
        visitor.awaitState("ended", 5);
        again.awaitSuccess(10);
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatIsLoadedAgainStillHasItsCall(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        Visitor visitor = visit(trial, kind, "/de");
        visitor.click();
        visitor.awaitState("talking", 20);
        int asked = website.asked().size();
        visitor.reload();
        visitor.awaitState("talking", 15);
        far.awaitAudio(10);
        far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", visitor.page.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        assertThat(website.asked()).as("the call needs no other token").hasSize(asked);
        visitor.click();
        visitor.awaitState("ended", 5);
        carrier.awaitSuccess(10);
        assertThat(visitor.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('ringdown.element'))"))
                .as("a call that is over is not looked for by the next page")
                .isEmpty();
        visitor.reload();
        assertThat(visitor.state()).isEqualTo("idle");
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsBeforeTheCallIsTold(Browser.Kind kind, Trial trial) {
        String denied =
                "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));";
        Visitor without = visit(trial, kind, "/de", denied);
        without.click();
        without.awaitState("ended", 15);
        assertThat(without.status()).isEqualTo("Bitte erlauben Sie das Mikrofon in der Adressleiste.");
        Visitor refused = visit(trial, kind, "/de");
        website.givesNone();
        refused.click();
        refused.awaitState("ended", 15);
        assertThat(refused.code()).isEqualTo("token-failed");
        assertThat(refused.status()).isEqualTo("Der Anruf ist nicht möglich.");
        website.gives(new TokenSigner()); // whose key the gateway does not know
        Tools.pause(600);
        refused.click();
        Tools.await("the sign-in is refused", 15, () -> refused.code().equals("unauthorized"), refused::code);
        assertThat(refused.status()).isEqualTo("Der Anruf ist nicht möglich.");
        Visitor away = visit(trial, kind, "/down");
        away.click();
        away.awaitState("ended", 15);
        assertThat(away.code()).isEqualTo("socket-unreachable");
    }

    @ParameterizedTest
    @EnumSource
    void whoIsAskedForTheMicrophoneCanGiveUp(Browser.Kind kind, Trial trial) {
        Visitor visitor =
                visit(trial, kind, "/de", "navigator.mediaDevices.getUserMedia = () => new Promise(() => {});");
        visitor.click();
        visitor.awaitState("microphone", 15);
        assertThat(visitor.status()).isEqualTo("Bitte erlauben Sie das Mikrofon.");
        visitor.keepPictures("microphone");
        visitor.click();
        visitor.awaitState("ended", 5);
        assertThat(visitor.status()).isEqualTo("Der Anruf ist beendet.");
    }

    @ParameterizedTest
    @EnumSource
    void threeLooksAreStyleAlone(Browser.Kind kind, Trial trial) {
        SdkPage page = SdkPage.open(trial, kind.browser(), exchange.gateway().uri("/looks/"));
        Tools.await(
                "the elements are there",
                10,
                () -> page.isSo("document.querySelectorAll('ringdown-call:defined').length === 3"),
                page.page()::console);
        Visitor visitor = new Visitor(trial, page, kind);
        visitor.keepPictures("looks");
        page.evaluate("(document.querySelectorAll('ringdown-call').forEach((element) => element.call()), true)");
        Tools.await(
                "nobody has allowed these to call",
                20,
                () -> page.isSo("document.querySelectorAll('[data-state=ended]').length === 3"),
                page.page()::console);
        visitor.keepPictures("looks-ended");
    }

    private static Visitor visit(Trial trial, Browser.Kind kind, String path) {
        return visit(trial, kind, path, "");
    }

    private static Visitor visit(Trial trial, Browser.Kind kind, String path, String before) {
        website.gives(SIGNER);
        SdkPage page = SdkPage.open(trial, kind.browser(), website.uri(path), SdkPage.instruments() + before);
        Visitor visitor = new Visitor(trial, page, kind);
        visitor.awaitState("idle", 10);
        return visitor;
    }

    /** Somebody in front of the page. */
    private record Visitor(Trial trial, SdkPage page, Browser.Kind kind) {

        /** With {@code element} and {@code part(name)} in scope. */
        JsonNode evaluate(String expression) {
            return page.evaluate(
                    "((element, part) => " + expression + ")(document.querySelector('ringdown-call'),"
                            + " (name) => document.querySelector('ringdown-call').shadowRoot.querySelector(`[part~=${name}]`))");
        }

        void press(Keystroke key) {
            page.page().press(key);
        }

        void click() {
            evaluate("(element.addEventListener('ringdown-ended', ({detail}) => { window.endedBy = detail.code; }),"
                    + " part('button').click(), true)");
        }

        String state() {
            return page.evaluate("document.querySelector('ringdown-call').dataset.state ?? ''")
                    .asText();
        }

        void awaitState(String state, int seconds) {
            Tools.await(
                    "the element is " + state,
                    seconds,
                    () -> page.isSo("document.querySelector('ringdown-call')?.dataset.state === '" + state + "'"),
                    () -> state() + ": " + status() + "\n" + page.page().console());
        }

        String status() {
            return evaluate("part('status').textContent").asText();
        }

        String notice() {
            return evaluate("part('notice').textContent").asText();
        }

        String time() {
            return evaluate("part('time').textContent").asText();
        }

        String code() {
            return page.evaluate("window.endedBy ?? ''").asText();
        }

        /** What is written on the button that has the focus, and whether it is pressed. */
        String focused() {
            return evaluate(
                            "(() => { const at = element.shadowRoot.activeElement; return (at?.innerText ?? 'nothing').trim()"
                                    + " + (at?.ariaPressed === 'true' || at?.getAttribute('aria-pressed') === 'true' ? ' pressed' : ''); })()")
                    .asText();
        }

        void reload() {
            page.evaluate("(window.isOld = true, setTimeout(() => location.reload(), 0), true)");
            Tools.await(
                    "the page is there again",
                    20,
                    () -> page.isSo("!window.isOld && document.querySelector('ringdown-call')?.dataset.state"),
                    page.page()::console);
        }

        /** What axe-core finds against WCAG 2.2 AA: nothing. */
        void isAccessible(String when) {
            page.evaluate("(() => { if (!window.axe) { " + axe() + " } return true; })()");
            assertThat(
                            page.evaluate(
                                    "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                                            + " 'best-practice']}).then(({violations, passes}) => passes.length ? violations.map(({id, nodes}) =>"
                                            + " `${id}: ${nodes.map(({html, failureSummary}) => html + failureSummary)}`) : ['axe has looked at nothing'])"))
                    .as("what axe finds " + when)
                    .isEmpty();
        }

        /** One at the width of a telephone, one at that of a desk, both looked at by axe. */
        void keepPictures(String name) {
            for (int width : new int[] {390, 1280}) {
                byte[] png = page.page().png(width, 844);
                String file = name + "-" + kind.name().toLowerCase(Locale.ROOT) + "-" + width + ".png";
                Path folder = Tools.root().resolve("integration-tests/target/pictures");
                try {
                    Files.createDirectories(folder);
                    Files.write(folder.resolve(file), png);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                isAccessible(name + " at " + width);
            }
        }

        private static String axe() {
            try {
                return Files.readString(Tools.root().resolve("web/node_modules/axe-core/axe.min.js"));
            } catch (IOException e) {
                throw new UncheckedIOException("npm ci in web/ brings it", e);
            }
        }
    }
}
