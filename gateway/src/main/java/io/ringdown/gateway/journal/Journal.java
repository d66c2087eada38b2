package io.ringdown.gateway.journal;

import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of open dialogs and the records of calls. All methods may be called from any thread and return at once, except {@link
 * #open} and {@link #close}; one thread writes, and what waits for the disk at one moment waits for one {@code fsync}.
 *
 * <p>While the disk is full or broken, or does not answer, new calls are refused and live ones go on; what they leave to be written
 * is written when the disk works again, which is tried every second. Calls for help wait for no disk.
 */
public final class Journal implements DialogJournal, CallBook, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final Duration ALIVE_EVERY = Duration.ofSeconds(5);
    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
    // An INVITE that waits longer is nothing that anybody waits for; a disk that takes longer is a broken one.
    private static final Duration SLOWEST = Duration.ofSeconds(4);
    private static final Duration HELP_WAITS = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 100_000;
    private static final int MOST_AT_ONCE = 1_000;

    /** Something to be written; {@code done} is told when it is on the disk. */
    private record Work(
            Optional<JournalEntry> entry, Optional<RecordLine> record, Optional<CompletableFuture<Void>> done) {
        static final Work NOTHING = new Work(Optional.empty(), Optional.empty(), Optional.empty());

        static Work of(JournalEntry entry) {
            return new Work(Optional.of(entry), Optional.empty(), Optional.empty());
        }
    }

    private final Books books;
    private final InstantSource time;
    private final LongSupplier clock;
    private final AutoCloseable lock;
    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Set<String> forHelp = ConcurrentHashMap.newKeySet();
    private final JournalCounts counts = new JournalCounts();
    private final List<DialogState> leftOver;
    private final List<RecordLine> interrupted;
    private final Thread writer;
    private volatile boolean isBroken;
    private volatile boolean isClosing;
    // When the write that is under way began; 0 while there is none.
    private volatile long writingSince;

    private Journal(Books books, InstantSource time, LongSupplier clock, AutoCloseable lock) {
        this.books = books;
        this.time = time;
        this.clock = clock;
        this.lock = lock;
        this.leftOver = books.dialogs();
        this.interrupted = books.interrupted();
        this.writer = Thread.ofPlatform().name("journal").daemon().unstarted(this::write);
    }

    /**
     * Opens the journal of these settings, which name its directories, and closes the records of calls that the last process has
     * left open. JournalException where the directory cannot be read or locked, or another gateway uses it. Where it only cannot be
     * written, as with a full disk, the journal begins unusable: what the last process has left must be ended all the same.
     */
    public static Journal open(JournalSettings settings, InstantSource time, LongSupplier clock)
            throws JournalException {
        FileDisk journal = disk("journal.directory", settings.directory().orElseThrow());
        FileDisk records = disk("journal.records", settings.records().orElseThrow());
        AutoCloseable lock = locked(journal, settings.directory().orElseThrow());
        try {
            return open(journal, records, time, clock, lock);
        } catch (IOException failed) {
            release(lock);
            throw new JournalException(
                    "journal.directory: " + settings.directory().orElseThrow() + " cannot be used (" + failed
                            + "); let the user that runs Ringdown write there, or name another directory",
                    failed);
        }
    }

    /** The same on any disk, where no other can be. */
    static Journal open(Disk journal, Disk records, InstantSource time, LongSupplier clock, AutoCloseable lock)
            throws IOException {
        Journal made = new Journal(Books.open(journal, records), time, clock, lock);
        made.report();
        made.write(List.of());
        made.writer.start();
        return made;
    }

    private void report() {
        if (books.unreadable() > 0) {
            LOG.warn("{} line(s) of the journal cannot be read and are passed over", books.unreadable());
        }
        if (!books.interrupted().isEmpty() || !leftOver.isEmpty()) {
            LOG.warn(
                    "the last process was interrupted: {} call(s) without a record get theirs, {} dialog(s) are still open",
                    interrupted.size(),
                    leftOver.size());
        }
    }

    /** The records of calls that the last process has left without one. */
    public List<RecordLine> interrupted() {
        return interrupted;
    }

    /** Dialogs that the last process has left open. */
    public List<DialogState> leftOver() {
        return leftOver;
    }

    /**
     * The calls out that had ended since then when the journal was opened, as far as their records can be read; for the start, before
     * anything is written.
     */
    public List<PastCall> callsSince(Instant since) {
        List<PastCall> calls = new ArrayList<>();
        try {
            books.eachCallSince(since, calls::add);
        } catch (IOException unreadable) {
            LOG.warn(
                    "the records of today's calls cannot be read, so limits do not know of them: {}",
                    unreadable.getMessage());
        }
        return calls;
    }

    /** How much was written, and how that went. */
    public JournalCounts counts() {
        return counts;
    }

    /** Whether what is told now will be on the disk in time. */
    @Override
    public boolean isUsable() {
        long since = writingSince;
        boolean isStuck = since != 0 && clock.getAsLong() - since > SLOWEST.toNanos();
        return !isBroken && !isStuck;
    }

    // ---- dialogs

    @Override
    public CompletableFuture<Void> opening(DialogState dialog) {
        boolean isForHelp = isForHelp(dialog);
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (isUsable() || isForHelp) {
            put(new Work(Optional.of(new JournalEntry.Open(dialog)), Optional.empty(), Optional.of(done)));
        } else {
            done.completeExceptionally(new JournalException("the journal cannot be written"));
        }
        return isForHelp
                ? done.completeOnTimeout(null, HELP_WAITS.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(_ -> null)
                : done.orTimeout(SLOWEST.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void changed(DialogState dialog) {
        put(Work.of(new JournalEntry.Open(dialog)));
    }

    @Override
    public void closed(String callId, String localTag) {
        put(Work.of(new JournalEntry.Closed(callId, localTag)));
    }

    // ---- calls

    @Override
    public void begun(Beginning call) {
        if (call.emergency()) {
            forHelp.add(call.id().hex());
        }
        put(Work.of(new JournalEntry.Begun(
                call.id().hex(),
                call.at().toEpochMilli(),
                call.direction(),
                call.from(),
                call.to().map(PhoneNumber::digits),
                call.trunk(),
                call.emergency(),
                call.asker())));
    }

    @Override
    public void answered(Beginning call, Duration after, Optional<String> trunk) {
        put(Work.of(
                new JournalEntry.Answered(call.id().hex(), call.at().plus(after).toEpochMilli(), trunk)));
    }

    @Override
    public void left(CallId call) {
        forHelp.remove(call.hex());
        put(Work.of(new JournalEntry.Ended(call.hex())));
    }

    @Override
    public void accept(CallRecord record) {
        forHelp.remove(record.id().hex());
        put(new Work(Optional.empty(), Optional.of(RecordLine.of(record)), Optional.empty()));
    }

    // ---- writing

    private void put(Work work) {
        if (!queue.offer(work)) {
            counts.dropped();
            work.done()
                    .ifPresent(done -> done.completeExceptionally(new JournalException("too much waits for the disk")));
        }
    }

    private void write() {
        long aliveAt = clock.getAsLong();
        List<Work> batch = new ArrayList<>();
        while (!isClosing || !queue.isEmpty()) {
            batch.clear();
            try {
                gather(batch, aliveAt);
                long now = clock.getAsLong();
                if (aliveAt - now <= 0) {
                    batch.add(new Work(
                            Optional.of(new JournalEntry.Alive(time.millis())), Optional.empty(), Optional.empty()));
                    aliveAt = now + ALIVE_EVERY.toNanos();
                }
                write(batch);
                if (isBroken) {
                    aliveAt = clock.getAsLong() + RETRY_EVERY.toNanos();
                }
            } catch (InterruptedException stop) {
                // Nobody does: it would close the files under a write.
                return;
            } catch (RuntimeException | Error bug) {
                LOG.error("the journal fails by an error of ours; it goes on", bug);
                fail(batch, bug);
            }
        }
    }

    /** Waits for something to write, until it is time to say that we live; then takes what is there. */
    private void gather(List<Work> batch, long aliveAt) throws InterruptedException {
        Work first = queue.poll(Math.max(0, aliveAt - clock.getAsLong()), TimeUnit.NANOSECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, MOST_AT_ONCE - 1);
        }
    }

    private void write(List<Work> batch) {
        for (Work work : batch) {
            work.entry().ifPresent(entry -> books.take(entry, isForced(work)));
            work.record().ifPresent(books::takeRecord);
        }
        long began = clock.getAsLong();
        writingSince = began == 0 ? 1 : began;
        try {
            books.commit();
            onWritten(clock.getAsLong() - began);
            batch.forEach(work -> work.done().ifPresent(done -> done.complete(null)));
        } catch (IOException failed) {
            onFailed(failed);
            fail(batch, failed);
        } finally {
            writingSince = 0;
            counts.stand(books.dialogCount(), books.written(), books.lost());
        }
    }

    private static boolean isForced(Work work) {
        return work.done().isPresent()
                || work.entry().filter(JournalEntry.Alive.class::isInstance).isPresent();
    }

    private void onWritten(long nanos) {
        counts.committed(nanos);
        if (isBroken) {
            isBroken = false;
            LOG.info("the journal is written again; new calls are taken");
        }
    }

    private void onFailed(IOException failed) {
        counts.failed();
        if (!isBroken) {
            isBroken = true;
            LOG.error(
                    "the journal cannot be written ({}); new calls are refused until it can, live ones go on",
                    failed.toString());
        }
    }

    /** Their calls do not come to be, and nobody will say that they are over. */
    private void fail(List<Work> batch, Throwable why) {
        for (Work work : batch) {
            if (work.done().isPresent() && work.entry().orElseThrow() instanceof JournalEntry.Open open) {
                // Asked first: who is told may end the call at once.
                boolean isForHelp = isForHelp(open.dialog());
                if (work.done().get().completeExceptionally(why) && !isForHelp) {
                    books.take(
                            new JournalEntry.Closed(
                                    open.dialog().callId(), open.dialog().localTag()),
                            false);
                }
            }
        }
    }

    private boolean isForHelp(DialogState dialog) {
        return dialog.name().filter(forHelp::contains).isPresent();
    }

    /**
     * Writes what waits, and lets the directory go. What is open stays open: the next start ends it. Where the disk does not answer,
     * files and lock are left to the end of the process: another one would write there beside us.
     */
    @Override
    public void close() {
        isClosing = true;
        put(Work.NOTHING); // it may wait for something to write
        if (!hasEnded()) {
            LOG.warn("the journal's disk does not answer; its files and its lock are left to the end of the process");
            return;
        }
        try {
            books.close();
        } catch (IOException failed) {
            LOG.warn("the journal did not close cleanly: {}", failed.toString());
        } finally {
            release(lock);
        }
    }

    private boolean hasEnded() {
        try {
            return writer.join(CLOSING);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !writer.isAlive();
        }
    }

    private static FileDisk disk(String key, Path directory) throws JournalException {
        try {
            return FileDisk.at(directory);
        } catch (IOException failed) {
            throw new JournalException(
                    key + ": " + directory + " cannot be made (" + failed
                            + "); make it, and let the user that runs Ringdown write there, or name another",
                    failed);
        }
    }

    private static AutoCloseable locked(FileDisk journal, Path directory) throws JournalException {
        try {
            return journal.lock()
                    .orElseThrow(() -> new JournalException("journal.directory: " + directory
                            + " is in use by another gateway; end that one, or give each a directory of its own"));
        } catch (IOException failed) {
            throw new JournalException(
                    "journal.directory: " + directory + " cannot be written (" + failed
                            + "); let the user that runs Ringdown write there, or name another",
                    failed);
        }
    }

    private static void release(AutoCloseable lock) {
        try {
            lock.close();
        } catch (Exception unclean) {
            LOG.warn("the journal's lock did not close cleanly: {}", unclean.toString());
        }
    }
}
