package io.ringdown.sip.jain;

import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows of one call's dialog: told when that changes, and no more of our CSeq than the end of a block. Safe for
 * all threads.
 */
final class JournalEntry {
    /** Numbers to a block: an INFO or a refresh in a hundred writes. */
    private static final long BLOCK = 100;
    // The next block is written while there is still enough of this one: nobody waits for it.
    private static final long LEFT = 50;

    /** What is written when it changes. */
    private record Essence(
            Optional<String> name,
            DialogState.Stage stage,
            String remoteTag,
            String remoteTarget,
            List<String> routeSet,
            DialogState.Way way,
            DialogState.Invite invite) {
        static Essence of(DialogState dialog) {
            DialogState.Course course = dialog.course();
            return new Essence(
                    dialog.name(),
                    course.stage(),
                    course.remoteTag(),
                    course.remoteTarget(),
                    course.routeSet(),
                    dialog.way(),
                    dialog.invite());
        }
    }

    private final DialogJournal journal;
    private final Writing.Identity identity;
    private final ReentrantLock lock = new ReentrantLock(); // letting go comes from any thread
    // What the journal has now: nothing before the dialog is opened, and while nothing is left to be done for it.
    private @Nullable Essence known;
    private long reserved;
    private boolean opened;
    private boolean letGo;

    JournalEntry(DialogJournal journal, Writing.Identity identity) {
        this.journal = journal;
        this.identity = identity;
    }

    /** The dialog is about to be; done when that is written. */
    CompletableFuture<Void> open(DialogState dialog) {
        lock.lock();
        try {
            if (letGo) {
                return CompletableFuture.failedFuture(new IllegalStateException("let go"));
            }
            opened = true;
            known = Essence.of(dialog);
            reserved = dialog.course().localCseq() + BLOCK;
            return journal.opening(dialog.reserving(reserved));
        } finally {
            lock.unlock();
        }
    }

    /** It goes on from what was written: it is there whatever comes of this, so it is not for the journal to refuse it. */
    void reopen(DialogState dialog) {
        lock.lock();
        try {
            if (!letGo) {
                write(dialog);
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(DialogState dialog) {
        opened = true;
        known = Essence.of(dialog);
        reserved = dialog.course().localCseq() + BLOCK;
        journal.changed(dialog.reserving(reserved));
    }

    /** It stands so now; where it was closed, something is left to be done for it after all. */
    void update(DialogState dialog) {
        lock.lock();
        try {
            if (letGo || !opened) {
                return;
            }
            if (known == null) {
                write(dialog);
                return;
            }
            Essence now = Essence.of(dialog);
            boolean spent = dialog.course().localCseq() + LEFT > reserved;
            if (now.equals(known) && !spent) {
                return;
            }
            known = now;
            if (spent) {
                reserved = dialog.course().localCseq() + BLOCK;
            }
            journal.changed(dialog.reserving(reserved));
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is left to be done for it, unless a 2xx comes that nobody waits for any more. */
    void close() {
        lock.lock();
        try {
            if (!letGo && known != null) {
                known = null;
                journal.closed(identity.callId(), identity.localTag());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whatever is left to be done for it is somebody else's. */
    void letGo() {
        lock.lock();
        try {
            close();
            letGo = true;
        } finally {
            lock.unlock();
        }
    }
}
