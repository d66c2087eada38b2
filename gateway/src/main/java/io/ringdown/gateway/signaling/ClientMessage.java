package io.ringdown.gateway.signaling;

import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A message of a client, checked: docs/protocol.md, "Client to gateway". */
sealed interface ClientMessage {
    /** What every answer to it repeats. */
    Optional<String> ref();

    record Hello(Optional<String> ref, Optional<String> token, List<PhoneNumber> numbers, boolean quality)
            implements ClientMessage {
        @Override
        public String toString() {
            return "Hello[numbers=" + numbers + "]";
        }
    }

    record Start(Optional<String> ref, PhoneNumber to, Caller from, String sdp, boolean secureInput)
            implements ClientMessage {}

    record Accept(Optional<String> ref, CallId call, String sdp, boolean secureInput) implements ClientMessage {}

    record Reject(Optional<String> ref, CallId call, boolean busy) implements ClientMessage {}

    record Update(Optional<String> ref, CallId call, String sdp) implements ClientMessage {}

    record HangUp(Optional<String> ref, CallId call) implements ClientMessage {}

    record Dtmf(Optional<String> ref, CallId call, List<Stroke> strokes, Duration duration, Duration gap)
            implements ClientMessage {}

    record DtmfCancel(Optional<String> ref, CallId call) implements ClientMessage {}

    record Listen(Optional<String> ref, CallId call, boolean on, Duration silence) implements ClientMessage {}

    record Mute(Optional<String> ref, CallId call, boolean muted) implements ClientMessage {}

    record Hold(Optional<String> ref, CallId call) implements ClientMessage {}

    record Resume(Optional<String> ref, CallId call) implements ClientMessage {}

    /** One of {@code to} and {@code with}. */
    record Transfer(Optional<String> ref, CallId call, Optional<PhoneNumber> to, Optional<CallId> with)
            implements ClientMessage {}

    record SecureInput(Optional<String> ref, CallId call, boolean on) implements ClientMessage {}

    record Ping(Optional<String> ref) implements ClientMessage {}
}
