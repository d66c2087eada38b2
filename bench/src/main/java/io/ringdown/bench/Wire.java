package io.ringdown.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** JSON between the processes of the kit, a line each. Any thread. */
final class Wire {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Wire() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T read(String line, Class<T> type) throws IOException {
        return MAPPER.readValue(line, type);
    }
}
