package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Somebody in front of the softphone page, who has a keyboard and nothing else. */
record Softphone(Trial trial, SdkPage page, Browser.Kind kind) {

    /** A network that can be taken away: {@code window.isCut}. */
    private static final String NETWORK = """
            ;window.WebSocket = class extends window.WebSocket {
              constructor(...given) {
                super(...given);
                const look = () => (window.isCut ? this.close() : this.readyState < 2 && setTimeout(look, 50));
                setTimeout(look, 0);
              }
            };
            """;

    /** The number that this browser's person answers for. */
    static String number(Browser.Kind kind) {
        return switch (kind) {
            case CHROMIUM -> "+493055509910";
            case FIREFOX -> "+493055509911";
        };
    }

    static Softphone open(Trial trial, Browser.Kind kind, Exchange exchange) {
        return open(trial, kind, exchange, "?lang=en");
    }

    static Softphone open(Trial trial, Browser.Kind kind, Exchange exchange, String query) {
        SdkPage page = SdkPage.open(
                trial, kind.browser(), exchange.gateway().uri("/softphone/" + query), SdkPage.instruments() + NETWORK);
        Softphone softphone = new Softphone(trial, page, kind);
        softphone.await("the page is there", "document.querySelector('#link-text')?.textContent");
        return softphone;
    }

    /** By this key, for the number of this browser's person. */
    void signIn(String key, Browser.Kind kind) {
        typeKey(key);
        press(Keystroke.TAB);
        page.evaluate("(document.activeElement.select(), true)");
        type(number(kind));
        press(Keystroke.ENTER);
        awaitSignedIn();
    }

    /** By this key, for no number. */
    void signIn(String key) {
        typeKey(key);
        press(Keystroke.ENTER);
        awaitSignedIn();
    }

    private void typeKey(String key) {
        await("the key is asked for", "document.activeElement?.id === 'token'");
        page.evaluate("(document.activeElement.select(), true)");
        type(key);
    }

    private void awaitSignedIn() {
        await("it is signed in", "!document.querySelector('#work').hidden");
        await("the next key goes into the number field", "document.activeElement?.role === 'combobox'");
    }

    void signOut() {
        pressOn("#signout");
        await(
                "it is signed out",
                "!document.querySelector('#signin').hidden && document.querySelector('#signin-title').textContent");
        assertThat(page.page().console())
                .as("the strict policy stops nothing")
                .doesNotContain("Content Security Policy");
    }

    void press(Keystroke key) {
        page.page().press(key);
    }

    /** Enter on the button of this selector, which a person gets to by Tab. */
    void pressOn(String selector) {
        page.evaluate("(document.querySelector('" + selector + "').focus(), true)");
        press(Keystroke.ENTER);
    }

    void type(String text) {
        text.chars().forEach(each -> press(Keystroke.of((char) each)));
    }

    void await(String what, String expression) {
        Tools.await(
                what,
                20,
                () -> isSo(expression),
                () -> seen() + "\n" + page.page().console());
    }

    /** Whether it is; nothing is while the page is loaded again, whatever the browser says of that. */
    private boolean isSo(String expression) {
        try {
            return page.isSo(expression);
        } catch (AssertionError _) {
            return false;
        }
    }

    /** Waits until these are the states of the calls, as they lie there. */
    void awaitCards(String... states) {
        await(
                "the cards are " + List.of(states),
                "[...document.querySelectorAll('.call')].map(({dataset}) => dataset.state).join() === '"
                        + String.join(",", states) + "'");
    }

    /** Waits until somebody is seen to be in this state. */
    void awaitColleague(String name, String state) {
        await(
                name + " is " + state,
                "[...document.querySelectorAll('#colleagues > li')].some((row) => row.innerText.includes('" + name
                        + "') && row.querySelector('.state-mark').textContent === '" + state + "')");
    }

    private String seen() {
        return page.evaluate("document.body.innerText").asText();
    }

    /** What is written on what has the focus. */
    String focused() {
        return page.evaluate("(document.activeElement?.innerText ?? 'nothing').trim()")
                .asText();
    }

    /** Takes the page's sockets away, and every new one at once; or lets new ones be. */
    void cut(boolean on) {
        page.evaluate("(window.isCut = " + on + ", true)");
    }

    void reload() {
        page.evaluate("(window.isOld = true, setTimeout(() => location.reload(), 0), true)");
        await("the page is there again", "!window.isOld && document.querySelector('#link-text')?.textContent");
    }

    /** One at the width of a telephone, one at that of a desk, both looked at by axe. */
    void keepPictures(String name) {
        for (int width : new int[] {390, 1280}) {
            byte[] png = page.page().png(width, 1000);
            Path folder = Tools.root().resolve("integration-tests/target/pictures");
            try {
                Files.createDirectories(folder);
                Files.write(
                        folder.resolve(name + "-" + kind.name().toLowerCase(Locale.ROOT) + "-" + width + ".png"), png);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            isAccessible(name + " at " + width);
        }
    }

    /** What axe-core finds against WCAG 2.2 AA: nothing. */
    private void isAccessible(String when) {
        page.evaluate("(() => { if (!window.axe) { " + axe() + " } return true; })()");
        assertThat(
                        page.evaluate(
                                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                                        + " 'best-practice']}).then(({violations, passes}) => passes.length ? violations.map(({id, nodes}) =>"
                                        + " `${id}: ${nodes.map(({html, failureSummary}) => html + failureSummary)}`) : ['axe has looked at nothing'])"))
                .as("what axe finds " + when)
                .isEmpty();
    }

    private static String axe() {
        try {
            return Files.readString(Tools.root().resolve("web/node_modules/axe-core/axe.min.js"));
        } catch (IOException e) {
            throw new UncheckedIOException("npm ci in web/ brings it", e);
        }
    }
}
