package io.ringdown.gateway.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A {@link JournalEntry} to its line and back. */
final class JournalText {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kinds of lines, as they name themselves. */
    private enum Kind {
        BEGUN(JournalEntry.Begun.class),
        ANSWERED(JournalEntry.Answered.class),
        ENDED(JournalEntry.Ended.class),
        OPEN(JournalEntry.Open.class),
        CLOSED(JournalEntry.Closed.class),
        ALIVE(JournalEntry.Alive.class);

        private final Class<? extends Record> type;

        Kind(Class<? extends Record> type) {
            this.type = type;
        }
    }

    private JournalText() {}

    /** The line, with its end. */
    static byte[] line(JournalEntry entry) {
        ObjectNode object = JSON.createObjectNode();
        object.put("kind", kind(entry).name());
        object.setAll(RecordJson.write((Record) entry));
        return bytes(object);
    }

    static byte[] bytes(JsonNode object) {
        return (object + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What the line says; empty if it is none of ours. */
    static Optional<JournalEntry> read(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            Kind kind = Kind.valueOf(object.path("kind").asText());
            return Optional.of((JournalEntry) RecordJson.read(kind.type, object));
        } catch (JsonProcessingException | BadJsonException | IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }

    /** The field {@code id} of a line of records; empty if it is none. */
    static Optional<String> idOfRecord(String line) {
        try {
            return Optional.of(JSON.readTree(line).path("id").asText()).filter(id -> !id.isEmpty());
        } catch (JsonProcessingException garbage) {
            return Optional.empty();
        }
    }

    /** The calls out that a line of records tells of, as limits have counted them; none if nobody asked for it. */
    static List<PastCall> callsOut(String line) {
        try {
            return RecordLine.read(JSON.readTree(line));
        } catch (JsonProcessingException garbage) {
            return List.of();
        }
    }

    private static Kind kind(JournalEntry entry) {
        return switch (entry) {
            case JournalEntry.Begun _ -> Kind.BEGUN;
            case JournalEntry.Answered _ -> Kind.ANSWERED;
            case JournalEntry.Ended _ -> Kind.ENDED;
            case JournalEntry.Open _ -> Kind.OPEN;
            case JournalEntry.Closed _ -> Kind.CLOSED;
            case JournalEntry.Alive _ -> Kind.ALIVE;
        };
    }
}
