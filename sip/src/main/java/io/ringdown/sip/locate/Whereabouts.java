package io.ringdown.sip.locate;

import io.ringdown.sip.TrunkAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of where one trunk is, kept fresh: sans-IO, not safe for threads. After each input drain
 * {@link #takeQuestions}, each of which wants one {@link #onAnswer}; then wait for it or for {@link #nextWakeup}. All times
 * are of one monotonic clock in nanoseconds.
 *
 * <p>An answer is asked for again when 80 % of its time have passed. While nobody answers, the last one goes on for an hour
 * beyond its time (RFC 8767); that a name does not exist is believed at once. The times of the DNS are held between
 * {@link #LEAST_TTL} and {@link #MOST_TTL}.
 */
public final class Whereabouts {
    /** What {@link #nextWakeup} says when nothing is waited for. */
    public static final long NEVER = Long.MAX_VALUE;

    static final Duration LEAST_TTL = Duration.ofSeconds(5);
    static final Duration MOST_TTL = Duration.ofHours(1);
    static final Duration NEGATIVE_TTL = Duration.ofSeconds(30);
    static final Duration STALE = Duration.ofHours(1);
    static final Duration RETRY = Duration.ofSeconds(5);

    private final TrunkAddress wanted;
    private final Reach reach;
    private final Map<Question, Entry> entries = new LinkedHashMap<>();
    private final Set<Question> outstanding = new HashSet<>();
    private final List<Question> questions = new ArrayList<>();
    private Location location = Location.UNKNOWN;
    private boolean settled;

    /**
     * What is held of one question.
     *
     * @param answer the last one that said something; a failure only where there was none before
     * @param at when it came
     * @param until when it stops being used
     * @param askAgainAt when it is asked again
     * @param failure why the last try failed, if it did
     */
    private record Entry(
            Answer answer,
            long at,
            long until,
            long askAgainAt,
            @Nullable String failure) {}

    /** Begins with {@link #onTime}. */
    public Whereabouts(TrunkAddress wanted, Reach reach) {
        this.wanted = wanted;
        this.reach = reach;
    }

    /** Time has passed. */
    public void onTime(long now) {
        entries.values().removeIf(entry -> now >= entry.until());
        entries.forEach((question, entry) -> {
            if (now >= entry.askAgainAt()) {
                ask(question);
            }
        });
        settle();
    }

    /** The DNS has answered, or was not reached. */
    public void onAnswer(Question question, Answer answer, long now) {
        if (!outstanding.remove(question)) {
            return; // of a question that nothing rests on any more
        }
        entries.put(
                question,
                switch (answer) {
                    case Answer.Found found -> {
                        long ttl = held(found.ttl()).toNanos();
                        yield new Entry(found, now, now + ttl + STALE.toNanos(), now + ttl / 5 * 4, null);
                    }
                    case Answer.Nothing nothing -> {
                        long ttl = NEGATIVE_TTL.toNanos();
                        yield new Entry(nothing, now, now + ttl + STALE.toNanos(), now + ttl, null);
                    }
                    case Answer.Failed failed -> failed(failed, entries.get(question), now);
                });
        settle();
    }

    private static Entry failed(Answer.Failed failed, @Nullable Entry before, long now) {
        long again = now + RETRY.toNanos();
        return before == null || now >= before.until()
                ? new Entry(failed, now, NEVER, again, failed.why())
                : new Entry(before.answer(), before.at(), before.until(), again, failed.why());
    }

    private static Duration held(Duration ttl) {
        return ttl.compareTo(LEAST_TTL) < 0 ? LEAST_TTL : ttl.compareTo(MOST_TTL) > 0 ? MOST_TTL : ttl;
    }

    private void ask(Question question) {
        if (outstanding.add(question)) {
            questions.add(question);
        }
    }

    // What was found stays in use until all that is new is known.
    private void settle() {
        Locating.Step step = Locating.with(
                wanted,
                reach,
                question -> Optional.ofNullable(entries.get(question)).map(Entry::answer));
        step.missing().forEach(this::ask);
        if (step.missing().isEmpty()) {
            location = step.location();
            settled = true;
            entries.keySet().retainAll(step.used());
            outstanding.retainAll(step.used());
            questions.retainAll(step.used());
        }
    }

    /** Takes what is to be asked. */
    public List<Question> takeQuestions() {
        List<Question> taken = List.copyOf(questions);
        questions.clear();
        return taken;
    }

    /** When {@link #onTime} wants to be called next, or {@link #NEVER}. */
    public long nextWakeup() {
        long at = NEVER;
        for (Map.Entry<Question, Entry> entry : entries.entrySet()) {
            if (!outstanding.contains(entry.getKey())) {
                at = Math.min(at, entry.getValue().askAgainAt());
            }
            at = Math.min(at, entry.getValue().until());
        }
        return at;
    }

    /** Where it is; {@link Location#UNKNOWN} while nobody knows. */
    public Location location() {
        return location;
    }

    /** Whether the first look-up came to its end, found or not. */
    public boolean settled() {
        return settled;
    }

    /** Why the last try failed, where one did. */
    public Optional<String> trouble() {
        return entries.values().stream()
                .map(Entry::failure)
                .flatMap(failure -> Optional.ofNullable(failure).stream())
                .findFirst();
    }

    /** What was answered and how old it is, for the admin port. */
    public Map<String, Object> debugState(long now) {
        Map<String, Object> state = new LinkedHashMap<>();
        entries.forEach((question, entry) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("answer", describe(entry.answer()));
            one.put("age-seconds", TimeUnit.NANOSECONDS.toSeconds(now - entry.at()));
            one.put("asked-again-in-seconds", TimeUnit.NANOSECONDS.toSeconds(entry.askAgainAt() - now));
            Optional.ofNullable(entry.failure()).ifPresent(failure -> one.put("last-failure", failure));
            state.put(question.toString(), one);
        });
        return state;
    }

    private static String describe(Answer answer) {
        return switch (answer) {
            case Answer.Found(var records, Duration ttl) -> records + ", " + ttl.toSeconds() + " s";
            case Answer.Nothing() -> "nothing";
            case Answer.Failed(String why) -> "failed: " + why;
        };
    }
}
