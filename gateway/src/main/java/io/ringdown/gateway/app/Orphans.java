package io.ringdown.gateway.app;

import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.SipRoom;
import io.ringdown.gateway.call.Timers;
import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the dialogs that an interrupted process has left with trunks: BYE, CANCEL or a refusal, with why. One after the other at a
 * steady pace, without waiting for answers, so that trunks that are down hold up nobody. What is not answered, or not even told,
 * before the process ends again stays in the journal, for the next start. Safe for all threads.
 */
final class Orphans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    // A hundred in a second: 50 are told within the first, and a trunk is not flooded by thousands.
    private static final Duration PACE = Duration.ofMillis(10);

    private final SipRoom trunks;
    private final DialogJournal journal;
    private final Timers timers;
    private volatile boolean isClosed;

    /** What came of some dialogs. None is over when it is told: that is said by the trunk's answer, which the journal hears of. */
    private record Tally(int told, int givenUp, int left) {
        static final Tally NONE = new Tally(0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(told + other.told, givenUp + other.givenUp, left + other.left);
        }
    }

    Orphans(SipRoom trunks, DialogJournal journal, Timers timers) {
        this.trunks = trunks;
        this.journal = journal;
        this.timers = timers;
    }

    /** Begins to; returns at once. */
    void end(List<DialogState> dialogs) {
        if (!dialogs.isEmpty()) {
            LOG.warn("{} dialog(s) of the interrupted process are to be ended", dialogs.size());
            endNext(dialogs, 0, Tally.NONE);
        }
    }

    private void endNext(List<DialogState> dialogs, int index, Tally before) {
        if (isClosed) {
            LOG.info("{} dialog(s) of the interrupted process are left to the next start", dialogs.size() - index);
            return;
        }
        Tally now = before.plus(end(dialogs.get(index)));
        if (index + 1 < dialogs.size()) {
            timers.after(PACE.toNanos(), () -> endNext(dialogs, index + 1, now));
        } else {
            LOG.info(
                    "dialogs of the interrupted process: {} told, {} given up, {} left to the next start",
                    now.told,
                    now.givenUp,
                    now.left);
        }
    }

    private Tally end(DialogState dialog) {
        try {
            TrunkCall call = trunks.restore(dialog, Orphans::ignore);
            call.hangUp(EndCause.INTERRUPTED.hangupReason());
            LOG.info("{} is told that it is over, {}", described(dialog), dialog.stage());
            return new Tally(1, 0, 0);
        } catch (IllegalArgumentException never) {
            // Of a trunk that is not configured any more, most likely: no start will be able to.
            LOG.warn("{} cannot be ended and is given up: {}", described(dialog), never.toString());
            journal.closed(dialog.callId(), dialog.localTag());
            return new Tally(0, 1, 0);
        } catch (RuntimeException now) {
            LOG.error("{} cannot be ended now and is left to the next start", described(dialog), now);
            return new Tally(0, 0, 1);
        }
    }

    private static String described(DialogState dialog) {
        return "call " + dialog.name().orElse("-") + ": SIP call " + dialog.callId() + " on trunk " + dialog.trunk();
    }

    private static void ignore(TrunkEvent event) {
        LOG.debug("after the end: {}", event.getClass().getSimpleName());
    }

    /** Ends no further ones: before the trunks close, which would then be asked in vain. Idempotent. */
    @Override
    public void close() {
        isClosed = true;
    }
}
