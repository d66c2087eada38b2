package io.ringdown.gateway.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Any record to a JSON object and back, a component to a field of its name. Components are String, int, long, boolean, enums,
 * Duration, List, Optional, OptionalInt, OptionalLong and records of such; what is absent has no field. A field that
 * nobody knows is passed over, so that an older version can read what a newer one has written.
 */
final class RecordJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RecordJson() {}

    /** IllegalArgumentException for a component of another type. */
    static ObjectNode write(Record value) {
        ObjectNode object = JSON.objectNode();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            node(read(component, value)).ifPresent(node -> object.set(component.getName(), node));
        }
        return object;
    }

    /** IllegalArgumentException where a field is missing, or is not what the record takes. */
    static <T extends Record> T read(Class<T> type, JsonNode object) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(components[i].getGenericType(), object.path(components[i].getName()));
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            throw new IllegalArgumentException("no " + type.getSimpleName() + ": " + refused.getCause(), refused);
        } catch (ReflectiveOperationException ours) {
            throw new IllegalStateException(ours);
        }
    }

    private static Object read(RecordComponent component, Record from) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException ours) {
            throw new IllegalStateException(ours);
        }
    }

    private static Optional<JsonNode> node(Object value) {
        return switch (value) {
            case Optional<?> may -> may.flatMap(RecordJson::node);
            case OptionalInt may -> may.isPresent() ? Optional.of(JSON.numberNode(may.getAsInt())) : Optional.empty();
            case OptionalLong may -> may.isPresent() ? Optional.of(JSON.numberNode(may.getAsLong())) : Optional.empty();
            case String text -> Optional.of(JSON.textNode(text));
            case Integer number -> Optional.of(JSON.numberNode(number));
            case Long number -> Optional.of(JSON.numberNode(number));
            case Boolean flag -> Optional.of(JSON.booleanNode(flag));
            case Enum<?> constant -> Optional.of(JSON.textNode(constant.name()));
            case Duration length -> Optional.of(JSON.textNode(length.toString()));
            case Record nested -> Optional.of(write(nested));
            case List<?> list -> Optional.of(array(list));
            default -> throw new IllegalArgumentException("cannot be written: " + value.getClass());
        };
    }

    private static ArrayNode array(List<?> list) {
        ArrayNode array = JSON.arrayNode();
        for (Object item : list) {
            node(item).ifPresent(array::add);
        }
        return array;
    }

    private static Object value(Type type, JsonNode node) {
        if (type instanceof ParameterizedType generic) {
            Type of = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return node.isMissingNode() ? Optional.empty() : Optional.of(value(of, node));
            }
            if (generic.getRawType() == List.class) {
                return list(of, node);
            }
        }
        if (type instanceof Class<?> plain) {
            return single(plain, node);
        }
        throw new IllegalArgumentException("cannot be read: " + type);
    }

    private static List<Object> list(Type of, JsonNode node) {
        require(node.isArray(), "a list", node);
        List<Object> items = new ArrayList<>();
        node.forEach(item -> items.add(value(of, item)));
        return List.copyOf(items);
    }

    private static Object single(Class<?> type, JsonNode node) {
        if (type == OptionalInt.class) {
            return node.isMissingNode() ? OptionalInt.empty() : OptionalInt.of((Integer) single(int.class, node));
        }
        if (type == OptionalLong.class) {
            return node.isMissingNode() ? OptionalLong.empty() : OptionalLong.of((Long) single(long.class, node));
        }
        if (type == int.class) {
            require(node.canConvertToInt() && node.isIntegralNumber(), "a number", node);
            return node.intValue();
        }
        if (type == long.class) {
            require(node.canConvertToLong() && node.isIntegralNumber(), "a number", node);
            return node.longValue();
        }
        if (type == boolean.class) {
            require(node.isBoolean(), "true or false", node);
            return node.booleanValue();
        }
        if (type.isRecord()) {
            require(node.isObject(), "an object", node);
            return read(type.asSubclass(Record.class), node);
        }
        require(node.isTextual(), "a text", node);
        return text(type, node.textValue());
    }

    private static Object text(Class<?> type, String text) {
        try {
            if (type == Duration.class) {
                return Duration.parse(text);
            }
        } catch (DateTimeException none) {
            throw new IllegalArgumentException(none.getMessage(), none);
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no " + type.getSimpleName() + ": " + text));
        }
        if (type != String.class) {
            throw new IllegalArgumentException("cannot be read: " + type);
        }
        return text;
    }

    private static void require(boolean isRight, String wanted, JsonNode found) {
        if (!isRight) {
            throw new IllegalArgumentException("not " + wanted + " but " + found.getNodeType());
        }
    }
}
