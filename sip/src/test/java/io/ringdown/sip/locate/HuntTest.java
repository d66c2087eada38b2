package io.ringdown.sip.locate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.locate.Hunt.Attempt;
import io.ringdown.sip.locate.Hunt.Evidence;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One call's way through a trunk's addresses (RFC 3263 4.3). */
final class HuntTest {
    private static final Duration FOUR = Duration.ofSeconds(4);
    private static final TrunkFailure SILENT = new TrunkFailure.Silent();

    private static Target target(int port) {
        return new Target(InetAddress.ofLiteral("192.0.2.1"), port, SipTransport.UDP);
    }

    private static List<Target> targets(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(HuntTest::target).toList();
    }

    private static Hunt hunt(int count, Integer... down) {
        Set<Integer> ports = Set.of(down);
        return new Hunt(targets(count), t -> ports.contains(t.port()), t -> !ports.contains(t.port()), FOUR);
    }

    private static List<Integer> ports(Hunt hunt) {
        return java.util.stream.Stream.generate(hunt::next)
                .takeWhile(Optional::isPresent)
                .map(attempt -> attempt.orElseThrow().target().port())
                .toList();
    }

    private static TrunkFailure refused(int status) {
        return new TrunkFailure.Refused(status, OptionalInt.empty());
    }

    @Test
    void addressesAreTriedInTheirOrderFourAtMost() {
        assertThat(ports(hunt(2))).containsExactly(1, 2);
        assertThat(ports(hunt(9))).containsExactly(1, 2, 3, 4);
        assertThat(ports(hunt(0))).isEmpty();
    }

    @Test
    void whoIsDownIsPassedOverUnlessAllAre() {
        assertThat(ports(hunt(3, 1))).containsExactly(2, 3);
        assertThat(ports(hunt(3, 1, 2, 3))).containsExactly(1, 2, 3);
    }

    @Test
    void aCallIsTriedAnywayWhereTheOnlyAddressIsBeingTriedByAnother() {
        Hunt hunt = new Hunt(targets(1), _ -> false, _ -> false, FOUR);
        assertThat(ports(hunt)).containsExactly(1);
    }

    @Test
    void theTimeForSilenceIsShared() {
        assertThat(hunt(1).next().map(Attempt::silentAfter)).contains(FOUR);
        assertThat(hunt(2).next().map(Attempt::silentAfter)).contains(Duration.ofSeconds(2));
        assertThat(hunt(3, 1).next().map(Attempt::silentAfter)).contains(Duration.ofSeconds(2));
        assertThat(hunt(9).next().map(Attempt::silentAfter)).contains(Duration.ofSeconds(1));
        Hunt impatient = new Hunt(targets(4), _ -> false, _ -> true, Duration.ofMillis(500));
        assertThat(impatient.next().map(Attempt::silentAfter)).contains(Duration.ofMillis(500));
    }

    @Test
    void onlyAnAddressesOwnFailureLeadsToTheNext() {
        Hunt hunt = hunt(2);
        assertThat(hunt.mayGoOn(SILENT)).isTrue();
        assertThat(hunt.mayGoOn(new TrunkFailure.Unreachable("x"))).isTrue();
        assertThat(hunt.mayGoOn(refused(503))).isTrue();
        for (int status : new int[] {302, 403, 404, 408, 480, 486, 488, 500, 502, 504, 600, 603}) {
            assertThat(hunt.mayGoOn(refused(status))).as("%d", status).isFalse();
        }
        assertThat(hunt.mayGoOn(new TrunkFailure.Unauthorized(401))).isFalse();
        assertThat(hunt.mayGoOn(new TrunkFailure.Unanswered())).isFalse();
        assertThat(hunt.mayGoOn(new TrunkFailure.Cancelled())).isFalse();
    }

    @Test
    void nothingIsTriedOnceTheCallerHasBeenTold() {
        Hunt hunt = hunt(2);
        assertThat(hunt.onEvent(new TrunkEvent.Trying())).isEqualTo(Evidence.ALIVE);
        assertThat(hunt.mayGoOn(refused(503))).isTrue();
        assertThat(hunt.onEvent(new TrunkEvent.Progress(180, Optional.empty()))).isEqualTo(Evidence.ALIVE);
        assertThat(hunt.mayGoOn(refused(503))).isFalse();
    }

    @Test
    void whoAnswersIsThereWhateverItAnswers() {
        Hunt hunt = hunt(1);
        assertThat(hunt.onEvent(new TrunkEvent.Failed(refused(404)))).isEqualTo(Evidence.ALIVE);
        assertThat(hunt.onEvent(new TrunkEvent.Failed(refused(503)))).isEqualTo(Evidence.FAILED);
        assertThat(hunt.onEvent(new TrunkEvent.Failed(SILENT))).isEqualTo(Evidence.FAILED);
        assertThat(hunt.onEvent(new TrunkEvent.Failed(new TrunkFailure.Cancelled())))
                .isEqualTo(Evidence.NONE);
    }
}
