package io.ringdown.gateway.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ringdown.gateway.routing.PhoneNumber;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The body of a request, read field by field; what does not fit is a problem with status 400 that names the field. */
final class Body {
    private static final int LONGEST_TEXT = 256;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode node;

    private Body(JsonNode node) {
        this.node = node;
    }

    /** An object with these fields and no others. */
    static Body read(String text, Set<String> known) throws ApiProblemException {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JsonProcessingException unfit) {
            throw bad("The body must be a JSON object.");
        }
        if (node == null || !node.isObject()) {
            throw bad("The body must be a JSON object.");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!known.contains(field.getKey())) {
                throw bad("The body may have the fields "
                        + String.join(", ", known.stream().sorted().toList()) + " and no others.");
            }
        }
        return new Body(node);
    }

    static ApiProblemException bad(String detail) {
        return new ApiProblemException(400, "bad-request", detail);
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    Optional<String> text(String field) throws ApiProblemException {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()
                || value.textValue().isEmpty()
                || value.textValue().length() > LONGEST_TEXT) {
            throw bad("The field " + field + " must be text of 1 to " + LONGEST_TEXT + " characters.");
        }
        return Optional.of(value.textValue());
    }

    String needed(String field) throws ApiProblemException {
        Optional<String> text = text(field);
        if (text.isEmpty()) {
            throw bad("The field " + field + " is missing.");
        }
        return text.get();
    }

    Optional<PhoneNumber> number(String field) throws ApiProblemException {
        Optional<String> text = text(field);
        Optional<PhoneNumber> number = text.flatMap(PhoneNumber::of);
        if (text.isPresent() && number.isEmpty()) {
            throw new ApiProblemException(
                    400,
                    "bad-number",
                    "The field " + field + " is no number: digits, with + and the country code in front.");
        }
        return number;
    }

    OptionalInt whole(String field, int least, int most) throws ApiProblemException {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            throw bad("The field " + field + " must be a whole number of " + least + " to " + most + ".");
        }
        return OptionalInt.of(value.intValue());
    }
}
