package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PressMatchTest {
    private static final long MILLI = 1_000_000;
    private static final Digit FIVE = Digit.of('5').orElseThrow();
    private static final Digit SIX = Digit.of('6').orElseThrow();

    private final PressMatch match = new PressMatch();

    @Test
    void aPressThatComesByTwoRoadsIsToldOnce() {
        assertThat(match.isNew(DtmfRoad.RTP, FIVE, 0, 100 * MILLI)).isTrue();
        assertThat(match.isNew(DtmfRoad.INFO, FIVE, 700 * MILLI, 700 * MILLI)).isFalse();
        assertThat(match.matchedCount(DtmfRoad.INFO)).isOne();
    }

    @Test
    void equalDigitsPressedTwiceAndSentByTwoRoadsAreTwo() {
        assertThat(match.isNew(DtmfRoad.INFO, FIVE, 0, 0)).isTrue();
        assertThat(match.isNew(DtmfRoad.INFO, FIVE, 200 * MILLI, 200 * MILLI)).isTrue();
        assertThat(match.isNew(DtmfRoad.IN_BAND, FIVE, 300 * MILLI, 400 * MILLI))
                .isFalse();
        assertThat(match.isNew(DtmfRoad.IN_BAND, FIVE, 500 * MILLI, 600 * MILLI))
                .isFalse();
        assertThat(match.isNew(DtmfRoad.IN_BAND, FIVE, 700 * MILLI, 800 * MILLI))
                .isTrue();
    }

    @Test
    void anInfoAtTheBeginningOfALongToneBelongsToIt() {
        assertThat(match.isNew(DtmfRoad.INFO, FIVE, 0, 0)).isTrue();
        assertThat(match.isNew(DtmfRoad.RTP, FIVE, 50 * MILLI, 6_050 * MILLI)).isFalse();
    }

    @Test
    void anotherDigitOrALongTimeIsAnotherPress() {
        assertThat(match.isNew(DtmfRoad.RTP, FIVE, 0, 100 * MILLI)).isTrue();
        assertThat(match.isNew(DtmfRoad.INFO, SIX, 100 * MILLI, 100 * MILLI)).isTrue();
        assertThat(match.isNew(DtmfRoad.INFO, FIVE, 1_301 * MILLI, 1_301 * MILLI))
                .isTrue();
    }

    @Test
    void onePressWrittenDownIsMatchedByItsLaterRoadsThoughItsDigitIsForgotten() {
        match.isNew(DtmfRoad.RTP, FIVE, 0, 100 * MILLI);
        match.isNew(DtmfRoad.RTP, SIX, 200 * MILLI, 300 * MILLI);
        long otherClock = 77_000 * MILLI;
        PressMatch readBack = new PressMatch(match.remembered(400 * MILLI), otherClock);

        assertThat(readBack.isNew(DtmfRoad.INFO, FIVE, otherClock, otherClock)).isFalse();
        assertThat(readBack.isNew(DtmfRoad.INFO, SIX, otherClock, otherClock)).isFalse();
        assertThat(readBack.isNew(DtmfRoad.INFO, SIX, otherClock, otherClock)).isTrue();
        assertThat(readBack.isNew(DtmfRoad.RTP, SIX, otherClock, otherClock))
                .as("another press by the first road")
                .isFalse();
        assertThat(readBack.isNew(DtmfRoad.RTP, FIVE, otherClock, otherClock + MILLI))
                .isTrue();
        assertThat(match.remembered(0).toString()).doesNotContain("5").doesNotContain("6");
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(match.isNew(DtmfRoad.INFO, FIVE, i * MILLI, i * MILLI)).isTrue();
        }
    }

    /** Any roads, each with its own delay and jitter. */
    @Test
    void whateverTheRoadsEachPressIsToldExactlyOnce() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Map<DtmfRoad, Long> delays = new EnumMap<>(DtmfRoad.class);
            List<DtmfRoad> roads = new ArrayList<>(List.of(DtmfRoad.values()));
            Collections.shuffle(roads, random);
            for (DtmfRoad road : roads.subList(0, 1 + random.nextInt(roads.size()))) {
                delays.put(road, random.nextLong(1_001) * MILLI);
            }
            List<Report> reports = new ArrayList<>();
            int[] pressed = new int[16];
            long start = 0;
            for (int press = 0; press < 60; press++) {
                Digit digit = Digit.ofEvent(random.nextInt(3)).orElseThrow();
                long length = (random.nextInt(20) == 0 ? random.nextLong(6_000) : 40 + random.nextLong(100)) * MILLI;
                long begin = start;
                delays.forEach((road, delay) -> {
                    long late = delay + random.nextLong(100) * MILLI;
                    boolean isMoment = road == DtmfRoad.INFO;
                    // INFO may be sent when the key goes down or when it comes up.
                    long shift = isMoment && random.nextBoolean() ? length : 0;
                    long from = begin + shift + late;
                    long to = isMoment ? from : from + length;
                    reports.add(new Report(road, digit, from, to));
                });
                pressed[digit.event()]++;
                start += length + 100 * MILLI + random.nextLong(300) * MILLI;
            }
            reports.sort(Comparator.comparingLong(Report::to));
            PressMatch each = new PressMatch();
            int[] told = new int[16];
            for (Report report : reports) {
                if (each.isNew(report.road(), report.digit(), report.from(), report.to())) {
                    told[report.digit().event()]++;
                }
            }
            assertThat(told).as("seed %d roads %s", seed, delays).isEqualTo(pressed);
        }
    }

    private record Report(DtmfRoad road, Digit digit, long from, long to) {}
}
