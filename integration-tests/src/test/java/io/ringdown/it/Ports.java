package io.ringdown.it;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which sockets are open, from the kernel's own tables. */
final class Ports {

    private Ports() {}

    static boolean udpOpen(int port) {
        Pattern localAddress = Pattern.compile(String.format(Locale.ROOT, "^ *[0-9]+: [0-9A-F]+:%04X ", port));
        for (String table : new String[] {"/proc/net/udp", "/proc/net/udp6"}) {
            boolean found = BrowserProcess.read(Path.of(table))
                    .lines()
                    .skip(1)
                    .anyMatch(line -> localAddress.matcher(line).find());
            if (found) {
                return true;
            }
        }
        return false;
    }
}
