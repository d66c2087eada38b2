package io.ringdown.gateway.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a command: {@code --name VALUE} or {@code --name=VALUE}, each at most once.
 *
 * @param values by name, with the dashes
 */
record Arguments(Map<String, String> values) {

    /** Reads options; IllegalArgumentException with one line that says what is wrong. */
    static Arguments parse(List<String> arguments, Set<String> known) {
        return parse(arguments, known, Set.of());
    }

    /** The same, where some of them, {@code flags}, stand alone. */
    static Arguments parse(List<String> arguments, Set<String> known, Set<String> flags) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!known.contains(name) && !flags.contains(argument)) {
                throw new IllegalArgumentException("option " + name + " is not known here; see ./ringdown help");
            }
            String value;
            if (flags.contains(argument)) {
                value = "";
            } else if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (i + 1 < arguments.size()) {
                value = arguments.get(++i);
            } else {
                throw new IllegalArgumentException("option " + name + " needs a value; see ./ringdown help");
            }
            if (values.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("option " + name + " is given twice");
            }
        }
        return new Arguments(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    int port(String name, int otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.get().matches("[0-9]{1,5}") || Integer.parseInt(text.get()) > 65_535) {
            throw new IllegalArgumentException("option " + name + " is '" + text.get() + "', not a port (0 to 65535)");
        }
        return Integer.parseInt(text.get());
    }
}
