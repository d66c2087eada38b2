package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The far end's keys: what one side seals the other opens. */
final class SdesAnswerTest {
    private static final Random RANDOM = new Random(7);

    private static String crypto(int tag, String suite, int length) {
        byte[] key = new byte[length];
        RANDOM.nextBytes(key);
        return "a=crypto:" + tag + " " + suite + " inline:"
                + Base64.getEncoder().encodeToString(key) + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({"AEAD_AES_128_GCM, 28", "AEAD_AES_256_GCM, 44", "AES_CM_128_HMAC_SHA1_80, 30"})
    void whatOneSideSealsTheOtherOpens(String suite, int length) {
        SdesAnswer answer =
                SdesAnswer.to("v=0\r\n" + crypto(3, suite, length), RANDOM).orElseThrow();
        assertThat(answer.line()).startsWith("a=crypto:3 " + suite + " inline:");
        SrtpPair.Keys far = answer.keys();
        SrtpPair.Keys gateway = mirrored(far);
        byte[] packet = new byte[200];
        RtpPacket.write(packet, 8, 1, 160, 5);
        int sealed = new SrtpPair(far).seal(packet, 172, 5);
        assertThat(sealed).isGreaterThan(172);
        assertThat(new SrtpPair(gateway).open(packet, sealed, 5)).isEqualTo(172);
    }

    private static SrtpPair.Keys mirrored(SrtpPair.Keys keys) {
        return new SrtpPair.Keys(
                keys.profile(),
                /* ourKey= */ keys.theirKey(),
                /* ourSalt= */ keys.theirSalt(),
                /* theirKey= */ keys.ourKey(),
                /* theirSalt= */ keys.ourSalt());
    }

    @Test
    void firstThatItCanIsTaken() {
        String offer = crypto(1, "F8_128_HMAC_SHA1_80", 30)
                + crypto(2, "AEAD_AES_128_GCM", 27)
                + crypto(4, "AES_CM_128_HMAC_SHA1_80", 30).replace("\r\n", "|2^31\r\n")
                + crypto(5, "AEAD_AES_128_GCM", 28);
        assertThat(SdesAnswer.to(offer, RANDOM).orElseThrow().line()).startsWith("a=crypto:4 ");
        assertThat(SdesAnswer.to("v=0\r\n", RANDOM)).isEmpty();
    }
}
