package io.ringdown.gateway.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.LegQuality;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The record of one call as it is written: docs/operations.md has its fields. Times come from one reading of the clock on the wall
 * and the steady clock's lengths, so that no record ends before it began, whatever happens to the former.
 *
 * @param call the call's id
 * @param day the UTC day of its end, which names the file
 * @param object what is written
 */
public record RecordLine(String call, String day, ObjectNode object) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The day of a time, as the names of files have it. */
    static String day(Instant at) {
        return DAY.format(at);
    }

    /** Of a call that has ended while we lived. */
    public static RecordLine of(CallRecord record) {
        CallBook.Beginning beginning = record.beginning();
        Instant end = beginning.at().plus(record.lasted());
        ObjectNode object = head(
                record.id().hex(),
                record.direction(),
                beginning.from(),
                record.to().map(PhoneNumber::digits),
                record.trunk());
        asker(object, beginning.asker());
        if (beginning.asker().isPresent() || !record.counted().isEmpty()) {
            object.set("counted", counted(record.counted()));
        }
        record.price().ifPresent(price -> object.put("price", price.toString()));
        times(object, beginning.at(), record.talked().map(end::minus), end);
        ending(object, record.ending());
        object.put("attempts", record.attempts());
        if (record.listeners() > 0) {
            object.put("listeners", record.listeners());
        }
        if (record.supervised().times() > 0) {
            object.put("supervisions", record.supervised().times());
            ArrayNode names = object.putArray("supervisors");
            record.supervised().names().forEach(names::add);
        }
        if (!record.handedOver().isEmpty()) {
            ArrayNode takers = object.putArray("handedOver");
            record.handedOver()
                    .forEach(taker -> takers.addObject()
                            .put("to", taker.to())
                            .put("at", TIME.format(beginning.at().plus(taker.after()))));
        }
        record.quality().ifPresent(quality -> object.set("quality", quality(quality)));
        return new RecordLine(record.id().hex(), day(end), object);
    }

    /** Of a call that was there when the process ended; {@code lastSignMillis} is when it is last known to have lived. */
    static RecordLine interrupted(Ledger.OpenCall call, long lastSignMillis) {
        JournalEntry.Begun begun = call.begun();
        Instant end = Instant.ofEpochMilli(Math.max(lastSignMillis, begun.atMillis()));
        ObjectNode object = head(
                begun.call(),
                begun.direction(),
                begun.from(),
                begun.to(),
                call.answered().flatMap(JournalEntry.Answered::trunk).or(begun::trunk));
        asker(object, begun.asker());
        times(
                object,
                Instant.ofEpochMilli(begun.atMillis()),
                call.answered().map(answered -> Instant.ofEpochMilli(answered.atMillis())),
                end);
        ending(object, Ending.of(EndCause.INTERRUPTED));
        return new RecordLine(begun.call(), day(end), object);
    }

    private static ObjectNode head(
            String id, Call.Direction direction, Optional<String> from, Optional<String> to, Optional<String> trunk) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", id);
        object.put("direction", direction.name().toLowerCase(Locale.ROOT));
        from.ifPresent(number -> object.put("from", number));
        to.ifPresent(number -> object.put("to", number));
        trunk.ifPresent(name -> object.put("trunk", name));
        return object;
    }

    private static void asker(ObjectNode object, Optional<PastCall.Who> asker) {
        asker.ifPresent(who -> {
            object.put("subject", who.subject());
            who.token().ifPresent(token -> object.put("token", token));
            who.costClass().ifPresent(name -> object.put("class", name));
            object.put("address", who.from().getHostAddress());
        });
    }

    private static ArrayNode counted(List<PastCall> calls) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (PastCall call : calls) {
            ObjectNode object = all.addObject();
            asker(object, Optional.of(call.asker()));
            object.put("to", call.to().digits());
            object.put("end", TIME.format(call.end()));
            object.put("talkedMillis", call.talked().toMillis());
        }
        return all;
    }

    /**
     * What limits have counted of a call, as its record has it; of one that nobody could tell of any more, the call out itself. Nothing
     * for what is no record.
     */
    static List<PastCall> read(JsonNode record) {
        try {
            List<PastCall> calls = new ArrayList<>();
            if (record.path("counted").isArray()) {
                for (JsonNode call : record.path("counted")) {
                    calls.add(call(call));
                }
            } else if (record.path("subject").isTextual() && record.path("to").isTextual()) {
                calls.add(call(record));
            }
            return calls;
        } catch (DateTimeException | IllegalArgumentException unfit) {
            return List.of();
        }
    }

    private static PastCall call(JsonNode object) {
        return new PastCall(
                new PastCall.Who(
                        object.path("subject").asText(),
                        text(object, "token"),
                        text(object, "class"),
                        InetAddress.ofLiteral(object.path("address").asText())),
                new PhoneNumber(object.path("to").asText()),
                Instant.parse(object.path("end").asText()),
                Duration.ofMillis(object.path("talkedMillis").asLong(0)));
    }

    private static Optional<String> text(JsonNode record, String field) {
        return Optional.ofNullable(record.path(field).textValue());
    }

    private static void times(ObjectNode object, Instant start, Optional<Instant> answer, Instant end) {
        object.put("start", TIME.format(start));
        answer.ifPresent(at -> object.put("answer", TIME.format(at)));
        object.put("end", TIME.format(end));
        object.put("lastedMillis", Duration.between(start, end).toMillis());
        answer.ifPresent(
                at -> object.put("talkedMillis", Duration.between(at, end).toMillis()));
    }

    private static void ending(ObjectNode object, Ending ending) {
        object.put("cause", ending.cause().code());
        object.put("blame", ending.cause().blame().code());
        ending.sip().ifPresent(status -> object.put("sip", status));
        ending.q850().ifPresent(cause -> object.put("q850", cause));
        ending.detail().ifPresent(detail -> object.put("detail", detail));
    }

    private static ObjectNode quality(CallQuality quality) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.set("browser", leg(quality.web(), quality.webMos()));
        object.set("telephone", leg(quality.trunk(), quality.trunkMos()));
        return object;
    }

    private static ObjectNode leg(LegQuality leg, OptionalDouble mos) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        leg.codec().ifPresent(codec -> object.put("codec", codec.rtpmapName()));
        object.put("packets", leg.counts().received());
        object.put("lost", leg.counts().lost());
        object.put("missingPercent", rounded(leg.missingPercent()));
        object.put("jitterMillis", rounded(leg.counts().jitterMillis()));
        mos.ifPresent(value -> object.put("mos", rounded(value)));
        return object;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
