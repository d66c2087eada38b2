package io.ringdown.gateway.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Records as JSON and back, by the names of their components, for what we write down ourselves and read again. Pure; thread-safe.
 *
 * <p>A component is text, a number, a boolean, an enum, a {@link Duration} or {@link Instant} (as ISO 8601), an IP address, a record, a sealed interface of records, or an
 * Optional, a List, a Set or a Map of these, with text or an enum for keys. What is absent is not written. A record of a sealed interface
 * has its name, in kebab-case, as {@code kind}; so the names of such records are a promise. What is read must have what the record
 * has: versions are told apart by a number of their own, not by guessing.
 */
public final class RecordJson {
    private static final String VERSION = "version";
    private static final String KIND = "kind";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final boolean isStrict;

    private RecordJson(boolean isStrict) {
        this.isStrict = isStrict;
    }

    /** As a tree; IllegalArgumentException for a record with a component of another type, which is a bug of ours. */
    public static ObjectNode write(Record value) {
        return writeRecord(value);
    }

    /**
     * A record of this type; fields that it does not know are passed over, for who must go on with what a later version wrote.
     *
     * @throws BadJsonException if the JSON lacks something, or has something that the record refuses
     */
    public static <T extends Record> T read(Class<T> type, JsonNode json) throws BadJsonException {
        return type.cast(new RecordJson(false).readRecord(type, json, "", Set.of()));
    }

    /**
     * A record of this type from the text of somebody else; fields that it does not know are passed over.
     *
     * @throws BadJsonException if the text is no JSON object, lacks something, or has something that the record refuses
     */
    public static <T extends Record> T readOthers(Class<T> type, String text) throws BadJsonException {
        JsonNode json = parse(text);
        check(json.isObject(), "", "an object");
        return read(type, json);
    }

    /**
     * As JSON, on one line.
     *
     * @param version of its form, which has to change with the components
     */
    public static String write(int version, Record value) {
        ObjectNode node = NODES.objectNode();
        node.put(VERSION, version);
        node.setAll(writeRecord(value));
        return node.toString();
    }

    /**
     * A record of this type and version.
     *
     * @throws BadJsonException if the text is no JSON, of another version, has something else, or something that the record refuses
     */
    public static <T extends Record> T read(int version, Class<T> type, String text) throws BadJsonException {
        JsonNode json = parse(text);
        check(json.isObject(), "", "an object");
        JsonNode written = json.path(VERSION);
        if (!written.isInt() || written.intValue() != version) {
            throw new BadJsonException(
                    "it is of version " + written.asInt(0) + ", and only version " + version + " is known");
        }
        return type.cast(new RecordJson(true).readRecord(type, json, "", Set.of(VERSION)));
    }

