package io.ringdown.conf;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a type wants to find in the file. Immutable. A type that no shape fits is our own mistake, told by
 * {@link IllegalArgumentException}.
 */
sealed interface Shape {

    /** One value. */
    record Single(Class<?> type, TextReader reader) implements Shape {}

    /** A list; as a {@code Set} each value may be there once. */
    record Items(Shape element, boolean set) implements Shape {}

    /** A section whose keys are names of the user's choice, in the order of the file. */
    record Entries(Shape element) implements Shape {}

    /** Something that may be absent. */
    record Maybe(Class<?> optional, Shape element) implements Shape {
        Object empty() {
            if (optional == OptionalInt.class) {
                return OptionalInt.empty();
            }
            if (optional == OptionalLong.class) {
                return OptionalLong.empty();
            }
            return optional == OptionalDouble.class ? OptionalDouble.empty() : Optional.empty();
        }

        Object of(Object value) {
            if (optional == OptionalInt.class) {
                return OptionalInt.of((Integer) value);
            }
            if (optional == OptionalLong.class) {
                return OptionalLong.of((Long) value);
            }
            return optional == OptionalDouble.class ? OptionalDouble.of((Double) value) : Optional.of(value);
        }
    }

    /**
     * A section with fixed keys: a record.
     *
     * @param reader for a record that can also be written as one value; null for others
     * @param defaults gives what absent keys are; null where they must be there
     * @param required keys that must be there although there are defaults
     */
    record Section(
            Class<?> type,
            List<Part> parts,
            Constructor<?> constructor,
            @Nullable TextReader reader,
            @Nullable Method defaults,
            Set<String> required)
            implements Shape {

        Optional<Object> defaultValue() {
            return defaults == null ? Optional.empty() : Optional.of(invoke(defaults, null));
        }

        Object make(List<?> values) {
            try {
                return constructor.newInstance(values.toArray());
            } catch (InvocationTargetException e) {
                throw unwrapped(e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(type + " cannot be made", e);
            }
        }

        int indexOf(String key) {
            for (int index = 0; index < parts.size(); index++) {
                if (parts.get(index).key().equals(key)) {
                    return index;
                }
            }
            return -1;
        }
    }

    /** One key of a section. */
    record Part(String key, Shape shape, Method accessor) {
        Object of(Object holder) {
            return invoke(accessor, holder);
        }
    }

    /** The shape of {@code type}. */
    static Shape of(Type type) {
        return of(type, Set.of());
    }

    private static Shape of(Type type, Set<Class<?>> around) {
        if (type instanceof ParameterizedType parameterized) {
            return ofParameterized(parameterized, around);
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalArgumentException("no setting can be a " + type);
        }
        if (plain == OptionalInt.class) {
            return new Maybe(plain, of(int.class, around));
        }
        if (plain == OptionalLong.class) {
            return new Maybe(plain, of(long.class, around));
        }
        if (plain == OptionalDouble.class) {
            return new Maybe(plain, of(double.class, around));
        }
        Optional<TextReader> reader = TextReader.of(plain);
        if (plain.isRecord()) {
            return section(plain, reader, around);
        }
        return new Single(
                plain, reader.orElseThrow(() -> new IllegalArgumentException("no setting can be a " + plain)));
    }

    private static Shape ofParameterized(ParameterizedType type, Set<Class<?>> around) {
        Type[] arguments = type.getActualTypeArguments();
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == Optional.class) {
            return new Maybe(raw, of(arguments[0], around));
        }
        if (raw == List.class || raw == Set.class) {
            return new Items(of(arguments[0], around), raw == Set.class);
        }
        if ((raw == Map.class || raw == SequencedMap.class) && arguments[0] == String.class) {
            return new Entries(of(arguments[1], around));
        }
        throw new IllegalArgumentException("no setting can be a " + type);
    }

    private static Section section(Class<?> type, Optional<TextReader> reader, Set<Class<?>> around) {
        if (around.contains(type)) {
            throw new IllegalArgumentException(type + " holds itself");
        }
        Set<Class<?>> inside = new LinkedHashSet<>(around);
        inside.add(type);
        List<Part> parts = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            parts.add(new Part(key(component.getName()), of(component.getGenericType(), inside), accessor));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return new Section(
                    type, List.copyOf(parts), constructor, reader.orElse(null), defaults(type), required(type));
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type + " has no canonical constructor", e);
        }
    }

    private static @Nullable Method defaults(Class<?> type) {
        try {
            Method method = type.getDeclaredMethod("defaults");
            boolean fits = Modifier.isStatic(method.getModifiers()) && method.getReturnType() == type;
            method.setAccessible(true);
            return fits ? method : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static Set<String> required(Class<?> type) {
        try {
            Method method = type.getDeclaredMethod("required");
            if (!Modifier.isStatic(method.getModifiers()) || method.getReturnType() != Set.class) {
                return Set.of();
            }
            method.setAccessible(true);
            Set<String> keys = new LinkedHashSet<>();
            ((Set<?>) invoke(method, null)).forEach(key -> keys.add(String.valueOf(key)));
            return Set.copyOf(keys);
        } catch (NoSuchMethodException e) {
            return Set.of();
        }
    }

    /** {@code webPorts} is written {@code web-ports}. */
    static String key(String componentName) {
        return componentName.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static Object invoke(Method method, @Nullable Object target) {
        try {
            return method.invoke(target);
        } catch (InvocationTargetException e) {
            throw unwrapped(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(method + " cannot be called", e);
        }
    }

    private static RuntimeException unwrapped(InvocationTargetException e) {
        if (e.getCause() instanceof RuntimeException cause) {
            return cause;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return new IllegalArgumentException(e.getCause());
    }
}
