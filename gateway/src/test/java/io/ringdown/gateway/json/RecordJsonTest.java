package io.ringdown.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RecordJsonTest {
    private enum Colour {
        RED,
        GREEN
    }

    private sealed interface Shape {
        record Dot() implements Shape {}

        record RoundOne(int radius) implements Shape {}
    }

    private record Inner(Optional<String> text, OptionalInt small, OptionalLong great) {}

    private record All(
            String text,
            int whole,
            long great,
            double part,
            boolean is,
            Colour colour,
            Duration length,
            Inner inner,
            List<Inner> several,
            Set<Integer> numbers,
            Map<String, String> words,
            Map<Colour, Duration> times,
            Shape shape,
            List<Shape> shapes,
            Optional<Shape> one) {}

    private static final All EVERYTHING = new All(
            "\"\u0000\u2028é{}",
            -7,
            Long.MIN_VALUE,
            0.1,
            true,
            Colour.GREEN,
            Duration.ofNanos(-1_500_000_001),
            new Inner(Optional.of(""), OptionalInt.of(3), OptionalLong.of(Long.MAX_VALUE)),
            List.of(new Inner(Optional.empty(), OptionalInt.empty(), OptionalLong.empty())),
            Set.of(1, 2),
            Map.of("a", "b"),
            Map.of(Colour.RED, Duration.ofDays(300)),
            new Shape.RoundOne(2),
            List.of(new Shape.Dot(), new Shape.RoundOne(5)),
            Optional.of(new Shape.Dot()));

    @Test
    void whatIsWrittenIsRead() throws BadJsonException {
        assertThat(RecordJson.read(3, All.class, RecordJson.write(3, EVERYTHING)))
                .isEqualTo(EVERYTHING);
    }

    @Test
    void aRecordOfASealedTypeHasItsNameAsKind() throws BadJsonException {
        record Held(Shape shape) {}
        assertThat(RecordJson.write(1, new Held(new Shape.RoundOne(2))))
                .isEqualTo("{\"version\":1,\"shape\":{\"kind\":\"round-one\",\"radius\":2}}");
    }

    @Test
    void theKindsOfAFailureArePromised() {
        assertThat(RecordJson.kinds(TrunkFailure.class).keySet())
                .containsExactly("refused", "silent", "unanswered", "unreachable", "unauthorized", "cancelled");
    }

    @Test
    void anotherVersionIsNotGuessedAt() {
        assertThatThrownBy(() -> RecordJson.read(3, All.class, RecordJson.write(4, EVERYTHING)))
                .isInstanceOf(BadJsonException.class)
                .hasMessage("it is of version 4, and only version 3 is known");
        assertRefused("{}", "it is of version 0, and only version 1 is known");
        assertRefused("{\"version\":\"1\"}", "and only version 1 is known");
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsPlaceAndWithoutItsValue() {
        assertRefused("", "it: must be an object");
        assertRefused("[]", "it: must be an object");
        assertRefused("{\"version\":1", "it is no JSON");
        assertRefused("{\"version\":1,\"version\":1}", "it is no JSON");
        assertRefused("{\"version\":1} {}", "it is no JSON");
        assertRefused("{\"version\":1,\"to\":{},\"shapes\":[]}", "to.digits: must be there");
        assertRefused("{\"version\":1,\"to\":{\"digits\":\"secret\"},\"shapes\":[]}", "to: is not a number; write");
        assertRefused("{\"version\":1,\"to\":{\"digits\":7},\"shapes\":[]}", "to.digits: must be text");
        assertRefused("{\"version\":1,\"to\":{\"digits\":\"7\",\"x\":1},\"shapes\":[]}", "to: has an unknown x");
        assertRefused("{\"version\":1,\"to\":{\"digits\":\"7\"},\"shapes\":{}}", "shapes: must be an array");
        assertRefused("{\"version\":1,\"to\":{\"digits\":\"7\"},\"shapes\":[{}]}", "shapes[0]: must be an object with");
        assertRefused(
                "{\"version\":1,\"to\":{\"digits\":\"7\"},\"shapes\":[{\"kind\":\"oval\"}]}",
                "shapes[0]: has the unknown kind oval");
        assertRefused(
                "{\"version\":1,\"to\":{\"digits\":\"7\"},\"shapes\":[{\"kind\":\"round-one\",\"radius\":99999999999}]}",
                "shapes[0].radius: must be a whole number");
    }

    @Test
    void aTreeMayHaveMoreThanIsKnown() throws Exception {
        JsonNode written = new ObjectMapper()
                .readTree("{\"to\":{\"digits\":\"7\",\"later\":1},\"shapes\":[{\"kind\":\"dot\"}],\"x\":{}}");
        assertThat(RecordJson.read(Called.class, written))
                .isEqualTo(new Called(new PhoneNumber("7"), List.of(new Shape.Dot())));
        assertThat(RecordJson.write(RecordJson.read(Called.class, written)).toString())
                .isEqualTo("{\"to\":{\"digits\":\"7\"},\"shapes\":[{\"kind\":\"dot\"}]}");
    }

    private record Called(PhoneNumber to, List<Shape> shapes) {}

    private static void assertRefused(String json, String why) {
        assertThatThrownBy(() -> RecordJson.read(1, Called.class, json))
                .isInstanceOf(BadJsonException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
    }
}
