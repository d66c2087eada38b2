package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkEvent.Answered;
import io.ringdown.sip.TrunkEvent.Progress;
import io.ringdown.sip.TrunkEvent.Reoffer;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of ours that fork or are redirected: which early dialog is heard, and where the INVITE goes next. */
final class ForksTest {
    private static final Terms TERMS = new Terms(
            new NoCredentials(),
            SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
            SessionTimerSettings.off(),
            true,
            InfoRules.none(),
            new Random(1));

    private final Performed done = new Performed();
    private final Set<String> forbidden = new HashSet<>();
    private final OutboundCall call = new OutboundCall(
            "sip:1@192.0.2.1",
            List.of(),
            "our offer",
            List.of(),
            Optional.empty(),
            TERMS,
            number -> !forbidden.contains(number));

    @BeforeEach
    void start() {
        call.start(0);
        done.drain(call);
    }

    private void hears(Said said, int status) {
        call.onResponse(said.response(status), 0);
        done.drain(call);
    }

    private void asked(InRequest request) {
        call.onRequest(request, 0);
        done.drain(call);
    }

    private static Said fork(String tag) {
        return Said.of("INVITE", 1).tag(tag);
    }

    private static Progress early(int status, String sdp) {
        return new Progress(status, Optional.of(sdp));
    }

    private List<TrunkEvent> told() {
        return done.told.stream()
                .filter(event -> !(event instanceof TrunkEvent.Trying))
                .toList();
    }

    @Test
    void theForkThatDescribedItsMediaLastIsHeard() {
        hears(fork("a").sdp("of a"), 183);
        hears(fork("b").sdp("of b"), 183);
        hears(fork("a"), 180);
        hears(fork("a").sdp("of a"), 183);
        assertThat(told())
                .containsExactly(
                        early(183, "of a"),
                        early(183, "of b"),
                        new Progress(180, Optional.empty()),
                        early(183, "of a"));
    }

    @Test
    void aForkThatIsSilencedIsNotHeardUntilItIsOpened() {
        hears(fork("a").sdp("of a"), 183);
        hears(fork("b").sdp("of b").earlyMedia(false), 183);
        hears(fork("b").earlyMedia(true), 180);
        assertThat(told()).containsExactly(early(183, "of a"), new Progress(183, Optional.empty()), early(180, "of b"));
    }

    @Test
    void whenTheForkThatIsHeardFallsSilentTheOneBeforeItIsHeardAgain() {
        hears(fork("a").sdp("of a"), 183);
        hears(fork("b").sdp("of b"), 183);
        hears(fork("b").earlyMedia(false), 180);
        assertThat(told()).endsWith(early(180, "of a"));
    }

    @Test
    void anUpdateOpensAForkToo() {
        hears(fork("a").sdp("of a"), 183);
        hears(fork("b").sdp("of b").earlyMedia(false), 183);
        asked(Said.of("UPDATE", 1).tag("b").earlyMedia(true).request(5));
        assertThat(told()).endsWith(early(183, "of b"));
        assertThat(done.responses.getLast().status()).isEqualTo(200);
    }

    @Test
    void whoAnswersWithoutADescriptionIsHeardAsItDescribedItselfBefore() {
        hears(fork("a").rseq(1).sdp("of a"), 183);
        hears(fork("b").rseq(1).sdp("of b"), 183);
        hears(fork("a"), 200);
        assertThat(told()).endsWith(new Answered(Optional.of("of a")));
    }

    @Test
    void whoIsHeardAlreadyAnswersWithNothingNew() {
        hears(fork("a").rseq(1).sdp("of a"), 183);
        hears(fork("a"), 200);
        assertThat(told()).endsWith(new Answered(Optional.empty()));
    }

    @Test
    void whoWasSilencedAndAnswersIsHeard() {
        hears(fork("a").rseq(1).sdp("of a").earlyMedia(false), 183);
        hears(fork("a"), 200);
        assertThat(told()).endsWith(new Answered(Optional.of("of a")));
    }

    @Test
    void oneOfferIsThoughtAboutAtATime() {
        hears(fork("a").rseq(1).sdp("of a"), 183);
        hears(fork("b").rseq(1).sdp("of b"), 183);
        asked(Said.of("UPDATE", 1).tag("a").sdp("new of a").request(5));
        asked(Said.of("UPDATE", 1).tag("b").sdp("new of b").request(6));
        assertThat(told()).endsWith(new Reoffer("new of a"));
        assertThat(done.responses.getLast().id()).isEqualTo(6);
        assertThat(done.responses.getLast().status()).isEqualTo(500);
    }

    @Test
    void aForkThatLostIsNotAskedOfOurSide() {
        hears(fork("a").rseq(1).sdp("of a"), 183);
        hears(fork("b").rseq(1).sdp("of b"), 183);
        hears(fork("a"), 200);
        done.clear();
        asked(Said.of("UPDATE", 1).tag("b").sdp("new of b").request(6));
        assertThat(done.told).isEmpty();
        assertThat(done.responses.getLast().status()).isEqualTo(481);
    }

    @Test
    void anOfferThatOurSideStillThinksAboutWhenItsForkIsGoneIsAnswered() {
        hears(fork("a").rseq(1).sdp("of a"), 183);
        asked(Said.of("UPDATE", 1).tag("a").sdp("new of a").request(5));
        hears(fork("b").redirects("sip:2@192.0.2.1"), 302);
        assertThat(done.responses).singleElement().satisfies(response -> {
            assertThat(response.id()).isEqualTo(5);
            assertThat(response.status()).isEqualTo(481);
        });
    }

