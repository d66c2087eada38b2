package io.ringdown.gateway.signaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/** A {@link ServerMessage}, or any record of ours, to JSON. Immutable. */
final class MessageWriter {
    private final ObjectMapper json = new ObjectMapper();

    String write(Object message) {
        try {
            return json.writeValueAsString(message);
        } catch (JsonProcessingException ours) {
            throw new UncheckedIOException("a message of ours cannot be written", ours);
        }
    }
}
