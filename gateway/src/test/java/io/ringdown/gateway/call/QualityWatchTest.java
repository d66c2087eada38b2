package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.Durations;
import io.ringdown.media.quality.LegQuality;
import io.ringdown.media.quality.Signalled;
import io.ringdown.media.quality.TrunkPath;
import io.ringdown.media.quality.WebPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class QualityWatchTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Signalled TALKING = new Signalled(true, Optional.empty());

    private final QualityWatch watch = new QualityWatch();
    private final List<String> told = new ArrayList<>();
    private long now = -3 * SECOND;

    @Test
    void aVerdictIsToldAtOnceWhenItChangesAndElseEveryFiveSeconds() {
        look(WebPath.Dtls.CONNECTED, 12);
        look(WebPath.Dtls.CLOSED, 4);
        assertThat(told)
                .containsExactly("-3 too-early", "3 too-early", "9 browser-closed"); // one look is 2 s after the other
    }

    @Test
    void whatIsToldCountsFromWhatWasToldBefore() {
        QualityReport first =
                watch.onLook(quality(WebPath.Dtls.CONNECTED), TALKING, now).orElseThrow();
        QualityReport second =
                watch.onLook(quality(WebPath.Dtls.CLOSED), TALKING, now).orElseThrow();
        assertThat(first.since()).isEqualTo(CallQuality.NONE);
        assertThat(second.since()).isEqualTo(first.now());
    }

    @Test
    void askingBesideTellsTheSameAndDisturbsNothing() {
        look(WebPath.Dtls.CONNECTED, 1);
        QualityReport asked = watch.report(quality(WebPath.Dtls.CLOSED), TALKING);
        assertThat(asked.verdict().about().code()).isEqualTo("browser-closed");
        assertThat(watch.toldCode()).isEqualTo("too-early");
    }

    private void look(WebPath.Dtls dtls, int seconds) {
        for (int i = 0; i < seconds; i += 2) {
            watch.onLook(quality(dtls), TALKING, now)
                    .ifPresent(report -> told.add(
                            now / SECOND + " " + report.verdict().about().code()));
            now += 2 * SECOND;
        }
    }

    static CallQuality quality(WebPath.Dtls dtls) {
        return new CallQuality(
                LegQuality.NONE,
                LegQuality.NONE,
                new WebPath(
                        WebPath.Ice.NOMINATED, dtls, OptionalLong.of(20), OptionalLong.of(20), 0, 0, false, true, true),
                TrunkPath.NONE,
                Durations.NONE,
                Durations.NONE);
    }
}
