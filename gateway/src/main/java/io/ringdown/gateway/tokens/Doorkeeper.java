package io.ringdown.gateway.tokens;

import io.ringdown.gateway.routing.User;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets in by everything that the configuration has: signed tokens, keys of users, the development key; everybody where it has
 * none of them. A signature cannot be guessed, so signed tokens are looked at from everywhere and a good one is never held off;
 * keys, which people choose, are not looked at while their address is. Thread-safe, answers at once.
 */
public final class Doorkeeper implements TokenVerifier, AutoCloseable {
    private final TokenRules rules;
    private final Optional<KeyRing> ring;
    private final Optional<TokenVerifier> keys;
    private final KnownUsers users;
    private final UsedTokens used;
    private final InstantSource time;
    private final LongSupplier clock;
    private final FailedTokens failed = new FailedTokens();
    private final Refusals refusals = new Refusals();

    /** What a token is shown for: each asks less of it than the one before. */
    private enum Use {
        CALLS,
        CALLS_THERE_ARE,
        COMING_BACK
    }

    private Doorkeeper(
            TokenSettings settings,
            Optional<KeyRing> ring,
            KnownUsers users,
            UsedTokens used,
            InstantSource time,
            LongSupplier clock) {
        this.rules = new TokenRules(settings);
        this.ring = ring;
        this.users = users;
        this.used = used;
        this.time = time;
        this.clock = clock;
        this.keys = Optional.of(TokenVerifier.of(settings, users.keys())).filter(TokenVerifier::required);
    }

    /**
     * At the door from now on; waits some seconds at most for keys that are published elsewhere.
     *
     * @param users all users by name
     * @param used who begins calls tells it which tokens have had theirs
     * @param time the time of day
     * @param clock nanoseconds, steady
     * @throws UnfitKeyException if a configured key cannot be used; the message says which
     */
    public static Doorkeeper open(
            TokenSettings settings, Map<String, User> users, UsedTokens used, InstantSource time, LongSupplier clock)
            throws UnfitKeyException {
        Optional<KeyRing> ring = settings.haveKeys() ? Optional.of(KeyRing.open(settings, clock)) : Optional.empty();
        return new Doorkeeper(settings, ring, KnownUsers.of(users), used, time, clock);
    }

    /** A line for each configured key, which was read for it; what cannot be used is thrown with all there is to say. */
    public static List<String> describeKeys(TokenSettings settings) throws UnfitKeyException {
        List<String> lines = new ArrayList<>();
        for (TokenKeySettings key : settings.keys()) {
            int count = KeyFile.open(key, settings.issuer()).look(0).size();
            lines.add(key.name() + (count == 1 ? "" : " (" + count + " keys)"));
        }
        settings.jwks()
                .ifPresent(jwks -> lines.add("those that " + jwks.url() + " publishes, fetched every "
                        + jwks.refresh().toMinutes() + " min"));
        return lines;
    }

    @Override
    public boolean required() {
        return keys.isPresent() || ring.isPresent();
    }

    @Override
    public Optional<Admission> verify(Presented shown) {
        return admit(shown, Use.CALLS);
    }

    @Override
    public Optional<Identity> identify(Presented shown) {
        return admit(shown, Use.CALLS_THERE_ARE).map(Admission::identity);
    }

    @Override
    public Optional<Identity> recognize(Presented shown) {
        return admit(shown, Use.COMING_BACK).map(Admission::identity);
    }

    @Override
    public boolean isMonitorKey(Secret key, Presented shown) {
        if (shown.token().isEmpty()) {
            return false;
        }
        boolean isHeldOff = heldOff(shown.from()).isPresent();
        if (!isHeldOff && key.matches(shown.token().get())) {
            return true;
        }
        refuse(Verdict.Bad.of(isHeldOff ? Refusal.HELD_OFF : Refusal.MONITOR_KEY), shown);
        return false;
    }

    private Optional<Admission> admit(Presented shown, Use use) {
        if (!required()) {
            return new Everybody().verify(shown);
        }
        if (shown.token().isEmpty()) {
            return refuse(Verdict.Bad.of(Refusal.MISSING), shown);
        }
        boolean isHeldOff = heldOff(shown.from()).isPresent();
        Optional<Admission> byKey = isHeldOff ? Optional.empty() : keys.flatMap(all -> all.verify(shown));
        if (byKey.isPresent()) {
            return byKey;
        }
        return switch (judge(shown.token().get(), time.instant(), use)) {
            case Verdict.Good good -> admit(good, shown, use);
            case Verdict.Bad bad
            when isHeldOff && bad.why() == Refusal.FORM -> refuse(Verdict.Bad.of(Refusal.HELD_OFF), shown);
            case Verdict.Bad bad -> refuse(bad, shown);
        };
    }

    private Verdict judge(String token, Instant now, Use use) {
        if (ring.isEmpty()) {
            return Verdict.Bad.of(Refusal.FORM);
        }
        Verdict verdict = use == Use.COMING_BACK
                ? rules.judgeEvenExpired(token, ring.get().keys(), now)
                : rules.judge(token, ring.get().keys(), now);
        if (verdict instanceof Verdict.Bad bad && bad.why() == Refusal.UNKNOWN_KEY) {
            ring.get().want();
        }
        return verdict;
    }

    private Optional<Admission> admit(Verdict.Good good, Presented shown, Use use) {
        Optional<Identity> who = users.identity(good);
        if (!good.isFor(shown.origin())) {
            return refuse(Verdict.Bad.of(Refusal.ORIGIN), shown);
        }
        if (who.isEmpty()) {
            return refuse(Verdict.Bad.of(Refusal.USER), shown);
        }
        return isUsed(good.grant()) && use == Use.CALLS
                ? refuse(Verdict.Bad.of(Refusal.USED), shown)
                : Optional.of(new Admission(who.get(), good.grant()));
    }

    private Optional<Admission> refuse(Verdict.Bad bad, Presented shown) {
        long now = clock.getAsLong();
        if (bad.why().isGuess()) {
            failed.on(shown.from(), now);
        }
        refusals.on(bad, shown, now);
        return Optional.empty();
    }

    @Override
    public boolean isSpent(Grant grant) {
        return grant.isOver(time.instant()) || isUsed(grant);
    }

    private boolean isUsed(Grant grant) {
        return grant.once() && grant.token().filter(used::isUsed).isPresent();
    }

    @Override
    public Optional<Duration> lasts(Grant grant) {
        return grant.expires().map(until -> {
            Duration left = Duration.between(time.instant(), until);
            return left.isNegative() ? Duration.ZERO : left;
        });
    }

    @Override
    public Optional<Duration> heldOff(InetAddress from) {
        return failed.wait(from, clock.getAsLong());
    }

    /** How many tokens were refused since the start, by reason. */
    public Map<String, Long> refused() {
        return refusals.counts();
    }

    /** How many key files cannot be read or used now, so that the keys which they had before still open. */
    public int staleKeyFiles() {
        return ring.map(KeyRing::stale).orElse(0);
    }

    @Override
    public void close() {
        ring.ifPresent(KeyRing::close);
    }
}
