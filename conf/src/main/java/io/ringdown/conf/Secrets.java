package io.ringdown.conf;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which values must never be shown. Errs on the side of masking: a mistyped key can hold a password too. Pure. */
final class Secrets {
    private static final Pattern NAME = Pattern.compile(
            "pass|pwd|psw|secret|token|credential|\\bpin\\b|(^|[-_ ])key|key$", Pattern.CASE_INSENSITIVE);
    private static final Pattern TYPE =
            Pattern.compile("(Secret|Password|Passphrase|Token|Credential|Credentials|Key)$");

    private Secrets() {}

    /** Whether a key of this name, or a line of this text, looks as if it held a secret. */
    static boolean named(String name) {
        return NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    static boolean typed(Class<?> type) {
        return TYPE.matcher(type.getSimpleName()).find();
    }
}
