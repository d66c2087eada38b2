package io.ringdown.gateway.signaling;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.CallSnapshot;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call as a client finds it that comes back, one of those in {@code welcome}, in the shape that it is written in
 * (docs/protocol.md, "Coming back"). What is absent is null here, and not written.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ShownCall(
        String call,
        String direction,
        String state,
        String to,
        @Nullable String from,
        @Nullable String name,
        @Nullable Map<String, String> headers,
        ServerMessage.@Nullable Before diverted,
        String held,
        boolean muted,
        boolean secureInput,
        @Nullable Long sinceMillis,
        String media,
        @Nullable String conference) {

    /** What this client is shown at {@code now}, nanoseconds on the clock of the calls; empty for a call that is over. */
    static Optional<ShownCall> of(CallSnapshot seen, ClientId client, long now) {
        if (seen.to().isEmpty() || seen.state() == Call.State.ENDED) {
            return Optional.empty();
        }
        Optional<CallNews.Incoming> incoming = seen.face().incoming();
        return Optional.of(new ShownCall(
                seen.id().hex(),
                seen.direction().name().toLowerCase(Locale.ROOT),
                state(seen, client),
                seen.to().get().digits(),
                incoming.flatMap(CallNews.Incoming::from)
                        .or(() -> seen.face().from().map(PhoneNumber::digits))
                        .orElse(null),
                incoming.flatMap(CallNews.Incoming::name)
                        .flatMap(DisplayName::clean)
                        .orElse(null),
                incoming.map(CallNews.Incoming::headers)
                        .filter(headers -> !headers.isEmpty())
                        .orElse(null),
                incoming.flatMap(CallNews.Incoming::diverted)
                        .map(ServerMessage.Before::of)
                        .orElse(null),
                held(seen),
                seen.face().muted(),
                seen.face().secureInput(),
                seen.answeredNanos().isPresent()
                        ? (Long) Duration.ofNanos(now - seen.answeredNanos().getAsLong())
                                .toMillis()
                        : null,
                seen.face().mediaWanted() ? "wanted" : "kept",
                seen.face()
                        .conference()
                        .filter(_ -> isOf(seen, client))
                        .map(CallId::hex)
                        .orElse(null)));
    }

    private static String state(CallSnapshot seen, ClientId client) {
        boolean isIts = isOf(seen, client);
        return switch (seen.state()) {
            case NEW -> seen.direction() == Call.Direction.INBOUND ? "incoming" : "connecting";
            case OFFERED -> "incoming";
            case ACCEPTING, CONNECTING, ANSWERING -> isIts ? "connecting" : "incoming";
            case DIALLING -> "connecting";
            // To others it is being transferred.
            case ESTABLISHED -> isIts ? seen.state().code() : "incoming";
            case TRYING, RINGING, EARLY_MEDIA -> seen.state().code();
            case ENDED -> throw new IllegalStateException("it is over");
        };
    }

    private static boolean isOf(CallSnapshot seen, ClientId client) {
        return seen.owner().equals(Optional.of(client));
    }

    private static String held(CallSnapshot seen) {
        return switch (seen.holder()) {
            case NOBODY -> "none";
            case BROWSER, TELEPHONE, BOTH -> seen.holder().code();
        };
    }
}
