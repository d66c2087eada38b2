package io.ringdown.gateway.app;

import static io.ringdown.media.codec.AudioCodec.G722;
import static io.ringdown.media.codec.AudioCodec.OPUS;
import static io.ringdown.media.codec.AudioCodec.PCMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TrunkRtpSettingsTest {

    @Test
    void browsersSpeakOpusTheTrunksCodecsOrWhicheverFits() {
        assertThat(settings(Optional.empty(), Optional.empty()).webCodecs())
                .isEqualTo(new WebCodecs(List.of(OPUS, G722, PCMA), 16_000, false));
        assertThat(settings(Optional.of(WebCodec.G711), Optional.empty()).webCodecs())
                .isEqualTo(new WebCodecs(List.of(G722, PCMA), 16_000, false));
        assertThat(settings(Optional.of(WebCodec.AUTO), Optional.empty()).webCodecs())
                .isEqualTo(new WebCodecs(List.of(OPUS, G722, PCMA), 16_000, true));
    }

    @Test
    void theOlderWordIsStillReadUnlessItContradicts() {
        assertThat(settings(Optional.empty(), Optional.of(false)).browsersSpeak())
                .isEqualTo(WebCodec.G711);
        assertThat(settings(Optional.empty(), Optional.of(true)).browsersSpeak())
                .isEqualTo(WebCodec.OPUS);
        assertThat(settings(Optional.of(WebCodec.G711), Optional.of(false)).browsersSpeak())
                .isEqualTo(WebCodec.G711);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(Optional.of(WebCodec.AUTO), Optional.of(false)))
                .withMessageContaining("transcode");
    }

    @Test
    void browsersAreAskedForNoMoreThanTheTrunkCanCarry() {
        assertThat(settings(List.of(PCMA), Optional.empty(), Optional.empty())
                        .webCodecs()
                        .playbackRate())
                .isEqualTo(8_000);
        assertThat(settings(List.of(OPUS, PCMA), Optional.empty(), Optional.empty())
                        .webCodecs()
                        .playbackRate())
                .isEqualTo(16_000);
    }

    @Test
    void aTrunkIsToldNothingOfAHoldUnlessItShallBe() {
        assertThat(TrunkRtpSettings.defaults().hold().offer()).isEmpty();
        assertThat(TrunkRtpSettings.Hold.SENDONLY.offer()).hasValue(Direction.SENDONLY);
        assertThat(TrunkRtpSettings.Hold.INACTIVE.offer()).hasValue(Direction.INACTIVE);
    }

    @Test
    void aListThatLeavesBrowsersNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(List.of(OPUS), Optional.of(WebCodec.G711), Optional.empty()))
                .withMessageContaining("web-codec");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(List.of(), Optional.empty(), Optional.empty()))
                .withMessageContaining("codecs");
    }

    private static TrunkRtpSettings settings(Optional<WebCodec> webCodec, Optional<Boolean> transcode) {
        return settings(List.of(G722, PCMA), webCodec, transcode);
    }

    private static TrunkRtpSettings settings(
            List<AudioCodec> codecs, Optional<WebCodec> webCodec, Optional<Boolean> transcode) {
        TrunkRtpSettings usual = TrunkRtpSettings.defaults();
        return new TrunkRtpSettings(
                Optional.empty(),
                Optional.empty(),
                codecs,
                usual.srtp(),
                usual.latch(),
                usual.rtcpMux(),
                webCodec,
                transcode,
                Duration.ZERO,
                TrunkRtpSettings.Hold.LOCAL);
    }
}
