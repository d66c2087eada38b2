package io.ringdown.gateway.tokens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One configured key, read again when its file changes. One thread. */
final class KeyFile {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
    private static final long LONGEST = 256 * 1024;
    private static final long AGAIN_NANOS = Duration.ofHours(1).toNanos();

    private final TokenKeySettings settings;
    private final Optional<String> issuer;
    private String text;
    private List<TokenKey> keys;
    private boolean isUnfit;
    private int missed; // looks in a row at which it could not be read
    private long toldNanos;

    private KeyFile(TokenKeySettings settings, Optional<String> issuer) throws UnfitKeyException {
        this.settings = settings;
        this.issuer = issuer;
        try {
            this.text = read();
            this.keys = keys(text);
        } catch (IOException missing) {
            throw new UnfitKeyException(where() + ": cannot be read; give a file that is there", missing);
        } catch (UnfitKeyException unfit) {
            throw new UnfitKeyException(where() + ": " + unfit.getMessage(), unfit);
        }
    }

    /** The key as it is now; the message of what is thrown names its file. */
    static KeyFile open(TokenKeySettings settings, Optional<String> issuer) throws UnfitKeyException {
        return new KeyFile(settings, issuer);
    }

    /**
     * The keys of it; those before, while what is written there now cannot be used.
     *
     * @param now nanoseconds, steady
     */
    List<TokenKey> look(long now) {
        String written;
        try {
            written = read();
        } catch (IOException missing) {
            onMissing(missing, now);
            return keys;
        }
        missed = 0;
        if (!written.equals(text)) {
            text = written;
            try {
                keys = keys(written);
                isUnfit = false;
                LOG.info("a new key is taken from {}", where());
            } catch (UnfitKeyException unfit) {
                isUnfit = true;
                LOG.error("the new key is not used, the old one is: {}: {}", where(), unfit.getMessage());
            }
        }
        return keys;
    }

    /** Once is nothing to tell: it may be in the middle of being replaced. */
    private void onMissing(IOException why, long now) {
        missed++;
        if (missed == 2 || (missed > 2 && now - toldNanos >= AGAIN_NANOS)) {
            toldNanos = now;
            LOG.error(
                    "{} cannot be read ({}), and the key that was there still opens; to take that back, write another"
                            + " there, or take it out of tokens.keys and start anew",
                    where(),
                    why.toString());
        }
    }

    /** Whether the keys of it are not those that the file has now. */
    boolean isStale() {
        return isUnfit || missed > 1;
    }

    private String read() throws IOException {
        if (settings.secret().isPresent()) {
            return settings.secret().get().reveal();
        }
        Path file = settings.file().orElseThrow();
        if (Files.size(file) > LONGEST) {
            throw new IOException("longer than a key");
        }
        return Files.readString(file);
    }

    private List<TokenKey> keys(String written) throws UnfitKeyException {
        if (settings.secret().isPresent()) {
            return List.of(TokenKey.of(settings.id(), settings.algorithm(), KeyText.secret(written), issuer));
        }
        return KeyText.configured(written, settings, issuer);
    }

    private String where() {
        return settings.file().map(Path::toString).orElse("the secret of the configuration");
    }
}
