package io.ringdown.media.sdp;

import io.ringdown.media.TrunkSrtp;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import io.ringdown.media.srtp.SrtpState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one dialog with a trunk: what of {@code a=crypto} is offered, taken and answered (RFC 4568, RFC 8643). Our own keys
 * stay as long as the trunk's do, so that nobody has to guess rollover counters; a new key of the trunk in an offer of its own is
 * answered with a new one of ours. Pure; one thread at a time. What is only looked at changes nothing here.
 */
public final class Sdes {
    private static final Set<String> PLAIN = Set.of("RTP/AVP", "RTP/AVPF");
    private static final Set<String> SECURE = Set.of("RTP/SAVP", "RTP/SAVPF");

    private final TrunkSrtp use;
    private final Consumer<byte[]> random;
    private final Map<SrtpProfile, SrtpKeys.Master> ours = new EnumMap<>(SrtpProfile.class);
    private @Nullable SrtpKeys agreed;
    private boolean isSecure;

    /**
     * A dialog that has agreed on nothing yet.
     *
     * @param random fills an array with what nobody can guess
     */
    public Sdes(TrunkSrtp use, Consumer<byte[]> random) {
        this.use = use;
        this.random = random;
        this.isSecure = use == TrunkSrtp.REQUIRED;
    }

    /** Goes on where another one has stopped. */
    Sdes(TrunkSrtp use, Consumer<byte[]> random, NegotiationState from) {
        this(use, random);
        isSecure = from.isSecure();
        agreed = from.agreed()
                .flatMap(NegotiationState.Format::keys)
                .map(SrtpState.Keys::keys)
                .orElse(null);
        from.ourKeys().forEach(key -> ours.put(key.suite(), key.master()));
    }

    /** What an offer of ours is encrypted by; see {@link NegotiationState}. */
    boolean isSecure() {
        return isSecure;
    }

    /** Our keys that hold or were offered. */
    List<NegotiationState.Key> keys() {
        return ours.entrySet().stream()
                .map(entry -> NegotiationState.Key.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Plain RTP only. */
    static Sdes off() {
        return new Sdes(TrunkSrtp.OFF, key -> {
            throw new IllegalStateException("no keys without SRTP");
        });
    }

    /** What an offer of ours says. */
    String protocol() {
        return isSecure ? "RTP/SAVP" : "RTP/AVP";
    }

    /** The attributes of an offer of ours: each suite under its number and with its own key. */
    List<String> offer() {
        if (use == TrunkSrtp.OFF) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (SrtpProfile suite : SrtpProfile.SUITES) {
            lines.add(new CryptoLine(tag(suite), suite, ours.computeIfAbsent(suite, this::draw)).written());
        }
        return lines;
    }

    /** Whether a medium of an offer may be taken; its codecs are somebody else's affair. */
    boolean takes(MediaDescription offered) {
        if (SECURE.contains(offered.protocol())) {
            return usable(offered).isPresent();
        }
        return use != TrunkSrtp.REQUIRED && PLAIN.contains(offered.protocol());
    }

    /** Whether it would be encrypted. */
    boolean encrypts(MediaDescription offered) {
        return usable(offered).isPresent();
    }

    /** The line of an offer that we answer, its writer's first that we can. */
    Optional<Taken> take(MediaDescription offered) {
        return usable(offered).map(line -> {
            SrtpKeys.Master our = answerTo(line);
            return new Taken(
                    new CryptoLine(line.tag(), line.suite(), our), new SrtpKeys(line.suite(), our, line.master()));
        });
    }

    private SrtpKeys.Master answerTo(CryptoLine line) {
        SrtpKeys before = agreed;
        if (before != null
                && before.profile() == line.suite()
                && before.theirs().equals(line.master())) {
            return before.ours();
        }
        return draw(line.suite());
    }

    /** A line that is answered, and the keys that hold then. */
    record Taken(CryptoLine answer, SrtpKeys keys) {}

    /** Whether an answer to our offer keeps to it. */
    boolean fits(MediaDescription answered) {
        boolean isKeyed = keys(answered).isPresent();
        if (SECURE.contains(answered.protocol())) {
            return isKeyed;
        }
        boolean isUnkeyed = !answered.section().has("crypto");
        boolean mayBePlain = use == TrunkSrtp.OFF || (use == TrunkSrtp.BEST_EFFORT && (isKeyed || isUnkeyed));
        return PLAIN.contains(answered.protocol()) && mayBePlain;
    }

    /** The keys of an answer to our offer; empty if it is plain, or names none of the lines that we offered. */
    Optional<SrtpKeys> keys(MediaDescription answered) {
        if (use == TrunkSrtp.OFF) {
            return Optional.empty();
        }
        List<CryptoLine> lines = lines(answered);
        if (lines.size() != 1 || answered.section().attributes("crypto").size() != 1) {
            return Optional.empty(); // RFC 4568 §6.1: an answer has one
        }
        CryptoLine line = lines.getFirst();
        SrtpKeys.Master our = ours.get(line.suite());
        return our != null && line.tag() == tag(line.suite())
                ? Optional.of(new SrtpKeys(line.suite(), our, line.master()))
                : Optional.empty();
    }

    /** A description has been accepted: these keys hold, or none. */
    void remember(MediaDescription accepted, Optional<SrtpKeys> keys) {
        isSecure = SECURE.contains(accepted.protocol()) || use == TrunkSrtp.REQUIRED;
        agreed = keys.orElse(null);
        keys.ifPresent(now -> ours.put(now.profile(), now.ours()));
    }

    /** What we carry audio over, and with what keys, for messages. */
    String wanted() {
        return switch (use) {
            case OFF -> "RTP/AVP; srtp is off for this trunk";
            case BEST_EFFORT -> "RTP/AVP, or RTP/SAVP with an a=crypto of " + suites();
            case REQUIRED -> "RTP/SAVP with an a=crypto of " + suites() + "; srtp is required on this trunk";
        };
    }

    private Optional<CryptoLine> usable(MediaDescription offered) {
        return use == TrunkSrtp.OFF ? Optional.empty() : lines(offered).stream().findFirst();
    }

    private static List<CryptoLine> lines(MediaDescription medium) {
        return medium.section().attributes("crypto").stream()
                .flatMap(value -> CryptoLine.parse(value).stream())
                .toList();
    }

    private SrtpKeys.Master draw(SrtpProfile suite) {
        byte[] key = new byte[suite.keyLength()];
        byte[] salt = new byte[suite.saltLength()];
        random.accept(key);
        random.accept(salt);
        return new SrtpKeys.Master(key, salt);
    }

    private static int tag(SrtpProfile suite) {
        return SrtpProfile.SUITES.indexOf(suite) + 1;
    }

    private static List<String> suites() {
        return SrtpProfile.SUITES.stream().map(SrtpProfile::suite).toList();
    }
}
