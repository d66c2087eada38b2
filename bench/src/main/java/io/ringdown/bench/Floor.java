package io.ringdown.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The least that the media work of a call can cost on this machine: a small C program, compiled here. */
final class Floor {
    private static final Pattern TRANSCODING = Pattern.compile("FLOOR .*complexity 5: ([0-9.]+)");
    private static final Pattern PASS_THROUGH = Pattern.compile("FLOOR .*\\(no codec\\): ([0-9.]+)");

    private Floor() {}

    /** What it prints. */
    static String run() throws IOException, InterruptedException {
        Process make = new ProcessBuilder("make", "-s", "-C", directory().toString(), "run")
                .redirectErrorStream(true)
                .start();
        String output = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (make.waitFor() != 0) {
            throw new IOException(
                    "the floor needs make, gcc, libopus-dev, libsrtp2-dev, libssl-dev, espeak-ng and sox: " + output);
        }
        return output;
    }

    /** In ms per call-second; empty, and said so, where it cannot be measured. */
    static OptionalDouble measure(boolean transcode, Report report) throws InterruptedException {
        try {
            Matcher figure = (transcode ? TRANSCODING : PASS_THROUGH).matcher(run());
            if (figure.find()) {
                return OptionalDouble.of(Double.parseDouble(figure.group(1)));
            }
            report.put("floor", "its output has no figure");
        } catch (IOException e) {
            report.put("floor", String.valueOf(e.getMessage()));
        }
        return OptionalDouble.empty();
    }

    /** {@code bench/floor}, found from where our classes are or from where we are. */
    private static Path directory() throws IOException {
        for (Path from : new Path[] {classes(), Path.of("").toAbsolutePath()}) {
            for (Path at = from; at != null; at = at.getParent()) {
                Path floor = at.resolve("bench").resolve("floor");
                if (Files.exists(floor.resolve("Makefile"))) {
                    return floor;
                }
            }
        }
        throw new IOException("bench/floor is not here; run it from a clone of the repository");
    }

    private static Path classes() throws IOException {
        try {
            return Path.of(Floor.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
