package io.ringdown.sip.locate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.TrunkAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A trunk's place over hours, in virtual time. */
final class WhereaboutsTest {
    private static final long SECOND = 1_000_000_000L;

    private final Zone zone = new Zone()
            .naptr("example.net", 1, 1, "SIP+D2U", "_sip._udp.example.net")
            .srv("_sip._udp.example.net", 1, 0, 5070, "a.example.net")
            .a("a.example.net", "192.0.2.1");
    private final Whereabouts whereabouts = new Whereabouts(TrunkAddress.parse("example.net"), Zone.BOTH);
    private long now = 1000 * SECOND;

    private void begin() {
        whereabouts.onTime(now);
        zone.serve(whereabouts, now);
    }

    // Lets time pass as the edge does: from wake-up to wake-up.
    private void pass(Duration time) {
        long until = now + time.toNanos();
        while (whereabouts.nextWakeup() <= until) {
            now = Math.max(now, whereabouts.nextWakeup());
            whereabouts.onTime(now);
            zone.serve(whereabouts, now);
        }
        now = until;
    }

    private List<String> found() {
        return whereabouts.location().order(new Random(1)).stream()
                .map(Target::toString)
                .toList();
    }

    @Test
    void nothingIsKnownUntilTheLastAnswerIsThere() {
        whereabouts.onTime(now);
        List<Question> first = whereabouts.takeQuestions();
        assertThat(first).hasSize(1);
        assertThat(whereabouts.settled()).isFalse();
        whereabouts.onAnswer(first.getFirst(), zone.answer(first.getFirst()), now);
        assertThat(whereabouts.settled()).isFalse();
        zone.serve(whereabouts, now);
        assertThat(whereabouts.settled()).isTrue();
        assertThat(found()).containsExactly("192.0.2.1:5070;transport=udp");
    }

    @Test
    void whatWasFoundIsAskedAgainBeforeItExpires() {
        begin();
        int asked = zone.asked().size();
        pass(Duration.ofSeconds(79));
        assertThat(zone.asked()).hasSize(asked);
        pass(Duration.ofSeconds(2));
        assertThat(zone.asked()).hasSize(2 * asked);
    }

    @Test
    void aDeadDnsLeavesWhatWasFoundForAnHourAndItIsFoundAgain() {
        begin();
        zone.dead(true);
        pass(Duration.ofMinutes(60));
        assertThat(found()).containsExactly("192.0.2.1:5070;transport=udp");
        assertThat(whereabouts.trouble()).contains("timeout");
        pass(Duration.ofMinutes(3));
        assertThat(found()).isEmpty();
        zone.dead(false);
        pass(Whereabouts.RETRY.plusSeconds(1));
        assertThat(found()).containsExactly("192.0.2.1:5070;transport=udp");
        assertThat(whereabouts.trouble()).isEmpty();
    }

    @Test
    void aDeadDnsIsAskedNoMoreThanOnceInFiveSecondsForEachName() {
        begin();
        zone.dead(true);
        int asked = zone.asked().size();
        pass(Duration.ofMinutes(10));
        assertThat(zone.asked().size() - asked).isLessThanOrEqualTo(3 * 10 * 60 / 5);
    }

    @Test
    void timesToLiveAreHeldWithinBounds() {
        zone.ttl(Duration.ZERO);
        begin();
        int asked = zone.asked().size();
        pass(Duration.ofMinutes(1));
        assertThat(zone.asked().size() - asked).isBetween(30, 3 * 15);
        zone.ttl(Duration.ofDays(30));
        pass(Duration.ofSeconds(10));
        zone.forget(new Question("a.example.net", Question.Type.A));
        zone.a("a.example.net", "192.0.2.9");
        pass(Whereabouts.MOST_TTL);
        assertThat(found()).containsExactly("192.0.2.9:5070;transport=udp");
    }

    @Test
    void aNameThatIsGoneIsBelievedAndAskedForSeldom() {
        begin();
        zone.forget(new Question("a.example.net", Question.Type.A));
        pass(Duration.ofSeconds(100));
        assertThat(found()).isEmpty();
        int asked = zone.asked().size();
        pass(Duration.ofMinutes(2));
        assertThat(zone.asked().size() - asked).isLessThan(25);
        zone.a("a.example.net", "192.0.2.9");
        pass(Whereabouts.NEGATIVE_TTL);
        assertThat(found()).containsExactly("192.0.2.9:5070;transport=udp");
    }

    @Test
    void newRecordsReplaceTheOldOnesOnlyWhenAllOfThemAreKnown() {
        begin();
        zone.forget(new Question("_sip._udp.example.net", Question.Type.SRV));
        zone.srv("_sip._udp.example.net", 1, 0, 5071, "b.example.net").a("b.example.net", "192.0.2.2");
        now += 81 * SECOND;
        whereabouts.onTime(now);
        List<Question> questions = whereabouts.takeQuestions();
        questions.forEach(question -> whereabouts.onAnswer(question, zone.answer(question), now));
        assertThat(found()).containsExactly("192.0.2.1:5070;transport=udp");
        zone.serve(whereabouts, now);
        assertThat(found()).containsExactly("192.0.2.2:5071;transport=udp");
    }

    @Test
    void neverMoreIsHeldThanTheTrunkRestsOn() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        begin();
        for (int i = 0; i < 300; i++) {
            zone.forget(new Question("_sip._udp.example.net", Question.Type.SRV));
            zone.srv("_sip._udp.example.net", 1, 0, 5060, "h" + random.nextInt(1000) + ".example.net");
            zone.dead(random.nextInt(4) == 0);
            pass(Duration.ofSeconds(random.nextInt(200)));
            assertThat(whereabouts.debugState(now)).as("seed %d", seed).hasSizeLessThanOrEqualTo(6);
        }
    }
}
