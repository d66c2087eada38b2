package io.ringdown.media.quality;

import io.ringdown.media.quality.Diagnosis.Side;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The verdict on a call: who does not hear whom, and why. Pure. A list of rules in the order of the causes, the nearest to the
 * source first; each looks at two snapshots and at what signalling knows. Two seconds or more between the snapshots are right.
 */
public final class OneWayAudio {
    /** No packet for this long is no accident of the network. */
    private static final long NOTHING_MILLIS = 3_000;

    // Firefox checks every 4 s when nothing else is to be sent, which is the least often of the browsers.
    private static final long PATH_LOST_MILLIS = 6_000;

    private static final long ALIVE_MILLIS = 1_000;

    /** Digital silence for this long is no pause of a speaker: a microphone that is on is never that silent. */
    private static final long DIGITAL_MILLIS = 5_000;

    /** Who has never been heard for this long from the beginning is too quiet; who has once may well be silent. */
    private static final long QUIET_MILLIS = 10_000;

    private static final long FEWEST_DEAF_REPORTS = 2; // the first may be from before the first packet
    private static final long FEWEST_UNREACHABLE = 2;

    private static final List<Function<Evidence, Optional<Diagnosis>>> RULES = List.of(
            Evidence::browserUnreachable,
            Evidence::browserDtlsFailed,
            Evidence::browserMediaBeforeKeys,
            Evidence::browserClosed,
            Evidence::browserPathLost,
            Evidence::browserMediaRefused,
            Evidence::onHold,
            Evidence::browserAway,
            Evidence::trunkMediaRefused,
            Evidence::trunkSendsFromElsewhere,
            Evidence::trunkAddressPrivate,
            Evidence::trunkPortUnreachable,
            Evidence::trunkSendsNothing,
            Evidence::browserSendsNothing,
            Evidence::browserReceivesNothing,
            Evidence::trunkReceivesNothing,
            Evidence::browserMuted,
            Evidence::browserSendsSilence,
            Evidence::trunkSendsSilence);

    private OneWayAudio() {}

    /** The verdict: the first of {@link #all}, or that nothing is wrong, or that it is too early to say so. */
    public static Diagnosis judge(CallQuality before, CallQuality now, Signalled known) {
        Evidence evidence = new Evidence(before, now, known);
        return RULES.stream()
                .flatMap(rule -> rule.apply(evidence).stream())
                .findFirst()
                .orElseGet(() -> evidence.isTold() ? new Diagnosis.Fine() : new Diagnosis.TooEarly());
    }

    /** Everything that is found, the nearest to a source first; empty if nothing is. */
    public static List<Diagnosis> all(CallQuality before, CallQuality now, Signalled known) {
        Evidence evidence = new Evidence(before, now, known);
        return RULES.stream().flatMap(rule -> rule.apply(evidence).stream()).toList();
    }

    /** What the rules look at. */
    private record Evidence(CallQuality before, CallQuality now, Signalled known) {

        // ---- the way to the browser

        Optional<Diagnosis> browserUnreachable() {
            return now.webPath().ice() == WebPath.Ice.NEW && since(now.webPath().answeredMillis(), NOTHING_MILLIS)
                    ? found(new Diagnosis.BrowserUnreachable(
                            now.webPath().answeredMillis().orElseThrow()))
                    : none();
        }

        Optional<Diagnosis> browserDtlsFailed() {
            WebPath.Dtls dtls = now.webPath().dtls();
            return switch (dtls) {
                case WRONG_CERTIFICATE, FAILED -> found(new Diagnosis.BrowserDtlsFailed(dtls));
                case NEW, HANDSHAKE ->
                    hasWay() && isUnfinished() && newBeforeKeys() == 0
                            ? found(new Diagnosis.BrowserDtlsFailed(dtls))
                            : none();
                case CONNECTED, CLOSED -> none();
            };
        }

        Optional<Diagnosis> browserMediaBeforeKeys() {
            return hasWay() && isUnfinished() && newBeforeKeys() > 0
                    ? found(new Diagnosis.BrowserMediaBeforeKeys(newBeforeKeys()))
                    : none();
        }

        Optional<Diagnosis> browserClosed() {
            return now.webPath().dtls() == WebPath.Dtls.CLOSED ? found(new Diagnosis.BrowserClosed()) : none();
        }

        Optional<Diagnosis> browserPathLost() {
            return hasWay() && since(now.webPath().silentMillis(), PATH_LOST_MILLIS)
                    ? found(new Diagnosis.BrowserPathLost(
                            now.webPath().silentMillis().orElseThrow()))
                    : none();
        }

        Optional<Diagnosis> browserAway() {
            boolean isLost = since(now.webPath().silentMillis(), PATH_LOST_MILLIS);
            return isTalking() && hasWay() && !isLost && isSilent(now.web()) && !isPathAlive()
                    ? found(new Diagnosis.BrowserAway(now.web().silentMillis().orElseThrow()))
                    : none();
        }

        Optional<Diagnosis> browserMediaRefused() {
            long refused = now.webPath().refused() - before.webPath().refused();
            return refused > 0 && isSilent(now.web()) ? found(new Diagnosis.BrowserMediaRefused(refused)) : none();
        }

        // ---- what neither side wants

        Optional<Diagnosis> onHold() {
            if (isHeldByBrowser()) { // the trunk's description follows ours then, whatever the trunk does itself
                return found(new Diagnosis.OnHold(Side.BROWSER));
            }
            return isHeldByTrunk() ? found(new Diagnosis.OnHold(Side.TRUNK)) : none();
        }

        Optional<Diagnosis> browserMuted() {
            return isTalking() && now.webPath().muted() ? found(new Diagnosis.BrowserMuted()) : none();
        }

        // ---- the trunk

