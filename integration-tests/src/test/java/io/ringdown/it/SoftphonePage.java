package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A page with a SIP library as its makers publish it; a few words in front of it are the same for all of them. */
final class SoftphonePage {

    /** Whose library it is; none of its files is changed. */
    enum Library {
        JSSIP,
        SIPJS;

        private String script() {
            return "softphone-" + name().toLowerCase(Locale.ROOT);
        }
    }

    private final Trial trial;
    private final Browser browser;
    private final Browser.Page page;
    private final AtomicInteger heard = new AtomicInteger();

    private SoftphonePage(Trial trial, Browser browser, Browser.Page page) {
        this.trial = trial;
        this.browser = browser;
        this.page = page;
    }

    /** Makes one script of each library and the words in front of it, in {@code target/built}. */
    static void build(Trial trial) {
        Path root = Tools.root();
        for (Library library : Library.values()) {
            Tools.run(
                    trial.file(library.script() + ".log"),
                    "env", // which takes a program by its path
                    root.resolve("web/node_modules/.bin/esbuild").toString(),
                    root.resolve("integration-tests/src/test/resources/page/" + library.script() + ".js")
                            .toString(),
                    "--bundle",
                    "--alias:jssip=" + root.resolve("web/node_modules/jssip"),
                    "--alias:sip.js=" + root.resolve("web/node_modules/sip.js"),
                    "--outfile=" + root.resolve("integration-tests/target/built/" + library.script() + ".js"));
        }
    }

    static SoftphonePage open(Trial trial, Library library, Browser browser, PageServer pages) {
        Browser.Page page = trial.keep(browser.open(pages.uri("/softphone.html?with=" + library.script())));
        SoftphonePage phone = new SoftphonePage(trial, browser, page);
        trial.witness(_ -> {
            trial.write("browser-console.txt", page.console());
            trial.write(
                    "browser-story.json",
                    page.evaluate("window.softphone?.story").toPrettyString());
        });
        trial.witness(directory -> Files.write(trial.file("browser.png"), page.png(800, 600)));
        Tools.await(
                library + " is loaded",
                20,
                () -> page.evaluate("!!window.softphone").asBoolean(),
                page::console);
        return phone;
    }

    Browser browser() {
        return browser;
    }

    /** Registers by digest. */
    void signIn(URI socket, String user, String password) {
        start(socket, user, "password: " + JsonSocket.quote(password));
    }

    /** Registers by a bearer token. */
    void signInByToken(URI socket, String user, String token) {
        start(socket, user, "token: " + JsonSocket.quote(token));
    }

    private void start(URI socket, String user, String by) {
        say("start({url: " + JsonSocket.quote(socket.toString()) + ", user: " + JsonSocket.quote(user) + ", " + by
                + "})");
    }

    /** One of the words, with its arguments. */
    void say(String word) {
        page.evaluate("(async () => { await softphone." + word + "; return true; })()");
    }

    JsonNode evaluate(String expression) {
        return page.evaluate(expression);
    }

    /** Everything of this name that the library told, in order. */
    List<JsonNode> told(String name) {
        List<JsonNode> told = new ArrayList<>();
        page.evaluate("softphone.story.filter((each) => each.name === '" + name + "')")
                .forEach(told::add);
        return told;
    }

    JsonNode await(String name) {
        return await(name, 1);
    }

    /** What it told so manieth under this name. */
    JsonNode await(String name, int count) {
        Tools.await(
                "the library tells " + name + " for the " + count + ". time",
                20,
                () -> told(name).size() >= count,
                () -> page.evaluate("softphone.story") + " " + page.console());
        return told(name).get(count - 1);
    }

    Sound hear(long millis) {
        byte[] recording = Base64.getDecoder()
                .decode(page.evaluate("ears.hear(" + millis + ")").asText());
        return Ear.recording(trial, "heard-" + heard.incrementAndGet(), recording);
    }

    Sound hearOnceLoud() {
        Tools.await("the page hears something", 15, () -> hear(300).levelDbfs() > -45, page::console);
        return hear(1000);
    }
}
