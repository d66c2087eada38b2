package io.ringdown.it;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one process of a kind of browser: started on first use, and again should it have died; ended with the tests. */
final class SharedBrowser {

    static final SharedBrowser CHROMIUM = new SharedBrowser(Peer.CHROMIUM, Chromium::new);
    static final SharedBrowser FIREFOX = new SharedBrowser(Peer.FIREFOX, Firefox::new);

    private final Peer peer;
    private final Supplier<Browser> start;
    private @Nullable Browser running;

    private SharedBrowser(Peer peer, Supplier<Browser> start) {
        this.peer = peer;
        this.start = start;
    }

    synchronized Browser browser() {
        Peers.met(peer);
        Browser current = running;
        if (current == null || !current.isAlive()) {
            current = start.get();
            running = current;
            Runtime.getRuntime().addShutdownHook(new Thread(current::close));
        }
        return current;
    }
}
