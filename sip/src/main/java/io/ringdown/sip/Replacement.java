package io.ringdown.sip;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which call another one takes the place of: the value of Replaces (RFC 3891 6.1). The tags are named by whoever gets the INVITE
 * with it: {@code toTag} is its own of that dialog, {@code fromTag} its peer's.
 *
 * @param callId Call-ID of the dialog
 * @param toTag the tag of who is asked
 * @param fromTag the tag of its peer
 * @param earlyOnly only while the dialog is early
 */
public record Replacement(String callId, String toTag, String fromTag, boolean earlyOnly) {
    // RFC 3261 25.1: callid is a word, with or without @; tags are tokens.
    private static final Pattern CALL_ID = Pattern.compile(
            "[A-Za-z0-9.!%*_+`'~()<>:\\\\\"/\\[\\]?{}-]{1,256}(@[A-Za-z0-9.!%*_+`'~()<>:\\\\\"/\\[\\]?{}-]{1,128})?");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,256}");
    private static final int MAX_PARAMETERS = 8;
    private static final int MAX_LENGTH = 1024;

    public Replacement {
        if (!names(callId, toTag, fromTag)) {
            throw new IllegalArgumentException("not the names of a dialog");
        }
    }

    /** That of the dialog with these names; empty where a peer has given it others than a Replaces can carry. */
    public static Optional<Replacement> of(String callId, String toTag, String fromTag, boolean earlyOnly) {
        return names(callId, toTag, fromTag)
                ? Optional.of(new Replacement(callId, toTag, fromTag, earlyOnly))
                : Optional.empty();
    }

    private static boolean names(String callId, String toTag, String fromTag) {
        return CALL_ID.matcher(callId).matches()
                && TOKEN.matcher(toTag).matches()
                && TOKEN.matcher(fromTag).matches();
    }

    /** Reads the value of a Replaces header; empty where it is none: a tag is missing, or there twice. */
    public static Optional<Replacement> parse(String value) {
        if (value.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String[] parts = value.strip().split("\\s*;\\s*", MAX_PARAMETERS + 1);
        Optional<String> to = Optional.empty();
        Optional<String> from = Optional.empty();
        boolean early = false;
        for (int i = 1; i < parts.length; i++) {
            String[] named = parts[i].split("\\s*=\\s*", 2);
            String given = named.length == 2 ? named[1] : "";
            switch (named[0].toLowerCase(Locale.ROOT)) {
                case "to-tag" -> {
                    if (to.isPresent()) {
                        return Optional.empty();
                    }
                    to = Optional.of(given);
                }
                case "from-tag" -> {
                    if (from.isPresent()) {
                        return Optional.empty();
                    }
                    from = Optional.of(given);
                }
                case "early-only" -> early = true;
                default -> {
                    // RFC 3891 6.1: generic parameters have no meaning here.
                }
            }
        }
        return parts.length > MAX_PARAMETERS ? Optional.empty() : of(parts[0], to.orElse(""), from.orElse(""), early);
    }

    /** The value of a Replaces header. */
    public String headerValue() {
        return callId + ";to-tag=" + toTag + ";from-tag=" + fromTag + (earlyOnly ? ";early-only" : "");
    }
}
