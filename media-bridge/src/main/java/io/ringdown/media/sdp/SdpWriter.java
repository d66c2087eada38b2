package io.ringdown.media.sdp;

import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;

/** Puts a description of ours together, line by line. */
final class SdpWriter {
    private static final String LINE_END = "\r\n";

    private final StringBuilder text = new StringBuilder(1_024);

    SdpWriter line(String line) {
        text.append(line).append(LINE_END);
        return this;
    }

    SdpWriter lines(List<String> lines) {
        lines.forEach(this::line);
        return this;
    }

    /** A medium that we refuse keeps its place, with port 0 (RFC 3264 §6). */
    SdpWriter refused(MediaDescription medium) {
        String formats = medium.formats().isEmpty() ? "0" : String.join(" ", medium.formats());
        line("m=" + medium.kind() + " 0 " + medium.protocol() + " " + formats);
        line("c=IN IP4 0.0.0.0");
        line("a=inactive");
        medium.mid().filter(SdpWriter::isToken).ifPresent(mid -> line("a=mid:" + mid));
        return this;
    }

    SdpWriter event(OptionalInt payloadType, int clockRate) {
        if (payloadType.isPresent()) {
            int number = payloadType.getAsInt();
            line("a=rtpmap:" + number + " telephone-event/" + clockRate);
            line("a=fmtp:" + number + " 0-15"); // RFC 4733 §7.1.1: the sixteen digits
        }
        return this;
    }

    String text() {
        return text.toString();
    }

    /** The head of a description with its version of {@code o=} (RFC 8866 §5.2). */
    static String head(long sessionId, long version, InetAddress address) {
        return new SdpWriter()
                .line("v=0")
                .line("o=- " + sessionId + " " + version + " " + SdpText.connection(address))
                .line("s=-")
                .text();
    }

    /** Whether foreign text may be repeated as one word. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.length() <= 255 && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }
}
