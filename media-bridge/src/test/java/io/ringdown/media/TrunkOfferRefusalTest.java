package io.ringdown.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TrunkOfferRefusalTest {
    private static final TrunkMedia TRUNK =
            new TrunkMedia(InetAddress.ofLiteral("127.0.0.1"), Optional.empty(), List.of(AudioCodec.PCMU));

    private static String offer(String address, String media) {
        return ("v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=" + address + "\nt=0 0\nm=" + media + "\n")
                .replace("\n", "\r\n");
    }

    @Test
    void offerWithOneOfOurCodecsIsNotRefused() {
        assertThat(MediaEngine.refusal(TRUNK, offer("IN IP4 192.0.2.1", "audio 4000 RTP/AVP 18 0")))
                .isEmpty();
    }

    @Test
    void offerWithoutACodecOfOursIsRefused() {
        assertThat(MediaEngine.refusal(TRUNK, offer("IN IP4 192.0.2.1", "audio 4000 RTP/AVP 18 8")))
                .isPresent();
    }

    @Test
    void offerThatIsNotSdpOrCannotBeReachedIsRefused() {
        assertThat(MediaEngine.refusal(TRUNK, "hello")).isPresent();
        assertThat(MediaEngine.refusal(TRUNK, offer("IN IP6 2001:db8::1", "audio 4000 RTP/AVP 0")))
                .isPresent();
    }
}
