package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.SessionTimerSettings.Refresher;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Session timers (RFC 4028) in calls of both directions, in virtual time. */
final class SessionTimerTest {
    private static final long SECOND = 1_000_000_000;
    private static final String ALL = "INVITE,ACK,BYE,CANCEL,UPDATE";

    private final Performed done = new Performed();

    private static Terms terms(int seconds, Refresher refresher) {
        return new Terms(
                new NoCredentials(),
                SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
                new SessionTimerSettings(Duration.ofSeconds(seconds), refresher),
                true,
                InfoRules.none(),
                new Random(1));
    }

    private OutboundCall calling(int seconds, Refresher refresher) {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "our offer", List.of(), terms(seconds, refresher));
        call.start(0);
        done.drain(call);
        return call;
    }

    /** A call of ours, answered with this Session-Expires. */
    private OutboundCall ours(String sessionExpires, String... allow) {
        OutboundCall call = calling(1800, Refresher.AUTO);
        Said answer = Said.of("INVITE", 1).sdp("their answer").allow(allow);
        call.onResponse((sessionExpires.isEmpty() ? answer : answer.sessionExpires(sessionExpires)).response(200), 0);
        done.drain(call);
        done.clear();
        return call;
    }

    /** A call of theirs with such an INVITE, answered and acknowledged. */
    private InboundCall theirs(Terms terms, Said invite) {
        InboundCall call = new InboundCall(invite.sdp("their offer").request(1), List.of(), terms, 0);
        call.answer("our answer", 0);
        done.drain(call);
        call.onRequest(Said.of("ACK", 1).request(0), 0);
        done.drain(call);
        return call;
    }

    private void answer(CallCore call, int status, long now) {
        answer(call, Said.of("", 0), status, now);
    }

    private void answer(CallCore call, Said what, int status, long now) {
        OutRequest last = done.sent.getLast();
        InResponse said = what.response(status);
        call.onResponse(
                new InResponse(
                        status,
                        last.method(),
                        last.cseq(),
                        last.toTag(),
                        said.contact(),
                        said.recordRoute(),
                        said.rseq(),
                        said.q850(),
                        said.challenges(),
                        said.sdp(),
                        said.capabilities(),
                        said.extensions(),
                        said.redirects()),
                now);
        done.drain(call);
    }

    @ParameterizedTest
    @CsvSource({"AUTO, 1800", "US, 1800;refresher=uac", "THEM, 1800;refresher=uas"})
    void ourInviteAsksForASessionTimer(Refresher refresher, String expected) {
        calling(1800, refresher);
        List<SipHeader> headers = done.invites.getFirst().headers();
        assertThat(Performed.values(headers, "Session-Expires")).containsExactly(expected);
        assertThat(Performed.values(headers, "Supported")).containsExactly("timer");
    }

    @Test
    void switchedOffNothingIsSaid() {
        calling(0, Refresher.AUTO);
        assertThat(done.invites.getFirst().headers())
                .extracting(SipHeader::name)
                .doesNotContain("Session-Expires", "Supported", "Min-SE");
    }

    @Test
    void asRefresherWeRefreshAtHalfByUpdateWhereThePeerTakesIt() {
        OutboundCall call = ours("600;refresher=uac", "INVITE", "UPDATE");
        done.runTo(call, 300 * SECOND - 1);
        assertThat(done.sent).isEmpty();
        done.runTo(call, 300 * SECOND);
        assertThat(done.sent).singleElement().satisfies(refresh -> {
            assertThat(refresh.method()).isEqualTo("UPDATE");
            assertThat(refresh.sdp()).isEmpty();
        });
        assertThat(done.lastSent("Session-Expires")).containsExactly("600;refresher=uac");
        answer(call, Said.of("", 0).sessionExpires("600;refresher=uac"), 200, 301 * SECOND);
        done.runTo(call, 601 * SECOND);
        assertThat(done.sent).hasSize(2);
        assertThat(done.told).isEmpty();
    }

    @Test
    void asRefresherWeRefreshByReinviteWithTheSameOfferElse() {
        OutboundCall call = ours("600;refresher=uac", "INVITE");
        done.runTo(call, 300 * SECOND);
        assertThat(done.sent).singleElement().satisfies(refresh -> {
            assertThat(refresh.method()).isEqualTo("INVITE");
            assertThat(refresh.sdp()).hasValue("our offer");
        });
        answer(call, Said.of("", 0).sdp("their answer").sessionExpires("600;refresher=uac"), 200, 301 * SECOND);
        assertThat(done.acks).hasSize(1);
        assertThat(done.told).as("nothing has changed").isEmpty();
        done.runTo(call, 601 * SECOND);
        assertThat(done.sent).hasSize(2);
    }

    @Test
    void aRefreshThatThePeerAnswersInAnotherWayIsTold() {
        OutboundCall call = ours("600;refresher=uac", "INVITE");
        done.runTo(call, 300 * SECOND);
        answer(call, Said.of("", 0).sdp("moved").sessionExpires("600;refresher=uac"), 200, 301 * SECOND);
        assertThat(done.acks).hasSize(1);
        assertThat(done.told).containsExactly(new TrunkEvent.RefreshAnswered("moved"));
        done.runTo(call, 601 * SECOND);
        assertThat(done.sent.getLast().sdp()).as("our side is as it was").hasValue("our offer");
        answer(call, Said.of("", 0).sdp("moved").sessionExpires("600;refresher=uac"), 200, 601 * SECOND);
        assertThat(done.told).as("once").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"their offer", "an early offer", "in the ACK", "refused"})
    void whatThePeerHasSaidLastIsWhatItsAnswerToARefreshIsHeldAgainst(String last) {
        InboundCall call = theirs(
                terms(600, Refresher.US),
                Said.of("INVITE", 1).supported("timer").sessionExpires("600;refresher=uas"));
        switch (last) {
            case "an early offer" -> {
                call.onRequest(
                        refreshing(Said.of("UPDATE", 2).sdp("an early offer")).request(2), 0);
                call.acceptReoffer("our answer", 0);
            }
            case "in the ACK" -> {
                call.onRequest(refreshing(Said.of("INVITE", 2)).request(2), 0);
                call.acceptReoffer("our offer", 0);
                call.onRequest(Said.of("ACK", 2).sdp("in the ACK").request(0), 0);
            }
            case "refused" -> {
                call.onRequest(refreshing(Said.of("UPDATE", 2).sdp("refused")).request(2), 0);
                call.rejectReoffer(0);
            }
            default -> {}
        }
        done.drain(call);
        done.clear();
        done.runTo(call, 300 * SECOND);
        assertThat(done.sent.getLast().method()).isEqualTo("INVITE");
        answer(call, Said.of("", 0).sdp(last).sessionExpires("600;refresher=uac"), 200, 301 * SECOND);
        assertThat(done.told.stream().filter(TrunkEvent.RefreshAnswered.class::isInstance))
                .hasSize(last.equals("refused") ? 1 : 0);
    }

    private static Said refreshing(Said request) {
        return request.supported("timer").sessionExpires("600;refresher=uas");
    }

    @Test
    void aDescriptionThatAnswersNoOfferIsNone() {
        OutboundCall call = ours("600;refresher=uac", "INVITE", "UPDATE");
        done.runTo(call, 300 * SECOND);
        assertThat(done.sent.getLast().sdp()).isEmpty();
        answer(call, Said.of("", 0).sdp("moved").sessionExpires("600;refresher=uac"), 200, 301 * SECOND);
        assertThat(done.told).isEmpty();
    }

    @Test
    void whatWasAgreedLastIsWhatARefreshSaysAgain() {
        OutboundCall call = ours("600;refresher=uac", "INVITE");
        call.reoffer("on hold", 0);
        done.drain(call);
        answer(call, Said.of("", 0).sdp("held").sessionExpires("600;refresher=uac"), 200, 0);
        call.reoffer("refused", 0);
        done.drain(call);
        answer(call, 488, 0);
        done.runTo(call, 300 * SECOND);
        assertThat(done.sent.getLast().sdp()).hasValue("on hold");
    }

    @ParameterizedTest
    @ValueSource(ints = {405, 501})
    void anUpdateThatThePeerDoesNotTakeAfterAllIsFollowedByAReinvite(int status) {
        OutboundCall call = ours("600;refresher=uac", "INVITE", "UPDATE");
        done.runTo(call, 300 * SECOND);
        answer(call, status, 300 * SECOND);
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("UPDATE", "INVITE");
    }

    @Test
    void aRefreshThatIsRefusedIsTriedAgainAndTheCallEndsBeforeItsSessionExpires() {
        OutboundCall call = ours("600;refresher=uac", "INVITE", "UPDATE");
        long now = 300 * SECOND;
        done.runTo(call, now);
        for (int i = 0; i < 100 && done.told.isEmpty(); i++) {
            answer(call, 500, now);
            now = call.nextWakeup();
            done.runTo(call, now);
        }
        assertThat(now).isEqualTo((600 - 32) * SECOND);
        assertThat(done.told)
                .containsExactly(new TrunkEvent.Ended(OptionalInt.of(102), "the session was not refreshed"));
        assertThat(done.sent.getLast().method()).isEqualTo("BYE");
        assertThat(done.sent).hasSizeBetween(4, 30);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 481})
    void aRefreshThatThePeerHasNoCallForEndsIt(int status) {
        OutboundCall call = ours("600;refresher=uac", "INVITE", "UPDATE");
        done.runTo(call, 300 * SECOND);
        answer(call, status, 300 * SECOND);
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("UPDATE", "BYE");
        assertThat(done.told).singleElement().isInstanceOf(TrunkEvent.Ended.class);
    }

    @Test
    void aRefreshWithoutAnswerEndsTheCall() {
        OutboundCall call = ours("600;refresher=uac", "INVITE");
        done.runTo(call, 300 * SECOND);
        call.onTimeout(done.sent.getLast(), 332 * SECOND);
        done.drain(call);
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("INVITE", "BYE");
        assertThat(done.told).singleElement().isInstanceOf(TrunkEvent.Ended.class);
    }

    @Test
    void aRefreshThatCollidesIsSentAgainAfterTheWait() {
        OutboundCall call = ours("600;refresher=uac", "INVITE");
        done.runTo(call, 300 * SECOND);
        answer(call, 491, 300 * SECOND);
        assertThat(call.nextWakeup()).isBetween(302 * SECOND, 304 * SECOND);
        done.runTo(call, 304 * SECOND);
        assertThat(done.sent).hasSize(2);
    }

    @Test
    void aRefreshWhoseIntervalIsTooSmallAsksForTheLonger() {
        OutboundCall call = ours("600;refresher=uac", "INVITE", "UPDATE");
        done.runTo(call, 300 * SECOND);
        answer(call, Said.of("", 0).minSe(3600), 422, 300 * SECOND);
        assertThat(done.lastSent("Session-Expires")).containsExactly("3600;refresher=uac");
        assertThat(done.lastSent("Min-SE")).containsExactly("3600");
    }

    @ParameterizedTest
    @CsvSource({"600, 568", "90, 60", "96, 64"})
    void withoutARefreshOfThePeerTheCallEndsShortlyBeforeItsSession(int seconds, int ends) {
        OutboundCall call = ours(seconds + ";refresher=uas", ALL);
        done.runTo(call, ends * SECOND - 1);
        assertThat(done.told).isEmpty();
        done.runTo(call, ends * SECOND);
        assertThat(done.told)
                .containsExactly(new TrunkEvent.Ended(OptionalInt.of(102), "the session was not refreshed"));
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("BYE");
    }

    @Test
    void aRefreshOfThePeerKeepsTheCall() {
        OutboundCall call = ours("600;refresher=uas", ALL);
        done.runTo(call, 400 * SECOND);
        call.onRequest(
                Said.of("UPDATE", 5)
                        .supported("timer")
                        .sessionExpires("600;refresher=uac")
                        .request(9),
                400 * SECOND);
        done.drain(call);
        assertThat(done.lastResponse("Session-Expires")).containsExactly("600;refresher=uac");
        assertThat(done.lastResponse("Require")).containsExactly("timer");
        done.runTo(call, 967 * SECOND);
        assertThat(done.told).isEmpty();
        done.runTo(call, 968 * SECOND);
        assertThat(done.told).hasSize(1);
    }

    @Test
    void aRefreshOfThePeerMayHandTheRefreshingToUs() {
        OutboundCall call = ours("600;refresher=uas", "INVITE", "UPDATE");
        call.onRequest(
                Said.of("UPDATE", 5)
                        .supported("timer")
                        .sessionExpires("600;refresher=uas")
                        .request(9),
                SECOND);
        done.runTo(call, 301 * SECOND);
        assertThat(done.lastResponse("Session-Expires")).containsExactly("600;refresher=uas");
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("UPDATE");
    }

    @Test
    void aReinviteOfOursIsARefreshToo() {
        OutboundCall call = ours("600;refresher=uac", "INVITE", "UPDATE");
        done.runTo(call, 200 * SECOND);
        call.reoffer("hold", 200 * SECOND);
        done.drain(call);
        answer(call, Said.of("", 0).sdp("held").sessionExpires("600;refresher=uac"), 200, 200 * SECOND);
        done.runTo(call, 499 * SECOND);
        assertThat(done.sent).hasSize(1);
        done.runTo(call, 500 * SECOND);
        assertThat(done.sent).hasSize(2);
    }

    @Test
    void anUpdateOfOursBeforeTheAnswerBeginsNoSessionTimer() {
        OutboundCall call = calling(1800, Refresher.AUTO);
        call.onResponse(
                Said.of("INVITE", 1).rseq(1).sdp("early").allow("UPDATE").response(183), 0);
        call.reoffer("our next", 0);
        done.drain(call);
        assertThat(done.lastSent("Session-Expires")).isEmpty();
        answer(call, Said.of("", 0).sdp("their next").sessionExpires("90;refresher=uas"), 200, 0);
        done.runTo(call, 179 * SECOND);
        assertThat(done.told).noneMatch(event -> event instanceof TrunkEvent.Failed);
    }

    @Test
    void aPeerWithoutSessionTimersIsLeftAlone() {
        OutboundCall out = ours("", ALL);
        assertThat(out.nextWakeup()).isEqualTo(CallCore.NEVER);
        InboundCall in = theirs(terms(1800, Refresher.AUTO), Said.of("INVITE", 1));
        assertThat(done.lastResponse("Session-Expires")).isEmpty();
        assertThat(in.nextWakeup()).isEqualTo(CallCore.NEVER);
    }

    @Test
    void ourInviteIsSentAgainWithTheLongerIntervalThatA422AsksFor() {
        OutboundCall call = calling(1800, Refresher.AUTO);
        call.onResponse(Said.of("INVITE", 1).minSe(2400).response(422), 0);
        done.drain(call);
        OutRequest again = done.invites.getLast();
        assertThat(again.cseq()).isEqualTo(2);
        assertThat(Performed.values(again.headers(), "Session-Expires")).containsExactly("2400");
        assertThat(Performed.values(again.headers(), "Min-SE")).containsExactly("2400");
        call.onResponse(Said.of("INVITE", 2).minSe(2400).response(422), 0);
        done.drain(call);
        assertThat(done.told)
                .as("a second one for the same interval is a refusal")
                .containsExactly(new TrunkEvent.Failed(new TrunkFailure.Refused(422, OptionalInt.empty())));
    }

    @Test
    void peersThatAlwaysWantLongerSessionsAreTriedFiveTimes() {
        OutboundCall call = calling(1800, Refresher.AUTO);
        for (int i = 1; done.told.isEmpty(); i++) {
            call.onResponse(Said.of("INVITE", i).minSe(2000 + i).response(422), 0);
            done.drain(call);
        }
        assertThat(done.invites).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO, 600, 600;refresher=uas",
        "US, 600, 600;refresher=uas",
        "THEM, 600, 600;refresher=uac",
        "AUTO, 600;refresher=uac, 600;refresher=uac",
        "US, 600;refresher=uac, 600;refresher=uac",
        "THEM, 600;refresher=uas, 600;refresher=uas",
        "AUTO, 90, 90;refresher=uas",
        "AUTO, 7200, 1800;refresher=uas",
    })
    void theAnswerToACallerSaysWhoRefreshesAndNeverALongerInterval(Refresher refresher, String asked, String answered) {
        theirs(terms(1800, refresher), Said.of("INVITE", 1).supported("timer").sessionExpires(asked));
        assertThat(done.lastResponse("Session-Expires")).containsExactly(answered);
        assertThat(done.lastResponse("Require")).containsExactly("timer");
    }

    @Test
    void aCallerThatSupportsSessionTimersGetsOneThoughItAskedForNone() {
        theirs(terms(1800, Refresher.AUTO), Said.of("INVITE", 1).supported("timer"));
        assertThat(done.lastResponse("Session-Expires")).containsExactly("1800;refresher=uas");
    }

    @Test
    void theCallersMinSeIsNotGoneBelow() {
        theirs(
                terms(1800, Refresher.AUTO),
                Said.of("INVITE", 1).supported("timer").sessionExpires("7200").minSe(3600));
        assertThat(done.lastResponse("Session-Expires")).containsExactly("3600;refresher=uas");
    }

    @Test
    void aTimerThatAProxyAskedForIsOursToRefresh() {
        InboundCall call = theirs(
                terms(1800, Refresher.THEM),
                Said.of("INVITE", 1).sessionExpires("600").allow("INVITE", "UPDATE"));
        assertThat(done.lastResponse("Session-Expires")).containsExactly("600;refresher=uas");
        assertThat(done.lastResponse("Require")).isEmpty();
        done.runTo(call, 300 * SECOND);
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("UPDATE");
    }

    @Test
    void aReinviteWithTooSmallAnIntervalIsRefusedAndTheCallGoesOn() {
        OutboundCall call = ours("600;refresher=uas", ALL);
        Said small = Said.of("INVITE", 5).sdp("offer").supported("timer").sessionExpires("60");
        call.onRequest(small.request(9), SECOND);
        done.drain(call);
        assertThat(done.responses.getLast().status()).isEqualTo(422);
        assertThat(done.lastResponse("Min-SE")).containsExactly("90");
        assertThat(done.told).isEmpty();
    }

    @Test
    void anInviteWithTooSmallAnIntervalIsRefusedWhereTheCallerUnderstands() {
        SessionTimerSettings on = SessionTimerSettings.defaults();
        assertThat(SessionTimer.refusal(
                        on,
                        Said.of("", 0).supported("timer").sessionExpires("89").extensions()))
                .isEqualTo(Optional.of(new SipHeader("Min-SE", "90")));
        assertThat(SessionTimer.refusal(
                        on,
                        Said.of("", 0).supported("timer").sessionExpires("90").extensions()))
                .isEmpty();
        assertThat(SessionTimer.refusal(on, Said.of("", 0).sessionExpires("60").extensions()))
                .isEmpty();
        assertThat(SessionTimer.refusal(
                        SessionTimerSettings.off(),
                        Said.of("", 0).supported("timer").sessionExpires("60").extensions()))
                .isEmpty();
    }

    // ---- a peer that is away

    /** A call of a phone that asks for 90 s; {@code refresher} is empty where it leaves that to us. */
    private InboundCall ofAPhone(String refresher) {
        Said invite = Said.of("INVITE", 1)
                .supported("timer")
                .sessionExpires("90" + refresher)
                .allow("INVITE", "UPDATE");
        InboundCall call = theirs(terms(1800, Refresher.AUTO), invite);
        done.clear();
        return call;
    }

    @Test
    void aRefreshThatComesDueWhileThePeerIsAwayWaitsForIt() {
        InboundCall call = ofAPhone("");
        done.runTo(call, 44 * SECOND);
        call.onAway();
        done.runTo(call, 100 * SECOND);
        assertThat(done.sent)
                .singleElement()
                .satisfies(refresh -> assertThat(refresh.method()).isEqualTo("UPDATE"));
        call.onBack(100 * SECOND);
        done.runTo(call, 131 * SECOND);
        answer(call, Said.of("", 0).sessionExpires("90;refresher=uac"), 200, 131 * SECOND);

        done.runTo(call, 175 * SECOND);
        assertThat(done.sent).as("the next is due at half again").hasSize(1);
        assertThat(done.told).isEmpty();
    }

    @Test
    void aRefreshThatWasUnderWayWhenThePeerWentHasAllItsTimeAgain() {
        InboundCall call = ofAPhone("");
        done.runTo(call, 45 * SECOND);
        call.onAway();
        done.runTo(call, 109 * SECOND);
        call.onBack(109 * SECOND);
        done.runTo(call, 141 * SECOND - 1);
        assertThat(done.told).isEmpty();
        done.runTo(call, 141 * SECOND);
        assertThat(done.told).hasSize(1).first().isInstanceOf(TrunkEvent.Ended.class);
    }

    @Test
    void aRefresherThatWasAwayHasHalfAMinuteToRefreshIn() {
        InboundCall call = ofAPhone(";refresher=uac");
        done.runTo(call, 44 * SECOND);
        call.onAway();
        done.runTo(call, 100 * SECOND);
        call.onBack(100 * SECOND);
        done.runTo(call, 132 * SECOND - 1);
        assertThat(done.told).isEmpty();
        done.runTo(call, 132 * SECOND);
        assertThat(done.told).hasSize(1).first().isInstanceOf(TrunkEvent.Ended.class);
    }

    @Test
    void aPeerThatIsBackEarlyHasNoLessTimeThanBefore() {
        OutboundCall call = ours("600;refresher=uas");
        call.onAway();
        call.onBack(SECOND);
        done.runTo(call, 568 * SECOND - 1);
        assertThat(done.told).isEmpty();
        done.runTo(call, 568 * SECOND);
        assertThat(done.told).hasSize(1).first().isInstanceOf(TrunkEvent.Ended.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1800|1800|",
                "1800;refresher=uac|1800|UAC",
                "90 ; x=y; Refresher = UAS|90|UAS",
                "5;refresher=me|5|"
            })
    void valuesOfSessionExpiresAreRead(String text, long seconds, SessionExpires.Refresher refresher) {
        assertThat(SessionExpires.parse(text))
                .isEqualTo(Optional.of(new SessionExpires(seconds, Optional.ofNullable(refresher))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-5", "12345678901", ";refresher=uac"})
    void whatIsNoIntervalIsNotRead(String text) {
        assertThat(SessionExpires.parse(text)).isEmpty();
    }
}
