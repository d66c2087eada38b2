package io.ringdown.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel tells of processes and of the machine (proc(5)). Any thread. */
final class ProcFs {
    private static final int MILLIS_PER_TICK = 10; // USER_HZ is 100 on every Linux we run on

    private ProcFs() {}

    /** The machine's CPU time since it started, in milliseconds: spent by processes, and taken by the host for others. */
    record Machine(long busyMillis, long stolenMillis) {}

    /** User and system time of a process in milliseconds. */
    static long cpuMillis(long pid) {
        return ticks(read(Path.of("/proc/" + pid + "/stat"))) * MILLIS_PER_TICK;
    }

    /** The same by its threads' names, their numbers left out. */
    static Map<String, Long> cpuMillisByThread(long pid) {
        Map<String, Long> millis = new LinkedHashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    millis.merge(name.replaceAll("[-#]?\\d+$", "").strip(), ticks(stat) * MILLIS_PER_TICK, Long::sum);
                } catch (NoSuchFileException e) {
                    // a thread that has ended meanwhile
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the process is gone", e);
        }
        return millis;
    }

    static Machine machine() {
        String[] fields =
                read(Path.of("/proc/stat")).lines().findFirst().orElse("").split(" +", -1);
        // user nice system idle iowait irq softirq steal guest guest_nice; guests are within user
        long busy = Long.parseLong(fields[1]) + Long.parseLong(fields[2]) + Long.parseLong(fields[3]);
        return new Machine(busy * MILLIS_PER_TICK, Long.parseLong(fields[8]) * MILLIS_PER_TICK);
    }

    static long threads(long pid) {
        return status(pid, "Threads");
    }

    static int descriptors(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long rssKilobytes(long pid) {
        return status(pid, "VmRSS");
    }

    /** How much of the addresses from {@code from} to {@code to} is in memory. */
    static long rssKilobytes(long pid, long from, long to) {
        return resident(read(Path.of("/proc/" + pid + "/smaps")).lines().toList(), from, to);
    }

    static long resident(List<String> smaps, long from, long to) {
        Pattern mapping = Pattern.compile("^([0-9a-f]+)-([0-9a-f]+) .*");
        boolean within = false;
        long kilobytes = 0;
        for (String line : smaps) {
            Matcher matcher = mapping.matcher(line);
            if (matcher.matches()) {
                within = Long.parseUnsignedLong(matcher.group(1), 16) >= from
                        && Long.parseUnsignedLong(matcher.group(2), 16) <= to;
            } else if (within && line.startsWith("Rss:")) {
                kilobytes += number("Rss:\\s+(\\d+)", line);
            }
        }
        return kilobytes;
    }

    static String cpuModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    static long number(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    private static long ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long status(long pid, String key) {
        return number(key + ":\\s+(\\d+)", read(Path.of("/proc/" + pid + "/status")));
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException("the process is gone", e);
        }
    }
}
