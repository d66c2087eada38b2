package io.ringdown.gateway.call;

import io.ringdown.media.MediaSession;
import io.ringdown.media.Side;
import io.ringdown.media.SoundLink;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link LiveCall} does for its {@link CallConference} and its {@link CallJoin}: its telephone hears that of another call. On
 * the call's {@link Serial}.
 */
final class LiveConference {
    private static final Logger LOG = LoggerFactory.getLogger(LiveConference.class);

    private final CallId call;
    private final CallRooms rooms;
    private final Consumer<CallEvent> result;
    private @Nullable SoundLink link;

    LiveConference(CallId call, CallRooms rooms, Consumer<CallEvent> result) {
        this.call = call;
        this.rooms = rooms;
        this.result = result;
    }

    /** Lets the telephone of these media hear that of the other call, which is about to do the same, until {@link #hush}. */
    void hear(CallId with, MediaSession media) {
        link = linked(with, media, new CallEvent.ConferenceNotHeard());
    }

    /** The same for good: both calls are left to their telephones. */
    void join(CallId with, MediaSession media) {
        linked(with, media, new CallEvent.NotJoined(with, Ending.of(EndCause.UNAVAILABLE)));
    }

    /** The call is told {@code otherwise} where that is not to be had. */
    private @Nullable SoundLink linked(CallId with, MediaSession media, CallEvent otherwise) {
        try {
            MediaSession other = rooms.others()
                    .apply(with)
                    .flatMap(LiveCall::speaking)
                    .orElseThrow(() -> new IllegalStateException("it has no media"));
            SoundLink made = media.alsoHear(Side.TRUNK, other, Side.TRUNK);
            LOG.info("the telephone of call {} hears that of call {}", call, with);
            return made;
        } catch (IllegalArgumentException | IllegalStateException cannot) {
            LOG.warn("call {} cannot hear call {}: {}", call, with, cannot.getMessage());
            result.accept(otherwise);
            return null;
        }
    }

    void hush() {
        SoundLink open = link;
        link = null;
        if (open != null) {
            open.close();
        }
    }

    /** There is no such call as was to be told. */
    void onNobody(CallAction.TellCall told) {
        answer(told.event()).ifPresent(answer -> result.accept(answer.event()));
    }

    /** This call was over before that was said to it. */
    void onLate(CallEvent event) {
        answer(event)
                .ifPresent(
                        answer -> rooms.others().apply(answer.call()).ifPresent(other -> other.post(answer.event())));
    }

    /** What a call that is over would say: that it has no conference with who has asked for one, or joined. */
    private static Optional<CallAction.TellCall> answer(CallEvent event) {
        return switch (event) {
            case CallEvent.ConferenceAsked asked ->
                Optional.of(new CallAction.TellCall(asked.name().by(), new CallEvent.ConferenceOver(asked.name())));
            case CallEvent.ConferenceJoined joined ->
                Optional.of(new CallAction.TellCall(joined.with(), new CallEvent.ConferenceOver(joined.name())));
            default -> Optional.empty();
        };
    }
}
