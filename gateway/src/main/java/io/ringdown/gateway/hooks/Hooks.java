package io.ringdown.gateway.hooks;

import io.ringdown.gateway.agents.RosterListener;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.NewsWatcher;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.journal.FileDisk;
import io.ringdown.gateway.journal.RecordLine;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells receivers what happens to calls, until they have taken it: {@link HookQueue} has the rules. What waits is in a file, so that it
 * is told after a restart too. Where the disk fails it is told all the same, only a crash would lose it.
 *
 * <p>Every method may be called from any thread and returns at once, except {@link #open} and {@link #close}; one thread, {@code hooks},
 * does the rest, and writes what waits for it at one moment with one {@code fsync}.
 */
public final class Hooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);
    private static final int MOST_UNREAD = 100_000;
    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Duration LINE_EVERY = Duration.ofMinutes(1);
    private static final Duration IDLE = Duration.ofHours(1);

    /** What the thread is told. */
    private sealed interface Note {
        record Told(HookEvents.Happened what) implements Note {}

        record Answered(Delivery what, HookSender.Answer answer) implements Note {}

        record Closing() implements Note {}
    }

    /** One receiver. */
    private static final class Receiver {
        private final HookTarget target;
        private final HookQueue queue;
        private final AtomicLong taken = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong givenUp = new AtomicLong();
        private long nextLineAt;
        private volatile int waiting;
        private volatile int retrying;

        Receiver(HookTarget target, HookQueue queue) {
            this.target = target;
            this.queue = queue;
        }
    }

    private final HookSettings settings;
    private final Map<String, Receiver> receivers = new LinkedHashMap<>();
    private final BlockingQueue<Note> notes = new LinkedBlockingQueue<>();
    private final HookEvents events;
    private final HookSender sender;
    private final HookLog log;
    private final DeadLetterWriter dead;
    private final AutoCloseable lock;
    private final InstantSource time;
    private final LongSupplier clock;
    private final Thread thread;
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong diskFailures = new AtomicLong();
    private long lastNumber;
    private boolean isBroken;
    private volatile boolean isClosing;

    private Hooks(
            HookSettings settings,
            SignedIn signedIn,
            String agent,
            FileDisk disk,
            AutoCloseable lock,
            InstantSource time,
            LongSupplier clock)
            throws IOException {
        SecureRandom random = new SecureRandom();
        settings.to()
                .forEach((name, target) -> receivers.put(
                        name,
                        new Receiver(target, new HookQueue(settings.parallel(), settings.giveUpAfter(), random))));
        this.settings = settings;
        this.lock = lock;
        this.time = time;
        this.clock = clock;
        this.events = new HookEvents(signedIn, () -> newId(random), time, this::onHappened);
        this.sender = new HookSender(settings.timeout(), agent, time);
        this.log = new HookLog(disk, this::pending);
        // What a receiver has left that was taken out of the configuration is written beside what comes.
        this.dead = new DeadLetterWriter(
                new DeadLetters(deadIn(settings), settings.mostDead()),
                settings.most() + log.leftOver().size());
        this.lastNumber = log.highest();
        this.thread = Thread.ofPlatform().name("hooks").daemon().unstarted(this::run);
    }

    /** Where what was not delivered is kept. */
    public static Path deadIn(HookSettings settings) {
        return settings.directory().orElseThrow().resolve("dead");
    }

    /**
     * Begins to tell, with what the last process has left.
     *
     * @param agent what we call ourselves
     * @throws IOException with what to do about it, where the directory cannot be used
     */
    public static Hooks open(
            HookSettings settings, SignedIn signedIn, String agent, InstantSource time, LongSupplier clock)
            throws IOException {
        Path directory = settings.directory().orElseThrow();
        try {
            FileDisk disk = FileDisk.at(directory);
            AutoCloseable lock = disk.lock()
                    .orElseThrow(() -> new IOException(
                            "is in use by another gateway; end that one, or give each a directory of its own"));
            Hooks hooks = new Hooks(settings, signedIn, agent, disk, lock, time, clock);
            hooks.begin();
            return hooks;
        } catch (IOException failed) {
            throw new IOException("hooks.directory: " + directory + " cannot be used: " + failed.getMessage(), failed);
        }
    }

    /** To be told what clients are told. */
    public NewsWatcher watcher() {
        return events;
    }

    /** To be told of beginnings and ends. */
    public CallBook book() {
        return events;
    }

    /** To be told of people and groups. */
    public RosterListener people() {
        return events;
    }

    /** A call that the last process was interrupted in is over. */
    public void interrupted(RecordLine record) {
        events.interrupted(record);
    }

    private static String newId(SecureRandom random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void begin() {
        long now = clock.getAsLong();
        List<HookQueue.Action> actions = new ArrayList<>();
        for (Delivery left : log.leftOver()) {
            Receiver receiver = receivers.get(left.hook());
            if (receiver == null) {
                // It was taken out of the configuration meanwhile.
                giveUp(new HookQueue.Action.GivenUp(left, "there is no such receiver any more", 0));
            } else {
                actions.addAll(receiver.queue.add(left, age(left), now));
            }
        }
        if (!log.leftOver().isEmpty() || log.unreadable() > 0) {
            LOG.info(
                    "hooks: {} event(s) of the last process are still to be told; {} line(s) cannot be read",
                    log.leftOver().size(),
                    log.unreadable());
        }
        actions.forEach(this::perform);
        thread.start();
    }

    private Duration age(Delivery what) {
        return Duration.ofMillis(Math.max(0, time.millis() - what.atMillis()));
    }

    private List<Delivery> pending() {
        return Stream.concat(
                        dead.pending().stream(),
                        receivers.values().stream().flatMap(receiver -> receiver.queue.pending().stream()))
                .toList();
    }

    private void onHappened(HookEvents.Happened what) {
        if (notes.size() < MOST_UNREAD) {
            notes.add(new Note.Told(what));
        } else {
            dropped.incrementAndGet();
        }
    }

    // ---- the thread

    private void run() {
        List<Note> batch = new ArrayList<>();
        boolean isLast = false;
        while (!isLast) {
            batch.clear();
            try {
                Note first = notes.poll(untilWakeup(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    batch.add(first);
                    notes.drainTo(batch, MOST_AT_ONCE - 1);
                }
                step(batch);
                isLast = isClosing && notes.isEmpty();
            } catch (InterruptedException stop) {
                // Nobody does.
                return;
            } catch (RuntimeException | Error bug) {
                LOG.error("hooks fail by an error of ours; they go on", bug);
            }
        }
    }

    private long untilWakeup() {
        if (isClosing) {
            return 0;
        }
        long now = clock.getAsLong();
        return Stream.concat(
                        Stream.of(dead.nextWakeup(now)),
                        receivers.values().stream().map(receiver -> receiver.queue.nextWakeup()))
                .mapToLong(due -> due.isPresent() ? Math.max(0, due.getAsLong() - now) : IDLE.toNanos())
                .min()
                .orElse(IDLE.toNanos());
    }

    /** What came is on the disk before any of it is told: else an order that a crash breaks would be told to nobody. */
    private void step(List<Note> batch) {
        long now = clock.getAsLong();
        List<HookQueue.Action> actions = new ArrayList<>();
        for (Note note : batch) {
            switch (note) {
                case Note.Told told -> take(told.what(), now, actions);
                case Note.Answered answered -> onAnswer(answered, now, actions);
                case Note.Closing _ -> {}
            }
        }
        receivers.values().forEach(receiver -> actions.addAll(receiver.queue.tick(now)));
        giveUp(actions);
        commit();
        actions.forEach(this::perform);
        dead.write(now).forEach(log::settle);
        receivers.values().forEach(receiver -> {
            receiver.waiting = receiver.queue.size();
            receiver.retrying = receiver.queue.retrying();
        });
    }

    private void take(HookEvents.Happened what, long now, List<HookQueue.Action> actions) {
        String body = what.body().toString();
        receivers.forEach((name, receiver) -> {
            if (receiver.target.wants(what.event())) {
                lastNumber = Math.max(lastNumber + 1, what.atMillis() * 1_000);
                Delivery delivery = new Delivery(
                        lastNumber, what.id(), name, what.line(), what.event().code(), what.atMillis(), body);
                log.add(delivery);
                if (receiver.queue.size() < settings.most()) {
                    actions.addAll(receiver.queue.add(delivery, Duration.ZERO, now));
                } else {
                    actions.add(new HookQueue.Action.GivenUp(delivery, "too much waits for this receiver", 0));
                }
            }
        });
    }

    private void onAnswer(Note.Answered answered, long now, List<HookQueue.Action> actions) {
        Receiver receiver = receivers.get(answered.what().hook());
        if (receiver == null) {
            return;
        }
        HookSender.Answer answer = answered.answer();
        if (answer.outcome() == HookQueue.Outcome.TAKEN) {
            receiver.taken.incrementAndGet();
        } else {
            receiver.failed.incrementAndGet();
            if (now - receiver.nextLineAt >= 0) {
                receiver.nextLineAt = now + LINE_EVERY.toNanos();
                LOG.warn(
                        "hook {} has not taken {} ({}); {} event(s) wait for it",
                        answered.what().hook(),
                        answered.what().event(),
                        answer.said(),
                        receiver.queue.size());
            }
        }
        actions.addAll(receiver.queue.onAnswer(answered.what().number(), answer.outcome(), now));
    }

    private void perform(HookQueue.Action action) {
        switch (action) {
            case HookQueue.Action.Send send -> {
                if (!isClosing) {
                    send(send.what());
                }
            }
            case HookQueue.Action.Settled settled -> log.settle(settled.what());
            case HookQueue.Action.GivenUp _ -> {} // see giveUp
        }
    }

    private void send(Delivery what) {
        Receiver receiver = receivers.get(what.hook());
        if (receiver != null) {
            CompletableFuture<?> _ = sender.send(what, receiver.target)
                    .whenComplete((answer, _) -> notes.add(new Note.Answered(what, answer)));
        }
    }

    /** Before {@link #commit}, which may write the file anew with what waits alone: somebody has to know of these. */
    private void giveUp(List<HookQueue.Action> actions) {
        for (HookQueue.Action action : actions) {
            if (action instanceof HookQueue.Action.GivenUp lost) {
                giveUp(lost);
            }
        }
    }

    private void giveUp(HookQueue.Action.GivenUp lost) {
        Delivery what = lost.what();
        @Nullable Receiver receiver = receivers.get(what.hook());
        if (receiver != null) {
            receiver.givenUp.incrementAndGet();
        }
        dead.add(new DeadLetters.Letter(what, lost.why(), lost.attempts()));
    }

    private void commit() {
        try {
            log.commit();
            if (isBroken) {
                isBroken = false;
                LOG.info("hooks: what waits is written again");
            }
        } catch (IOException failed) {
            onDiskFailed(failed);
        }
    }

    private void onDiskFailed(IOException failed) {
        diskFailures.incrementAndGet();
        if (!isBroken) {
            isBroken = true;
            LOG.error("hooks: what waits cannot be written ({}); it is told all the same", failed.toString());
        }
    }

    // ---- for those who look

    /**
     * What is counted for one receiver since the start.
     *
     * @param taken how much it has
     * @param failed how many tries were in vain
     * @param givenUp how much it was not delivered
     * @param waiting how much waits for it now
     */
    public record Counts(long taken, long failed, long givenUp, int waiting) {}

    /** By receiver. */
    public Map<String, Counts> counts() {
        Map<String, Counts> all = new LinkedHashMap<>();
        receivers.forEach((name, receiver) -> all.put(
                name,
                new Counts(receiver.taken.get(), receiver.failed.get(), receiver.givenUp.get(), receiver.waiting)));
        return all;
    }

    /** How much was told to nobody and is kept nowhere: more than {@code most-dead}, or faster than it could be taken. */
    public long dropped() {
        return dropped.get() + dead.dropped();
    }

    /** Everything worth knowing; no secrets, no numbers. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        receivers.forEach((name, receiver) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("taken", receiver.taken.get());
            one.put("failed", receiver.failed.get());
            one.put("givenUp", receiver.givenUp.get());
            one.put("waiting", receiver.waiting);
            one.put("linesThatRetry", receiver.retrying);
            state.put(name, one);
        });
        state.put("unread", notes.size());
        state.put("calls", events.calls());
        state.put("dropped", dropped());
        state.put("undeliveredUnwritten", dead.waiting());
        state.put("diskFailures", diskFailures.get() + dead.failures());
        return state;
    }

    /** Writes what waits; what is not delivered yet is told after the next start. */
    @Override
    public void close() {
        isClosing = true;
        notes.add(new Note.Closing());
        try {
            if (thread.join(CLOSING)) {
                commit();
                log.close();
            } else {
                LOG.warn("the disk of hooks does not answer; its files are left to the end of the process");
            }
            sender.close();
            lock.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception unclean) {
            LOG.warn("hooks did not close cleanly: {}", unclean.toString());
        }
    }

    /** The receiver of this name, if there is one. */
    static Optional<HookTarget> target(HookSettings settings, String name) {
        return Optional.ofNullable(settings.to().get(name));
    }
}
