package io.ringdown.gateway.softphones;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OfferedDirectionTest {
    @Test
    void theDirectionOfTheFirstAudioCountsAndElseThatOfTheSession() {
        assertThat(OfferedDirection.holds("v=0\r\nm=audio 9 RTP 0\r\na=sendonly\r\n"))
                .isTrue();
        assertThat(OfferedDirection.holds("v=0\na=inactive\nm=audio 9 RTP 0\n")).isTrue();
        assertThat(OfferedDirection.holds("v=0\r\na=inactive\r\nm=audio 9 RTP 0\r\na=sendrecv\r\n"))
                .isFalse();
        assertThat(OfferedDirection.holds("v=0\r\nm=audio 9 RTP 0\r\nm=video 9 RTP 96\r\na=inactive\r\n"))
                .isFalse();
        assertThat(OfferedDirection.holds("v=0\r\nm=video 9 RTP 96\r\na=inactive\r\nm=audio 9 RTP 0\r\n"))
                .isFalse();
        assertThat(OfferedDirection.holds("v=0\r\nm=audio 9 RTP 0\r\n")).isFalse();
    }
}
