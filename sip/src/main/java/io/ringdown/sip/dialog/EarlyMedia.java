package io.ringdown.sip.dialog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of the early dialogs of a forked call is heard before the answer: the one that described its media last (RFC 3960), but
 * none that P-Early-Media silences (RFC 5009), as long as there is another. Not safe for threads.
 */
final class EarlyMedia {

    /** What an early dialog has said of its media: the last description, and whether it may be heard. */
    private record Early(Optional<String> sdp, boolean open) {}

    /** From now on this dialog is heard, whose media are these. */
    record Turn(Session session, String sdp) {}

    private final Map<Session, Early> inOrderOfSpeaking = new LinkedHashMap<>();
    private @Nullable Session heard;

    /** A message of an early dialog; what is to be heard instead, or anew. */
    Optional<Turn> on(Session session, Optional<String> sdp, Optional<Boolean> open) {
        Early before = Optional.ofNullable(inOrderOfSpeaking.remove(session)).orElse(new Early(Optional.empty(), true));
        Early now = new Early(sdp.or(before::sdp), open.orElse(before.open()));
        inOrderOfSpeaking.put(session, now);
        boolean speaks = sdp.isPresent() || !before.open();
        if (now.open() && now.sdp().isPresent() && speaks) {
            return Optional.of(turnTo(session, now.sdp().get()));
        }
        return !now.open() && session == heard ? lastOpen() : Optional.empty();
    }

    private Optional<Turn> lastOpen() {
        Optional<Turn> last = Optional.empty();
        for (Map.Entry<Session, Early> one : inOrderOfSpeaking.entrySet()) {
            Early early = one.getValue();
            if (early.open() && early.sdp().isPresent()) {
                last = Optional.of(new Turn(one.getKey(), early.sdp().get()));
            }
        }
        last.ifPresent(turn -> heard = turn.session());
        return last;
    }

    private Turn turnTo(Session session, String sdp) {
        heard = session;
        return new Turn(session, sdp);
    }

    /** What a dialog that has answered without a description has said before, unless it is the one that is heard already. */
    Optional<String> unheard(Session session) {
        return session == heard
                ? Optional.empty()
                : Optional.ofNullable(inOrderOfSpeaking.get(session)).flatMap(Early::sdp);
    }

    /** The INVITE is sent anew: what came of the one before counts no more. */
    void clear() {
        inOrderOfSpeaking.clear();
        heard = null;
    }
}
