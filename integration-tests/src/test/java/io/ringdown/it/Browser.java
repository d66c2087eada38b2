package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;

/** A real browser, headless, whose microphone gives one steady tone. One process for all tests; each test has its own page. */
sealed interface Browser extends AutoCloseable permits Chromium, Firefox {

    /** What every microphone gives. */
    int MICROPHONE_HZ = 620;

    /** What its microphone gives. */
    default double microphoneHz() {
        return MICROPHONE_HZ;
    }

    /** Whether its process runs. */
    boolean isAlive();

    /** Opens a page in a context of its own, runs the script before any of the page's own, and waits until it is loaded. */
    Page open(URI address, String before);

    /** Opens a page in a context of its own and waits until it is loaded. */
    default Page open(URI address) {
        return open(address, "");
    }

    @Override
    void close();

    /** Which browsers there are to try. */
    enum Kind {
        CHROMIUM,
        FIREFOX;

        /** The one process of this kind. */
        Browser browser() {
            return switch (this) {
                case CHROMIUM -> SharedBrowser.CHROMIUM.browser();
                case FIREFOX -> SharedBrowser.FIREFOX.browser();
            };
        }
    }

    /** One page. */
    interface Page extends AutoCloseable {
        /** Runs a JavaScript expression, waits for its promise, and gives its value. A rejection fails the test with its text. */
        JsonNode evaluate(String expression);

        /** What the page has written to the console, and its uncaught errors. */
        String console();

        /** Presses a key and lets go of it, as a person at the keyboard does. */
        void press(Keystroke key);

        /** From now on the person wants this of pages, as in {@code prefers-color-scheme}, {@code dark}. */
        default void prefer(String feature, String value) {
            throw new UnsupportedOperationException("only Chromium takes that from a test");
        }

        /** A picture of what it shows. */
        byte[] png(int width, int height);

        @Override
        void close();
    }
}
