package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A page that calls by the SDK: the tests' own one, or any page into which the instruments have been put. */
final class SdkPage {

    private final Trial trial;
    private final Browser.Page page;
    private final AtomicInteger heard = new AtomicInteger();

    private SdkPage(Trial trial, Browser.Page page) {
        this.trial = trial;
        this.page = page;
    }

    static SdkPage open(Trial trial, Browser browser, URI address) {
        return open(trial, browser, address, "");
    }

    /** The script that puts the instruments into a page that knows nothing of them. */
    static String instruments() {
        Path pages = Tools.root().resolve("integration-tests/src/test/resources/page");
        try {
            // A script that runs before the page has no global scope of its own in Firefox: the ears are hung on
            // window.
            return Files.readString(pages.resolve("ears.js")).replace("const ears =", "window.ears =")
                    + Files.readString(pages.resolve("instruments.js"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens any page, with a script that runs before its own. */
    static SdkPage open(Trial trial, Browser browser, URI address, String before) {
        Browser.Page page = trial.keep(browser.open(address, before));
        SdkPage phone = new SdkPage(trial, page);
        trial.witness(directory -> {
            trial.write("browser-console.txt", page.console());
            trial.write(
                    "browser-story.json", page.evaluate("window.phone?.story").toPrettyString());
        });
        trial.witness(directory -> Files.write(trial.file("browser.png"), page.png(1000, 900)));
        return phone;
    }

    void connect(Gateway gateway, String... numbers) {
        connect(gateway.socketUri(), numbers);
    }

    /** Signs in at this address; when the page is loaded again it does so by itself. */
    void connect(URI address, String... numbers) {
        List<String> quoted = new ArrayList<>();
        for (String number : numbers) {
            quoted.add(JsonSocket.quote(number));
        }
        Tools.await(
                "the SDK is loaded", 10, () -> page.evaluate("!!window.phone").asBoolean(), page::console);
        page.evaluate("phone.connect(" + JsonSocket.quote(address.toString()) + ", [" + String.join(",", quoted)
                + "]).then(() => true)");
    }

    /** Has the page loaded again, as a person does, and waits until its new self is there. */
    void reload() {
        page.evaluate("(window.isOld = true, setTimeout(() => location.reload(), 0), true)");
        Tools.await("the page is there again", 20, () -> isSo("!window.isOld && window.phone"), page::console);
    }

    /** Whether it is; nothing is while one page takes the place of another. */
    boolean isSo(String expression) {
        try {
            return page.evaluate("!!(" + expression + ")").asBoolean();
        } catch (AssertionError failed) {
            if (String.valueOf(failed.getMessage()).contains("navigated")) {
                return false;
            }
            throw failed;
        }
    }

    JsonNode evaluate(String expression) {
        return page.evaluate(expression);
    }

    Browser.Page page() {
        return page;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        page.evaluate("phone.story.map((each) => each.name)").forEach(name -> names.add(name.asText()));
        return names;
    }

    JsonNode await(String name, int seconds) {
        Tools.await(
                "the SDK tells " + name,
                seconds,
                () -> names().contains(name),
                () -> page.evaluate("phone.story") + " " + page.console());
        return page.evaluate("phone.story.find((each) => each.name === '" + name + "')");
    }

    Sound hear(long millis) {
        byte[] recording = Base64.getDecoder()
                .decode(page.evaluate("ears.hear(" + millis + ")").asText());
        return Ear.recording(trial, "heard-" + heard.incrementAndGet(), recording);
    }

    Sound hearOnceLoud() {
        Tools.await("the page hears something", 15, () -> hear(300).levelDbfs() > -45, page::console);
        return hear(1500);
    }
}
