package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges every call out before its INVITE: a dial, where a trunk redirects it to, where a call is transferred to. Calls for help are
 * none of its business. Thread-safe; what is counted is behind one lock, under which nothing waits.
 */
public final class Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final int MOST_SHOWN = 100;
    // Beyond, the oldest are taken for over.
    private static final int MOST_HANDED_OVER = 10_000;

    private final GuardSettings settings;
    private final NumberPlan plan;
    private final Users users;
    private final SingleUse singleUse;
    private final InstantSource time;
    private final LongSupplier clock;
    private final LongestMatch<Rate> rates;
    private final Map<Refusal.Reason, AtomicLong> refused = new EnumMap<>(Refusal.Reason.class);
    private final ReentrantLock lock = new ReentrantLock();
    private final Tally tally = new Tally();
    private final RefusalLog refusals = new RefusalLog();
    private final Velocity velocity;
    // Calls that are a trunk's, in the order in which they are taken for over; behind the lock.
    private final Deque<HandedOver> handedOver = new ArrayDeque<>();
    private volatile DestinationRules destinations;
    // As of which state of the file, and what was told of one that cannot be used; on the one thread that reads it.
    private String rangesAsOf = "";
    private String rangesUnfit = "";

    private Guard(
            GuardSettings settings,
            NumberPlan plan,
            Users users,
            SingleUse singleUse,
            InstantSource time,
            LongSupplier clock,
            LongestMatch<Rate> rates) {
        this.settings = settings;
        this.plan = plan;
        this.users = users;
        this.singleUse = singleUse;
        this.time = time;
        this.clock = clock;
        this.rates = rates;
        this.velocity = new Velocity(settings.alarm());
        this.destinations = new DestinationRules(settings, plan.home(), Map.of());
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            refused.put(reason, new AtomicLong());
        }
    }

    /**
     * A guard that knows of no calls yet. Blocks while it reads its files.
     *
     * @param singleUse takes the names of tokens that are good for one call
     * @param time the time of day
     * @param clock nanoseconds, steady
     * @throws GuardException if a file cannot be used
     */
    public static Guard open(
            GuardSettings settings,
            NumberPlan plan,
            Users users,
            SingleUse singleUse,
            InstantSource time,
            LongSupplier clock)
            throws GuardException {
        Guard guard = new Guard(settings, plan, users, singleUse, time, clock, rates(settings.rates()));
        guard.readRanges();
        return guard;
    }

    /** One that lets every number through, without caps: for who has other rules. */
    public static Guard lenient(NumberPlan plan, Users users, InstantSource time, LongSupplier clock) {
        return new Guard(
                GuardSettings.everything(), plan, users, (_, _, _) -> true, time, clock, new LongestMatch<>(Map.of()));
    }

    private static LongestMatch<Rate> rates(GuardSettings.RateSettings settings) throws GuardException {
        Map<String, Rate> rates = new HashMap<>();
        Optional<Path> file = settings.file();
        if (file.isPresent()) {
            PrefixFile.rates(file.get()).forEach(rate -> rates.put(rate.prefix().digits(), rate));
        }
        settings.table().forEach(rate -> rates.put(rate.prefix().digits(), rate));
        return new LongestMatch<>(rates);
    }

    // ---- the ranges known for fraud

    /** Reads the ranges again if their file is another; what cannot be read changes nothing and is told. Blocks. */
    public void refresh() {
        try {
            readRanges();
            rangesUnfit = "";
        } catch (GuardException unfit) {
            String why = String.valueOf(unfit.getMessage());
            if (!why.equals(rangesUnfit)) {
                rangesUnfit = why;
                LOG.warn("guard.ranges-file: {}; what was read before stays in force", why);
            }
        }
    }

    private void readRanges() throws GuardException {
        Optional<Path> file = settings.rangesFile();
        if (file.isEmpty()) {
            return;
        }
        String asOf = stamp(file.get());
        if (!asOf.equals(rangesAsOf)) {
            Map<String, String> ranges = PrefixFile.ranges(file.get());
            // Not before: what could not be read is tried again, though its time and size stay.
            rangesAsOf = asOf;
            destinations = new DestinationRules(settings, plan.home(), ranges);
            LOG.info("{} range(s) known for fraud were read", ranges.size());
        }
    }

    private static String stamp(Path file) throws GuardException {
        try {
            return Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException unreadable) {
            throw new GuardException(file + " cannot be read: " + unreadable.getMessage());
        }
    }

    // ---- calls

    /** What a wish comes to. */
    public sealed interface Verdict {
        /** The call may be made; what it holds is ended with it. */
        record Allowed(Hold hold) implements Verdict {}

        /** It may not. */
        record Refused(Refusal why) implements Verdict {}
    }

    /** How long this token lets a call out last, from its answer. */
    public Duration longest(Grant grant) {
        return grant.longest()
                .filter(own -> own.compareTo(settings.longest()) < 0)
                .orElse(settings.longest());
    }

    /** A call that is to be made now: counted, and its first piece reserved, or refused. */
    public Verdict admit(Wish wish) {
        Destination to = Destination.of(wish.to(), plan);
        Optional<Refusal> refusal = refusalByRules(wish, to, true);
        if (refusal.isPresent()) {
            return refuse(wish, refusal.get());
        }
        List<String> pace = pace(wish, to);
        Optional<Refusal> alarmed = refusalByAlarm(pace);
        if (alarmed.isPresent()) {
            return refuse(wish, alarmed.get());
        }
        Optional<Rate> rate = rate(to);
        List<Tally.Line> lines = lines(wish, to);
        long now = clock.getAsLong();
        Tally.Outcome outcome = locked(() -> {
            endHandedOver(now);
            return tally.take(Per.network(wish.from()), lines, rate, today(), now);
        });
        return switch (outcome) {
            case Tally.Outcome.Full full -> refuse(wish, full(full.limit()));
            case Tally.Outcome.Taken taken -> admitted(wish, new Hold(this, taken.entry(), rate, pace, now));
        };
    }

    /**
     * Whether a token opens a call to somebody in the house that goes on with one that is counted already; the only call of a token
     * for one is used up by it. Empty if it does.
     */
    public Optional<Refusal> refusalWithin(Wish wish) {
        Optional<Refusal> refusal = refusalByToken(wish).or(() -> useUp(wish));
        refusal.ifPresent(why -> refuse(wish, why));
        return refusal;
    }

    /**
     * A call to somebody in the house that is to be made now. It costs nothing, so that its token judges it and nothing else; but it
     * takes somebody's time: it is counted by what the token says of calls at once, and that of who is no user of the house by limits
     * per token and per address that count no talk.
     */
    public Verdict admitWithin(Wish wish) {
        Optional<Refusal> refusal = refusalByToken(wish);
        if (refusal.isPresent()) {
            return refuse(wish, refusal.get());
        }
        List<Tally.Line> lines = linesWithin(wish);
        long now = clock.getAsLong();
        Tally.Outcome outcome = locked(() -> {
            endHandedOver(now);
            return tally.take(Per.network(wish.from()), lines, Optional.empty(), today(), now);
        });
        return switch (outcome) {
            case Tally.Outcome.Full full -> refuse(wish, full(full.limit()));
            case Tally.Outcome.Taken taken -> {
                Hold hold = Hold.within(this, taken.entry(), now);
                Optional<Refusal> used = useUp(wish);
                used.ifPresent(_ -> hold.withdraw());
                yield used.isPresent() ? refuse(wish, used.get()) : new Verdict.Allowed(hold);
            }
        };
    }

    private Optional<Refusal> refusalByToken(Wish wish) {
        Grant grant = wish.grant();
        if (grant.isOver(now())) {
            return refusal(Refusal.Reason.TOKEN_EXPIRED, "its token has run out");
        }
        return grant.destinations().filter(own -> !own.has(wish.to(), plan)).isPresent()
                ? refusal(Refusal.Reason.TOKEN_DESTINATION, "its token is not for this number")
                : Optional.empty();
    }

    /** Uses up a token that is for one call; why that cannot be, if it is used up. */
    private Optional<Refusal> useUp(Wish wish) {
        Grant grant = wish.grant();
        return grant.once()
                        && !singleUse.use(
                                grant.token().orElseThrow(), grant.expires().orElse(Instant.MAX), now())
                ? refusal(Refusal.Reason.TOKEN_USED, "its token was for one call")
                : Optional.empty();
    }

    private Verdict admitted(Wish wish, Hold hold) {
        Optional<Refusal> used = useUp(wish);
        if (used.isPresent()) {
            locked(() -> tally.withdraw(hold.entry()));
            return refuse(wish, used.get());
        }
        hold.pace().forEach(this::watch);
        return new Verdict.Allowed(hold);
    }

    /** Whose calls are watched for what is unusual. */
    private static List<String> pace(Wish wish, Destination to) {
        return Stream.concat(
                        Stream.of("user " + wish.subject()), to.country().map(country -> "country " + country).stream())
                .toList();
    }

    private Optional<Refusal> refusalByAlarm(List<String> pace) {
        return pace.stream().anyMatch(who -> locked(() -> velocity.isBlocked(who, clock.getAsLong())))
                ? refusal(Refusal.Reason.ALARM, "guard.alarm")
                : Optional.empty();
    }

    private void watch(String who) {
        if (locked(() -> velocity.on(who, clock.getAsLong()))) {
            LOG.warn(
                    "ALARM: {} has more than {} calls in ten minutes, {} times the usual{}",
                    who,
                    settings.alarm().calls().orElse(0),
                    settings.alarm().times(),
                    settings.alarm().block().isZero()
                            ? ""
                            : "; further ones are refused for "
                                    + settings.alarm().block());
        }
    }

    private static Refusal full(String limit) {
        return new Refusal(Refusal.Reason.CAP, "guard.limits " + limit);
    }

    /**
     * Whether a trunk may send a call that was let through to another number: that is no new call, so its token may have run out,
     * but a number that its caller could call, at no higher price where somebody counts that. Limits that count it there and not
     * yet do so from now on, until it is over, as they would a dial; so does what is watched for an alarm.
     */
    public boolean mayRedirect(Hold hold, Wish wish) {
        Destination to = Destination.of(wish.to(), plan);
        Optional<Rate> rate = rate(to);
        List<Tally.Line> lines = lines(wish, to);
        List<String> further = pace(wish, to).stream()
                .filter(who -> locked(() -> !hold.pace().contains(who)))
                .toList();
        Optional<Refusal> refusal = refusalByRules(wish, to, false)
                .or(() -> refusalByReserve(hold, lines, rate))
                .or(() -> refusalByAlarm(further))
                .or(() -> countAlso(hold, wish, lines, rate).map(Guard::full));
        refusal.ifPresentOrElse(
                why -> refuse(wish, why),
                () -> further.stream()
                        .filter(who -> locked(() -> hold.pace().add(who)))
                        .forEach(this::watch));
        return refusal.isEmpty();
    }

    private static Optional<Refusal> refusalByReserve(Hold hold, List<Tally.Line> lines, Optional<Rate> rate) {
        if (hold.isMetered() && isDearer(rate, hold.rate())) {
            return refusal(Refusal.Reason.NOT_METERED, "it is dearer than what was reserved");
        }
        return lines.stream().anyMatch(line -> line.limit().isMetered() && !hold.isReservedBy(line))
                ? refusal(Refusal.Reason.NOT_METERED, "a limit counts its talk that does not count the call's")
                : Optional.empty();
    }

    /** The limit that is in the way; empty if all of them count the call now. */
    private Optional<String> countAlso(Hold hold, Wish wish, List<Tally.Line> lines, Optional<Rate> rate) {
        long now = clock.getAsLong();
        return locked(() -> {
            endHandedOver(now);
            return tally.takeAlso(hold.entry(), Per.network(wish.from()), lines, rate, today(), now);
        });
    }

    private static boolean isDearer(Optional<Rate> rate, Optional<Rate> reserved) {
        if (rate.isEmpty() || reserved.isEmpty()) {
            return rate.isPresent() != reserved.isPresent();
        }
        Duration hour = Duration.ofHours(1);
        return rate.get().price(hour).compareTo(reserved.get().price(hour)) > 0
                || rate.get().price(Tally.PIECE).compareTo(reserved.get().price(Tally.PIECE)) > 0;
    }

    /** Whether calls of this token are bound so that only we may have them: nobody here can measure or end a trunk's own call. */
    public static boolean isBound(Grant grant) {
        return grant.once() || grant.longest().isPresent() || grant.calls().isPresent();
    }

    /**
     * A call that a trunk is to be asked to make itself: judged and counted as any, but that it may not be one whose talk is counted,
     * nor one of a token that bounds how many calls there are or how long.
     */
    public Verdict admitHandOver(Wish wish) {
        Destination to = Destination.of(wish.to(), plan);
        Optional<Refusal> refusal = refusalByRules(wish, to, true);
        List<Tally.Line> lines = lines(wish, to);
        if (refusal.isEmpty()
                && (isBound(wish.grant())
                        || lines.stream().anyMatch(line -> line.limit().isMetered()))) {
            refusal = Optional.of(new Refusal(
                    Refusal.Reason.NOT_METERED,
                    "a call that its trunk makes itself can neither be measured nor ended"));
        }
        return refusal.isPresent() ? refuse(wish, refusal.get()) : admit(wish);
    }

    /** A call that was let through before, or elsewhere, and goes on here after so much talk: counted whatever the limits. */
    public Hold keep(Wish wish, Duration talked) {
        Destination to = Destination.of(wish.to(), plan);
        Optional<Rate> rate = rate(to);
        List<Tally.Line> lines = lines(wish, to);
        long now = clock.getAsLong();
        return new Hold(this, locked(() -> tally.keep(lines, rate, talked, today(), now)), rate, List.of(), now);
    }

    /** Counts what calls of today, which are over, have used. */
    public void recall(Collection<PastCall> calls) {
        long today = today();
        for (PastCall call : calls) {
            if (day(call.end()) == today) {
                Wish wish = wish(call);
                Destination to = Destination.of(call.to(), plan);
                Money spent = rate(to).map(rate -> rate.price(call.talked())).orElse(Money.NONE);
                List<Tally.Line> lines = lines(wish, to);
                locked(() -> {
                    tally.recall(lines, call.talked(), spent, today);
                    return true;
                });
            }
        }
    }

    private static Wish wish(PastCall call) {
        Grant all = Grant.ALL;
        Grant grant = new Grant(
                call.asker().token(),
                false,
                all.expires(),
                all.destinations(),
                all.callerIds(),
                all.calls(),
                all.longest(),
                call.asker().costClass());
        return new Wish(
                call.asker().subject(),
                grant,
                call.asker().from(),
                call.to(),
                io.ringdown.gateway.routing.Caller.UNSAID);
    }

    Duration covered(Hold hold) {
        return locked(hold.entry()::covered);
    }

    boolean more(Hold hold) {
        return locked(() -> tally.more(hold.entry(), today(), clock.getAsLong()));
    }

    /** Nothing of it was ever sent: as if it had not been asked for. */
    void withdraw(Hold hold) {
        locked(() -> {
            if (tally.withdraw(hold.entry())) {
                hold.pace().forEach(who -> velocity.back(who, hold.begunAt()));
            }
            return true;
        });
    }

    /** A call that goes on at its trunk: it cannot be seen when it ends, so it is counted for as long as calls may last. */
    private record HandedOver(Tally.Entry call, long until) {}

    void handOver(Hold hold, Duration talked) {
        locked(() -> {
            if (hold.entry().hasCapAtOnce()) {
                handedOver.addLast(new HandedOver(
                        hold.entry(), clock.getAsLong() + settings.longest().toNanos()));
                if (handedOver.size() > MOST_HANDED_OVER) {
                    tally.end(handedOver.removeFirst().call(), Duration.ZERO);
                }
            } else {
                tally.end(hold.entry(), talked);
            }
            return true;
        });
    }

    private void endHandedOver(long now) {
        while (!handedOver.isEmpty() && handedOver.getFirst().until() - now <= 0) {
            tally.end(handedOver.removeFirst().call(), Duration.ZERO);
        }
    }

    void end(Hold hold, Duration talked) {
        locked(() -> {
            tally.end(hold.entry(), talked);
            return true;
        });
    }

    // ---- rules

    /** Why a call may never be made, whatever was before it. {@code isNew}: the token has to be good still. */
    private Optional<Refusal> refusalByRules(Wish wish, Destination to, boolean isNew) {
        Grant grant = wish.grant();
        if (isNew && grant.isOver(now())) {
            return refusal(Refusal.Reason.TOKEN_EXPIRED, "its token has run out");
        }
        Optional<Refusal> there = destinations.refusal(to);
        if (there.isPresent()) {
            return there;
        }
        if (grant.destinations().filter(own -> !own.has(to.number(), plan)).isPresent()) {
            return refusal(Refusal.Reason.TOKEN_DESTINATION, "its token is not for this number");
        }
        return refusalOfCaller(wish).or(() -> refusalByPrice(wish, to));
    }

    private Optional<Refusal> refusalOfCaller(Wish wish) {
        Optional<PhoneNumber> shown = wish.caller().number().map(plan::canonical);
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        Optional<List<PhoneNumber>> ofToken = wish.grant().callerIds();
        if (ofToken.isPresent()) {
            return ofToken.get().stream().map(plan::canonical).anyMatch(shown.get()::equals)
                    ? Optional.empty()
                    : refusal(Refusal.Reason.CALLER_ID, "its token does not let it show this caller id");
        }
        List<PhoneNumber> own = users.numbersOf(wish.subject());
        boolean isFree = settings.callerIds()
                .map(ids -> ids.stream().anyMatch(prefix -> prefix.matches(shown.get())))
                .orElse(own.isEmpty());
        return isFree || own.contains(shown.get())
                ? Optional.empty()
                : refusal(Refusal.Reason.CALLER_ID, "neither a number of this user's nor in guard.caller-ids");
    }

    private Optional<Refusal> refusalByPrice(Wish wish, Destination to) {
        Optional<Rate> rate = rate(to);
        Optional<String> name = wish.grant().costClass();
        if (name.isPresent()) {
            Optional<CostClass> its = Optional.ofNullable(settings.classes().get(name.get()));
            if (its.isEmpty()) {
                return refusal(Refusal.Reason.COST_CLASS, "guard.classes has no class of its token's name");
            }
            if (!its.get().has(to, rate)) {
                return refusal(Refusal.Reason.COST_CLASS, "guard.classes " + name.get());
            }
        }
        boolean isPriced = lines(wish, to).stream()
                .anyMatch(line -> line.limit().spendPerDay().isPresent());
        return isPriced && rate.isEmpty()
                ? refusal(Refusal.Reason.NO_RATE, "guard.rates has no price for it, and a limit counts what calls cost")
                : Optional.empty();
    }

    private List<Tally.Line> linesWithin(Wish wish) {
        return users.has(wish.subject())
                ? ofItsToken(wish).stream().toList()
                : lines(wish, Destination.of(wish.to(), plan)).stream()
                        .filter(line -> line.limit().isOfVisitors())
                        .toList();
    }

    private List<Tally.Line> lines(Wish wish, Destination to) {
        List<Tally.Line> lines = new ArrayList<>();
        for (int i = 0; i < settings.limits().size(); i++) {
            Limit limit = settings.limits().get(i);
            String number = i + " ";
            if (limit.where().fits(wish, to, users)) {
                limit.per().key(wish, to).ifPresent(key -> lines.add(new Tally.Line(limit, number + key)));
            }
        }
        ofItsToken(wish).ifPresent(lines::add);
        return lines;
    }

    private static Optional<Tally.Line> ofItsToken(Wish wish) {
        return wish.grant().calls().stream()
                .mapToObj(most -> new Tally.Line(
                        Limit.of(new Per(Per.What.TOKEN, 0))
                                .named("the token's own")
                                .withAtOnce(most),
                        wish.tokenOrSubject()))
                .findFirst();
    }

    private Optional<Rate> rate(Destination to) {
        return rates.of(to.number()).map(LongestMatch.Match::said);
    }

    private static Optional<Refusal> refusal(Refusal.Reason reason, String rule) {
        return Optional.of(new Refusal(reason, rule));
    }

    private Verdict refuse(Wish wish, Refusal why) {
        Optional.ofNullable(refused.get(why.reason())).ifPresent(AtomicLong::incrementAndGet);
        refusals.tell(wish, why, clock.getAsLong());
        return new Verdict.Refused(why);
    }

    // ---- to look at

    /** What would become of a call, and why, in words; nothing is counted. */
    public String explain(Wish wish) {
        Destination to = Destination.of(wish.to(), plan);
        Optional<Refusal> refusal = refusalByRules(wish, to, true);
        if (refusal.isPresent()) {
            return "refused as " + (refusal.get().reason().isLimit() ? "limit-reached" : "not-permitted") + ": "
                    + refusal.get();
        }
        List<Tally.Line> lines = lines(wish, to);
        return "allowed"
                + rate(to).map(rate ->
                                ", at " + rate.price() + " " + settings.rates().currency() + " a minute")
                        .orElse("")
                + (lines.isEmpty()
                        ? ", counted by no limit"
                        : ", counted by "
                                + String.join(
                                        ", ",
                                        lines.stream()
                                                .map(line -> line.limit().title())
                                                .toList()))
                + ", at most " + longest(wish.grant()).toMinutes() + " minutes";
    }

    /** What may be called and how much, in lines for people. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        DestinationRules rules = destinations;
        if (!rules.isOpen()) {
            lines.add(
                    "NO NUMBER MAY BE CALLED: write which countries into guard.countries, such as [DE, AT], or where you"
                            + " are into numbers.country.");
        } else {
            lines.add("Calls may go to "
                    + (settings.allow().stream()
                                    .anyMatch(prefix -> prefix.digits().isEmpty())
                            ? "every country"
                            : rules.countries().isEmpty()
                                    ? "no country as a whole"
                                    : String.join(
                                            ", ",
                                            rules.countries().stream()
                                                    .map(Object::toString)
                                                    .sorted()
                                                    .toList()))
                    + (settings.allow().isEmpty() ? "" : ", and to " + settings.allow())
                    + (settings.deny().isEmpty() ? "" : ", never to " + settings.deny())
                    + (settings.refuseTypes().isEmpty()
                            ? ""
                            : ", to none of "
                                    + String.join(
                                            ", ",
                                            settings.refuseTypes().stream()
                                                    .map(type -> type.name()
                                                            .toLowerCase(java.util.Locale.ROOT)
                                                            .replace('_', '-'))
                                                    .sorted()
                                                    .toList()))
                    + ".");
        }
        warnOfLocal("deny", settings.deny(), lines);
        warnOfLocal("allow", settings.allow(), lines);
        lines.add("  "
                + (settings.limits().isEmpty()
                        ? "No limit counts them"
                        : "Limits: "
                                + String.join(
                                        ", ",
                                        settings.limits().stream()
                                                .map(Limit::title)
                                                .toList()))
                + "; none lasts longer than " + settings.longest().toMinutes() + " minutes.");
        if (settings.callerIds().isEmpty()) {
            lines.add(
                    "  Callers may show any number as theirs, but users who have numbers: guard.caller-ids is not set.");
        }
        return lines;
    }

    private static void warnOfLocal(String key, List<Prefix> prefixes, List<String> lines) {
        List<String> local = prefixes.stream()
                .map(Prefix::digits)
                .filter(digits -> !digits.isEmpty() && !digits.startsWith("+"))
                .toList();
        if (!local.isEmpty()) {
            lines.add("  guard." + key + " " + local
                    + " have no +: they fit short numbers and what else is local, and no number of the world; for that"
                    + " write such as +49137.");
        }
    }

    /** Whether any number can be called. */
    public boolean isOpen() {
        return destinations.isOpen();
    }

    /** How many calls were refused, by reason. */
    public Map<Refusal.Reason, Long> refused() {
        Map<Refusal.Reason, Long> all = new EnumMap<>(Refusal.Reason.class);
        refused.forEach((reason, count) -> all.put(reason, count.get()));
        return all;
    }

    /** How often there were unusually many calls. */
    public long alarms() {
        return locked(velocity::raised);
    }

    /** What is counted under keys of their own. */
    public int counted() {
        return locked(tally::size);
    }

    /** What is used of the limits, the busiest first, with numbers masked. */
    public Map<String, Object> debugState() {
        List<Map<String, Object>> used = new ArrayList<>();
        locked(tally::all).entrySet().stream()
                .sorted((one, other) -> Integer.compare(
                        other.getValue().atOnce(), one.getValue().atOnce()))
                .limit(MOST_SHOWN)
                .forEach(entry -> used.add(describe(entry.getKey(), entry.getValue())));
        Map<String, Object> state = new LinkedHashMap<>();
        Map<String, Object> reasons = new LinkedHashMap<>();
        refused().forEach((reason, count) -> reasons.put(reason.code(), count));
        state.put("refused", reasons);
        state.put("alarms", alarms());
        state.put("counted", counted());
        state.put("limits", used);
        return state;
    }

    private Map<String, Object> describe(Tally.Line line, Usage usage) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("limit", line.limit().title());
        map.put("who", masked(line));
        map.put("atOnce", usage.atOnce());
        map.put("today", usage.today());
        map.put("minutesToday", usage.millis() / 60_000);
        map.put("spentToday", new Money(usage.micros()).toString());
        return map;
    }

    private static String masked(Tally.Line line) {
        String key = line.key().substring(line.key().indexOf(' ') + 1);
        return switch (line.limit().per().what()) {
            case DESTINATION, PREFIX ->
                PhoneNumber.of(key).map(PhoneNumber::toString).orElse("-");
            case TOTAL, TOKEN, USER, COUNTRY, ADDRESS -> key;
        };
    }

    // ---- time

    private Instant now() {
        return time.instant();
    }

    /** When today began. */
    public Instant midnight() {
        return now().atZone(settings.zone().id())
                .toLocalDate()
                .atStartOfDay(settings.zone().id())
                .toInstant();
    }

    private long today() {
        return day(now());
    }

    private long day(Instant at) {
        return at.atZone(settings.zone().id()).toLocalDate().toEpochDay();
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }
}
