package io.ringdown.gateway.signaling;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.agents.Availability;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.call.SupervisionMode;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Text to a {@link ClientMessage}: everything is bounded and checked here, so that nothing behind it has to. Immutable. */
final class MessageReader {
    static final int LONGEST_MESSAGE = 16 * 1024;
    static final int DEEPEST = 16;
    private static final int LONGEST_REF = 64;
    private static final int LONGEST_NAME = 64;
    private static final int MOST_NUMBERS = 16;
    private static final Bounds DURATION = new Bounds(40, 6000, 100);
    private static final Bounds GAP = new Bounds(30, 6000, 70);

    private static final Bounds SILENCE = new Bounds(200, 10_000, 700);

    private record Bounds(int least, int most, int otherwise) {
        boolean holds(double value) {
            return value >= least && value <= most; // not so a NaN
        }
    }

    private final ObjectMapper json = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(LONGEST_MESSAGE)
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST_MESSAGE)
                            .maxNumberLength(32)
                            .maxNameLength(128)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    Received read(String text) throws RejectedMessageException {
        JsonNode node;
        try {
            node = json.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw bad(Optional.empty(), "This is not JSON, or it is nested too deeply.");
        }
        if (node == null || !node.isObject()) {
            throw bad(Optional.empty(), "A message is a JSON object.");
        }
        return new Fields(node).received();
    }

    private static RejectedMessageException bad(Optional<String> ref, String text) {
        return new RejectedMessageException(ref, ErrorCode.BAD_MESSAGE, text);
    }

    /** One message's fields. */
    private static final class Fields {
        private final JsonNode node;
        private Optional<String> ref = Optional.empty();

        Fields(JsonNode node) {
            this.node = node;
        }

        Received received() throws RejectedMessageException {
            ref = optionalText("ref", LONGEST_REF);
            OptionalLong seq = count("seq");
            OptionalLong ack = count("ack");
            try {
                return new Received(seq, ack, message());
            } catch (RejectedMessageException rejected) {
                throw rejected.numbered(seq);
            }
        }

        private OptionalLong count(String field) throws RejectedMessageException {
            JsonNode value = node.get(field);
            if (value == null || value.isNull()) {
                return OptionalLong.empty();
            }
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw bad(ref, "The field " + field + " must be a whole number from 0.");
            }
            return OptionalLong.of(value.longValue());
        }

        private ClientMessage message() throws RejectedMessageException {
            return switch (text("type")) {
                case "hello" ->
                    new ClientMessage.Hello(
                            ref,
                            optionalText("token", LONGEST_MESSAGE),
                            numbers(),
                            optionalFlag("quality"),
                            optionalText("resume", LONGEST_NAME),
                            count("received"),
                            optionalText("page", LONGEST_NAME),
                            optionalFlag("takeOver"),
                            !node.hasNonNull("resumable") || flag("resumable"));
                case "authorize" -> new ClientMessage.Authorize(ref, text("token"));
                case "start" ->
                    new ClientMessage.Start(ref, number("to"), caller(), text("sdp"), optionalFlag("secureInput"));
                case "test" -> new ClientMessage.Test(ref, text("sdp"));
                case "accept" -> new ClientMessage.Accept(ref, call(), text("sdp"), optionalFlag("secureInput"));
                case "reject" -> new ClientMessage.Reject(ref, call(), busy());
                case "update" -> new ClientMessage.Update(ref, call(), text("sdp"));
                case "hangup" -> new ClientMessage.HangUp(ref, call());
                case "dtmf" ->
                    new ClientMessage.Dtmf(ref, call(), strokes(), millis("duration", DURATION), millis("gap", GAP));
                case "dtmf-cancel" -> new ClientMessage.DtmfCancel(ref, call());
                case "listen" -> new ClientMessage.Listen(ref, call(), flag("on"), silence());
                case "mute" -> new ClientMessage.Mute(ref, call(), flag("muted"));
                case "hold" -> new ClientMessage.Hold(ref, call());
                case "resume" -> new ClientMessage.Resume(ref, call());
                case "transfer" -> transfer();
                case "conference" -> new ClientMessage.Conference(ref, call(), call("with"));
                case "conference-end" -> new ClientMessage.ConferenceEnd(ref, call());
                case "supervise" ->
                    new ClientMessage.Supervise(ref, call(), supervisionMode(), optionalText("sdp", LONGEST_MESSAGE));
                case "secure-input" -> new ClientMessage.SecureInput(ref, call(), flag("on"));
                case "availability" ->
                    new ClientMessage.Availability(
                            ref, state(), optionalText("reason", LONGEST_NAME).flatMap(DisplayName::clean));
                case "watch" -> new ClientMessage.Watch(ref, flag("on"));
                case "ping" -> new ClientMessage.Ping(ref);
                default ->
                    throw new RejectedMessageException(
                            ref, ErrorCode.UNKNOWN_TYPE, "This gateway does not know this type of message.");
            };
        }

        private String text(String field) throws RejectedMessageException {
            return optionalText(field, LONGEST_MESSAGE)
                    .orElseThrow(() -> bad(ref, "The field " + field + " is missing."));
        }

        private Optional<String> optionalText(String field, int longest) throws RejectedMessageException {
            JsonNode value = node.get(field);
            if (value == null || value.isNull()) {
                return Optional.empty();
            }
            if (!value.isTextual()) {
                throw bad(ref, "The field " + field + " must be a string.");
            }
            if (value.textValue().length() > longest) {
                throw bad(ref, "The field " + field + " is longer than " + longest + " characters.");
            }
            return Optional.of(value.textValue());
        }

        private boolean optionalFlag(String field) throws RejectedMessageException {
            JsonNode value = node.get(field);
            return value != null && !value.isNull() && flag(field);
        }

        private boolean flag(String field) throws RejectedMessageException {
            JsonNode value = node.get(field);
            if (value == null || !value.isBoolean()) {
                throw bad(ref, "The field " + field + " must be true or false.");
            }
            return value.booleanValue();
        }

        private ClientMessage transfer() throws RejectedMessageException {
            boolean isTo = node.hasNonNull("to");
            if (isTo == node.hasNonNull("with")) {
                throw bad(ref, "A transfer needs one of the fields to, a number, and with, another call.");
            }
            return new ClientMessage.Transfer(
                    ref,
                    call(),
                    isTo ? Optional.of(number("to")) : Optional.empty(),
                    isTo ? Optional.empty() : Optional.of(call("with")));
        }

        private SupervisionMode supervisionMode() throws RejectedMessageException {
            return switch (text("mode")) {
                case "listen" -> SupervisionMode.LISTEN;
                case "whisper" -> SupervisionMode.WHISPER;
                case "barge" -> SupervisionMode.BARGE;
                default -> throw bad(ref, "The field mode must be listen, whisper or barge.");
            };
        }

        private CallId call() throws RejectedMessageException {
            return call("call");
        }

        private CallId call(String field) throws RejectedMessageException {
            // A text that is no id names no call either: one answer for both tells a guesser nothing.
            return CallId.of(text(field))
                    .orElseThrow(() -> new RejectedMessageException(
                            ref, ErrorCode.UNKNOWN_CALL, "This session has no such call."));
        }

        private PhoneNumber number(String field) throws RejectedMessageException {
            return numberIn(text(field), field);
        }

        private Caller caller() throws RejectedMessageException {
            Optional<String> written = optionalText("from", LONGEST_MESSAGE).filter(text -> !text.isEmpty());
            boolean anonymous = written.filter(Caller.ANONYMOUS::equals).isPresent();
            Optional<PhoneNumber> number =
                    written.isEmpty() || anonymous ? Optional.empty() : Optional.of(numberIn(written.get(), "from"));
            return new Caller(number, name(), anonymous, headers());
        }

        private Map<String, String> headers() throws RejectedMessageException {
            JsonNode given = node.get("headers");
            if (given == null || given.isNull()) {
                return Map.of();
            }
            if (!given.isObject() || given.size() > ClientHeaders.MOST) {
                throw bad(ref, "The field headers must be an object of at most " + ClientHeaders.MOST + " headers.");
            }
            ClientHeaders headers = new ClientHeaders();
            for (Map.Entry<String, JsonNode> header : given.properties()) {
                String value = header.getValue().isTextual() ? header.getValue().textValue() : "";
                if (!headers.add(header.getKey(), value)) {
                    throw bad(ref, ClientHeaders.RULE);
                }
            }
            return headers.all();
        }

        private PhoneNumber numberIn(String written, String field) throws RejectedMessageException {
            return PhoneNumber.of(written)
                    .orElseThrow(() -> new RejectedMessageException(
                            ref,
                            ErrorCode.BAD_NUMBER,
                            "The field " + field + " is no number: digits, with + and the country code in front."));
        }

        private List<PhoneNumber> numbers() throws RejectedMessageException {
            JsonNode list = node.get("numbers");
            if (list == null || list.isNull()) {
                return List.of();
            }
            if (!list.isArray() || list.size() > MOST_NUMBERS) {
                throw bad(ref, "The field numbers must be a list of at most " + MOST_NUMBERS + " numbers.");
            }
            List<PhoneNumber> numbers = new ArrayList<>(list.size());
            for (JsonNode entry : list) {
                numbers.add(numberIn(entry.isTextual() ? entry.textValue() : "", "numbers"));
            }
            return List.copyOf(numbers);
        }

        private Optional<String> name() throws RejectedMessageException {
            return optionalText("name", LONGEST_MESSAGE).flatMap(DisplayName::clean);
        }

        private boolean busy() throws RejectedMessageException {
            return switch (optionalText("reason", LONGEST_NAME).orElse("declined")) {
                case "busy" -> true;
                case "declined" -> false;
                default -> throw bad(ref, "The field reason must be busy or declined.");
            };
        }

        private Availability state() throws RejectedMessageException {
            return Availability.of(text("state"))
                    .orElseThrow(() -> bad(ref, "The field state must be available, away or busy."));
        }

        private List<Stroke> strokes() throws RejectedMessageException {
            return Stroke.parse(text("digits"))
                    .orElseThrow(() -> badDigits(
                            "The field digits must be 1 to " + Stroke.MOST + " of 0-9 * # A-D and the comma."));
        }

        private Duration silence() throws RejectedMessageException {
            JsonNode value = node.get("silence");
            if (value == null || value.isNull()) {
                return Duration.ofMillis(SILENCE.otherwise);
            }
            if (!value.isNumber() || !SILENCE.holds(value.doubleValue())) {
                throw bad(ref, "The field silence must be " + SILENCE.least + " to " + SILENCE.most + " ms.");
            }
            return Duration.ofMillis(Math.round(value.doubleValue()));
        }

        private Duration millis(String field, Bounds bounds) throws RejectedMessageException {
            JsonNode value = node.get(field);
            if (value == null || value.isNull()) {
                return Duration.ofMillis(bounds.otherwise);
            }
            if (!value.isNumber() || !bounds.holds(value.doubleValue())) {
                throw badDigits("The field " + field + " must be " + bounds.least + " to " + bounds.most + " ms.");
            }
            return Duration.ofMillis(Math.round(value.doubleValue()));
        }

        private RejectedMessageException badDigits(String text) {
            return new RejectedMessageException(ref, ErrorCode.BAD_DIGITS, text);
        }
    }
}
