package io.ringdown.sip.trace;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A trace to read: first who said what when, as a ladder, then every message whole. Pure. */
public final class TraceText {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int WIDTH = 46;

    private TraceText() {}

    /** Of these messages, with how many are not among them. */
    public static String of(List<TracedMessage> messages, int leftOut) {
        StringBuilder text = new StringBuilder();
        if (messages.isEmpty()) {
            return text.toString();
        }
        Instant began = messages.getFirst().at();
        text.append(String.format(Locale.ROOT, "%10s  %-12s%s%-12s%n", "s", "Ringdown", " ".repeat(WIDTH), "trunk"));
        messages.forEach(message -> ladder(text, message, began));
        if (leftOut > 0) {
            text.append(String.format(Locale.ROOT, "%10s  %d messages in the middle are not kept%n", "", leftOut));
        }
        messages.forEach(message -> whole(text, message));
        return text.toString();
    }

    private static void ladder(StringBuilder text, TracedMessage message, Instant began) {
        double seconds = Duration.between(began, message.at()).toNanos() / 1e9;
        String said = " " + shortened(message.firstLine()) + " ";
        String dashes = "-".repeat(Math.max(2, WIDTH - said.length()));
        InetSocketAddress peer = message.sent() ? message.to() : message.from();
        text.append(String.format(
                Locale.ROOT,
                "%10.3f  |           %s|  %s %s%n",
                seconds,
                message.sent() ? "--" + said + dashes + ">" : "<-" + said + dashes + "-",
                hostPort(peer),
                message.trunk().orElse("")));
    }

    // "INVITE sip:+4930@carrier SIP/2.0" is INVITE there; "SIP/2.0 180 Ringing" is 180 Ringing.
    private static String shortened(String firstLine) {
        String said = firstLine.startsWith("SIP/2.0 ")
                ? firstLine.substring(8)
                : firstLine.substring(
                        0, Math.max(0, firstLine.indexOf(' ') < 0 ? firstLine.length() : firstLine.indexOf(' ')));
        return said.length() > WIDTH - 6 ? said.substring(0, WIDTH - 6) : said;
    }

    private static void whole(StringBuilder text, TracedMessage message) {
        text.append('\n')
                .append(CLOCK.format(message.at()))
                .append(message.sent() ? " sent " : " received ")
                .append(hostPort(message.from()))
                .append(" -> ")
                .append(hostPort(message.to()))
                .append(' ')
                .append(message.transport())
                .append('\n')
                .append(message.text().replace("\r\n", "\n"));
    }

    private static String hostPort(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
