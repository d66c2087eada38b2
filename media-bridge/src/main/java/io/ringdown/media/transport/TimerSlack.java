package io.ringdown.media.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How late the kernel may wake a thread whose time has come, so as to wake several at once: 50 µs, unless the thread asks for
 * less (Linux, proc_pid_timerslack_ns(5)). A media loop that rests for 250 µs would rest for 300.
 */
final class TimerSlack {
    private static final Logger LOG = LoggerFactory.getLogger(TimerSlack.class);

    private TimerSlack() {}

    /** Wakes this thread as exactly as the kernel can; nothing happens where that is not possible. */
    static void least() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
            Files.writeString(Path.of("/proc").resolve(thread).resolve("timerslack_ns"), "1");
        } catch (IOException | RuntimeException e) { // another system, or a /proc that is read-only
            LOG.debug("The media loops' timers stay coarse: {}", e.toString());
        }
    }
}
