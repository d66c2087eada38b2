package io.ringdown.media.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.MediaStats;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict in virtual time; DiagnosisTest produces each on the wire. */
final class OneWayAudioTest {
    private static final InetSocketAddress TARGET = new InetSocketAddress(InetAddress.ofLiteral("198.51.100.7"), 4_000);
    private static final InetSocketAddress ELSEWHERE =
            new InetSocketAddress(InetAddress.ofLiteral("198.51.100.8"), 4_000);

    private final State before = new State();
    private final State now = new State();
    private Signalled known = new Signalled(true, Optional.of(InetAddress.ofLiteral("198.51.100.7")));

    /** A call in which all is well, to be spoilt. */
    private static final class State {
        WebPath.Ice ice = WebPath.Ice.NOMINATED;
        WebPath.Dtls dtls = WebPath.Dtls.CONNECTED;
        long beforeKeys;
        long refused;
        boolean muted;
        boolean webSends = true;
        boolean webReceives = true;
        boolean trunkSends = true;
        boolean trunkReceives = true;
        long pathSilent = 20;
        long webSilent = 20;
        long trunkSilent = 20;
        long open = 60_000;
        long unreachable;
        long trunkRefused;
        long webDeaf;
        long trunkDeaf;
        long sent = 100;
        Level webLevel = level(-25, 0, 0);
        Level trunkLevel = level(-25, 0, 0);
        Optional<InetSocketAddress> stranger = Optional.empty();
        InetSocketAddress target = TARGET;

        CallQuality quality() {
            return new CallQuality(
                    leg(AudioCodec.OPUS, webLevel, webSilent, webDeaf),
                    leg(AudioCodec.PCMU, trunkLevel, trunkSilent, trunkDeaf),
                    new WebPath(
                            ice,
                            dtls,
                            OptionalLong.of(open),
                            ice == WebPath.Ice.NEW ? OptionalLong.empty() : OptionalLong.of(pathSilent),
                            beforeKeys,
                            refused,
                            muted,
                            webReceives,
                            webSends),
                    new TrunkPath(Optional.of(target), trunkReceives, trunkSends, unreachable, trunkRefused, stranger),
                    Durations.NONE,
                    Durations.NONE);
        }

        private LegQuality leg(AudioCodec codec, Level level, long silent, long deaf) {
            return new LegQuality(
                    new MediaStats.Leg(100, 0, 0, 0, new MediaStats.Repairs(0, 0, 0), sent, 0, -1, 0),
                    Optional.of(codec),
                    level,
                    OptionalDouble.empty(),
                    OptionalLong.of(open),
                    OptionalLong.of(silent),
                    deaf,
                    deaf);
        }
    }

    private static Level level(double dbov, long silentMillis, long quietMillis) {
        return new Level(
                OptionalDouble.of(dbov),
                dbov > -50 ? OptionalDouble.of(dbov) : OptionalDouble.empty(),
                silentMillis,
                quietMillis);
    }

    @Test
    void aCallInWhichSoundFlowsIsFine() {
        now.sent = 200;
        assertVerdict("fine");
    }

    @Test
    void theFirstSecondsAreTooEarlyToTell() {
        now.open = 2_900;
        now.webSilent = 2_900;
        now.trunkSilent = 2_900;
        assertVerdict("too-early");
    }

    @Test
    void beforeTheTrunkHasAnsweredItsSilenceIsNoFault() {
        known = new Signalled(false, Optional.empty());
        now.trunkSilent = 60_000;
        now.webSilent = 60_000;
        assertVerdict("too-early");
    }

    @Test
    void aBrowserThatNeverChecksIsUnreachable() {
        now.ice = WebPath.Ice.NEW;
        now.dtls = WebPath.Dtls.NEW;
        now.webSilent = 60_000;
        assertVerdict("browser-unreachable");
        known = new Signalled(false, Optional.empty());
        assertVerdict("browser-unreachable");
    }

    @Test
    void aBrowserWhoseOnlyConnectionIsGoneWasReachedOnce() {
        now.ice = WebPath.Ice.LOST;
        now.webSilent = 60_000;
        now.pathSilent = 60_000;
        assertVerdict("browser-path-lost");
    }

    @ParameterizedTest
    @CsvSource({
        "NEW, 0, browser-dtls-failed",
        "HANDSHAKE, 0, browser-dtls-failed",
        "HANDSHAKE, 5, browser-media-before-keys",
        "FAILED, 5, browser-dtls-failed",
        "WRONG_CERTIFICATE, 0, browser-wrong-certificate",
        "CLOSED, 0, browser-closed",
        "CONNECTED, 5, fine",
    })
    void dtlsThatDoesNotComeToAnEndIsNamed(WebPath.Dtls dtls, long beforeKeys, String code) {
        now.dtls = dtls;
        now.beforeKeys = beforeKeys;
        assertVerdict(code);
    }

