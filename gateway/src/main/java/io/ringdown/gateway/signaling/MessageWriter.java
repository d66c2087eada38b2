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

    /** The same with a number, {@code seq}, as its last field. */
    String write(ServerMessage message, long seq) {
        String text = write(message); // an object with a type, always
        return text.substring(0, text.length() - 1) + ",\"seq\":" + seq + "}";
    }
}
