package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.guard.Wish;
import io.ringdown.media.MediaState;
import io.ringdown.sip.DialogState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All of a {@link LiveCall} that is up: what {@link CallJson} writes and reads. Its text form tells nothing of what it holds, which is
 * numbers and keys.
 *
 * @param writtenAtMillis when, in milliseconds since 1970; what is left of times runs on from then
 * @param beginning as it stands in the book of calls
 * @param lasted from its first event to the writing
 * @param inState for how long it was in its state
 * @param talked for how long it was answered
 * @param asker as whom its client signed in, and what they may do
 * @param held what the guard has let through; empty for calls in, and for those for help
 * @param heldTalk for how long it was talked to that
 * @param told who knows of it and has not been told that it is over
 * @param adopted how many legs trunks have opened in the place of others
 * @param listeners how many have listened beside it
 * @param supervised who has supervised it
 * @param handedOver to whom it has gone within the house
 */
record LiveCallState(
        long writtenAtMillis,
        CallState call,
        Began beginning,
        Duration lasted,
        Duration inState,
        Duration talked,
        Optional<Asker> asker,
        Optional<Wish> held,
        Duration heldTalk,
        List<ClientId> told,
        int adopted,
        int listeners,
        List<Leg> legs,
        MediaState media,
        Supervisors supervised,
        List<HandedOver> handedOver) {

    /** {@link CallBook.Beginning}, but for what the call itself knows. */
    record Began(
            long atMillis,
            Optional<String> from,
            Optional<String> trunk,
            boolean emergency,
            Optional<PastCall.Who> asker) {
        static Began of(CallBook.Beginning how) {
            return new Began(how.at().toEpochMilli(), how.from(), how.trunk(), how.emergency(), how.asker());
        }

        CallBook.Beginning of(Call call) {
            return new CallBook.Beginning(
                    call.id(),
                    Instant.ofEpochMilli(atMillis),
                    call.direction(),
                    from,
                    call.to(),
                    trunk,
                    emergency,
                    asker);
        }
    }

    /** One with a trunk, under its number. */
    record Leg(int number, DialogState dialog) {}

    @Override
    public String toString() {
        return "LiveCallState(" + call + ")";
    }
}
