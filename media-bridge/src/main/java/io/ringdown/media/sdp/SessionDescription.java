package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session description (RFC 8866): every line verbatim and in its order, with a typed view of what we work with. Printing
 * what was parsed gives the same lines. Immutable.
 */
record SessionDescription(SdpSection session, List<MediaDescription> media) {
    private static final String LINE_END = "\r\n";

    SessionDescription {
        media = List.copyOf(media);
    }

    /**
     * Reads a description; ends of lines may be CRLF, LF or CR, and empty lines are passed over.
     *
     * @throws SdpRejectedException if a limit is exceeded or a line is not one of SDP
     */
    static SessionDescription parse(String text, SdpLimits limits) throws SdpRejectedException {
        if (text.length() > limits.characters()) {
            throw new SdpRejectedException(
                    "the SDP has " + text.length() + " characters, more than " + limits.characters());
        }
        List<List<SdpLine>> sections = new ArrayList<>(List.of(new ArrayList<>()));
        int lines = 0;
        int candidates = 0;
        for (int at = 0; at < text.length(); ) {
            int end = endOfLine(text, at);
            if (end > at) {
                lines++;
                SdpLine line = line(text, at, end, lines);
                if (line.type() == 'm') {
                    sections.add(new ArrayList<>());
                } else if (line.isAttribute("candidate")) {
                    candidates++;
                }
                check(lines, limits.lines(), "lines");
                check(sections.size() - 1, limits.mediaLines(), "m= lines");
                check(candidates, limits.candidates(), "candidates");
                sections.getLast().add(line);
            }
            at = end + 1;
        }
        List<SdpLine> first = sections.getFirst();
        if (first.isEmpty() || !first.getFirst().equals(new SdpLine('v', "0"))) {
            throw new SdpRejectedException("the SDP does not begin with v=0");
        }
        List<MediaDescription> media = new ArrayList<>();
        for (List<SdpLine> section : sections.subList(1, sections.size())) {
            media.add(MediaDescription.of(new SdpSection(section)));
        }
        return new SessionDescription(new SdpSection(first), media);
    }

    /** The description with CRLF behind each line. */
    String text() {
        StringBuilder text = new StringBuilder();
        session.lines().forEach(line -> text.append(line.text()).append(LINE_END));
        media.forEach(medium -> medium.section()
                .lines()
                .forEach(line -> text.append(line.text()).append(LINE_END)));
        return text.toString();
    }

    /** Which session this is a version of: user name and session id of {@code o=} (RFC 8866 §5.2). */
    String origin() {
        String[] parts = session.first('o').orElse("").split(" ", 3);
        return parts.length == 3 ? parts[0] + ' ' + parts[1] : "";
    }

    /** An attribute of a medium, which may stand at session level for all. */
    Optional<String> attribute(MediaDescription medium, String name) {
        return medium.section().attribute(name).or(() -> session.attribute(name));
    }

    /** A medium's direction: its own, the session's, or both ways (RFC 8866 §6.7). */
    Direction direction(MediaDescription medium) {
        return medium.section().direction().or(session::direction).orElse(Direction.SENDRECV);
    }

    /** Names no content: descriptions hold passwords. */
    @Override
    public String toString() {
        return "SessionDescription[" + media.size() + " media]";
    }

    private static int endOfLine(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
        return at;
    }

    private static SdpLine line(String text, int from, int to, int number) throws SdpRejectedException {
        char type = text.charAt(from);
        if (to - from < 2 || type < 'a' || type > 'z' || text.charAt(from + 1) != '=') {
            throw new SdpRejectedException("line " + number + " of the SDP is not of the form x=…");
        }
        String value = text.substring(from + 2, to);
        if (value.indexOf('\0') >= 0) {
            throw new SdpRejectedException("line " + number + " of the SDP holds a NUL");
        }
        return new SdpLine(type, value);
    }

    private static void check(int count, int limit, String what) throws SdpRejectedException {
        if (count > limit) {
            throw new SdpRejectedException("the SDP has more than " + limit + " " + what);
        }
    }
}