    @Test
    void ourOfferBeforeTheAnswerLeavesByUpdateOnceTheFirstIsSettled() {
        hears(fork("a").sdp("of a").allow("UPDATE"), 183);
        call.reoffer("too early", 0);
        hears(fork("a").rseq(1).sdp("of a").allow("UPDATE"), 183);
        call.reoffer("our next", 0);
        done.drain(call);
        assertThat(done.sent.getLast().method()).isEqualTo("UPDATE");
        asked(Said.of("UPDATE", 1).tag("a").sdp("crosses").request(6));
        assertThat(done.responses.getLast().status()).as("RFC 3311 5.2").isEqualTo(491);
        hears(Said.of("UPDATE", done.sent.getLast().cseq()).tag("a").sdp("their next"), 200);
        assertThat(told())
                .contains(new TrunkEvent.ReofferRefused(OptionalInt.empty()))
                .endsWith(new TrunkEvent.ReofferAnswered("their next"));
    }

    @Test
    void ourOfferInAForkThatLosesIsToldAsRefused() {
        hears(fork("a").rseq(1).sdp("of a").allow("UPDATE"), 183);
        call.reoffer("our next", 0);
        hears(fork("b").sdp("of b"), 200);
        assertThat(told())
                .contains(new TrunkEvent.ReofferRefused(OptionalInt.empty()))
                .endsWith(new Answered(Optional.of("of b")));
    }

    @Test
    void aRedirectionIsFollowedInItsOrder() {
        hears(Said.of("INVITE", 1).redirects("sip:2@192.0.2.1", "sip:3@192.0.2.1"), 302);
        assertThat(done.invites.getLast().target()).isEqualTo("sip:2@192.0.2.1");
        assertThat(done.invites.getLast().cseq()).isEqualTo(2);
        hears(Said.of("INVITE", 2), 480);
        assertThat(done.invites.getLast().target()).isEqualTo("sip:3@192.0.2.1");
        hears(Said.of("INVITE", 3), 486);
        assertThat(told()).containsExactly(failed(486));
    }

    @Test
    void targetsOfALaterRedirectionComeBeforeThoseLeftOfAnEarlierOne() {
        hears(Said.of("INVITE", 1).redirects("sip:2@192.0.2.1", "sip:3@192.0.2.1"), 302);
        hears(Said.of("INVITE", 2).redirects("sip:4@192.0.2.1"), 302);
        hears(Said.of("INVITE", 3), 404);
        assertThat(done.invites)
                .extracting(OutRequest::target)
                .containsExactly("sip:1@192.0.2.1", "sip:2@192.0.2.1", "sip:4@192.0.2.1", "sip:3@192.0.2.1");
    }

    @Test
    void whoeverSaysThatNobodyWantsTheCallIsBelieved() {
        hears(Said.of("INVITE", 1).redirects("sip:2@192.0.2.1", "sip:3@192.0.2.1"), 302);
        hears(Said.of("INVITE", 2), 603);
        assertThat(told()).containsExactly(failed(603));
    }

    @Test
    void aLoopEnds() {
        hears(Said.of("INVITE", 1).redirects("sip:2@192.0.2.1"), 302);
        hears(Said.of("INVITE", 2).redirects("sip:1@192.0.2.1", "sip:2@192.0.2.1"), 302);
        assertThat(told()).containsExactly(failed(302));
    }

    @Test
    void noMoreThanFiveAreTried() {
        for (int i = 1; done.told.isEmpty() && i < 20; i++) {
            hears(Said.of("INVITE", i).redirects("sip:" + (i + 1) + "@192.0.2.1"), 302);
        }
        assertThat(done.invites).hasSize(6);
        assertThat(told()).containsExactly(failed(302));
    }

    @Test
    void aRedirectionToNowhereThatIsAllowedIsARefusal() {
        hears(Said.of("INVITE", 1), 302);
        assertThat(told()).containsExactly(failed(302));
    }

    @Test
    void numbersThatTheCallersSideWouldNotCallArePassedOver() {
        forbidden.addAll(Set.of("2", "4"));
        hears(Said.of("INVITE", 1).redirects("sip:2@192.0.2.1", "sip:3@192.0.2.1", "sip:4@192.0.2.1"), 302);
        hears(Said.of("INVITE", 2), 404);
        assertThat(done.invites).extracting(OutRequest::target).containsExactly("sip:1@192.0.2.1", "sip:3@192.0.2.1");
        assertThat(told()).containsExactly(failed(404));
    }

    @Test
    void aRedirectionToSuchNumbersAloneIsARefusal() {
        forbidden.add("2");
        hears(Said.of("INVITE", 1).redirects("sip:2@192.0.2.1"), 302);
        assertThat(done.invites).hasSize(1);
        assertThat(told()).containsExactly(failed(302));
    }

    @Test
    void whereNobodyIsAskedNothingIsFollowed() {
        OutboundCall unjudged = new OutboundCall("sip:1@192.0.2.1", "our offer", List.of(), TERMS);
        unjudged.start(0);
        unjudged.onResponse(Said.of("INVITE", 1).redirects("sip:2@192.0.2.1").response(302), 0);
        Performed its = new Performed();
        its.drain(unjudged);
        assertThat(its.invites).hasSize(1);
        assertThat(its.told).containsExactly(failed(302));
    }

    private static TrunkEvent failed(int status) {
        return new TrunkEvent.Failed(new TrunkFailure.Refused(status, OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "sendrecv, true",
        "sendonly, true",
        "'inactive, sendrecv', false",
        "RecvOnly;gated, false",
        "supported,",
        "gated,"
    })
    void valuesOfPEarlyMediaAreRead(String text, Boolean heard) {
        assertThat(Extensions.earlyMedia(text)).isEqualTo(Optional.ofNullable(heard));
    }
}
