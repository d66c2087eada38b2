package io.ringdown.media.sdp;

import static io.ringdown.media.codec.AudioCodec.PCMA;
import static io.ringdown.media.codec.AudioCodec.PCMU;
import static io.ringdown.media.srtp.SrtpProfile.AEAD_AES_128_GCM;
import static io.ringdown.media.srtp.SrtpProfile.AEAD_AES_256_GCM;
import static io.ringdown.media.srtp.SrtpProfile.AES128_CM_HMAC_SHA1_32;
import static io.ringdown.media.srtp.SrtpProfile.AES128_CM_HMAC_SHA1_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.TrunkSrtp;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import java.net.InetAddress;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in SDP: RFC 4568, and RFC 8643 for best effort. */
final class SdesTest {
    private static final String KEY = "NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj"; // of RFC 4568 §9.1's example
    private static final String OTHER_KEY = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
    private static final String CM80 = "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY;

    private final Random random = new Random(4568);

    // ---- one line

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY,
                "1 AES_CM_128_HMAC_SHA1_32 inline:" + KEY + "|2^20",
                "999999999 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|2^48",
                "7  AES_CM_128_HMAC_SHA1_80  inline:" + KEY + "|1048576  WSH=128 KDR=0 -vendor=1",
                "0 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0OD6ChoqOkpaanqKmqqw==",
                "0 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0OD6ChoqOkpaanqKmqqw",
                "4 AEAD_AES_256_GCM inline:AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg+goaKjpKWmp6ipqqs="
            })
    void whatIsUsualIsRead(String line) {
        CryptoLine read = CryptoLine.parse(line).orElseThrow();
        assertThat(read.master().key()).hasSize(read.suite().keyLength());
        assertThat(read.master().salt()).hasSize(read.suite().saltLength());
        assertThat(CryptoLine.parse(read.written().substring("a=crypto:".length())))
                .contains(read);
    }

    @Test
    void theKeyIsTheFirstBytesAndTheSaltTheRest() {
        byte[] both = Base64.getDecoder().decode(KEY);
        SrtpKeys.Master master = CryptoLine.parse(CM80).orElseThrow().master();
        assertThat(master.key()).containsExactly(java.util.Arrays.copyOf(both, 16));
        assertThat(master.salt()).containsExactly(java.util.Arrays.copyOfRange(both, 16, 30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1 AES_CM_128_HMAC_SHA1_80",
                "x AES_CM_128_HMAC_SHA1_80 inline:" + KEY,
                "01 AES_CM_128_HMAC_SHA1_80 inline:" + KEY,
                "1234567890 AES_CM_128_HMAC_SHA1_80 inline:" + KEY,
                "1 F8_128_HMAC_SHA1_80 inline:" + KEY,
                "1 aes_cm_128_hmac_sha1_80 inline:" + KEY,
                "1 AES_CM_128_HMAC_SHA1_80 uri:" + KEY,
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + "AAAA",
                "1 AES_CM_128_HMAC_SHA1_80 inline:!" + KEY,
                "1 AEAD_AES_128_GCM inline:" + KEY, // two bytes too long
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|2^49",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|2^99",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|0",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|1:4", // a master key identifier
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|2^20|1:4",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + ";inline:" + OTHER_KEY,
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + " UNENCRYPTED_SRTP",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + " UNENCRYPTED_SRTCP",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + " UNAUTHENTICATED_SRTP",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + " KDR=3",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + " FEC_ORDER=FEC_SRTP"
            })
    void whatIsMalformedOrMoreThanWeCanIsPassedOver(String line) {
        assertThat(CryptoLine.parse(line)).isEmpty();
    }

    @Test
    void noMutantOfALineThrows() {
        long seed = 9_1;
        Random mutation = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder(CM80 + "|2^31");
            for (int k = 0; k < 1 + mutation.nextInt(4); k++) {
                line.setCharAt(mutation.nextInt(line.length()), (char) (32 + mutation.nextInt(96)));
            }
            line.setLength(mutation.nextInt(line.length() + 1));
            assertThat(CryptoLine.parse(line.toString()))
                    .as("seed %d: %s", seed, line)
                    .isNotNull();
        }
    }

    // ---- our offers

    @Test
    void requiredOffersSavpWithAllSuitesEachWithAKeyOfItsOwn() {
        String offer = dialog(TrunkSrtp.REQUIRED).offer();
        assertThat(offer).contains("m=audio 20000 RTP/SAVP 8 0 101\r\n");
        List<CryptoLine> lines = lines(offer);
        assertThat(lines).extracting(CryptoLine::suite).containsExactly(SrtpProfile.values());
        assertThat(lines).extracting(CryptoLine::tag).containsExactly(1, 2, 3, 4);
        assertThat(lines).extracting(CryptoLine::master).doesNotHaveDuplicates();
    }

    @Test
    void bestEffortOffersAvpWithKeysAndOffOffersNone() {
        assertThat(dialog(TrunkSrtp.BEST_EFFORT).offer()).contains("RTP/AVP 8 0 101\r\n", "a=crypto:1 ");
        assertThat(dialog(TrunkSrtp.OFF).offer()).contains("RTP/AVP 8").doesNotContain("crypto");
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerNamesTheLineAndItsKeyIsTheirs(SrtpProfile suite) throws Exception {
        TrunkNegotiation dialog = dialog(TrunkSrtp.REQUIRED);
        CryptoLine offered = lines(dialog.offer()).stream()
                .filter(line -> line.suite() == suite)
                .findFirst()
                .orElseThrow();
        CryptoLine theirs = new CryptoLine(offered.tag(), suite, master(suite));
        SrtpKeys keys =
                dialog.onAnswer(audio("RTP/SAVP", theirs.written())).keys().orElseThrow();
        assertThat(keys).isEqualTo(new SrtpKeys(suite, offered.master(), theirs.master()));
        assertThat(lines(dialog.offer())).as("our key stays").contains(offered);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // use, protocol, line of the answer, taken (encrypted or plain) or refused
                "REQUIRED,    RTP/SAVP, 3 AES_CM_128_HMAC_SHA1_80, encrypted",
                "REQUIRED,    RTP/SAVPF, 3 AES_CM_128_HMAC_SHA1_80, encrypted",
                "REQUIRED,    RTP/SAVP, 1 AES_CM_128_HMAC_SHA1_80, refused", // not the tag of that suite
                "REQUIRED,    RTP/SAVP, 9 AES_CM_128_HMAC_SHA1_80, refused",
                "REQUIRED,    RTP/SAVP, -, refused",
                "REQUIRED,    RTP/AVP, -, refused",
                "REQUIRED,    RTP/AVP, 3 AES_CM_128_HMAC_SHA1_80, refused",
                "BEST_EFFORT, RTP/AVP, 4 AES_CM_128_HMAC_SHA1_32, encrypted",
                "BEST_EFFORT, RTP/SAVP, 4 AES_CM_128_HMAC_SHA1_32, encrypted",
                "BEST_EFFORT, RTP/AVP, -, plain",
                "BEST_EFFORT, RTP/AVP, 9 AES_CM_128_HMAC_SHA1_32, refused", // it would send what we cannot open
                "BEST_EFFORT, RTP/SAVP, -, refused",
                "OFF,         RTP/AVP, -, plain",
                "OFF,         RTP/AVP, 1 AES_CM_128_HMAC_SHA1_80, plain",
                "OFF,         RTP/SAVP, 1 AES_CM_128_HMAC_SHA1_80, refused",
            })
    void anAnswerIsTakenOnlyAsItWasOffered(TrunkSrtp use, String protocol, String line, String outcome)
            throws Exception {
        TrunkNegotiation dialog = dialog(use);
        assertThat(dialog.offer()).contains("m=audio");
        String answer = audio(protocol, line == null ? "a=x" : "a=crypto:" + line + " inline:" + KEY);
        if (outcome.equals("refused")) {
            assertThatExceptionOfType(SdpRejectedException.class)
                    .isThrownBy(() -> dialog.onAnswer(answer))
                    .withMessageContaining("RTP/")
                    .satisfies(rejected -> assertThat(rejected.getMessage()).doesNotContain(KEY));
        } else {
            assertThat(dialog.onAnswer(answer).keys().isPresent()).isEqualTo(outcome.equals("encrypted"));
        }
    }

    @Test
    void anAnswerWithTwoLinesIsNone() {
        TrunkNegotiation dialog = dialog(TrunkSrtp.REQUIRED);
        assertThat(dialog.offer()).contains("crypto");
        String two = "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" + KEY
                + "\r\na=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:" + OTHER_KEY;
        assertThatExceptionOfType(SdpRejectedException.class).isThrownBy(() -> dialog.onAnswer(audio("RTP/SAVP", two)));
    }

    // ---- theirs

    @ParameterizedTest
    @CsvSource({
        "REQUIRED,    RTP/SAVP, true,  encrypted",
        "REQUIRED,    RTP/AVP,  true,  refused",
        "REQUIRED,    RTP/AVP,  false, refused",
        "REQUIRED,    RTP/SAVP, false, refused",
        "BEST_EFFORT, RTP/SAVP, true,  encrypted",
        "BEST_EFFORT, RTP/AVP,  true,  encrypted",
        "BEST_EFFORT, RTP/AVP,  false, plain",
        "BEST_EFFORT, RTP/SAVP, false, refused",
        "OFF,         RTP/AVP,  true,  plain",
        "OFF,         RTP/AVP,  false, plain",
        "OFF,         RTP/SAVP, true,  refused",
        "OFF,         UDP/TLS/RTP/SAVP, false, refused",
        "BEST_EFFORT, UDP/TLS/RTP/SAVP, true, refused",
    })
    void anOfferIsAnsweredByTheTrunksSetting(TrunkSrtp use, String protocol, boolean keyed, String outcome)
            throws Exception {
        String offer = audio(protocol, keyed ? "a=crypto:" + CM80 : "a=x");
        TrunkNegotiation dialog = dialog(use);
        if (outcome.equals("refused")) {
            assertThatExceptionOfType(SdpRejectedException.class)
                    .isThrownBy(() -> dialog.answer(offer))
                    .withMessageContaining(use == TrunkSrtp.OFF ? "srtp is off" : "a=crypto of");
            return;
        }
        TrunkAnswer answer = dialog.answer(offer);
        assertThat(answer.sdp()).contains("m=audio 20000 " + protocol + " 8\r\n");
        assertThat(answer.format().keys().isPresent()).isEqualTo(outcome.equals("encrypted"));
        assertThat(lines(answer.sdp())).hasSize(outcome.equals("encrypted") ? 1 : 0);
    }

    @Test
    void weAnswerTheirFirstLineThatWeCanUnderItsTag() throws Exception {
        TrunkAnswer answer = dialog(TrunkSrtp.REQUIRED)
                .answer(audio(
                        "RTP/SAVP",
                        "a=crypto:3 F8_128_HMAC_SHA1_80 inline:" + KEY
                                + "\r\na=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "|2^20|1:32"
                                + "\r\na=crypto:8 AES_CM_128_HMAC_SHA1_32 inline:" + KEY + "|2^31"
                                + "\r\na=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:" + KEY));
        CryptoLine ours = lines(answer.sdp()).getFirst();
        assertThat(ours.tag()).isEqualTo(8);
        assertThat(ours.suite()).isEqualTo(AES128_CM_HMAC_SHA1_32);
        SrtpKeys keys = answer.format().keys().orElseThrow();
        assertThat(keys.ours()).isEqualTo(ours.master()).isNotEqualTo(keys.theirs());
        assertThat(Base64.getDecoder().decode(KEY)).startsWith(keys.theirs().key());
    }

    @Test
    void theSameAudioWrittenTwiceIsTakenEncrypted() throws Exception {
        String twice = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
                + "m=audio 4000 RTP/AVP 8\r\nm=audio 4002 RTP/SAVP 8\r\na=crypto:" + CM80 + "\r\n";
        assertThat(dialog(TrunkSrtp.BEST_EFFORT).answer(twice).sdp())
                .contains("m=audio 0 RTP/AVP 8\r\n", "m=audio 20000 RTP/SAVP 8\r\n");
        assertThat(dialog(TrunkSrtp.OFF).answer(twice).sdp())
                .contains("m=audio 20000 RTP/AVP 8\r\n", "m=audio 0 RTP/SAVP 8\r\n");
    }

    // ---- in mid-call

    @Test
    void theSameOfferAgainIsAnsweredWithTheSameKeyAndVersion() throws Exception {
        TrunkNegotiation dialog = dialog(TrunkSrtp.REQUIRED);
        String offer = audio("RTP/SAVP", "a=crypto:" + CM80);
        assertThat(dialog.answer(offer)).isEqualTo(dialog.answer(offer));
    }

    @Test
    void aNewKeyOfTheirsIsAnsweredWithANewOneOfOurs() throws Exception {
        TrunkNegotiation dialog = dialog(TrunkSrtp.REQUIRED);
        SrtpKeys first = dialog.answer(audio("RTP/SAVP", "a=crypto:" + CM80))
                .format()
                .keys()
                .orElseThrow();
        SrtpKeys second = dialog.answer(audio("RTP/SAVP", "a=crypto:" + CM80.replace(KEY, OTHER_KEY)))
                .format()
                .keys()
                .orElseThrow();
        assertThat(second.theirs()).isNotEqualTo(first.theirs());
        assertThat(second.ours()).isNotEqualTo(first.ours());
    }

    @Test
    void theKeyOfTheAnswerThatHoldsIsTheOneThatCounts() throws Exception { // forks: another answer to the same offer
        TrunkNegotiation dialog = dialog(TrunkSrtp.BEST_EFFORT);
        CryptoLine offered = lines(dialog.offer()).getFirst();
        for (int fork = 0; fork < 3; fork++) {
            CryptoLine theirs = new CryptoLine(1, AEAD_AES_128_GCM, master(AEAD_AES_128_GCM));
            assertThat(dialog.onAnswer(audio("RTP/AVP", theirs.written())).keys())
                    .contains(new SrtpKeys(AEAD_AES_128_GCM, offered.master(), theirs.master()));
        }
    }

    @Test
    void ourOfferInMidCallHasTheProtocolAndTheKeyOfTheCall() throws Exception {
        TrunkNegotiation dialog = dialog(TrunkSrtp.BEST_EFFORT);
        SrtpKeys keys = dialog.answer(audio("RTP/SAVP", "a=crypto:" + CM80))
                .format()
                .keys()
                .orElseThrow();
        String offer = dialog.offer();
        assertThat(offer).contains("m=audio 20000 RTP/SAVP 8 0 101\r\n");
        assertThat(lines(offer))
                .filteredOn(line -> line.suite() == AES128_CM_HMAC_SHA1_80)
                .extracting(CryptoLine::master)
                .containsExactly(keys.ours());
    }

    @Test
    void whatIsRefusedChangesNoKey() throws Exception {
        TrunkNegotiation dialog = dialog(TrunkSrtp.REQUIRED);
        String good = audio("RTP/SAVP", "a=crypto:" + CM80);
        TrunkAnswer before = dialog.answer(good);
        String bad =
                audio("RTP/SAVP", "a=crypto:" + CM80.replace(KEY, OTHER_KEY)).replace("192.0.2.7", "224.0.0.1");
        assertThatExceptionOfType(SdpRejectedException.class).isThrownBy(() -> dialog.answer(bad));
        assertThat(dialog.answer(good)).isEqualTo(before);
    }

    @Test
    void keysMaskThemselves() throws Exception {
        TrunkAnswer answer = dialog(TrunkSrtp.REQUIRED)
                .answer(audio(
                        "RTP/SAVP",
                        "a=crypto:1 AEAD_AES_256_GCM "
                                + "inline:AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg+goaKjpKWmp6ipqqs="));
        String ours = Base64.getEncoder()
                .encodeToString(answer.format().keys().orElseThrow().ours().key())
                .substring(0, 20);
        assertThat(answer.sdp()).contains(ours);
        assertThat(answer.format().toString()).doesNotContain(ours).contains("masked");
        assertThat(new CryptoLine(1, AEAD_AES_256_GCM, master(AEAD_AES_256_GCM)).toString())
                .contains("masked");
    }

    // ---- reports on RTP's own port (RFC 5761)

    @Test
    void reportsShareThePortWhereTheTrunkOffersIt() throws Exception {
        TrunkNegotiation dialog = dialog(TrunkSrtp.OFF);
        TrunkAnswer answer = dialog.answer(audio("RTP/AVP", "a=rtcp-mux\r\na=rtcp:4009"));
        assertThat(answer.sdp()).contains("a=rtcp-mux\r\n");
        assertThat(answer.format().rtcp()).isEqualTo(answer.format().rtp());
        assertThat(dialog.offer()).as("and it stays so").contains("a=rtcp-mux\r\n");
        assertThat(dialog.answer(audio("RTP/AVP", "a=x")).format().rtcp().getPort())
                .isEqualTo(4_001);
    }

    @ParameterizedTest
    @CsvSource({"true, true, 4000", "true, false, 4001", "false, true, 4001"})
    void orWhereWeOfferedItAndTheTrunkAgrees(boolean offered, boolean answered, int port) throws Exception {
        TrunkParty party = party();
        TrunkNegotiation dialog = new TrunkNegotiation(
                new TrunkParty(party.address(), 20_000, 20_001, party.codecs(), 99, party.peers(), offered),
                SdpLimits.defaults());
        assertThat(dialog.offer().contains("a=rtcp-mux\r\n")).isEqualTo(offered);
        assertThat(dialog.onAnswer(audio("RTP/AVP", answered ? "a=rtcp-mux" : "a=x"))
                        .rtcp()
                        .getPort())
                .isEqualTo(port);
    }

    private TrunkNegotiation dialog(TrunkSrtp use) {
        return new TrunkNegotiation(party(), SdpLimits.defaults(), new Sdes(use, random::nextBytes));
    }

    private static TrunkParty party() {
        return new TrunkParty(InetAddress.ofLiteral("192.0.2.9"), 20_000, 20_001, List.of(PCMA, PCMU), 99);
    }

    private SrtpKeys.Master master(SrtpProfile suite) {
        byte[] key = new byte[suite.keyLength()];
        byte[] salt = new byte[suite.saltLength()];
        random.nextBytes(key);
        random.nextBytes(salt);
        return new SrtpKeys.Master(key, salt);
    }

    private static String audio(String protocol, String lines) {
        return "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n" + "m=audio 4000 " + protocol
                + " 8\r\n" + lines + "\r\n";
    }

    private static List<CryptoLine> lines(String sdp) {
        Matcher lines = Pattern.compile("a=crypto:(.*)\r\n").matcher(sdp);
        return lines.results()
                .map(line -> CryptoLine.parse(line.group(1)).orElseThrow())
                .toList();
    }
}
