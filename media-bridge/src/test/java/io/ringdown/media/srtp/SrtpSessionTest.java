package io.ringdown.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.srtp.SrtpSession.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SrtpSessionTest {
    private static final int HEADROOM = 64;

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void whatOneSideSealsTheOtherOpens(SrtpProfile profile) {
        Pair pair = new Pair(profile);
        for (int sequence = 65_000; sequence < 65_000 + 3 * 65_536; sequence += 7) { // three wraps
            byte[] packet = rtp(sequence, 0xCAFE);
            int sealed = pair.ours.seal(packet, 0, packet.length - HEADROOM);
            assertThat(sealed).isGreaterThan(packet.length - HEADROOM);
            int opened = pair.theirs.open(packet, 0, sealed);
            assertThat(Arrays.copyOf(packet, opened))
                    .as("sequence %d", sequence)
                    .isEqualTo(Arrays.copyOf(rtp(sequence, 0xCAFE), opened));
            assertThat(opened).isEqualTo(packet.length - HEADROOM);
        }
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void reportsGoBothWays(SrtpProfile profile) {
        Pair pair = new Pair(profile);
        byte[] report = new byte[28 + HEADROOM];
        report[0] = (byte) 0x80;
        report[1] = (byte) 200;
        report[3] = 6;
        byte[] before = report.clone();
        int sealed = pair.theirs.sealControl(report, 0, 28);
        assertThat(pair.ours.openControl(report, 0, sealed)).isEqualTo(28);
        assertThat(Arrays.copyOf(report, 28)).isEqualTo(Arrays.copyOf(before, 28));
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void everyPacketOpensOnce(SrtpProfile profile) {
        Pair pair = new Pair(profile);
        for (int sequence = 0; sequence < 200; sequence++) {
            byte[] packet = rtp(sequence, 1);
            int sealed = pair.ours.seal(packet, 0, packet.length - HEADROOM);
            byte[] copy = packet.clone();
            assertThat(pair.theirs.open(packet, 0, sealed)).isPositive();
            assertThat(pair.theirs.open(copy, 0, sealed)).isEqualTo(SrtpSession.REFUSED);
        }
        assertThat(pair.theirs.refused(Refusal.REPLAYED)).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void noFlippedBitPassesAndTheStreamGoesOn(SrtpProfile profile) {
        Pair pair = new Pair(profile);
        byte[] sealed = rtp(1, 1);
        int length = pair.ours.seal(sealed, 0, sealed.length - HEADROOM);
        for (int bit = 0; bit < 8 * length; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(pair.theirs.open(flipped, 0, length)).as("bit %d", bit).isEqualTo(SrtpSession.REFUSED);
        }
        assertThat(pair.theirs.open(sealed, 0, length)).isEqualTo(sealed.length - HEADROOM);
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void mutantsAndTruncationsNeverThrow(SrtpProfile profile) {
        Pair pair = new Pair(profile);
        long seed = 3711;
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] packet = rtp(i, 1);
            int sealed = pair.ours.seal(packet, 0, packet.length - HEADROOM);
            int length = random.nextInt(sealed);
            for (int k = random.nextInt(4); k > 0; k--) {
                packet[random.nextInt(sealed)] = (byte) random.nextInt();
            }
            assertThat(pair.theirs.open(packet, 0, length)).as("seed %d", seed).isEqualTo(SrtpSession.REFUSED);
            assertThat(pair.theirs.openControl(packet, 0, length)).isEqualTo(SrtpSession.REFUSED);
        }
        byte[] after = rtp(2_000, 1);
        int sealed = pair.ours.seal(after, 0, after.length - HEADROOM);
        assertThat(pair.theirs.open(after, 0, sealed)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void manyStreamsStayBoundedAndEachOpens(SrtpProfile profile) {
        Pair pair = new Pair(profile);
        for (int ssrc = 0; ssrc < 100; ssrc++) {
            byte[] packet = rtp(5, ssrc);
            int sealed = pair.ours.seal(packet, 0, packet.length - HEADROOM);
            assertThat(pair.theirs.open(packet, 0, sealed)).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void aGapOfThirtyThousandPacketsIsCrossed(SrtpProfile profile) {
        Pair pair = new Pair(profile);
        for (int sequence : new int[] {10, 30_010, 60_010, 90_010}) {
            byte[] packet = rtp(sequence, 1);
            int sealed = pair.ours.seal(packet, 0, packet.length - HEADROOM);
            assertThat(pair.theirs.open(packet, 0, sealed)).isPositive();
        }
    }

    private static byte[] rtp(int sequence, int ssrc) {
        ByteBuffer packet = ByteBuffer.allocate(12 + 80 + HEADROOM);
        packet.put((byte) 0x80)
                .put((byte) 111)
                .putShort((short) sequence)
                .putInt(sequence * 960)
                .putInt(ssrc);
        while (packet.position() < 92) {
            packet.put((byte) packet.position());
        }
        return packet.array();
    }

    private static final class Pair {
        private final SrtpSession ours;
        private final SrtpSession theirs;

        private Pair(SrtpProfile profile) {
            byte[] material = new byte[SrtpKeys.materialLength(profile)];
            new Random(1).nextBytes(material);
            ours = new SrtpSession(SrtpKeys.of(profile, material, true));
            theirs = new SrtpSession(SrtpKeys.of(profile, material, false));
        }
    }
}
