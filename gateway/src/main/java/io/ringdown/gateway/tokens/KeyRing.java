package io.ringdown.gateway.tokens;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens may be signed with, as they are now. Who asks gets what there is, at once; a thread of its own looks at
 * the files and fetches what is published.
 */
final class KeyRing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    // The first token is not to be refused because the first fetch is still under way.
    private static final Duration FIRST_LOOK = Duration.ofSeconds(6);

    private final List<KeyFile> files;
    private final Optional<PublishedKeys> published;
    private final LongSupplier clock;
    private final CountDownLatch looked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread looking =
            Thread.ofPlatform().daemon().name("token-keys").unstarted(this::look);
    private volatile List<TokenKey> keys = List.of();
    private volatile int stale;

    private KeyRing(List<KeyFile> files, Optional<PublishedKeys> published, LongSupplier clock) {
        this.files = files;
        this.published = published;
        this.clock = clock;
    }

    /** The keys of these settings; waits some seconds for those that are published, and goes on without. */
    static KeyRing open(TokenSettings settings, LongSupplier clock) throws UnfitKeyException {
        List<KeyFile> files = new ArrayList<>();
        for (TokenKeySettings key : settings.keys()) {
            files.add(KeyFile.open(key, settings.issuer()));
        }
        KeyRing ring = new KeyRing(
                files, settings.jwks().map(jwks -> new PublishedKeys(jwks, settings.issuer(), clock)), clock);
        ring.looking.start();
        ring.awaitFirstLook();
        return ring;
    }

    /** All of them; never waits. */
    List<TokenKey> keys() {
        return keys;
    }

    /** How many files cannot be read or used, so that what was in them before still counts. */
    int stale() {
        return stale;
    }

    /** A token names a key that is not here; never waits. */
    void want() {
        published.ifPresent(PublishedKeys::want);
    }

    private void awaitFirstLook() {
        try {
            if (!looked.await(FIRST_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the published keys are still to come; tokens signed with them are refused meanwhile");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            do {
                lookOnce();
                looked.countDown();
            } while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException closing) {
            LOG.debug("keys are not looked at any more");
        }
    }

    private void lookOnce() {
        try {
            List<TokenKey> now = new ArrayList<>();
            files.forEach(file -> now.addAll(file.look(clock.getAsLong())));
            stale = (int) files.stream().filter(KeyFile::isStale).count();
            published.ifPresent(source -> now.addAll(source.look()));
            keys = List.copyOf(now);
        } catch (RuntimeException bug) {
            LOG.error("the keys could not be looked at; those before are used", bug);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        looking.interrupt();
        published.ifPresent(PublishedKeys::close);
    }
}
