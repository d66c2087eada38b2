package io.ringdown.media.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** How many datagrams the kernel has dropped on sockets of ours because their buffers were full; Linux tells, others do not. */
final class KernelDrops {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final int LOCAL_ADDRESS = 1;
    private static final int DROPS = 12;
    private static final int COLUMNS = 13;
    private static final int HEX = 16;

    private KernelDrops() {}

    /** For each of these ports the sum over all sockets on it, since they were opened; empty where the system does not tell. */
    static Map<Integer, Long> of(Set<Integer> ports) {
        Map<Integer, Long> drops = new TreeMap<>();
        for (Path table : TABLES) {
            if (!Files.isReadable(table)) { // no Linux, or no IPv6
                continue;
            }
            try {
                for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
                    addLine(line, ports, drops);
                }
            } catch (IOException e) {
                return Map.of();
            }
        }
        return drops;
    }

    /** Adds the drops of one line of the table, if it is about one of the ports. */
    static void addLine(String line, Set<Integer> ports, Map<Integer, Long> drops) {
        String[] columns = BLANKS.split(line.strip(), -1);
        int colon = columns.length < COLUMNS ? -1 : columns[LOCAL_ADDRESS].indexOf(':');
        if (colon < 0) {
            return;
        }
        try {
            int port = Integer.parseInt(columns[LOCAL_ADDRESS].substring(colon + 1), HEX);
            if (ports.contains(port)) {
                drops.merge(port, Long.parseLong(columns[DROPS]), Long::sum);
            }
        } catch (NumberFormatException e) {
            return; // the head of the table
        }
    }
}
