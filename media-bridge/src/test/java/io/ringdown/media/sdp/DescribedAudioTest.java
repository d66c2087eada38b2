package io.ringdown.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is read out of a description of which we only report. */
final class DescribedAudioTest {
    private static Optional<DescribedAudio> read(String... lines) {
        return DescribedAudio.of("v=0\r\n" + String.join("\r\n", lines) + "\r\n");
    }

    @Test
    void codecsOfTheLineAreNamedInItsOrderAlsoThoseThatWeCannotDo() {
        assertThat(read(
                        "a=inactive",
                        "m=audio 4000 RTP/AVP 8 96 18 101 0 97",
                        "a=rtpmap:96 AMR-WB/16000",
                        "a=rtpmap:101 TELEPHONE-EVENT/8000",
                        "a=rtpmap:0 PCMU/8000",
                        "a=ptime: 30"))
                .contains(new DescribedAudio(
                        List.of("PCMA", "AMR-WB", "G729", "PCMU"), true, OptionalInt.of(30), Direction.INACTIVE));
    }

    @Test
    void eventsCountOnlyWhereTheLineNamesThem() {
        assertThat(read("m=audio 4000 RTP/AVP 0", "a=rtpmap:101 telephone-event/8000"))
                .contains(new DescribedAudio(List.of("PCMU"), false, OptionalInt.empty(), Direction.SENDRECV));
    }

    @Test
    void audioThatIsRefusedIsNone() {
        assertThat(read("m=audio 0 RTP/AVP 0", "m=video 4000 RTP/AVP 96")).isEmpty();
        assertThat(read("m=audio 0 RTP/AVP 0", "m=audio 4000 RTP/AVP 8")
                        .orElseThrow()
                        .codecs())
                .containsExactly("PCMA");
    }

    @Test
    void whatIsNoSdpHasNoAudio() {
        assertThat(DescribedAudio.of("")).isEmpty();
        assertThat(read("m=audio many RTP/AVP 0")).isEmpty();
        assertThat(read("something else")).isEmpty();
    }
}
