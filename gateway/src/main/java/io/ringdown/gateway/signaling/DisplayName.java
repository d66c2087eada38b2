package io.ringdown.gateway.signaling;

import java.util.Optional;

/** Names that people show to each other: nothing in them may reach a SIP header as anything but text. */
final class DisplayName {
    private static final int LONGEST = 64;

    private DisplayName() {}

    /** The name without control, format and line-separating characters and lone surrogates, at most 64 characters long. */
    static Optional<String> clean(String name) {
        StringBuilder kept = new StringBuilder(Math.min(name.length(), LONGEST));
        name.codePoints().filter(DisplayName::isText).limit(LONGEST).forEach(kept::appendCodePoint);
        String clean = kept.toString().strip();
        return clean.isEmpty() ? Optional.empty() : Optional.of(clean);
    }

    private static boolean isText(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
