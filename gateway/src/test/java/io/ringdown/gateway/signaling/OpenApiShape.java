package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What an OpenAPI description promises, held against what is answered: as much of JSON Schema as the description uses. */
final class OpenApiShape {
    private static final Set<String> KNOWN = Set.of(
            "$ref",
            "type",
            "description",
            "enum",
            "required",
            "properties",
            "additionalProperties",
            "items",
            "oneOf",
            "minimum",
            "maximum",
            "default",
            "maxLength");

    private final JsonNode api;
    private final Set<String> seen = new TreeSet<>();

    OpenApiShape(byte[] json) throws IOException {
        this.api = new ObjectMapper().readTree(json);
    }

    /** Every answer that it promises, as {@code METHOD /path STATUS}. */
    Set<String> promised() {
        Set<String> all = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                operation
                        .getValue()
                        .path("responses")
                        .fieldNames()
                        .forEachRemaining(status -> all.add(operation.getKey().toUpperCase(java.util.Locale.ROOT) + " "
                                + path.getKey() + " " + status));
            }
        }
        return all;
    }

    /** Those that were checked. */
    Set<String> seen() {
        return seen;
    }

    /** Fails unless this answer is promised, and looks as promised. */
    void check(String method, String path, int status, String type, String body) throws IOException {
        JsonNode response = follow(api.path("paths")
                .path(path)
                .path(method.toLowerCase(java.util.Locale.ROOT))
                .path("responses")
                .path(String.valueOf(status)));
        String what = method + " " + path + " " + status;
        assertThat(response.isMissingNode()).as("promised: " + what).isFalse();
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode()).as(what + " as " + type).isFalse();
        List<String> complaints = new ArrayList<>();
        hold(schema, new ObjectMapper().readTree(body), what, complaints);
        assertThat(complaints).as(body).isEmpty();
        seen.add(what);
    }

    private JsonNode follow(JsonNode node) {
        return node.has("$ref") ? api.at(node.path("$ref").asText().substring(1)) : node;
    }

    private void hold(JsonNode written, JsonNode value, String at, List<String> complaints) {
        JsonNode schema = follow(written);
        assertThat(schema.isMissingNode()).as("schema of " + at).isFalse();
        schema.fieldNames()
                .forEachRemaining(
                        word -> assertThat(KNOWN).as("understood at " + at).contains(word));
        if (schema.has("oneOf")) {
            int fitting = 0;
            for (JsonNode each : schema.path("oneOf")) {
                List<String> unfit = new ArrayList<>();
                hold(each, value, at, unfit);
                fitting += unfit.isEmpty() ? 1 : 0;
            }
            if (fitting != 1) {
                complaints.add(at + " fits " + fitting + " of oneOf");
            }
            return;
        }
        boolean isType = switch (schema.path("type").asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            default -> false;
        };
        if (!isType) {
            complaints.add(at + " is no " + schema.path("type").asText());
        }
        if (schema.has("enum")) {
            List<String> words = new ArrayList<>();
            schema.path("enum").forEach(word -> words.add(word.asText()));
            if (!words.contains(value.asText())) {
                complaints.add(at + " is none of " + words);
            }
        }
        for (JsonNode needed : schema.path("required")) {
            if (!value.has(needed.asText())) {
                complaints.add(at + " lacks " + needed.asText());
            }
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode property = schema.path("properties").path(field.getKey());
            if (!property.isMissingNode()) {
                hold(property, field.getValue(), at + "." + field.getKey(), complaints);
            } else if (schema.has("additionalProperties")) {
                complaints.add(at + " may not have " + field.getKey());
            }
        }
        for (JsonNode each : value.isArray() ? value : new ObjectMapper().createArrayNode()) {
            hold(schema.path("items"), each, at + "[]", complaints);
        }
    }
}