    @Test
    void aHandshakeHasItsTime() {
        now.dtls = WebPath.Dtls.HANDSHAKE;
        now.beforeKeys = 3;
        now.open = 1_000;
        assertVerdict("too-early");
    }

    @Test
    void aPathThatFellSilentHasDied() {
        now.pathSilent = 6_000;
        now.webSilent = 6_000;
        assertVerdict("browser-path-lost");
    }

    @Test
    void aBrowserOfWhichNothingComesIsAwayAndNobodyElseIsToBlame() {
        now.pathSilent = 3_000;
        now.webSilent = 3_000;
        now.trunkDeaf = 2;
        assertThat(assertVerdict("browser-away").isFault()).isFalse();
        now.dtls = WebPath.Dtls.CLOSED;
        assertVerdict("browser-closed");
        now.dtls = WebPath.Dtls.CONNECTED;
        now.pathSilent = 20;
        now.trunkDeaf = 0;
        assertVerdict("browser-sends-nothing");
    }

    @Test
    void whatDoesNotOpenCountsOnlyWhereNothingElseDoes() {
        now.refused = 50;
        assertVerdict("fine");
        now.webSilent = 3_000;
        assertVerdict("browser-media-refused");
        before.refused = 50; // some time ago
        assertVerdict("browser-sends-nothing");
    }

    @Test
    void holdExcusesSilenceOfBothSidesButNoBrokenPath() {
        now.trunkReceives = false;
        now.trunkSilent = 3_600_000;
        now.webSilent = 3_600_000;
        assertThat(assertVerdict("on-hold").side()).isEqualTo(Diagnosis.Side.TRUNK);
        now.trunkReceives = true;
        now.webSends = false;
        assertThat(assertVerdict("on-hold").side()).isEqualTo(Diagnosis.Side.BROWSER);
        now.pathSilent = 10_000;
        assertVerdict("browser-path-lost");
    }

    @Test
    void aSilentTrunkIsExplainedAsFarAsItCanBe() {
        now.trunkSilent = 3_000;
        assertVerdict("trunk-sends-nothing");
        now.unreachable = 2;
        assertVerdict("trunk-port-unreachable");
        now.target = new InetSocketAddress(InetAddress.ofLiteral("192.168.1.9"), 4_000);
        assertVerdict("trunk-address-private");
        now.stranger = Optional.of(ELSEWHERE);
        assertVerdict("trunk-sends-from-elsewhere");
        now.trunkRefused = 50;
        assertVerdict("trunk-media-refused");
        before.trunkRefused = 50; // some time ago
        assertVerdict("trunk-sends-from-elsewhere");
        now.trunkSilent = 20;
        now.unreachable = 0;
        assertVerdict("fine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1",
                "100.127.255.255", "fd00::1", "fe80::1", "169.254.1.1", "127.0.0.1", "::1"
            })
    void anAddressInsideTheirNetworkIsNamedWhereTheTrunkIsOutside(String address) {
        now.trunkSilent = 3_000;
        now.target = new InetSocketAddress(InetAddress.ofLiteral(address), 4_000);
        assertVerdict("trunk-address-private");
        known = new Signalled(true, Optional.of(InetAddress.ofLiteral("10.9.9.9")));
        assertVerdict("trunk-sends-nothing");
        known = new Signalled(true, Optional.empty());
        assertVerdict("trunk-sends-nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.255.255.255",
                "11.0.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "2001:db8::1"
            })
    void addressesBesideTheRangesAreNotPrivate(String address) {
        now.trunkSilent = 3_000;
        now.target = new InetSocketAddress(InetAddress.ofLiteral(address), 4_000);
        assertVerdict("trunk-sends-nothing");
    }

    @Test
    void muteIsToldButNoFault() {
        now.muted = true;
        now.webLevel = level(-127, 60_000, 60_000);
        assertThat(assertVerdict("browser-muted").isFault()).isFalse();
    }

    @Test
    void digitalSilenceIsAMicrophoneThatIsOff() {
        now.webLevel = level(-127, 4_900, 4_900);
        assertVerdict("fine");
        now.webLevel = level(-127, 5_000, 5_000);
        assertVerdict("browser-sends-silence");
        now.webLevel = level(-25, 0, 0);
        now.trunkLevel = level(-127, 5_000, 5_000);
        assertVerdict("trunk-sends-silence");
    }

    @Test
    void whoWasNeverLoudEnoughIsQuietAndWhoWasMayBeSilent() {
        now.webLevel = level(-70, 0, 10_000);
        assertVerdict("browser-is-quiet");
        now.webLevel = level(-30, 0, 600_000);
        assertVerdict("fine");
        now.trunkLevel = level(-70, 0, 10_000);
        assertVerdict("trunk-is-quiet");
    }