    private static JsonNode parse(String text) throws BadJsonException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException unfit) {
            throw new BadJsonException("it is no JSON");
        }
    }

    // ---- write

    private static JsonNode write(Object value, Type type) {
        return switch (value) {
            case String text -> NODES.textNode(text);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Boolean bool -> NODES.booleanNode(bool);
            case Enum<?> constant -> NODES.textNode(constant.name());
            case Duration duration -> NODES.textNode(duration.toString());
            case Instant instant -> NODES.textNode(instant.toString());
            case InetAddress address -> NODES.textNode(address.getHostAddress());
            case Map<?, ?> map -> writeMap(map, argument(type, 1));
            case Collection<?> several -> writeAll(several, argument(type, 0));
            case Record record
            when raw(type).isSealed() -> {
                ObjectNode node = NODES.objectNode();
                node.put(KIND, kind(record.getClass()));
                node.setAll(writeRecord(record));
                yield node;
            }
            case Record record -> writeRecord(record);
            default -> throw new IllegalArgumentException("no JSON is agreed for " + value.getClass());
        };
    }

    private static ObjectNode writeRecord(Record value) {
        ObjectNode node = NODES.objectNode();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            writeInto(node, component, valueOf(component, value));
        }
        return node;
    }

    private static void writeInto(ObjectNode node, RecordComponent component, Object value) {
        String name = component.getName();
        switch (value) {
            case Optional<?> optional ->
                optional.ifPresent(held -> node.set(name, write(held, argument(component.getGenericType(), 0))));
            case OptionalInt optional -> optional.ifPresent(held -> node.put(name, held));
            case OptionalLong optional -> optional.ifPresent(held -> node.put(name, held));
            default -> node.set(name, write(value, component.getGenericType()));
        }
    }

    private static ArrayNode writeAll(Collection<?> several, Type of) {
        ArrayNode array = NODES.arrayNode();
        several.forEach(each -> array.add(write(each, of)));
        return array;
    }

    private static ObjectNode writeMap(Map<?, ?> map, Type of) {
        ObjectNode node = NODES.objectNode();
        map.forEach((key, each) ->
                node.set(key instanceof Enum<?> constant ? constant.name() : (String) key, write(each, of)));
        return node;
    }

    private static Object valueOf(RecordComponent component, Record of) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException bug) {
            throw new IllegalStateException(bug);
        }
    }

    // ---- read

    private Object read(Type type, JsonNode json, String path) throws BadJsonException {
        Class<?> raw = raw(type);
        if (raw == String.class) {
            check(json.isTextual(), path, "text");
            return json.textValue();
        } else if (raw == int.class || raw == Integer.class) {
            check(json.isIntegralNumber() && json.canConvertToInt(), path, "a whole number");
            return json.intValue();
        } else if (raw == long.class || raw == Long.class) {
            check(json.isIntegralNumber() && json.canConvertToLong(), path, "a whole number");
            return json.longValue();
        } else if (raw == double.class || raw == Double.class) {
            check(json.isNumber(), path, "a number");
            return json.doubleValue();
        } else if (raw == boolean.class || raw == Boolean.class) {
            check(json.isBoolean(), path, "true or false");
            return json.booleanValue();
        } else if (raw == Duration.class) {
            return readDuration(json, path);
        } else if (raw == Instant.class) {
            return readInstant(json, path);
        } else if (raw == InetAddress.class) {
            return readAddress(json, path);
        } else if (raw.isEnum()) {
            check(json.isTextual(), path, "text");
            return constant(raw, json.textValue(), path);
        } else if (Map.class.isAssignableFrom(raw)) {
            return readMap(type, json, path);
        } else if (Collection.class.isAssignableFrom(raw)) {
            return readAll(type, raw, json, path);
        } else if (raw.isSealed()) {
            return readKind(raw, json, path);
        } else if (raw.isRecord()) {
            return readRecord(raw, json, path, Set.of());
        }
        throw new IllegalArgumentException(path + ": no JSON is agreed for " + type);
    }

    private Object readComponent(RecordComponent component, JsonNode json, String path) throws BadJsonException {
        Type type = component.getGenericType();
        JsonNode value = json.path(component.getName());
        boolean isAbsent = value.isMissingNode();
        Class<?> raw = raw(type);
        if (raw == Optional.class) {
            return isAbsent ? Optional.empty() : Optional.of(read(argument(type, 0), value, path));
        } else if (raw == OptionalInt.class) {
            return isAbsent ? OptionalInt.empty() : OptionalInt.of((int) read(int.class, value, path));
        } else if (raw == OptionalLong.class) {
            return isAbsent ? OptionalLong.empty() : OptionalLong.of((long) read(long.class, value, path));
        }
        check(!isAbsent, path, "there");
        return read(type, value, path);
    }

    private Record readRecord(Class<?> type, JsonNode json, String path, Set<String> besides) throws BadJsonException {
        check(json.isObject(), path, "an object");
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        Set<String> names = new LinkedHashSet<>(besides);
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            names.add(name);
            types[i] = components[i].getType();
            values[i] = readComponent(components[i], json, path.isEmpty() ? name : path + "." + name);
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (isStrict && !names.contains(field.getKey())) {
                throw new BadJsonException((path.isEmpty() ? "" : path + ": ") + "has an unknown " + field.getKey());
            }
        }
        return make(type, types, values, path);
    }

    private static Record make(Class<?> type, Class<?>[] types, Object[] values, String path) throws BadJsonException {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (Record) constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException unfit) {
                throw new BadJsonException(path + ": " + unfit.getMessage());
            }
            throw new IllegalStateException(refused);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private Record readKind(Class<?> sealed, JsonNode json, String path) throws BadJsonException {
        check(json.isObject() && json.path(KIND).isTextual(), path, "an object with a kind");
        String kind = json.path(KIND).textValue();
        Class<?> type = kinds(sealed).get(kind);
        if (type == null) {
            throw new BadJsonException(path + ": has the unknown kind " + kind);
        }
        return readRecord(type, json, path, Set.of(KIND));
    }

    private Collection<Object> readAll(Type type, Class<?> raw, JsonNode json, String path) throws BadJsonException {
        check(json.isArray(), path, "an array");
        List<Object> all = new ArrayList<>();
        for (JsonNode each : json) {
            all.add(read(argument(type, 0), each, path + "[" + all.size() + "]"));
        }
        return Set.class.isAssignableFrom(raw)
                ? Collections.unmodifiableSet(new LinkedHashSet<>(all))
                : Collections.unmodifiableList(all);
    }

    private Map<Object, Object> readMap(Type type, JsonNode json, String path) throws BadJsonException {
        check(json.isObject(), path, "an object");
        Map<Object, Object> map = new LinkedHashMap<>();
        Class<?> keys = raw(argument(type, 0));
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            String at = path + "." + field.getKey();
            Object key = keys.isEnum() ? constant(keys, field.getKey(), at) : field.getKey();
            map.put(key, read(argument(type, 1), field.getValue(), at));
        }
        return Collections.unmodifiableMap(map);
    }

    private static Duration readDuration(JsonNode json, String path) throws BadJsonException {
        check(json.isTextual(), path, "a duration as ISO 8601 writes it");
        try {
            return Duration.parse(json.textValue());
        } catch (DateTimeException unfit) {
            throw new BadJsonException(path + ": must be a duration as ISO 8601 writes it");
        }
    }

    private static Instant readInstant(JsonNode json, String path) throws BadJsonException {
        check(json.isTextual(), path, "a time as ISO 8601 writes it");
        try {
            return Instant.parse(json.textValue());
        } catch (DateTimeException unfit) {
            throw new BadJsonException(path + ": must be a time as ISO 8601 writes it");
        }
    }

    private static InetAddress readAddress(JsonNode json, String path) throws BadJsonException {
        check(json.isTextual(), path, "an IP address");
        try {
            return InetAddress.ofLiteral(json.textValue());
        } catch (IllegalArgumentException unfit) {
            throw new BadJsonException(path + ": must be an IP address");
        }
    }

    private static Object constant(Class<?> of, String name, String path) throws BadJsonException {
        return Arrays.stream(of.getEnumConstants())
                .filter(each -> ((Enum<?>) each).name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new BadJsonException(path + ": is none of " + Arrays.toString(of.getEnumConstants())));
    }

    /** Its name, as JSON tells it from its siblings: {@code Refused} is {@code refused}. */
    static String kind(Class<?> record) {
        return record.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** What may stand for a sealed interface, by kind. */
    static Map<String, Class<?>> kinds(Class<?> sealed) {
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        for (Class<?> each : sealed.getPermittedSubclasses()) {
            kinds.put(kind(each), each);
        }
        return kinds;
    }

    private static void check(boolean is, String path, String what) throws BadJsonException {
        if (!is) {
            throw new BadJsonException((path.isEmpty() ? "it" : path) + ": must be " + what);
        }
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType of ? (Class<?>) of.getRawType() : (Class<?>) type;
    }
}
