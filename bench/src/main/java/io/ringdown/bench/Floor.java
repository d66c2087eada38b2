package io.ringdown.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The least that the media work of a call can cost on this machine: a small C program, compiled here. */
final class Floor {
    // Of the sum that it prints.
    private static final int COMPLEXITY = 5;
    private static final int BITRATE = 24_000;

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

    /** In ms per call-second for calls like these; empty where there is none. */
    static OptionalDouble of(String output, Options options) {
        if (options.trunk() == Format.G722 && options.transcode()) {
            return OptionalDouble.empty(); // it knows no G.722
        }
        if (!options.transcode()) {
            return figure("FLOOR .*\\(no codec\\): ([0-9.]+)", output);
        }
        OptionalDouble whole = figure("FLOOR .*complexity " + COMPLEXITY + ": ([0-9.]+)", output);
        OptionalDouble usual = encoder(COMPLEXITY, BITRATE, output);
        OptionalDouble asked = encoder(options.complexity(), options.bitrate(), output);
        return whole.isPresent() && usual.isPresent() && asked.isPresent()
                ? OptionalDouble.of(whole.getAsDouble() - usual.getAsDouble() + asked.getAsDouble())
                : OptionalDouble.empty();
    }

    private static OptionalDouble encoder(int complexity, int bitrate, String output) {
        return figure(
                "Opus encode 8 kHz mono VOIP %d kbit/s complexity %d +([0-9.]+) ms"
                        .formatted(bitrate / 1_000, complexity),
                output);
    }

    private static OptionalDouble figure(String pattern, String output) {
        Matcher figure = Pattern.compile(pattern).matcher(output);
        return figure.find() ? OptionalDouble.of(Double.parseDouble(figure.group(1))) : OptionalDouble.empty();
    }

    /** {@code bench/floor}, found from where our classes are or from where we are. */
    private static Path directory() throws IOException {
        return Clone.root().resolve("bench").resolve("floor");
    }
}