        Optional<Diagnosis> trunkMediaRefused() {
            long refused = now.trunkPath().refused() - before.trunkPath().refused();
            return isTrunkSilent() && refused > 0 ? found(new Diagnosis.TrunkMediaRefused(refused)) : none();
        }

        Optional<Diagnosis> trunkSendsFromElsewhere() {
            Optional<InetSocketAddress> stranger = now.trunkPath().stranger();
            return isTrunkSilent() && stranger.isPresent()
                    ? found(new Diagnosis.TrunkSendsFromElsewhere(target().orElseThrow(), stranger.get()))
                    : none();
        }

        Optional<Diagnosis> trunkAddressPrivate() {
            Optional<InetAddress> described = target().map(InetSocketAddress::getAddress);
            Optional<InetAddress> trunk = known.trunk();
            return isTrunkSilent()
                            && described.filter(PrivateAddresses::contain).isPresent()
                            && trunk.filter(address -> !PrivateAddresses.contain(address))
                                    .isPresent()
                    ? found(new Diagnosis.TrunkAddressPrivate(described.get(), trunk.get()))
                    : none();
        }

        Optional<Diagnosis> trunkPortUnreachable() {
            long times = now.trunkPath().unreachable() - before.trunkPath().unreachable();
            return isTalking() && now.trunkPath().weSend() && times >= FEWEST_UNREACHABLE
                    ? found(new Diagnosis.TrunkPortUnreachable(target().orElseThrow(), times))
                    : none();
        }

        Optional<Diagnosis> trunkSendsNothing() {
            return isTrunkSilent()
                    ? found(new Diagnosis.TrunkSendsNothing(
                            now.trunk().silentMillis().orElseThrow()))
                    : none();
        }

        Optional<Diagnosis> trunkSendsSilence() {
            return isTalking() && !isSilent(now.trunk())
                    ? silence(now.trunk().level()).map(it -> new Diagnosis.TrunkSendsSilence(it.digital, it.millis))
                    : none();
        }

        Optional<Diagnosis> trunkReceivesNothing() {
            return isTalking() && isDeaf(before.trunk(), now.trunk())
                    ? found(new Diagnosis.TrunkReceivesNothing(now.trunk().deafReports()))
                    : none();
        }

        // ---- the browser

        Optional<Diagnosis> browserSendsNothing() {
            return isTalking() && isSilent(now.web()) && isPathAlive()
                    ? found(new Diagnosis.BrowserSendsNothing(
                            now.web().silentMillis().orElseThrow()))
                    : none();
        }

        Optional<Diagnosis> browserSendsSilence() {
            return isTalking() && !now.webPath().muted() && !isSilent(now.web())
                    ? silence(now.web().level()).map(it -> new Diagnosis.BrowserSendsSilence(it.digital, it.millis))
                    : none();
        }

        Optional<Diagnosis> browserReceivesNothing() {
            return isTalking() && isDeaf(before.web(), now.web())
                    ? found(new Diagnosis.BrowserReceivesNothing(now.web().deafReports()))
                    : none();
        }

        // ---- what they have in common

        boolean isTold() {
            return known.talking()
                    && since(now.trunk().openMillis(), NOTHING_MILLIS)
                    && since(now.web().openMillis(), NOTHING_MILLIS);
        }

        private boolean isTalking() {
            return known.talking() && !isHeldByTrunk() && !isHeldByBrowser();
        }

        private boolean isHeldByTrunk() {
            TrunkPath path = now.trunkPath();
            return path.target().isPresent() && (!path.weSend() || !path.theySend());
        }

        private boolean isHeldByBrowser() {
            return !now.webPath().weSend() || !now.webPath().theySend();
        }

        private boolean isTrunkSilent() {
            return isTalking() && target().isPresent() && isSilent(now.trunk());
        }

        private Optional<InetSocketAddress> target() {
            return now.trunkPath().target();
        }

        private boolean hasWay() {
            return now.webPath().ice() != WebPath.Ice.NEW;
        }

        /** Whether the browser has shown itself since its media ended: else it is the path that has. */
        private boolean isPathAlive() {
            return now.webPath().silentMillis().orElse(0) + ALIVE_MILLIS
                    <= now.web().silentMillis().orElse(0);
        }

        private boolean isUnfinished() {
            WebPath.Dtls dtls = now.webPath().dtls();
            return (dtls == WebPath.Dtls.NEW || dtls == WebPath.Dtls.HANDSHAKE)
                    && since(now.webPath().answeredMillis(), NOTHING_MILLIS);
        }

        private long newBeforeKeys() {
            return now.webPath().beforeKeys() - before.webPath().beforeKeys();
        }

        private static boolean isSilent(LegQuality leg) {
            return since(leg.silentMillis(), NOTHING_MILLIS);
        }

        private static boolean isDeaf(LegQuality before, LegQuality now) {
            return now.deafReports() >= FEWEST_DEAF_REPORTS
                    && now.counts().sent() > before.counts().sent();
        }

        private static Optional<Silence> silence(Level level) {
            if (level.silentMillis() >= DIGITAL_MILLIS) {
                return Optional.of(new Silence(true, level.silentMillis()));
            }
            boolean isQuiet = level.speechDbov().isEmpty() && level.quietMillis() >= QUIET_MILLIS;
            return isQuiet ? Optional.of(new Silence(false, level.quietMillis())) : Optional.empty();
        }

        private static boolean since(OptionalLong millis, long least) {
            return millis.isPresent() && millis.getAsLong() >= least;
        }

        private static Optional<Diagnosis> found(Diagnosis diagnosis) {
            return Optional.of(diagnosis);
        }

        private static Optional<Diagnosis> none() {
            return Optional.empty();
        }
    }

    private record Silence(boolean digital, long millis) {}
}
