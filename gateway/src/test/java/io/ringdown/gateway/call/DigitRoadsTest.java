package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.gateway.call.DigitRoads.Choice;
import io.ringdown.gateway.call.DigitRoads.Lesson;
import io.ringdown.gateway.call.DigitRoads.Why;
import io.ringdown.sip.PeerCapabilities;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which road digits take, by what is pinned, agreed and known. */
final class DigitRoadsTest {
    private static final List<DtmfRoad> AGREED = List.of(DtmfRoad.RTP, DtmfRoad.IN_BAND);
    private static final List<DtmfRoad> NOT_AGREED = List.of(DtmfRoad.IN_BAND);
    private static final PeerCapabilities ACCEPTS_DIGITS = new PeerCapabilities(
            Optional.of(List.of("INVITE", "INFO")), Optional.of(List.of("application/sdp", "application/dtmf-relay")));
    private static final PeerCapabilities WITHOUT_INFO =
            new PeerCapabilities(Optional.of(List.of("INVITE", "BYE")), Optional.empty());

    private final DigitRoads roads = new DigitRoads();

    private static DtmfSettings settings(DtmfSettings.Road road) {
        DtmfSettings usual = DtmfSettings.defaults();
        return new DtmfSettings(road, usual.hear(), usual.infoForm(), usual.shortest(), usual.longest(), usual.gap());
    }

    private Choice auto(List<DtmfRoad> inMedia, PeerCapabilities peer) {
        return roads.choose("carrier", settings(DtmfSettings.Road.AUTO), inMedia, peer);
    }

    @Test
    void whatWasAgreedComesFirst() {
        assertThat(auto(AGREED, ACCEPTS_DIGITS)).isEqualTo(new Choice(Optional.of(DtmfRoad.RTP), Why.AGREED, false));
    }

    @Test
    void thenWhatTheTrunkSaysThatItTakes() {
        assertThat(auto(NOT_AGREED, ACCEPTS_DIGITS))
                .isEqualTo(new Choice(Optional.of(DtmfRoad.INFO), Why.OFFERED, true));
    }

    @Test
    void thenWhatItDoesItself() {
        roads.onHeard("carrier", DtmfRoad.INFO);
        assertThat(auto(NOT_AGREED, PeerCapabilities.UNKNOWN))
                .isEqualTo(new Choice(Optional.of(DtmfRoad.INFO), Why.LEARNT, true));
        assertThat(roads.choose("another", settings(DtmfSettings.Road.AUTO), NOT_AGREED, PeerCapabilities.UNKNOWN))
                .as("of another trunk nothing is learnt")
                .isEqualTo(new Choice(Optional.of(DtmfRoad.IN_BAND), Why.LAST_RESORT, true));
    }

    @Test
    void tonesAreTheLastResortAndAreKnownOnceHeard() {
        assertThat(auto(NOT_AGREED, PeerCapabilities.UNKNOWN).why()).isEqualTo(Why.LAST_RESORT);
        roads.onHeard("carrier", DtmfRoad.IN_BAND);
        assertThat(auto(NOT_AGREED, PeerCapabilities.UNKNOWN))
                .isEqualTo(new Choice(Optional.of(DtmfRoad.IN_BAND), Why.LEARNT, true));
    }

    @Test
    void aRefusedInfoIsNotTriedAgainUntilOneIsTaken() {
        roads.onLesson("carrier", Lesson.INFO_REFUSED);
        assertThat(auto(NOT_AGREED, ACCEPTS_DIGITS).road()).contains(DtmfRoad.IN_BAND);
        roads.onLesson("carrier", Lesson.INFO_TAKEN);
        assertThat(auto(NOT_AGREED, ACCEPTS_DIGITS).road()).contains(DtmfRoad.INFO);
    }

    @Test
    void whoDoesNotAllowInfoGetsNone() {
        roads.onHeard("carrier", DtmfRoad.INFO);
        assertThat(auto(NOT_AGREED, WITHOUT_INFO).road()).contains(DtmfRoad.IN_BAND);
        assertThat(auto(List.of(), WITHOUT_INFO).road()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = DtmfSettings.Road.class,
            names = {"RTP", "INFO", "INBAND"})
    void whatIsPinnedIsTakenWhateverIsKnown(DtmfSettings.Road road) {
        roads.onLesson("carrier", Lesson.INFO_REFUSED);
        assertThat(roads.choose("carrier", settings(road), AGREED, WITHOUT_INFO))
                .isEqualTo(new Choice(road.pinned(), Why.PINNED, false));
    }

    @Test
    void aPinnedRoadThatWasNotAgreedLeadsNowhere() {
        assertThat(roads.choose("carrier", settings(DtmfSettings.Road.RTP), NOT_AGREED, PeerCapabilities.UNKNOWN))
                .isEqualTo(new Choice(Optional.empty(), Why.NOT_AGREED, true));
    }

    @Test
    void whatIsKnownCanBeSeen() {
        roads.onHeard("carrier", DtmfRoad.RTP);
        roads.onSent("carrier", DtmfRoad.INFO);
        roads.onLesson("carrier", Lesson.INFO_REFUSED);
        assertThat(roads.known()).containsOnlyKeys("carrier");
        DigitRoads.Known known = roads.known().values().iterator().next();
        assertThat(known.heard()).containsEntry(DtmfRoad.RTP, 1L).containsEntry(DtmfRoad.INFO, 0L);
        assertThat(known.sent()).containsEntry(DtmfRoad.INFO, 1L);
        assertThat(known.refusesInfo()).isTrue();
    }
}
