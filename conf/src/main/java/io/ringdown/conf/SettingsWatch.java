package io.ringdown.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;

/**
 * Watches a configuration file. The caller asks with {@link #poll} as often as it likes (once a second is plenty); the
 * content is compared, not the time of the file, so that it works through symbolic links, copies and editors that write a
 * new file. A new content counts when it has stood still for the quiet period, and is told once. Reads the file on the
 * calling thread; one thread.
 */
public final class SettingsWatch<R extends Record> {
    private final Path file;
    private final Map<String, String> environment;
    private final Class<R> type;
    private final long quietNanos;
    private R current;
    private String settled;
    private String candidate;
    private long candidateSinceNanos;

    private SettingsWatch(Path file, Map<String, String> environment, Class<R> type, Duration quiet)
            throws SettingsException {
        this.file = file;
        this.environment = Map.copyOf(environment);
        this.type = type;
        this.quietNanos = quiet.toNanos();
        // Before the reading: a change in between shows as one at the next look.
        this.settled = fingerprint(file);
        this.candidate = settled;
        this.current = Settings.read(file, this.environment, type);
    }

    /**
     * Reads {@code file} and watches it from there.
     *
     * @param quiet how long a new content must stand still before it counts
     * @throws SettingsException if it is not usable now
     */
    public static <R extends Record> SettingsWatch<R> open(
            Path file, Map<String, String> environment, Class<R> type, Duration quiet) throws SettingsException {
        return new SettingsWatch<>(file, environment, type, quiet);
    }

    /** What a look at the file showed. */
    public sealed interface Change<R extends Record> {

        /** Nothing new, or nothing that makes a difference, or not for long enough yet. */
        record None<R extends Record>() implements Change<R> {}

        /** The settings are others now. */
        record Changed<R extends Record>(R settings) implements Change<R> {}

        /** The file is others now and is not usable: what was in force stays in force. Told once for each content. */
        record Rejected<R extends Record>(SettingsException problems) implements Change<R> {}
    }

    /** The last good settings. */
    public R current() {
        return current;
    }

    /** Looks at the file. */
    public Change<R> poll(long nowNanos) {
        String seen = fingerprint(file);
        if (!seen.equals(candidate)) {
            candidate = seen;
            candidateSinceNanos = nowNanos;
        }
        if (candidate.equals(settled) || nowNanos - candidateSinceNanos < quietNanos) {
            return new Change.None<>();
        }
        settled = candidate;
        return read();
    }

    private Change<R> read() {
        try {
            R read = Settings.read(file, environment, type);
            if (read.equals(current)) {
                return new Change.None<>();
            }
            current = read;
            return new Change.Changed<>(read);
        } catch (SettingsException e) {
            return new Change.Rejected<>(e);
        }
    }

    private static String fingerprint(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(YamlSource.MAX_BYTES + 1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException e) {
            return "unreadable: " + e.getClass().getName();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
