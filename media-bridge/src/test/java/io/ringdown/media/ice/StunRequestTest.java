package io.ringdown.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StunRequestTest {
    /** RFC 5769 §2.1. */
    static final byte[] SAMPLE_REQUEST = HexFormat.of()
            .parseHex("000100582112a442b7e7a701bc34d686fa87dfae"
                    + "802200105354554e207465737420636c69656e74"
                    + "002400046e0001ff80290008932ff9b151263b36"
                    + "000600096576746a3a68367659202020"
                    + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
                    + "80280004e57a3bcf");

    private final StunRequest request = new StunRequest();

    @Test
    void theSampleOfRfc5769IsACheck() {
        assertThat(request.read(SAMPLE_REQUEST, 0, SAMPLE_REQUEST.length)).isTrue();
        assertThat(request.ufragKey()).isEqualTo(StunRequest.key("evtj"));
    }

    @Test
    void theMessageMayLieAnywhereInTheBuffer() {
        byte[] buffer = new byte[500];
        System.arraycopy(SAMPLE_REQUEST, 0, buffer, 77, SAMPLE_REQUEST.length);
        assertThat(request.read(buffer, 77, SAMPLE_REQUEST.length)).isTrue();
    }

    @Test
    void everyTruncationAndEveryFlippedBitIsNoise() {
        for (int length = 0; length < SAMPLE_REQUEST.length; length++) {
            assertThat(request.read(SAMPLE_REQUEST, 0, length))
                    .as("first %d bytes", length)
                    .isFalse();
        }
        for (int bit = 0; bit < 8 * SAMPLE_REQUEST.length; bit++) {
            byte[] flipped = SAMPLE_REQUEST.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(request.read(flipped, 0, flipped.length))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void aCheckNeedsUsernameIntegrityAndFingerprint() {
        byte[] noUsername = Checks.request().signed("passwordpasswordpassword");
        byte[] noIntegrity = Checks.request().username("abcd:efgh").fingerprinted();
        byte[] noColon = Checks.request().username("abcd").signed("passwordpasswordpassword");
        byte[] nothingOfTheirs = Checks.request().username("abcd:").signed("passwordpasswordpassword");
        byte[] longOne = Checks.request().username("abcdefghi:jklm").signed("passwordpasswordpassword");
        byte[] complete = Checks.request().username("abcd:efgh").signed("passwordpasswordpassword");
        byte[] noFingerprint = Arrays.copyOf(complete, complete.length - 8);
        noFingerprint[3] = (byte) (noFingerprint[3] - 8);
        assertThat(request.read(complete, 0, complete.length)).isTrue();
        for (byte[] noise : new byte[][] {noUsername, noIntegrity, noColon, nothingOfTheirs, longOne, noFingerprint}) {
            assertThat(request.read(noise, 0, noise.length)).isFalse();
        }
    }

    @Test
    void aUsernameBehindTheIntegrityDoesNotCount() {
        byte[] signed = Checks.request().signed("passwordpasswordpassword");
        Checks late = Checks.request();
        late.attribute(0x0008, Arrays.copyOfRange(signed, 24, 44)).username("abcd:efgh");
        byte[] message = late.fingerprinted();
        assertThat(request.read(message, 0, message.length)).isFalse();
    }

    @Test
    void mutantsNeverThrow() {
        long seed = 5769;
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            byte[] mutant = SAMPLE_REQUEST.clone();
            for (int k = random.nextInt(1, 6); k > 0; k--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(10) == 0 ? random.nextInt(mutant.length + 1) : mutant.length;
            if (request.read(mutant, 0, length)) { // only what has become the sample again
                assertThat(mutant).as("seed %d", seed).isEqualTo(SAMPLE_REQUEST);
            }
        }
    }
}
