package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.quality.LegQuality;
import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.sdp.TrunkFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bridge measures of its legs, in virtual time. */
final class QualityTest {
    private static final Codecs CODECS = Codecs.load(OpusSettings.defaults());
    private static final long MILLI = 1_000_000;

    @Test
    void bothLegsOfATranscodedCallTellHowLoudTheyAre() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMA, 20));
        byte[] opus = new byte[1_275];
        byte[] pcma = new byte[160];
        try (AudioEncoder web = CODECS.encoder(AudioCodec.OPUS, 8_000);
                AudioEncoder trunk = CODECS.encoder(AudioCodec.PCMA, 8_000)) {
            for (int i = 0; i < 200; i++) {
                call.runTo(i * 20L * MILLI);
                int length = web.encode(tone(i, 8_000), 160, opus, 0, opus.length);
                call.fromWeb(false, 111, i, 960 * i, Arrays.copyOf(opus, length));
                trunk.encode(tone(i, 800), 160, pcma, 0, 160);
                call.fromTrunk(false, 8, i, 160 * i, pcma);
            }
        }
        assertThat(speech(web(call))).isCloseTo(-15.3, within(1.5));
        assertThat(speech(trunk(call))).isCloseTo(-35.3, within(0.5));
        assertThat(web(call).codec()).contains(AudioCodec.OPUS);
        assertThat(trunk(call).codec()).contains(AudioCodec.PCMA);
    }

    @Test
    void whatTheBrowserSendsIsMeasuredWhileItIsMuted() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.muteWeb(true);
        for (int i = 0; i < 100; i++) {
            call.runTo(i * 20L * MILLI);
            call.fromWeb(false, 0, i, 160 * i, Call.sound(160, 0x12));
        }
        assertThat(web(call).level().recentDbov()).isPresent();
        assertThat(web(call).level().silentMillis()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, -300})
    void theClockOfATrunkIsSeen(int ppm) {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 3_000; i++) {
            call.runTo((long) (i * 20L * MILLI / (1 + ppm / 1e6)));
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, 0x55));
        }
        assertThat(trunk(call).skewPpm().orElseThrow()).isCloseTo(ppm, within(5.0));
        assertThat(web(call).skewPpm()).isEmpty();
    }

    @Test
    void silenceOfALegCountsFromItsLastPacketOrFromWhenItCouldSend() {
        Call call = new Call();
        assertThat(web(call).silentMillis()).isEmpty();
        call.runTo(1_000 * MILLI);
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.runTo(3_000 * MILLI);
        assertThat(web(call).silentMillis()).hasValue(2_000);
        call.bridge.onWebKeys(call.now);
        call.runTo(4_000 * MILLI);
        assertThat(web(call).silentMillis()).hasValue(1_000);
        call.fromWeb(false, 0, 1, 160, Call.sound(160, 0x55));
        call.runTo(4_700 * MILLI);
        assertThat(web(call).silentMillis()).hasValue(700);
        assertThat(trunk(call).silentMillis()).hasValue(3_700);
        call.bridge.trunk(Call.trunk(AudioCodec.PCMU, 20, true, false), call.now);
        call.runTo(60_000 * MILLI);
        call.bridge.trunk(Call.trunk(AudioCodec.PCMU, 20), call.now);
        assertThat(trunk(call).silentMillis()).as("after a hold").hasValue(0);
        call.bridge.forgetTrunk(call.now);
        assertThat(trunk(call).silentMillis()).isEmpty();
        assertThat(trunk(call).codec()).isEmpty();
    }

    @Test
    void aPeerIsDeafWhoseReportsSayThatNothingNewHasArrived() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        report(call, 1_000, -1);
        report(call, 2_000, -1);
        assertThat(trunk(call).deafReports()).as("no block about us").isEqualTo(2);
        report(call, 3_000, 100);
        assertThat(trunk(call).deafReports()).isZero();
        report(call, 4_000, 150);
        assertThat(trunk(call).deafReports()).isZero();
        report(call, 5_000, 150);
        report(call, 6_000, 150);
        assertThat(trunk(call).deafReports()).as("the highest stands still").isEqualTo(2);
        assertThat(trunk(call).peerReports()).isEqualTo(6);
        call.bridge.trunk(Call.trunk(AudioCodec.PCMU, 20, false, true), call.now);
        report(call, 7_000, 150);
        report(call, 8_000, 150);
        assertThat(trunk(call).deafReports()).as("nothing was sent").isZero();
    }

    /** Of what goes out only sound that came in has a time at which it came. */
    @Test
    void thePacketsThatLeaveKnowWhenTheirOldestSoundCame() {
        List<Long> came = new ArrayList<>();
        Bridge[] bridge = new Bridge[1];
        BridgeIdentity.Stream stream = new BridgeIdentity.Stream(1, 1, 1);
        BridgeOutput output = new BridgeOutput(
                (buffer, offset, length) -> {},
                (buffer, offset, length) -> {},
                (buffer, offset, length) -> came.add(bridge[0].toTrunkCameAtNanos()),
                (buffer, offset, length) -> {});
        BridgeIdentity identity = new BridgeIdentity(stream, stream, "cname", 0);
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        bridge[0] = new Bridge(CODECS, BridgeSettings.defaults(), identity, output, event -> {}, 0);
        try (Bridge open = bridge[0]) {
            open.web(Call.WEB_PCMU, 0);
            open.trunk(new TrunkFormat(AudioCodec.PCMU, 0, OptionalInt.of(101), 40, there, there, true, true), 0);
            came.clear(); // silence of our own
            for (int i = 0; i < 4; i++) {
                byte[] packet = Call.packet(false, 0, i, 160 * i, 7, Call.sound(160, 0x55));
                open.onWebRtp(packet, 0, RtpPacket.HEADER_LENGTH + 160, (10 + 20L * i) * MILLI);
            }
            assertThat(came).containsExactly(10 * MILLI, 50 * MILLI);
            open.onTime(300 * MILLI);
            assertThat(came).hasSizeGreaterThan(2);
            assertThat(came.subList(2, came.size())).containsOnly(Bridge.NEVER);
        }
    }

    private static void report(Call call, long millis, int highest) {
        call.runTo(millis * MILLI);
        byte[] packet = new byte[highest < 0 ? 8 : 32];
        packet[0] = (byte) (highest < 0 ? 0x80 : 0x81);
        packet[1] = (byte) 201;
        packet[3] = (byte) (packet.length / 4 - 1);
        packet[7] = 7;
        if (highest >= 0) {
            packet[10] = (byte) 0xBB;
            packet[11] = (byte) 0xBB;
            packet[18] = (byte) (highest >> 8);
            packet[19] = (byte) highest;
        }
        call.bridge.onTrunkRtcp(packet, 0, packet.length, call.now);
    }

    private static short[] tone(int frame, int amplitude) {
        short[] pcm = new short[160];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (amplitude * Math.sin(2 * Math.PI * 500 * (160 * frame + i) / 8_000));
        }
        return pcm;
    }

    private static double speech(LegQuality leg) {
        return leg.level().speechDbov().orElseThrow();
    }

    private static LegQuality web(Call call) {
        return call.bridge.webQuality(call.now);
    }

    private static LegQuality trunk(Call call) {
        return call.bridge.trunkQuality(call.now);
    }
}
