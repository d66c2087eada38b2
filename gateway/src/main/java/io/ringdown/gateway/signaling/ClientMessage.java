package io.ringdown.gateway.signaling;

import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.SupervisionMode;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A message of a client, checked: docs/protocol.md, "Client to gateway". */
sealed interface ClientMessage {
    /** What every answer to it repeats. */
    Optional<String> ref();

    /**
     * Lets a client in.
     *
     * @param token who it is
     * @param numbers those that it answers for
     * @param quality whether it wants to be told how media do
     * @param resume the secret of the session that is to go on
     * @param received the number of the last message that it has taken of that
     * @param page which page it is, until that is loaded again
     * @param takeOver whether another page that has the session is to lose it
     * @param resumable whether its calls are to wait for it when its socket is lost
     */
    record Hello(
            Optional<String> ref,
            Optional<String> token,
            List<PhoneNumber> numbers,
            boolean quality,
            Optional<String> resume,
            OptionalLong received,
            Optional<String> page,
            boolean takeOver,
            boolean resumable)
            implements ClientMessage {
        @Override
        public String toString() {
            return "Hello[numbers=" + numbers + "]";
        }
    }

    /** Gives the session another token of the same subject. */
    record Authorize(Optional<String> ref, String token) implements ClientMessage {
        @Override
        public String toString() {
            return "Authorize[masked]";
        }
    }

    record Start(Optional<String> ref, PhoneNumber to, Caller from, String sdp, boolean secureInput)
            implements ClientMessage {}

    /** A test before a call: the browser wants to hear itself. */
    record Test(Optional<String> ref, String sdp) implements ClientMessage {}

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

    /** The telephones of two calls of the session's are to hear each other. */
    record Conference(Optional<String> ref, CallId call, CallId with) implements ClientMessage {}

    record ConferenceEnd(Optional<String> ref, CallId call) implements ClientMessage {}

    /** With an offer: to hear somebody else's call; without: another mode of what goes on. */
    record Supervise(Optional<String> ref, CallId call, SupervisionMode mode, Optional<String> sdp)
            implements ClientMessage {}

    record SecureInput(Optional<String> ref, CallId call, boolean on) implements ClientMessage {}

    /** What its user says of themselves; {@code reason} in their own words. */
    record Availability(Optional<String> ref, io.ringdown.gateway.agents.Availability state, Optional<String> reason)
            implements ClientMessage {}

    /** Whether it is told of colleagues. */
    record Watch(Optional<String> ref, boolean on) implements ClientMessage {}

    record Ping(Optional<String> ref) implements ClientMessage {}
}
