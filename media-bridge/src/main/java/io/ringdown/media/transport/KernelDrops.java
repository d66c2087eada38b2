package io.ringdown.media.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
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

    /** The sum over all sockets on these ports, since they were opened. */
    static OptionalLong of(Set<Integer> ports) {
        long drops = 0;
        boolean known = false;
        for (Path table : TABLES) {
            if (!Files.isReadable(table)) { // no Linux, or no IPv6
                continue;
            }
            try {
                for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
                    drops += ofLine(line, ports);
                }
                known = true;
            } catch (IOException e) {
                return OptionalLong.empty();
            }
        }
        return known ? OptionalLong.of(drops) : OptionalLong.empty();
    }

    /** The drops of one line of the table, 0 if it is about another port or about nothing. */
    static long ofLine(String line, Set<Integer> ports) {
        String[] columns = BLANKS.split(line.strip(), -1);
        int colon = columns.length < COLUMNS ? -1 : columns[LOCAL_ADDRESS].indexOf(':');
        if (colon < 0) {
            return 0;
        }
        try {
            int port = Integer.parseInt(columns[LOCAL_ADDRESS].substring(colon + 1), HEX);
            return ports.contains(port) ? Long.parseLong(columns[DROPS]) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
