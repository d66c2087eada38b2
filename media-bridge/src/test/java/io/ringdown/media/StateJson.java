package io.ringdown.media;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** States as JSON, by Jackson, which knows nothing of ours but what an absent value is. */
final class StateJson {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Optional.class, new Absent<>())
                    .addSerializer(OptionalInt.class, new Absent<>())
                    .addSerializer(OptionalLong.class, new Absent<>())
                    .addDeserializer(Optional.class, new Present(null))
                    .addDeserializer(OptionalInt.class, new JsonDeserializer<>() {
                        @Override
                        public OptionalInt deserialize(JsonParser from, DeserializationContext context)
                                throws IOException {
                            return OptionalInt.of(from.getIntValue());
                        }

                        @Override
                        public OptionalInt getNullValue(DeserializationContext context) {
                            return OptionalInt.empty();
                        }
                    })
                    .addDeserializer(OptionalLong.class, new JsonDeserializer<>() {
                        @Override
                        public OptionalLong deserialize(JsonParser from, DeserializationContext context)
                                throws IOException {
                            return OptionalLong.of(from.getLongValue());
                        }

                        @Override
                        public OptionalLong getNullValue(DeserializationContext context) {
                            return OptionalLong.empty();
                        }
                    }));

    private StateJson() {}

    static String write(Object state) throws JsonProcessingException {
        return MAPPER.writeValueAsString(state);
    }

    static <T> T read(String json, Class<T> type) throws JsonProcessingException {
        return MAPPER.readValue(json, type);
    }

    /** Null for what is absent. */
    private static final class Absent<T> extends JsonSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator to, SerializerProvider provider) throws IOException {
            Object held = switch (value) {
                case Optional<?> optional -> optional.orElse(null);
                case OptionalInt number -> number.isPresent() ? number.getAsInt() : null;
                case OptionalLong number -> number.isPresent() ? number.getAsLong() : null;
                default -> throw new IllegalArgumentException(String.valueOf(value.getClass()));
            };
            provider.defaultSerializeValue(held, to);
        }
    }

    @SuppressWarnings("rawtypes") // as Jackson registers it
    private static final class Present extends JsonDeserializer<Optional> implements ContextualDeserializer {
        private final @Nullable JavaType held;

        Present(@Nullable JavaType held) {
            this.held = held;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            JavaType type = context.getContextualType() == null ? property.getType() : context.getContextualType();
            return new Present(type.containedType(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser from, DeserializationContext context) throws IOException {
            return Optional.of(context.readValue(from, requireNonNull(held)));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
