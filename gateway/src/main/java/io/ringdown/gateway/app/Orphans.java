package io.ringdown.gateway.app;

import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.journal.Journal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.SipTrunks;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the dialogs that an interrupted process has left with trunks: BYE, CANCEL or a refusal, with why. One after the other at a
 * steady pace, without waiting for answers, so that trunks that are down hold up nobody. What is not answered before the process
 * ends again stays in the journal, for the next start.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    // A hundred in a second: 50 are told within the first, and a trunk is not flooded by thousands.
    private static final Duration PACE = Duration.ofMillis(10);

    private final SipTrunks trunks;
    private final Journal journal;
    private final Timers timers;
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();

    Orphans(SipTrunks trunks, Journal journal, Timers timers) {
        this.trunks = trunks;
        this.journal = journal;
        this.timers = timers;
    }

    /** Begins to; returns at once. */
    void end(List<DialogState> dialogs) {
        if (!dialogs.isEmpty()) {
            LOG.warn("{} dialog(s) of the interrupted process are ended", dialogs.size());
            endNext(dialogs, 0);
        }
    }

    private void endNext(List<DialogState> dialogs, int index) {
        end(dialogs.get(index), dialogs.size());
        if (index + 1 < dialogs.size()) {
            timers.after(PACE.toNanos(), () -> endNext(dialogs, index + 1));
        }
    }

    private void end(DialogState dialog, int all) {
        try {
            TrunkCall call = trunks.restore(dialog, event -> on(event, dialog, all));
            call.hangUp(EndCause.INTERRUPTED.hangupReason());
            LOG.info(
                    "call {}: SIP call {} on trunk {} is ended, {}",
                    dialog.name().orElse("-"),
                    dialog.callId(),
                    dialog.trunk(),
                    dialog.stage());
        } catch (RuntimeException cannot) {
            // Of a trunk that is not configured any more, most likely: no start will be able to.
            LOG.warn(
                    "call {}: SIP call {} on trunk {} cannot be ended and is given up: {}",
                    dialog.name().orElse("-"),
                    dialog.callId(),
                    dialog.trunk(),
                    cannot.toString());
            journal.closed(dialog.callId(), dialog.localTag());
            givenUp.incrementAndGet();
            sumUp(all);
        }
    }

    private void on(TrunkEvent event, DialogState dialog, int all) {
        if (event instanceof TrunkEvent.Ended || event instanceof TrunkEvent.Failed) {
            LOG.info("SIP call {} on trunk {} is over", dialog.callId(), dialog.trunk());
            over.incrementAndGet();
            sumUp(all);
        }
    }

    private void sumUp(int all) {
        if (over.get() + givenUp.get() == all) {
            LOG.info("dialogs of the interrupted process: {} ended, {} given up", over.get(), givenUp.get());
        }
    }
}
