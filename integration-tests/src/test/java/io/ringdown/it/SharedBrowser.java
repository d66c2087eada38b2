package io.ringdown.it;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one process of a kind of browser: started on first use, and again should it have died; ended with the tests. */
final class SharedBrowser {

    static final SharedBrowser CHROMIUM = new SharedBrowser(Chromium::new);
    static final SharedBrowser FIREFOX = new SharedBrowser(Firefox::new);

    private final Supplier<Browser> start;
    private @Nullable Browser running;

    private SharedBrowser(Supplier<Browser> start) {
        this.start = start;
    }

    synchronized Browser browser() {
        Browser current = running;
        if (current == null || !current.isAlive()) {
            current = start.get();
            running = current;
            Runtime.getRuntime().addShutdownHook(new Thread(current::close));
        }
        return current;
    }
}
