package io.ringdown.gateway.signaling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.call.QualityView;
import io.ringdown.gateway.call.SupervisionMode;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.Diverted;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A message to a client, in the shape that it is written in: docs/protocol.md, "Gateway to client". Absent fields are null
 * here, and not written.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(ServerMessage.Welcome.class),
    @JsonSubTypes.Type(ServerMessage.Authorized.class),
    @JsonSubTypes.Type(ServerMessage.Answer.class),
    @JsonSubTypes.Type(ServerMessage.Codec.class),
    @JsonSubTypes.Type(ServerMessage.Progress.class),
    @JsonSubTypes.Type(ServerMessage.Established.class),
    @JsonSubTypes.Type(ServerMessage.Ended.class),
    @JsonSubTypes.Type(ServerMessage.Incoming.class),
    @JsonSubTypes.Type(ServerMessage.Renew.class),
    @JsonSubTypes.Type(ServerMessage.Dtmf.class),
    @JsonSubTypes.Type(ServerMessage.Flash.class),
    @JsonSubTypes.Type(ServerMessage.SecureInput.class),
    @JsonSubTypes.Type(ServerMessage.DtmfReceipt.class),
    @JsonSubTypes.Type(ServerMessage.DtmfRoadTaken.class),
    @JsonSubTypes.Type(ServerMessage.Heard.class),
    @JsonSubTypes.Type(ServerMessage.Held.class),
    @JsonSubTypes.Type(ServerMessage.Resumed.class),
    @JsonSubTypes.Type(ServerMessage.Transfer.class),
    @JsonSubTypes.Type(ServerMessage.Conference.class),
    @JsonSubTypes.Type(ServerMessage.Supervising.class),
    @JsonSubTypes.Type(ServerMessage.Supervised.class),
    @JsonSubTypes.Type(ServerMessage.Quality.class),
    @JsonSubTypes.Type(ServerMessage.Problem.class),
    @JsonSubTypes.Type(ServerMessage.TakenOver.class),
    @JsonSubTypes.Type(AgentMessages.Said.class),
    @JsonSubTypes.Type(AgentMessages.All.class),
    @JsonSubTypes.Type(AgentMessages.One.class),
    @JsonSubTypes.Type(AgentMessages.OneGroup.class),
    @JsonSubTypes.Type(ServerMessage.Draining.class),
    @JsonSubTypes.Type(ServerMessage.Pong.class)
})
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface ServerMessage {

    @JsonTypeName("welcome")
    record Welcome(
            @Nullable String ref,
            String session,
            String resume,
            List<String> numbers,
            List<Ice> iceServers,
            Limits limits,
            @JsonUnwrapped Resumption resumption,
            @JsonUnwrapped TokenLife token,
            AgentMessages.@Nullable Self agent)
            implements ServerMessage {
        @Override
        public String toString() {
            return "Welcome[" + session + "]";
        }
    }

    /** What is told of people and groups: {@link AgentMessages}. */
    non-sealed interface OfAgents extends ServerMessage {}

    /**
     * What calls the token of a session begins still.
     *
     * @param tokenExpiresIn for how many milliseconds; null if for good
     * @param tokenOnce true if only one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TokenLife(
            @Nullable Long tokenExpiresIn, @Nullable Boolean tokenOnce) {
        static TokenLife of(Grant grant, TokenVerifier verifier) {
            return new TokenLife(
                    verifier.lasts(grant).map(Duration::toMillis).orElse(null), grant.once() ? true : null);
        }
    }

    @JsonTypeName("authorized")
    record Authorized(@Nullable String ref, @JsonUnwrapped TokenLife token) implements ServerMessage {}

    /**
     * How a session goes on, or may.
     *
     * @param resumed whether it goes on, or is a new one
     * @param resumeWithin for how many milliseconds it is kept without a socket
     * @param taken the number of the client's last message that was taken
     * @param gap true where some of what was said meanwhile is kept no more
     * @param calls those that it has, if it goes on
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Resumption(
            boolean resumed,
            long resumeWithin,
            long taken,
            @Nullable Boolean gap,
            @Nullable List<ShownCall> calls) {
        static Resumption none(Duration within) {
            return new Resumption(false, within.toMillis(), 0, null, null);
        }

        static Resumption of(Duration within, long taken, boolean gap, List<ShownCall> calls) {
            return new Resumption(true, within.toMillis(), taken, gap ? true : null, calls);
        }
    }

    /** A STUN or TURN server as RTCPeerConnection takes it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Ice(
            List<String> urls,
            @Nullable String username,
            @Nullable String credential) {
        /** Without its password. */
        @Override
        public String toString() {
            return "Ice[" + urls + "]";
        }
    }

    /** What a session may do. */
    record Limits(int frameBytes, int messagesPerSecond, int calls) {}

    @JsonTypeName("answer")
    record Answer(String call, @Nullable String ref, String sdp) implements ServerMessage {}

    @JsonTypeName("codec")
    record Codec(String call, String codec, String sdp) implements ServerMessage {}

    @JsonTypeName("progress")
    record Progress(String call, String state, @Nullable Integer sip) implements ServerMessage {}

    @JsonTypeName("established")
    record Established(String call) implements ServerMessage {}

    @JsonTypeName("ended")
    record Ended(
            String call,
            @Nullable String ref,
            String cause,
            String text,
            @Nullable Integer sip,
            @Nullable Integer q850,
            String blame,
            boolean retry,
            @Nullable String hint)
            implements ServerMessage {
        static Ended of(CallId call, Optional<String> ref, Ending ending) {
            EndCause cause = ending.cause();
            return new Ended(
                    call.hex(),
                    ref.orElse(null),
                    cause.code(),
                    cause.text(),
                    number(ending.sip()),
                    number(ending.q850()),
                    cause.blame().code(),
                    cause.retry(),
                    ending.hint().orElse(null));
        }
    }

    @JsonTypeName("incoming")
    record Incoming(
            String call,
            String to,
            @Nullable String from,
            @Nullable String name,
            @Nullable Map<String, String> headers,
            @Nullable Before diverted,
            @Nullable Boolean originated,
            @Nullable String group,
            @Nullable Long waited,
            @Nullable String transferredBy)
            implements ServerMessage {}

    /** Where a call was before it came to us. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Before(
            @Nullable String from,
            @Nullable String first,
            @Nullable String reason) {
        static Before of(Diverted diverted) {
            return new Before(
                    diverted.last().orElse(null),
                    diverted.first().orElse(null),
                    diverted.why() == Diverted.Why.UNKNOWN
                            ? null
                            : diverted.why().code());
        }
    }

    @JsonTypeName("renew")
    record Renew(String call) implements ServerMessage {}

    @JsonTypeName("dtmf")
    record Dtmf(String call, String digit, long duration, String road) implements ServerMessage {
        @Override
        public String toString() {
            return "Dtmf[masked]";
        }
    }

    @JsonTypeName("flash")
    record Flash(String call, String road) implements ServerMessage {}

    @JsonTypeName("secure-input")
    record SecureInput(String call, @Nullable String ref, boolean on) implements ServerMessage {}

    @JsonTypeName("dtmf-receipt")
    record DtmfReceipt(
            String call,
            long press,
            @Nullable String ref,
            @Nullable Integer index,
            String state,
            @Nullable String road,
            @Nullable Long duration,
            @Nullable Integer packets,
            @Nullable Long timestamp,
            @Nullable String reason,
            @Nullable Integer sip)
            implements ServerMessage {
        static DtmfReceipt of(String call, CallNews.Receipt told) {
            return switch (told.receipt()) {
                case PressReceipt.Accepted _ -> of(call, told, "accepted", null, null);
                case PressReceipt.Sent sent ->
                    new DtmfReceipt(
                            call,
                            told.press(),
                            told.ref().orElse(null),
                            number(told.index()),
                            "sent",
                            sent.road().code(),
                            sent.length().toMillis(),
                            sent.packets(),
                            Integer.toUnsignedLong(sent.timestamp()),
                            null,
                            null);
                case PressReceipt.Signalled signalled ->
                    new DtmfReceipt(
                            call,
                            told.press(),
                            told.ref().orElse(null),
                            number(told.index()),
                            "sent",
                            DtmfRoad.INFO.code(),
                            signalled.length().toMillis(),
                            null,
                            null,
                            null,
                            null);
                case PressReceipt.Confirmed _ -> of(call, told, "confirmed", null, null);
                case PressReceipt.Unconfirmable doubt -> of(call, told, "unconfirmable", code(doubt.why()), null);
                case PressReceipt.Failed failed ->
                    of(call, told, "failed", code(failed.why()), number(failed.status()));
            };
        }

        private static DtmfReceipt of(
                String call, CallNews.Receipt told, String state, @Nullable String reason, @Nullable Integer sip) {
            return new DtmfReceipt(
                    call,
                    told.press(),
                    told.ref().orElse(null),
                    number(told.index()),
                    state,
                    null,
                    null,
                    null,
                    null,
                    reason,
                    sip);
        }

        private static String code(Enum<?> reason) {
            return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @JsonTypeName("dtmf-road")
    record DtmfRoadTaken(String call, String road, String why) implements ServerMessage {}

    @JsonTypeName("heard")
    record Heard(
            String call,
            String what,
            @Nullable Long duration,
            @Nullable Integer hertz) implements ServerMessage {}

    @JsonTypeName("held")
    record Held(String call, @Nullable String ref, String by) implements ServerMessage {}

    @JsonTypeName("resumed")
    record Resumed(String call, @Nullable String ref, String by) implements ServerMessage {}

    @JsonTypeName("transfer")
    record Transfer(
            String call,
            @Nullable String ref,
            String by,
            String stage,
            @Nullable Integer sip,
            @Nullable String cause,
            @Nullable String text,
            @Nullable String hint,
            @Nullable String number,
            @Nullable String name)
            implements ServerMessage {
        static Transfer of(String call, CallNews.Transfer told) {
            Optional<EndCause> cause = told.failure().map(Ending::cause);
            return new Transfer(
                    call,
                    told.ref().orElse(null),
                    told.by().code(),
                    told.stage().code(),
                    ServerMessage.number(told.sip()),
                    cause.map(EndCause::code).orElse(null),
                    cause.map(EndCause::text).orElse(null),
                    told.failure().flatMap(Ending::hint).orElse(null),
                    told.number().orElse(null),
                    told.name().flatMap(DisplayName::clean).orElse(null));
        }

        @Override
        public String toString() {
            return "Transfer[" + by + ", " + stage + "]";
        }
    }

    @JsonTypeName("conference")
    record Conference(String call, @Nullable String ref, String with, boolean on) implements ServerMessage {}

    /** The call is that of the supervisor; {@code of} is the one that is heard. */
    @JsonTypeName("supervising")
    record Supervising(String call, @Nullable String ref, String of, String mode) implements ServerMessage {}

    @JsonTypeName("supervised")
    record Supervised(String call, String mode, String by) implements ServerMessage {}

    @JsonTypeName("quality")
    record Quality(String call, @JsonUnwrapped QualityView quality) implements ServerMessage {}

    @JsonTypeName("error")
    record Problem(
            @Nullable String ref,
            @Nullable String call,
            String code,
            String text,
            @Nullable Integer calls) implements ServerMessage {
        static Problem of(Optional<String> ref, Optional<CallId> call, ErrorCode code, String text) {
            return new Problem(ref.orElse(null), call.map(CallId::hex).orElse(null), code.code(), text, null);
        }

        /** Another page has the session, with so many calls. */
        static Problem inUse(Optional<String> ref, int calls) {
            String text = "Another page has this session; take it over, or come in without it.";
            return new Problem(ref.orElse(null), null, ErrorCode.SESSION_IN_USE.code(), text, calls);
        }
    }

    /** The session is another socket's now; the last message on this one. */
    @JsonTypeName("taken-over")
    record TakenOver() implements ServerMessage {}

    /** The gateway is about to stop; calls go on for so many milliseconds at most. */
    @JsonTypeName("draining")
    record Draining(long within) implements ServerMessage {
        static Draining of(Duration within) {
            return new Draining(within.toMillis());
        }
    }

    @JsonTypeName("pong")
    record Pong(@Nullable String ref) implements ServerMessage {}

    /** What a call's news look like on the wire. */
    static ServerMessage of(CallId id, CallNews news) {
        String call = id.hex();
        return switch (news) {
            case CallNews.Answer answer -> new Answer(call, answer.ref().orElse(null), answer.sdp());
            case CallNews.Offer _, CallNews.Accepted _ ->
                throw new IllegalStateException("no client of this protocol has asked for an offer");
            case CallNews.Codec codec -> new Codec(call, codec.codec().rtpmapName(), codec.sdp());
            case CallNews.Progress progress ->
                new Progress(call, progress.stage().code(), number(progress.sip()));
            case CallNews.Established _ -> new Established(call);
            case CallNews.Incoming incoming ->
                new Incoming(
                        call,
                        incoming.to().digits(),
                        incoming.from().orElse(null),
                        incoming.name().flatMap(DisplayName::clean).orElse(null),
                        incoming.headers().isEmpty() ? null : incoming.headers(),
                        incoming.diverted().map(Before::of).orElse(null),
                        incoming.originated() ? true : null,
                        incoming.group().map(CallNews.Incoming.OfGroup::name).orElse(null),
                        incoming.group().map(group -> group.waited().toMillis()).orElse(null),
                        incoming.transferredBy().orElse(null));
            case CallNews.Renew _ -> new Renew(call);
            case CallNews.Pressed pressed ->
                new Dtmf(
                        call,
                        String.valueOf(pressed.digit().character()),
                        pressed.length().toMillis(),
                        pressed.road().code());
            case CallNews.Flashed flash -> new Flash(call, flash.road().code());
            case CallNews.SecureInput secure ->
                new SecureInput(call, secure.ref().orElse(null), secure.on());
            case CallNews.Receipt receipt -> DtmfReceipt.of(call, receipt);
            case CallNews.Road road ->
                new DtmfRoadTaken(
                        call,
                        road.choice().road().map(DtmfRoad::code).orElse("none"),
                        road.choice().why().code());
            case CallNews.Heard heard ->
                new Heard(
                        call,
                        heard.what().code(),
                        heard.length().map(Duration::toMillis).orElse(null),
                        number(heard.hertz()));
            case CallNews.Held held ->
                new Held(call, held.ref().orElse(null), held.by().code());
            case CallNews.Resumed resumed ->
                new Resumed(call, resumed.ref().orElse(null), resumed.by().code());
            case CallNews.Transfer transfer -> Transfer.of(call, transfer);
            case CallNews.Conference conference ->
                new Conference(
                        call, conference.ref().orElse(null), conference.with().hex(), conference.on());
            case CallNews.Supervising told ->
                new Supervising(
                        call,
                        told.ref().orElse(null),
                        told.of().hex(),
                        told.mode().code());
            case CallNews.Supervised told ->
                new Supervised(call, told.mode().map(SupervisionMode::code).orElse("none"), told.by());
            case CallNews.Quality quality -> new Quality(call, QualityView.of(quality.report()));
            case CallNews.Refused refused -> Problem.of(refused.ref(), Optional.of(id), refused.code(), refused.text());
            case CallNews.Over over -> Ended.of(id, over.ref(), over.ending());
        };
    }

    private static @Nullable Integer number(OptionalInt value) {
        return value.isPresent() ? (Integer) value.getAsInt() : null;
    }
}
