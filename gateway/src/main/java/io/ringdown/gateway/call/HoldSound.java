package io.ringdown.gateway.call;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What telephones hear while browsers hold them.
 *
 * @param kind what
 * @param file the WAV file, if it is one
 */
public record HoldSound(Kind kind, Optional<Path> file) {
    /** What it can be. */
    public enum Kind {
        /** Soft notes, made here. */
        TONE,
        /** The quiet of an open line. */
        SILENCE,
        /** A WAV file. */
        FILE
    }

    public HoldSound {
        if (file.isPresent() != (kind == Kind.FILE)) {
            throw new IllegalArgumentException("a file goes with FILE alone");
        }
    }

    /** {@code tone}, {@code silence}, or the path of a file. */
    public static HoldSound parse(String text) {
        return switch (text) {
            case "" -> throw new IllegalArgumentException("is empty; write tone, silence or the path of a WAV file");
            case "tone" -> new HoldSound(Kind.TONE, Optional.empty());
            case "silence" -> new HoldSound(Kind.SILENCE, Optional.empty());
            default -> new HoldSound(Kind.FILE, Optional.of(Path.of(text)));
        };
    }

    @Override
    public String toString() {
        return file.map(Path::toString).orElseGet(() -> kind.name().toLowerCase(Locale.ROOT));
    }
}
