package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.signaling.Sessions;
import io.ringdown.sip.TrunkHealth;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetricsTest {

    @Test
    void sessionsAreCountedWithAndWithoutTheirBrowserAndByWhatBecameOfThem() {
        StringBuilder text = new StringBuilder();
        Metrics.sessions(text, new Sessions());
        assertThat(text.toString().lines())
                .contains(
                        "ringdown_sessions 0",
                        "ringdown_sessions_away 0",
                        "ringdown_sessions_total{what=\"resumed\"} 0",
                        "ringdown_sessions_total{what=\"taken-over\"} 0",
                        "ringdown_sessions_total{what=\"expired\"} 0");
    }

    @Test
    void aTrunkIsShownWithItsAddressesByStateAndItsRegistrationWhereItHasOne() {
        StringBuilder text = new StringBuilder();
        Metrics.health(
                text,
                Map.of(
                        "carrier",
                        new TrunkHealth(true, Map.of("a", "up", "b", "down", "c", "down"), Optional.of(false)),
                        "pbx",
                        new TrunkHealth(false, Map.of(), Optional.empty())));
        assertThat(text.toString().lines())
                .contains(
                        "ringdown_trunk_reachable{trunk=\"carrier\"} 1",
                        "ringdown_trunk_reachable{trunk=\"pbx\"} 0",
                        "ringdown_trunk_targets{trunk=\"carrier\",state=\"up\"} 1",
                        "ringdown_trunk_targets{trunk=\"carrier\",state=\"down\"} 2",
                        "ringdown_trunk_registered{trunk=\"carrier\"} 0")
                .noneMatch(line -> line.startsWith("ringdown_trunk_registered{trunk=\"pbx\""));
    }
}
