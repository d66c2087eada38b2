package io.ringdown.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.media.srtp.SrtpSession.Refusal;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against published vectors, and against {@link PaperSrtp} at the other end. */
final class SignalledSrtpTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int HEADROOM = 64;
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void theOtherEndDerivesTheKeysOfRfc3711() throws Exception { // appendix B.3
        byte[] key = HEX.parseHex("e1f97a0d3e018be0d64fa32c06de4139");
        byte[] salt = HEX.parseHex("0ec675ad498afeebb6960b3aabe6");
        assertThat(PaperSrtp.derived(key, salt, 0, 16)).isEqualTo(HEX.parseHex("c61e7a93744f39ee10734afe3ff7a087"));
        assertThat(PaperSrtp.derived(key, salt, 2, 14)).isEqualTo(HEX.parseHex("30cbbc08863d8c85d49db34a9ae1"));
        assertThat(PaperSrtp.derived(key, salt, 1, 20))
                .isEqualTo(HEX.parseHex("cebe321f6ff7716b6fd4ab49af256a156d38baa4"));
    }

    /** What libsrtp checks itself by: one packet under one key. */
    @ParameterizedTest
    @CsvSource({
        "AES128_CM_HMAC_SHA1_80, e1f97a0d3e018be0d64fa32c06de4139, 0ec675ad498afeebb6960b3aabe6,"
                + " 4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb",
        "AES128_CM_HMAC_SHA1_32, e1f97a0d3e018be0d64fa32c06de4139, 0ec675ad498afeebb6960b3aabe6,"
                + " 4e55dc4ce79978d88ca4d215949d2402b78d6acc",
        "AEAD_AES_128_GCM, 000102030405060708090a0b0c0d0e0f, a0a1a2a3a4a5a6a7a8a9aaab,"
                + " c5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
    })
    void aPublishedPacketIsSealedAndOpened(SrtpProfile suite, String key, String salt, String sealed) throws Exception {
        byte[] plain = HEX.parseHex("800f1234decafbadcafebabe" + "ab".repeat(16));
        byte[] expected = HEX.parseHex("800f1234decafbadcafebabe" + sealed);
        SrtpKeys.Master master = new SrtpKeys.Master(HEX.parseHex(key), HEX.parseHex(salt));
        try (SignalledSrtp srtp = new SignalledSrtp(new SrtpKeys(suite, master, master))) {
            byte[] buffer = Arrays.copyOf(plain, plain.length + HEADROOM);
            assertThat(Arrays.copyOf(buffer, srtp.seal(buffer, 0, plain.length)))
                    .isEqualTo(expected);
            assertThat(Arrays.copyOf(buffer, srtp.open(buffer, 0, expected.length, 0)))
                    .isEqualTo(plain);
        }
        assertThat(new PaperSrtp(suite.suite(), HEX.parseHex(key + salt)).seal(plain, 0))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysEachSideOpensWhatTheOtherSealsOverThreeTurns(SrtpProfile suite) throws Exception {
        Ends ends = new Ends(suite);
        for (int sequence = 65_000; sequence < 65_000 + 3 * 65_536; sequence += 997) {
            ends.exchange(sequence);
        }
        assertThat(ends.openControl(0)).isEqualTo(28);
        assertThat(ends.openControl(1)).isEqualTo(28);
    }

    /** Just before and after a turn of the numbers. */
    @ParameterizedTest
    @EnumSource
    void anotherGoesOnWithKeysAndTurnsAndHearsNothingTwice(SrtpProfile suite) throws Exception {
        Random random = new Random(3711);
        for (int cut = 65_530; cut < 65_530 + 3 * 65_536; cut += 65_536 + random.nextInt(12)) {
            Ends ends = new Ends(suite);
            for (int sequence = 65_000; sequence <= cut; sequence += Math.clamp((cut - sequence) / 2, 1, 997)) {
                ends.exchange(sequence);
            }
            for (int i = 0; i < 5; i++) {
                ends.openControl(i);
            }
            byte[] heard = ends.theirSealed(cut);
            ends.ours = new SignalledSrtp(ends.ours.state());
            assertThat(ends.ours.open(heard, 0, heard.length, 0)).isEqualTo(SrtpSession.REFUSED);
            assertThat(ends.ours.refused(Refusal.REPLAYED)).isEqualTo(1);
            for (int sequence = cut + 1 + random.nextInt(12); sequence < cut + 100; sequence++) {
                ends.exchange(sequence);
            }
            assertThat(newestReport(ends.ours.state())).isEqualTo(4);
            ends.openControl(5);
            assertThat(newestReport(ends.ours.state())).isEqualTo(5);
            assertThat(ends.ours.state().toString()).isEqualTo("SrtpState[masked]");
        }
    }

    private static long newestReport(SrtpState state) {
        return state.ours().stream()
                .mapToLong(SrtpState.Turn::controlIndex)
                .max()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void aReportThatAnotherHasHeardIsNotHeardAgain(SrtpProfile suite) throws Exception {
        SrtpKeys.Master master = new SrtpKeys.Master(new byte[suite.keyLength()], new byte[suite.saltLength()]);
        SrtpKeys keys = new SrtpKeys(suite, master, master);
        SignalledSrtp them = new SignalledSrtp(keys);
        SignalledSrtp us = new SignalledSrtp(keys);
        byte[][] reports = new byte[4][];
        for (int i = 0; i < reports.length; i++) {
            byte[] report = new byte[28 + HEADROOM];
            report[0] = (byte) 0x80;
            report[1] = (byte) 201;
            reports[i] = Arrays.copyOf(report, them.sealControl(report, 0, 28));
        }
        byte[] again = reports[2].clone();
        assertThat(us.openControl(reports[2], 0, reports[2].length, 0)).isEqualTo(28);
        us = new SignalledSrtp(us.state());
        assertThat(us.openControl(again, 0, again.length, 0)).isEqualTo(SrtpSession.REFUSED);
        assertThat(us.openControl(reports[1], 0, reports[1].length, 0)).isEqualTo(SrtpSession.REFUSED);
        assertThat(us.openControl(reports[3], 0, reports[3].length, 0)).isEqualTo(28);
    }

    @ParameterizedTest
    @EnumSource
    void theSameKeysAgainKeepTheTurnAndTheReplayWindow(SrtpProfile suite) throws Exception {
        Ends ends = new Ends(suite);
        for (int sequence = 65_000; sequence < 66_000; sequence++) {
            ends.exchange(sequence);
        }
        byte[] replayed = ends.theirSealed(65_999);
        ends.ours.onKeys(ends.keysAnew(), 0); // equal, and others by identity
        assertThat(ends.ours.open(replayed, 0, replayed.length, 0)).isEqualTo(SrtpSession.REFUSED);
        assertThat(ends.ours.refused(Refusal.REPLAYED)).isEqualTo(1);
        ends.exchange(66_000);
    }

    @ParameterizedTest
    @EnumSource
    void aNewKeyBeginsAtTurnZero(SrtpProfile suite) throws Exception {
        Ends ends = new Ends(suite);
        for (int sequence = 65_000; sequence < 66_000; sequence++) {
            ends.exchange(sequence);
        }
        ends.rekey(suite, true, true, 5 * SECOND);
        ends.base = 65_536; // the numbers go on, the turn does not
        ends.ourBase = 65_536;
        ends.exchange(66_000);
        ends.exchange(66_001);
    }

    @ParameterizedTest
    @EnumSource
    void ourKeyGoesOnWhenOnlyTheirsIsNewAndTheOtherWayRound(SrtpProfile suite) throws Exception {
        for (boolean theirs : new boolean[] {true, false}) {
            Ends ends = new Ends(suite);
            for (int sequence = 65_000; sequence < 66_000; sequence++) {
                ends.exchange(sequence);
            }
            ends.rekey(suite, !theirs, theirs, 0);
            ends.ourBase = theirs ? 0 : 65_536;
            ends.base = theirs ? 65_536 : 0;
            ends.exchange(66_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOnItsWayUnderTheOldKeyIsOpenedForTwoSecondsAndNotLonger(SrtpProfile suite) throws Exception {
        Ends ends = new Ends(suite);
        ends.exchange(1);
        byte[] onItsWay = ends.theirSealed(2);
        byte[] tooLate = ends.theirSealed(3);
        ends.rekey(suite, false, true, 10 * SECOND);
        byte[] first = ends.theirSealed(4);
        assertThat(ends.ours.open(first, 0, first.length, 11 * SECOND)).isPositive();
        assertThat(ends.ours.open(onItsWay, 0, onItsWay.length, 12 * SECOND - 1))
                .isPositive();
        assertThat(Arrays.copyOf(onItsWay, 12 + 160)).isEqualTo(rtp(2, 7));
        assertThat(ends.ours.open(tooLate, 0, tooLate.length, 12 * SECOND)).isEqualTo(SrtpSession.REFUSED);
        assertThat(ends.ours.debugState()).containsEntry("openedByTheOldKey", 1L);
    }

    @Test
    void anotherSuiteInMidCallIsTaken() throws Exception {
        Ends ends = new Ends(SrtpProfile.AES128_CM_HMAC_SHA1_32);
        ends.exchange(1);
        ends.rekey(SrtpProfile.AEAD_AES_256_GCM, true, true, 0);
        ends.exchange(2);
    }

    @ParameterizedTest
    @EnumSource
    void anotherStreamOfThePeerIsOpenedFromItsFirstPacket(SrtpProfile suite) throws Exception {
        Ends ends = new Ends(suite);
        for (int ssrc = 1; ssrc < 50; ssrc++) {
            byte[] sealed = ends.theirs.seal(rtp(40_000 + ssrc, ssrc), 0);
            assertThat(ends.ours.open(sealed, 0, sealed.length, 0)).isPositive();
        }
    }

    /** Longer than a receiver can guess: the path was down, or the other side was sent elsewhere (RFC 3711 §3.3.1). */
    @ParameterizedTest
    @CsvSource({
        "AEAD_AES_128_GCM, 40000",
        "AES128_CM_HMAC_SHA1_80, 65000",
        "AES128_CM_HMAC_SHA1_32, 130000",
        "AEAD_AES_256_GCM, 160000",
        "AES128_CM_HMAC_SHA1_80, 20000"
    })
    void afterALongSilenceTheTurnIsFoundAgain(SrtpProfile suite, int missed) throws Exception {
        Ends ends = new Ends(suite);
        ends.exchange(100);
        int opened = 0;
        for (int sequence = 100 + missed; sequence < 100 + missed + 200; sequence++) {
            byte[] sealed = ends.theirSealed(sequence);
            int length = ends.ours.open(sealed, 0, sealed.length, 0);
            opened += length > 0 ? 1 : 0;
            assertThat(length > 0 ? Arrays.copyOf(sealed, length) : rtp(sequence, 7))
                    .isEqualTo(rtp(sequence, 7));
        }
        assertThat(opened).isGreaterThanOrEqualTo(200 - 4 * 25);
    }

    @ParameterizedTest
    @EnumSource
    void aFloodOfForgeriesChangesNothingForTheRealOne(SrtpProfile suite) throws Exception {
        Ends ends = new Ends(suite);
        ends.exchange(1);
        Random random = new Random(4568);
        for (int i = 0; i < 1_000; i++) {
            byte[] forged = new byte[200];
            random.nextBytes(forged);
            System.arraycopy(rtp(random.nextInt(), 7), 0, forged, 0, 12);
            assertThat(ends.ours.open(forged, 0, forged.length, 0)).isEqualTo(SrtpSession.REFUSED);
        }
        ends.exchange(2);
    }

    @Test
    void keysAreInNoTextOfOurs() throws Exception {
        Ends ends = new Ends(SrtpProfile.AEAD_AES_128_GCM);
        ends.exchange(1);
        SrtpKeys keys = ends.keysAnew();
        assertThat(keys.toString())
                .isEqualTo("SrtpKeys[profile=AEAD_AES_128_GCM, ours=Master[masked], theirs=Master[masked]]");
        assertThat(ends.ours.debugState().toString())
                .doesNotContain(HEX.formatHex(keys.ours().key()).substring(0, 8))
                .doesNotContain(Arrays.toString(keys.ours().key()).substring(1, 12));
    }

    @Test
    void theOtherEndKnowsAWrongTag() throws Exception {
        PaperSrtp paper = new PaperSrtp("AES_CM_128_HMAC_SHA1_80", new byte[30]);
        byte[] sealed = paper.seal(rtp(1, 1), 0);
        sealed[20] ^= 1;
        assertThatThrownBy(() -> paper.open(sealed, 0)).isInstanceOf(GeneralSecurityException.class);
    }

    private static byte[] rtp(int sequence, int ssrc) {
        ByteBuffer packet = ByteBuffer.allocate(12 + 160);
        packet.put((byte) 0x80).put((byte) 8).putShort((short) sequence);
        packet.putInt(sequence * 160).putInt(ssrc);
        while (packet.hasRemaining()) {
            packet.put((byte) packet.position());
        }
        return packet.array();
    }

    /** Our end, and the other one on paper. */
    private static final class Ends {
        private final Random random = new Random(3711);
        private SrtpProfile suite;
        private byte[] ourInline;
        private byte[] theirInline;
        private SignalledSrtp ours;
        private PaperSrtp ear;
        private PaperSrtp theirs;
        private int base; // where their turn 0 begins
        private int ourBase;

        private Ends(SrtpProfile suite) throws GeneralSecurityException {
            this.suite = suite;
            ourInline = inline();
            theirInline = inline();
            ear = new PaperSrtp(suite.suite(), ourInline);
            theirs = new PaperSrtp(suite.suite(), theirInline);
            ours = new SignalledSrtp(keysAnew());
        }

        private void rekey(SrtpProfile next, boolean our, boolean their, long now) throws GeneralSecurityException {
            suite = next;
            if (our) {
                ourInline = inline();
                ear = new PaperSrtp(suite.suite(), ourInline);
            }
            if (their) {
                theirInline = inline();
                theirs = new PaperSrtp(suite.suite(), theirInline);
            }
            ours.onKeys(keysAnew(), now);
        }

        private byte[] inline() {
            byte[] inline = new byte[suite.keyLength() + suite.saltLength()];
            random.nextBytes(inline);
            return inline;
        }

        private SrtpKeys keysAnew() {
            return new SrtpKeys(suite, master(ourInline), master(theirInline));
        }

        private SrtpKeys.Master master(byte[] inline) {
            return new SrtpKeys.Master(
                    Arrays.copyOf(inline, suite.keyLength()),
                    Arrays.copyOfRange(inline, suite.keyLength(), inline.length));
        }

        private byte[] theirSealed(int sequence) throws GeneralSecurityException {
            return theirs.seal(rtp(sequence, 7), (sequence - base) >> 16);
        }

        private void exchange(int sequence) throws GeneralSecurityException {
            byte[] sealed = theirSealed(sequence);
            int length = ours.open(sealed, 0, sealed.length, 3 * SECOND);
            assertThat(length).as("sequence %d", sequence).isPositive();
            assertThat(Arrays.copyOf(sealed, length)).isEqualTo(rtp(sequence, 7));
            byte[] buffer = Arrays.copyOf(rtp(sequence, 9), 12 + 160 + HEADROOM);
            byte[] ourSealed = Arrays.copyOf(buffer, ours.seal(buffer, 0, 12 + 160));
            assertThat(ear.open(ourSealed, (sequence - ourBase) >> 16)).isEqualTo(rtp(sequence, 9));
        }

        /** Opens a report of ours; its length. */
        private int openControl(int count) throws GeneralSecurityException {
            byte[] report = new byte[28 + HEADROOM];
            report[0] = (byte) 0x80;
            report[1] = (byte) 200;
            report[3] = 6;
            report[20] = (byte) count;
            byte[] plain = Arrays.copyOf(report, 28);
            byte[] opened = ear.openControl(Arrays.copyOf(report, ours.sealControl(report, 0, 28)));
            assertThat(opened).isEqualTo(plain);
            return opened.length;
        }
    }
}
