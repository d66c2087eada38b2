package io.ringdown.gateway.tokens;

import java.util.Locale;

/** Why a token opens nothing. For the log and the counters alone: to who shows it all of them are the same. */
enum Refusal {
    /** None was shown, where one is needed. */
    MISSING("there is none", false),
    /** It is neither a signed token nor a key. */
    FORM("it is neither a signed token nor a key of the configuration", true),
    /** Its header asks for what no token may (RFC 8725 §2.7, §3.10). */
    HEADER("its header names keys, extensions or a type that are not taken", true),
    /** No key of its algorithm and name is known. */
    UNKNOWN_KEY("it is signed with a key or algorithm that is not known", true),
    SIGNATURE("its signature is not that of the key", true),
    EXPIRED("it has run out", false),
    TOO_EARLY("it is not good yet", false),
    TOO_LONG("it lives longer than tokens.longest-life", false),
    ISSUER("its issuer is another", false),
    AUDIENCE("it is for another audience", false),
    /** What it says cannot be understood, or not all of it. */
    CLAIMS("its claims cannot be understood", false),
    USER("it is for a user who is not in the configuration", false),
    ORIGIN("it was shown by a page of another origin", false),
    USED("it has had its call", false),
    /** Shown where an operator listens to calls. */
    MONITOR_KEY("it is not the key of tokens.monitor-key", true),
    /** Keys of the configuration are not looked at for a while, after too many failures from there. */
    HELD_OFF("too many have failed from there", false);

    private final String text;
    private final boolean isGuess;

    Refusal(String text, boolean isGuess) {
        this.text = text;
        this.isGuess = isGuess;
    }

    String text() {
        return text;
    }

    /** Whether it may be one of many tries, and not only a good token at the wrong time or place. */
    boolean isGuess() {
        return isGuess;
    }

    /** As the counter's label has it. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
