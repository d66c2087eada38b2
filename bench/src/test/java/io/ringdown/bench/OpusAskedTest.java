package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OpusAskedTest {

    @Test
    void whatTheAnswerSaysOfOpusIsTaken() {
        String answer = """
                m=audio 9 UDP/TLS/RTP/SAVPF 63 111
                a=fmtp:63 111/111
                a=fmtp:111 minptime=10;useinbandfec=1;maxplaybackrate=8000;maxaveragebitrate=32000
                a=ptime:20
                """.replace("\n", "\r\n");
        assertThat(OpusAsked.of(answer, 111)).isEqualTo(OpusAsked.TELEPHONE);
        assertThat(OpusAsked.of(answer, 111).sampleRate()).isEqualTo(8_000);
    }

    @Test
    void whereItSaysNothingBrowsersSendTheirOwn() {
        assertThat(OpusAsked.of("a=fmtp:111 maxplaybackrate=16000\r\n", 111)).isEqualTo(new OpusAsked(16_000, 20_000));
        assertThat(OpusAsked.of("a=ptime:20\r\n", 111)).isEqualTo(new OpusAsked(48_000, 32_000));
    }
}
