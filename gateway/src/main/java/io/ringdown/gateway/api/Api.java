package io.ringdown.gateway.api;

import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.SignedIn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other systems see of calls, and do with them: docs/api.md, and {@code openapi.json} beside this class. Who may come in is decided
 * before. Thread-safe; may wait for some seconds.
 */
public final class Api {
    /** Where it is. */
    public static final String PATH = "/api/v1/";
    /** What describes it. */
    public static final String DESCRIPTION = "openapi.json";

    private static final Logger LOG = LoggerFactory.getLogger(Api.class);

    private final ApiSettings settings;
    private final CallPages calls;
    private final AgentPages agents;
    private final byte[] description;

    /**
     * Over these calls.
     *
     * @param signedIn who the clients are
     * @param roster who works here
     * @param errands what news of these calls go through
     * @param ended one of the books of these calls
     * @param clock nanoseconds, that of the calls
     */
    public Api(
            ApiSettings settings,
            Calls calls,
            SignedIn signedIn,
            Roster roster,
            Errands errands,
            EndedCalls ended,
            LongSupplier clock) {
        this.settings = settings;
        this.calls = new CallPages(calls, signedIn, errands, ended, clock);
        this.agents = new AgentPages(roster);
        this.description = description();
    }

    /** The keys, by the names of who has them: one at least. */
    public Map<String, ApiKey> keys() {
        return settings.all();
    }

    /** The OpenAPI description, as JSON. */
    public byte[] openApi() {
        return description.clone();
    }

    private static byte[] description() {
        try (InputStream file = Api.class.getResourceAsStream(DESCRIPTION)) {
            if (file == null) {
                throw new IllegalStateException("openapi.json is not in the jar");
            }
            return file.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private interface Page {
        ApiReply answer(ApiRequest request) throws ApiProblemException;
    }

    /** The answer; a line in the log for whatever acts, with who did. */
    public ApiReply handle(ApiRequest request) {
        ApiReply reply;
        try {
            reply = page(request).answer(request);
        } catch (ApiProblemException refused) {
            reply = refused.reply();
        }
        if (!isReading(request)) {
            LOG.info(
                    "API: {} ({}) asked for {} {}: {}",
                    request.system(),
                    request.from().getHostAddress(),
                    request.method(),
                    String.join("/", request.path()),
                    reply.status());
        }
        return reply;
    }

    private static boolean isReading(ApiRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private Page page(ApiRequest request) throws ApiProblemException {
        Map<String, Page> pages = pages(request)
                .orElseThrow(
                        () -> new ApiProblemException(404, "not-found", "There is nothing here; see openapi.json."));
        Page page = pages.get(request.method().equals("HEAD") ? "GET" : request.method());
        if (page == null) {
            String allowed = String.join(", ", new TreeMap<>(pages).keySet());
            throw new ApiProblemException(ApiReply.problem(405, "method", "This takes " + allowed + ".")
                    .withHeader("Allow", allowed));
        }
        if (!isReading(request) && request.may() != ApiKey.May.ACT) {
            throw new ApiProblemException(
                    403, "not-permitted", "This key may only look (api.keys: may: act lets it do more).");
        }
        return page;
    }

    private Optional<Map<String, Page>> pages(ApiRequest request) {
        return switch (String.join("/", request.path().stream().limit(1).toList()) + " " + tail(request)) {
            case "calls 1" -> Optional.of(Map.of("GET", calls::list, "POST", calls::start));
            case "calls 2" -> Optional.of(Map.of("GET", calls::look, "DELETE", calls::hangUp));
            case "calls hold" -> Optional.of(Map.of("PUT", calls::hold, "DELETE", calls::resume));
            case "calls digits" -> Optional.of(Map.of("POST", calls::digits));
            case "calls transfer" -> Optional.of(Map.of("POST", calls::transfer));
            case "calls conference" -> Optional.of(Map.of("POST", calls::conference, "DELETE", calls::endConference));
            case "agents 1" -> Optional.of(Map.of("GET", _ -> agents.agents()));
            case "agents 2" -> Optional.of(Map.of("GET", agents::agent));
            case "agents availability" -> Optional.of(Map.of("PUT", agents::setAvailability));
            case "groups 1" -> Optional.of(Map.of("GET", _ -> agents.groups()));
            default -> Optional.empty();
        };
    }

    /** What tells pages of one kind apart: how deep they are, or their last part. */
    private static String tail(ApiRequest request) {
        int depth = request.path().size();
        return depth == 3 ? request.path().getLast() : String.valueOf(depth);
    }
}
