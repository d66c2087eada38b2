package io.ringdown.conf;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The message of a check, taken apart: {@code key: what is wrong; what would be right}. Key and remedy may be absent.
 *
 * @param key with hyphens, relative to the record that complains
 * @param whole what is wrong, with the key if there was one
 */
record Complaint(Optional<String> key, String wrong, String whole, String remedy) {
    private static final Pattern FORM = Pattern.compile(
            "(?:([A-Za-z][A-Za-z0-9-]*(?:\\.[A-Za-z][A-Za-z0-9-]*)*): )?(.*?)(?:; (.*))?", Pattern.DOTALL);

    static Complaint of(IllegalArgumentException unfit) {
        @Nullable String message = unfit.getMessage();
        if (message == null || message.isBlank()) {
            return new Complaint(Optional.empty(), "is not acceptable", "is not acceptable", "see the sample file");
        }
        Matcher parts = FORM.matcher(message);
        if (!parts.matches()) {
            throw new IllegalStateException("the pattern fits every text");
        }
        @Nullable String key = parts.group(1);
        @Nullable String remedy = parts.group(3);
        String wrong = Shown.text(parts.group(2));
        return new Complaint(
                Optional.ofNullable(key).map(Complaint::hyphenated),
                wrong,
                key == null ? wrong : key + ": " + wrong,
                remedy == null ? "see the sample file" : Shown.text(remedy));
    }

    /** A complaint about one text; where that is a secret, the complaint must not repeat it. */
    static Complaint of(IllegalArgumentException unfit, String written, boolean secret) {
        Complaint complaint = of(unfit);
        boolean repeats = secret
                && !written.isEmpty()
                && String.valueOf(unfit.getMessage()).contains(written);
        return repeats ? of(new IllegalArgumentException("")) : complaint;
    }

    private static String hyphenated(String key) {
        return Shape.key(key);
    }
}
