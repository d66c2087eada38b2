package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.SipRoom;
import io.ringdown.gateway.journal.Dialogs;
import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class OrphansTest {
    private static final List<DialogState> LEFT =
            List.of(Dialogs.confirmed("x", "a"), Dialogs.early("y", "b"), Dialogs.confirmed("z", "c"));

    private final Trunks trunks = new Trunks();
    private final Struck journal = new Struck();
    private final Queue<Runnable> timers = new ArrayDeque<>();
    private final Orphans orphans = new Orphans(trunks, journal, (_, task) -> {
        timers.add(task);
        return () -> timers.remove(task);
    });
    private final Logger logger = (Logger) LoggerFactory.getLogger(Orphans.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void read() {
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void readNoMore() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void eachIsToldAndTheLogDoesNotSayThatItIsOverBeforeItsTrunkHas() {
        orphans.end(LEFT);
        assertThat(trunks.told).as("one after the other").containsExactly("a");
        runTimers();
        assertThat(trunks.told).containsExactly("a", "b", "c");
        assertThat(journal.struck).isEmpty();
        assertThat(lines())
                .containsExactly(
                        "3 dialog(s) of the interrupted process are to be ended",
                        "call x: SIP call a on trunk carrier is told that it is over, CONFIRMED",
                        "call y: SIP call b on trunk carrier is told that it is over, EARLY",
                        "call z: SIP call c on trunk carrier is told that it is over, CONFIRMED",
                        "dialogs of the interrupted process: 3 told, 0 given up, 0 left to the next start");
    }

    @Test
    void onlyWhatNoStartCanEndIsStruckOut() {
        trunks.failures.put("a", new IllegalArgumentException("no trunk is named carrier any more"));
        trunks.failures.put("b", new IllegalStateException("the trunks are being closed"));
        orphans.end(LEFT);
        runTimers();
        assertThat(journal.struck).containsExactly("a");
        assertThat(trunks.told).containsExactly("c");
        assertThat(lines())
                .endsWith("dialogs of the interrupted process: 1 told, 1 given up, 1 left to the next start");
    }

    @Test
    void aStopLeavesThoseThatWereNotToldYetToTheNextStart() {
        orphans.end(LEFT);
        orphans.close();
        trunks.failures.put("b", new IllegalArgumentException("whatever trunks say that are closed"));
        runTimers();
        assertThat(trunks.told).containsExactly("a");
        assertThat(journal.struck).isEmpty();
        assertThat(lines()).endsWith("2 dialog(s) of the interrupted process are left to the next start");
    }

    private void runTimers() {
        for (Runnable task = timers.poll(); task != null; task = timers.poll()) {
            task.run();
        }
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** Trunks whose calls say that they have ended as soon as they are told to, as ours do, long before an answer. */
    private static final class Trunks implements SipRoom {
        private final Map<String, RuntimeException> failures = new HashMap<>();
        private final List<String> told = new ArrayList<>();

        @Override
        public TrunkCall invite(OutboundInvite invite, TrunkListener listener) {
            throw new AssertionError("nobody is called");
        }

        @Override
        public TrunkCall restore(DialogState dialog, TrunkListener listener) {
            RuntimeException failure = failures.get(dialog.callId());
            if (failure != null) {
                throw failure;
            }
            Class<?>[] type = {TrunkCall.class};
            return (TrunkCall) Proxy.newProxyInstance(
                    TrunkCall.class.getClassLoader(), type, (_, method, arguments) -> {
                        assertThat(method.getName()).isEqualTo("hangUp");
                        HangupReason reason = (HangupReason) arguments[0];
                        assertThat(reason).isEqualTo(EndCause.INTERRUPTED.hangupReason());
                        told.add(dialog.callId());
                        listener.onEvent(new TrunkEvent.Ended(OptionalInt.empty(), "by us"));
                        return null;
                    });
        }
    }

    /** The Call-IDs of what is struck out. */
    private static final class Struck implements DialogJournal {
        private final List<String> struck = new ArrayList<>();

        @Override
        public CompletableFuture<Void> opening(DialogState dialog) {
            throw new AssertionError("nothing is opened");
        }

        @Override
        public void changed(DialogState dialog) {
            throw new AssertionError("nothing is changed");
        }

        @Override
        public void closed(String callId, String localTag) {
            struck.add(callId);
        }
    }
}
