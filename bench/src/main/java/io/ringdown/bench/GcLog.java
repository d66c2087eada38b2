package io.ringdown.bench;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pauses that a JVM's log of its collector tells ({@code -Xlog:gc}). One thread. */
final class GcLog {
    private static final Pattern PAUSE = Pattern.compile("Pause (.*) ([0-9.]+)ms$");
    private static final String ASKED_FOR = "Diagnostic Command"; // the full collections before our readings

    private final Path file;
    private long position;

    GcLog(Path file) {
        this.file = file;
    }

    /** Forgets what has been logged until now. */
    void mark() throws IOException {
        position = Files.exists(file) ? Files.size(file) : 0;
    }

    /** The pauses since the mark, but for those that were asked for. */
    Histogram pauses() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            channel.position(position);
            return pauses(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    static Histogram pauses(List<String> lines) {
        Histogram pauses = new Histogram();
        for (String line : lines) {
            Matcher matcher = PAUSE.matcher(line);
            if (matcher.find() && !matcher.group(1).contains(ASKED_FOR)) {
                pauses.add((long) (Double.parseDouble(matcher.group(2)) * 1e6));
            }
        }
        return pauses;
    }
}
