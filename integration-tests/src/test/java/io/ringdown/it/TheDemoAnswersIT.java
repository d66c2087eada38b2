package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ./ringdown demo} as a newcomer starts it, its page used by its own buttons. */
@ExtendWith(Trial.Extension.class)
final class TheDemoAnswersIT {

    private static final URI PAGE = URI.create("http://127.0.0.1:8080/");

    @BeforeAll
    static void start(Trial trial) {
        Path log = trial.file("demo.log");
        try {
            Process demo = new ProcessBuilder(Tools.root().resolve("ringdown").toString(), "demo")
                    .directory(Tools.root().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            trial.keep(() -> Tools.end(demo));
            Tools.await(
                    "the demo tells its address",
                    60,
                    () -> !demo.isAlive() || BrowserProcess.read(log).contains(PAGE.toString()),
                    () -> BrowserProcess.read(log));
            assertThat(demo.isAlive()).as(BrowserProcess.read(log)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEchoNumberGivesBackWhatTheMicrophoneSays(Browser.Kind kind, Trial trial) {
        Browser browser = kind.browser();
        SdkPage page = SdkPage.open(trial, browser, PAGE, SdkPage.instruments());
        dial(page, "+12025550100");
        awaitView(page, "call");
        Ear.hears("the browser, of itself,", page.hearOnceLoud(), browser.microphoneHz());
        page.evaluate("(document.querySelector('#hangup').click(), true)");
        awaitView(page, "ended");
    }

    @ParameterizedTest
    @EnumSource
    void theIvrSpeaksAndReadsBackDigits(Browser.Kind kind, Trial trial) {
        SdkPage page = SdkPage.open(trial, kind.browser(), PAGE, SdkPage.instruments());
        dial(page, "+12025550101");
        Sound prompt = page.hearOnceLoud();
        assertThat(prompt.othersBelowDb(prompt.dominantHz()))
                .as("speech, not a tone: " + prompt)
                .isLessThan(15);
        page.evaluate("(document.querySelector('#pad [data-key=\"7\"]').click(), true)");
        Tools.await(
                "the page shows what was sent",
                5,
                () -> page.evaluate("document.querySelector('#digits-sent').textContent")
                        .asText()
                        .contains("7"),
                () -> page.evaluate("document.querySelector('#digits').textContent")
                        .asText());
        page.evaluate("(document.querySelector('#hangup').click(), true)");
        awaitView(page, "ended");
    }

    @ParameterizedTest
    @EnumSource
    void theSecondHalfOfADoubleClickNeitherHangsUpNorCallsAgain(Browser.Kind kind, Trial trial) {
        SdkPage page = SdkPage.open(trial, kind.browser(), PAGE, SdkPage.instruments());
        dial(page, "+12025550110");
        clickByPointer(page, "#hangup");
        assertThat(view(page)).isEqualTo("call");
        page.hearOnceLoud();
        clickByPointer(page, "#hangup");
        clickByPointer(page, "#again");
        assertThat(view(page)).isEqualTo("ended");
    }

    @ParameterizedTest
    @EnumSource
    void aBusyNumberIsToldInPlainWords(Browser.Kind kind, Trial trial) {
        SdkPage page = SdkPage.open(trial, kind.browser(), PAGE, SdkPage.instruments());
        dial(page, "+12025550103");
        awaitView(page, "ended");
        assertThat(page.evaluate("document.querySelector('#ended-title').textContent")
                        .asText())
                .containsIgnoringCase("busy");
    }

    @ParameterizedTest
    @EnumSource
    void ringMeRings(Browser.Kind kind, Trial trial) {
        SdkPage page = SdkPage.open(trial, kind.browser(), PAGE, SdkPage.instruments());
        awaitConnected(page);
        Tools.await(
                "the page offers to be rung",
                10,
                () -> page.evaluate("!document.querySelector('#ring-me').hidden")
                        .asBoolean(),
                () -> page.page().console());
        page.evaluate("(document.querySelector('#ring-me-button').click(), true)");
        Tools.await(
                "the page rings",
                20,
                () -> page.evaluate("document.querySelector('#incoming').open").asBoolean(),
                () -> page.page().console());
        page.evaluate("(document.querySelector('#incoming').close(), true)");
        Tools.await(
                "a dialog that the browser closes by itself comes back",
                5,
                () -> page.evaluate("document.querySelector('#incoming').open").asBoolean(),
                () -> page.page().console());
        page.evaluate("(document.querySelector('#accept').click(), true)");
        awaitView(page, "call");
        assertThat(page.hearOnceLoud().levelDbfs())
                .as("the one who rang speaks")
                .isGreaterThan(-45);
        page.evaluate("(document.querySelector('#hangup').click(), true)");
    }

    private static void awaitConnected(SdkPage page) {
        Tools.await(
                "the page is connected",
                10,
                () -> page.evaluate("document.querySelector('#link').dataset.state")
                        .asText()
                        .equals("connected"),
                () -> page.evaluate("document.querySelector('#link').outerHTML").asText());
    }

    private static void dial(SdkPage page, String number) {
        awaitConnected(page);
        page.evaluate("(() => { const field = document.querySelector('#number'); field.value = '" + number
                + "'; field.dispatchEvent(new Event('input', {bubbles: true}));"
                + " document.querySelector('#dial').click(); return true; })()");
    }

    /** A click of a mouse or finger, which has a count where that of a script has none. */
    private static void clickByPointer(SdkPage page, String button) {
        page.evaluate("(document.querySelector('" + button
                + "').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, detail: 1})), true)");
    }

    private static String view(SdkPage page) {
        return page.evaluate("document.querySelector('#phone').dataset.view").asText();
    }

    private static void awaitView(SdkPage page, String view) {
        Tools.await(
                "the page shows " + view,
                20,
                () -> view(page).equals(view),
                () -> page.evaluate("document.querySelector('#phone').innerText")
                        .asText());
    }
}
