package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Prefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Lines of comma-separated values that begin with a prefix; {@code #} begins a remark. Blocks while it reads. */
final class PrefixFile {
    private static final int MOST_LINES = 500_000;

    private PrefixFile() {}

    /** Beginnings, and what stands behind the comma: why nobody should call there. */
    static Map<String, String> ranges(Path file) throws GuardException {
        Map<String, String> ranges = new LinkedHashMap<>();
        read(
                file,
                (_, values) -> ranges.put(
                        worldly(values.getFirst()).digits(), String.join(", ", values.subList(1, values.size()))));
        return ranges;
    }

    /** {@code prefix,price,fee,first,next}, the last two in seconds; what is left out has the defaults of {@link Rate}. */
    static List<Rate> rates(Path file) throws GuardException {
        List<Rate> rates = new ArrayList<>();
        Rate usual = Rate.defaults();
        read(file, (number, values) -> {
            if (number == 1 && values.getFirst().equals("prefix")) {
                return;
            }
            if (values.size() < 2 || values.size() > 5) {
                throw new IllegalArgumentException(
                        "has " + values.size() + " values; write prefix,price,fee,first,next");
            }
            rates.add(new Rate(
                    prefix(values.getFirst()),
                    Money.parse(values.get(1)),
                    values.size() > 2 ? Money.parse(values.get(2)) : usual.fee(),
                    values.size() > 3 ? seconds(values.get(3)) : usual.first(),
                    values.size() > 4 ? seconds(values.get(4)) : usual.next()));
        });
        return rates;
    }

    private static Prefix prefix(String text) {
        Prefix prefix = Prefix.parse(text);
        if (prefix.digits().isEmpty()) {
            throw new IllegalArgumentException("is for any number; write the first digits such as +881");
        }
        return prefix;
    }

    /** What is judged by it has its +: without, a line would fit nothing, and nobody would notice. */
    private static Prefix worldly(String text) {
        Prefix prefix = prefix(text);
        if (!prefix.digits().startsWith("+")) {
            throw new IllegalArgumentException("'" + text + "' has no +; write it as +" + text);
        }
        return prefix;
    }

    private static Duration seconds(String text) {
        try {
            return Duration.ofSeconds(Integer.parseInt(text));
        } catch (NumberFormatException unfit) {
            throw new IllegalArgumentException("'" + text + "' is no number of seconds; write such as 60", unfit);
        }
    }

    private static void read(Path file, BiConsumer<Integer, List<String>> each) throws GuardException {
        int number = 0;
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            for (String line : (Iterable<String>) lines::iterator) {
                number++;
                String said = line.split("#", 2)[0].strip();
                if (number > MOST_LINES) {
                    throw new IllegalArgumentException("is one too many; there may be " + MOST_LINES);
                }
                if (!said.isEmpty()) {
                    each.accept(
                            number,
                            Stream.of(said.split(",", -1)).map(String::strip).toList());
                }
            }
        } catch (IOException | UncheckedIOException unreadable) {
            throw new GuardException(file + " cannot be read: " + unreadable.getMessage());
        } catch (IllegalArgumentException unfit) {
            throw new GuardException(file + ", line " + number + ": " + unfit.getMessage());
        }
    }
}