    @Test
    void reportsThatNothingArrivesCountWhileWeSend() {
        now.webDeaf = 2;
        assertVerdict("fine");
        now.sent = 200;
        assertVerdict("browser-receives-nothing");
        now.webDeaf = 1;
        assertVerdict("fine");
        now.trunkDeaf = 2;
        assertVerdict("trunk-receives-nothing");
    }

    @Test
    void severalFindingsAreAllTold() {
        now.trunkSilent = 5_000;
        now.webLevel = level(-127, 9_000, 9_000);
        now.muted = true;
        assertThat(all())
                .extracting(found -> found.about().code())
                .containsExactly("trunk-sends-nothing", "browser-muted");
    }

    /** Whatever the numbers, there is one verdict; it is the first of all; the codes are their own. */
    @Test
    void everyStateHasAVerdict() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Set<String> codes = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            State any = any(random);
            State then = any(random);
            Signalled signalled = new Signalled(random.nextBoolean(), Optional.of(TARGET.getAddress()));
            Diagnosis verdict = OneWayAudio.judge(then.quality(), any.quality(), signalled);
            List<Diagnosis> all = OneWayAudio.all(then.quality(), any.quality(), signalled);
            assertThat(all.isEmpty() ? verdict : all.getFirst())
                    .as("seed %d", seed)
                    .isEqualTo(verdict);
            codes.add(verdict.about().code());
            all.forEach(found -> codes.add(found.about().code()));
        }
        assertThat(codes).hasSize(24);
    }

    @Test
    void theTextsSayWhoIsDeaf() {
        for (Diagnosis.About about : abouts()) {
            assertThat(about.text()).endsWith(".");
            switch (about.deaf()) {
                case NOBODY, BOTH -> {}
                case TELEPHONE -> assertThat(about.text()).matches("They (can|may )not hear you: .*");
                case BROWSER ->
                    assertThat(about.text()).matches("You (can|may )not hear them: .*|You hear nothing: .*");
            }
        }
    }

    private static List<Diagnosis.About> abouts() {
        Random random = new Random(1);
        Set<Diagnosis.About> abouts = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            CallQuality quality = any(random).quality();
            Signalled talking = new Signalled(true, Optional.of(TARGET.getAddress()));
            Stream.concat(
                            OneWayAudio.all(CallQuality.NONE, quality, talking).stream(),
                            Stream.of(OneWayAudio.judge(CallQuality.NONE, quality, talking)))
                    .forEach(found -> abouts.add(found.about()));
        }
        return new ArrayList<>(abouts);
    }

    private static State any(Random random) {
        State state = new State();
        long[] times = {20, 2_000, 4_000, 30_000};
        double[] levels = {-127, -70, -25};
        state.ice = random.nextInt(10) == 0 ? WebPath.Ice.NEW : WebPath.Ice.NOMINATED;
        WebPath.Dtls[] all = WebPath.Dtls.values();
        state.dtls = random.nextInt(3) == 0 ? all[random.nextInt(all.length)] : WebPath.Dtls.CONNECTED;
        state.beforeKeys = random.nextInt(3);
        state.refused = random.nextInt(3);
        state.muted = random.nextInt(8) == 0;
        state.webSends = random.nextInt(8) != 0;
        state.trunkReceives = random.nextInt(8) != 0;
        state.pathSilent = times[random.nextInt(4)];
        state.webSilent = times[random.nextInt(4)];
        state.trunkSilent = times[random.nextInt(4)];
        state.open = times[random.nextInt(4)];
        state.unreachable = random.nextInt(4);
        state.trunkRefused = random.nextInt(4);
        state.webDeaf = random.nextInt(4);
        state.trunkDeaf = random.nextInt(4);
        state.sent = random.nextInt(200);
        state.webLevel = level(levels[random.nextInt(3)], random.nextInt(9_000), random.nextInt(20_000));
        state.trunkLevel = level(levels[random.nextInt(3)], random.nextInt(9_000), random.nextInt(20_000));
        state.stranger = random.nextBoolean() ? Optional.of(ELSEWHERE) : Optional.empty();
        state.target = random.nextBoolean() ? TARGET : new InetSocketAddress(InetAddress.ofLiteral("10.1.2.3"), 4_000);
        return state;
    }

    private List<Diagnosis> all() {
        return OneWayAudio.all(before.quality(), now.quality(), known);
    }

    private Diagnosis.About assertVerdict(String code) {
        Diagnosis verdict = OneWayAudio.judge(before.quality(), now.quality(), known);
        assertThat(verdict.about().code()).as("%s", verdict).isEqualTo(code);
        return verdict.about();
    }
}
