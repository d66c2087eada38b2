package io.ringdown.conf;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/** Tells what is wrong with a file that is no YAML: the place, the last key before it, the line that stands there. Pure. */
final class BrokenYaml {

    private BrokenYaml() {}

    static Problem problem(Path file, String text, MarkedYAMLException broken) {
        @Nullable Mark mark = broken.getProblemMark() != null ? broken.getProblemMark() : broken.getContextMark();
        int line = mark == null ? 0 : mark.getLine();
        Place place = new Place.InFile(file, line + 1, mark == null ? 1 : mark.getColumn() + 1);
        String written = lineOf(text, line);
        String wrong = broken.getProblem() == null
                ? "is not YAML"
                : "is not YAML here: " + Shown.text(withoutAdvice(broken.getProblem()));
        return new Problem(
                place,
                lastKey(text),
                Optional.of(Shown.value(written, Secrets.named(written))),
                wrong,
                remedy(written, broken));
    }

    static Problem unprintable(Path file, String text, int position) {
        int end = Math.clamp(position, 0, text.length());
        String before = text.substring(0, end);
        int line = (int) before.chars().filter(c -> c == '\n').count();
        int column = end - before.lastIndexOf('\n');
        String written = lineOf(text, line);
        return new Problem(
                new Place.InFile(file, line + 1, column),
                "",
                Optional.of(Shown.value(written, Secrets.named(written))),
                "holds a character that YAML does not allow",
                "write it as an escape inside double quotes, such as \"\\x07\"");
    }

    private static String remedy(String written, MarkedYAMLException broken) {
        String message = String.valueOf(broken.getProblem());
        if (written.contains("\t") || message.contains("TAB")) {
            return "indent with spaces, never with tabs";
        }
        if (message.contains("mapping values are not allowed")) {
            return "put text that holds ': ' into quotes, and check the indentation";
        }
        if (message.contains("alias")) {
            return "name an anchor (&name) before its alias (*name); a text that begins with * or & needs quotes";
        }
        return "check the indentation, the quotes and the brackets here and on the line before; text with special characters needs quotes";
    }

    /** SnakeYAML's own remedies follow in brackets; ours stand at the end. */
    private static String withoutAdvice(String message) {
        int advice = message.indexOf(". (");
        return advice < 0 ? message : message.substring(0, advice);
    }

    private static String lineOf(String text, int line) {
        return text.lines().skip(line).findFirst().orElse("").strip();
    }

    /** The key that the parser had last seen whole. */
    private static String lastKey(String text) {
        Keys keys = new Keys();
        try {
            Iterator<Event> events =
                    YamlSource.yaml().parse(new StringReader(text)).iterator();
            while (events.hasNext()) {
                keys.on(events.next());
            }
        } catch (YAMLException expected) {
            // This is the text that has just failed.
        }
        return keys.path();
    }

    private static final class Keys {
        private final Deque<Level> levels = new ArrayDeque<>();

        private static final class Level {
            private final boolean section;
            private boolean valueNext;
            private int items;
            private String key = "";

            Level(boolean section) {
                this.section = section;
            }
        }

        void on(Event event) {
            if (event instanceof MappingEndEvent || event instanceof SequenceEndEvent) {
                levels.pop();
            } else if (event instanceof NodeEvent) {
                step(event instanceof ScalarEvent scalar ? scalar.getValue() : "?");
                if (event instanceof MappingStartEvent || event instanceof SequenceStartEvent) {
                    levels.push(new Level(event instanceof MappingStartEvent));
                }
            }
        }

        private void step(String scalar) {
            @Nullable Level level = levels.peek();
            if (level == null) {
                return;
            }
            if (!level.section) {
                level.key = "[" + level.items++ + "]";
            } else if (level.valueNext) {
                level.valueNext = false;
            } else {
                level.key = Shown.text(scalar);
                level.valueNext = true;
            }
        }

        String path() {
            List<String> steps = levels.reversed().stream()
                    .map(level -> level.key)
                    .filter(key -> !key.isEmpty())
                    .toList();
            return new KeyPath(steps).toString();
        }
    }
}
