package io.ringdown.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The clone of the repository that we run from, for what is not in its jars. */
final class Clone {
    private Clone() {}

    /** Found from where our classes are or from where we are. */
    static Path root() throws IOException {
        for (Path from : new Path[] {classes(), Path.of("").toAbsolutePath()}) {
            for (Path at = from; at != null; at = at.getParent()) {
                if (Files.exists(at.resolve("bench").resolve("floor").resolve("Makefile"))) {
                    return at;
                }
            }
        }
        throw new IOException("bench/floor is not here; run it from a clone of the repository");
    }

    private static Path classes() throws IOException {
        try {
            return Path.of(Clone.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
