package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Secret;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** REFER within a call, as either side of it, in virtual time. */
final class ReferExchangeTest {
    private static final long SECOND = 1_000_000_000;
    private static final List<SipHeader> TO = List.of(new SipHeader("Refer-To", "<sip:1@192.0.2.9>"));

    private final Performed done = new Performed();
    private long cseq = 1;

    private static Terms terms(Authorizer authorizer, boolean transfers) {
        return new Terms(
                authorizer,
                SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
                SessionTimerSettings.off(),
                true,
                transfers,
                InfoRules.none(),
                new Random(1));
    }

    private OutboundCall established() {
        return established(terms(new NoCredentials(), true));
    }

    private OutboundCall established(Terms terms) {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "offer", List.of(), terms);
        call.start(0);
        call.onResponse(Said.of("INVITE", 1).sdp("answer").response(200), 0);
        done.drain(call);
        done.clear();
        return call;
    }

    private static TrunkEvent ended(int status) {
        return new TrunkEvent.ReferEnded(status == 0 ? OptionalInt.empty() : OptionalInt.of(status));
    }

    private long refer(OutboundCall call, long now) {
        call.refer(TO, now);
        done.drain(call);
        assertThat(done.sent.getLast().method()).isEqualTo("REFER");
        return done.sent.getLast().cseq();
    }

    private void answers(OutboundCall call, String method, long number, int status, long now) {
        call.onResponse(Said.of(method, number).response(status), now);
        done.drain(call);
    }

    private int notified(OutboundCall call, String event, String state, String sipfrag, long now) {
        call.onRequest(Said.of("NOTIFY", cseq).notified(event, state, sipfrag).request(100 + cseq), now);
        cseq++;
        done.drain(call);
        return done.responses.getLast().status();
    }

    private int referred(OutboundCall call, Said refer, long now) {
        int before = done.responses.size();
        call.onRequest(refer.request(100 + cseq), now);
        cseq++;
        done.drain(call);
        return done.responses.size() == before ? 0 : done.responses.getLast().status();
    }

    private Said aRefer() {
        return Said.of("REFER", cseq).referTo("<sip:+12025550123@192.0.2.9>");
    }

    @Test
    void theReferSaysWhomToCallAndTheNotifiesAreToldUntilTheFinalOne() {
        OutboundCall call = established();
        long refer = refer(call, 0);
        assertThat(done.lastSent("Refer-To")).containsExactly("<sip:1@192.0.2.9>");
        answers(call, "REFER", refer, 202, 0);
        assertThat(notified(call, "refer", "active;expires=60", "SIP/2.0 100 Trying", SECOND))
                .isEqualTo(200);
        assertThat(notified(call, "refer;id=" + refer, "active;expires=60", "SIP/2.0 100 Trying", SECOND))
                .isEqualTo(200);
        assertThat(notified(call, "refer", "active;expires=60", "", SECOND)).isEqualTo(200);
        assertThat(notified(call, "refer", "terminated;reason=noresource", "SIP/2.0 486 Busy", SECOND))
                .isEqualTo(200);
        assertThat(done.told).containsExactly(new TrunkEvent.ReferProgress(100), ended(486));
        assertThat(notified(call, "refer", "terminated", "SIP/2.0 200 OK", SECOND))
                .as("its subscription is over")
                .isEqualTo(481);
        assertThat(call.nextWakeup()).isEqualTo(CallCore.NEVER);
    }

    @Test
    void aNotifyMayBeFasterThanThe202() {
        OutboundCall call = established();
        long refer = refer(call, 0);
        assertThat(notified(call, "refer", "active", "SIP/2.0 200 OK", 0)).isEqualTo(200);
        answers(call, "REFER", refer, 202, 0);
        assertThat(notified(call, "refer", "terminated", "SIP/2.0 200 OK", 0)).isEqualTo(200);
        assertThat(done.told).containsExactly(ended(200));
    }

    @Test
    void notifiesOfNoSubscriptionOrAnotherPackageAreRefused() {
        OutboundCall call = established();
        assertThat(notified(call, "refer", "active", "SIP/2.0 100 Trying", 0)).isEqualTo(481);
        long refer = refer(call, 0);
        assertThat(notified(call, "refer;id=" + (refer + 7), "active", "SIP/2.0 100 Trying", 0))
                .isEqualTo(481);
        call.onRequest(Said.of("NOTIFY", cseq++).event("presence").request(7), 0);
        done.drain(call);
        assertThat(done.responses.getLast().status()).isEqualTo(489);
        assertThat(done.told).isEmpty();
    }

    @Test
    void aBodyThatIsNoSipfragIsRefusedByItsTypeButItsEndCounts() {
        OutboundCall call = established();
        refer(call, 0);
        InRequest notify = Said.of("NOTIFY", cseq++).event("refer").request(7);
        Subscribing other =
                Subscribing.of("refer", "terminated;reason=rejected", "", Optional.of("text/plain"), "SIP/2.0 200 OK");
        call.onRequest(
                new InRequest(
                        notify.id(),
                        notify.method(),
                        notify.cseq(),
                        notify.remoteTag(),
                        notify.contact(),
                        notify.sdp(),
                        notify.q850(),
                        notify.capabilities(),
                        notify.info(),
                        notify.extensions(),
                        Optional.empty(),
                        Optional.of(other)),
                0);
        done.drain(call);
        assertThat(done.responses.getLast().status()).isEqualTo(415);
        assertThat(done.lastResponse("Accept")).containsExactly("message/sipfrag");
        assertThat(done.told).containsExactly(ended(0));
    }

    @Test
    void oneReferAtATimeAndTheNextOnesAreToldApartByTheirNumbers() {
        OutboundCall call = established();
        long first = refer(call, 0);
        call.refer(TO, 0);
        done.drain(call);
        assertThat(done.told).containsExactly(ended(491));
        answers(call, "REFER", first, 202, 0);
        notified(call, "refer", "active", "SIP/2.0 404 Not Found", 0);
        long second = refer(call, 0);
        assertThat(second).isGreaterThan(first);
        assertThat(notified(call, "refer", "active", "SIP/2.0 200 OK", 0))
                .as("the first one's, which may stand still")
                .isEqualTo(481);
        assertThat(notified(call, "refer;id=" + second, "terminated", "SIP/2.0 200 OK", 0))
                .isEqualTo(200);
        assertThat(done.told).containsExactly(ended(491), ended(404), ended(200));
    }

    @Test
    void whoGrantsATransferAndSaysNothingIsGivenUpAfter64T1() {
        OutboundCall call = established();
        answers(call, "REFER", refer(call, 0), 202, SECOND);
        done.runTo(call, 33 * SECOND - 1);
        assertThat(done.told).isEmpty();
        done.runTo(call, 33 * SECOND);
        assertThat(done.told).containsExactly(ended(0));
        assertThat(notified(call, "refer", "active", "SIP/2.0 100 Trying", 34 * SECOND))
                .isEqualTo(481);
    }

    @Test
    void aSubscriptionThatExpiresWithoutALastWordIsGivenUp64T1Later() {
        OutboundCall call = established();
        answers(call, "REFER", refer(call, 0), 202, 0);
        notified(call, "refer", "active;expires=60", "SIP/2.0 180 Ringing", 0);
        done.runTo(call, 92 * SECOND - 1);
        assertThat(done.told).containsExactly(new TrunkEvent.ReferProgress(180));
        done.runTo(call, 92 * SECOND);
        assertThat(done.told).containsExactly(new TrunkEvent.ReferProgress(180), ended(0));
    }

    @Test
    void aPeerWithoutReferIsNotAskedAndOneThatWillTellNothingIsBelieved() {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "offer", List.of(), terms(new NoCredentials(), false));
        call.start(0);
        call.refer(TO, 0);
        call.onResponse(
                Said.of("INVITE", 1).sdp("answer").allow("INVITE", "BYE").response(200), 0);
        call.refer(TO, 0);
        done.drain(call);
        assertThat(done.sent).isEmpty();
        assertThat(done.told).contains(ended(0)).endsWith(ended(405));
        OutboundCall silent = established();
        long refer = refer(silent, 0);
        done.told.clear();
        silent.onResponse(Said.of("REFER", refer).referSub(false).response(200), 0);
        done.drain(silent);
        assertThat(done.told).containsExactly(ended(202));
    }

    @Test
    void challengedReferIsSentAgainOnceAndItsNotifiesNameTheSecond() {
        OutboundCall call = established(
                terms(new DigestAuthorizer("user", new Secret("pass"), Optional.of("r"), new Random(1)), true));
        long first = refer(call, 0);
        call.onResponse(
                Said.of("REFER", first)
                        .challenge("Digest realm=\"r\",nonce=\"n\"")
                        .response(401),
                0);
        done.drain(call);
        OutRequest again = done.sent.getLast();
        assertThat(again.method()).isEqualTo("REFER");
        assertThat(again.cseq()).isEqualTo(first + 1);
        assertThat(done.lastSent("Refer-To")).containsExactly("<sip:1@192.0.2.9>");
        assertThat(done.lastSent("Authorization")).hasSize(1);
        answers(call, "REFER", first, 202, 0);
        assertThat(notified(call, "refer;id=" + first, "active", "SIP/2.0 100 Trying", 0))
                .isEqualTo(481);
        call.onResponse(
                Said.of("REFER", again.cseq())
                        .challenge("Digest realm=\"r\",nonce=\"n2\"")
                        .response(401),
                0);
        done.drain(call);
        assertThat(done.told).containsExactly(ended(401));
    }

    @Test
    void aReferWaitsForAHoldThatIsUnderWay() {
        OutboundCall call = established();
        call.reoffer("a=sendonly", 0);
        call.refer(TO, 0);
        done.drain(call);
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("INVITE");
        call.onResponse(Said.of("INVITE", 2).sdp("a=recvonly").response(200), 0);
        done.drain(call);
        assertThat(done.sent).extracting(OutRequest::method).containsExactly("INVITE", "REFER");
    }

    @Test
    void theEndOfTheCallComesAfterThatOfTheTransferAndLateNotifiesAreStillAnswered() {
        OutboundCall call = established();
        answers(call, "REFER", refer(call, 0), 202, 0);
        notified(call, "refer", "active;expires=60", "SIP/2.0 100 Trying", 0);
        call.onRequest(Said.of("BYE", cseq++).request(7), 0);
        done.drain(call);
        assertThat(done.told).hasSize(3).element(1).isEqualTo(ended(0));
        assertThat(done.told.getLast()).isInstanceOf(TrunkEvent.Ended.class);
        assertThat(notified(call, "refer", "terminated;reason=noresource", "SIP/2.0 200 OK", SECOND))
                .isEqualTo(200);
        assertThat(done.told).hasSize(3);
        done.runTo(call, 100 * SECOND);
        assertThat(call.nextWakeup()).isEqualTo(CallCore.NEVER);
    }

    @Test
    void theirReferIsToldAndWhatOurSideSaysLeavesOneByOneInOrder() {
        OutboundCall call = established();
        assertThat(referred(call, aRefer(), 0)).isZero();
        assertThat(done.told).containsExactly(new TrunkEvent.Referred(ReferTarget.of("+12025550123")));
        call.acceptRefer(0);
        call.referProgress(180, 0);
        call.referProgress(183, 0);
        call.referProgress(200, 0);
        call.referProgress(404, 0);
        done.drain(call);
        assertThat(done.responses.getLast().status()).isEqualTo(202);
        for (int i = 0; i < 4; i++) {
            assertThat(done.sent).as("one at a time").hasSize(i + 1);
            answers(call, "NOTIFY", done.sent.getLast().cseq(), 200, 0);
        }
        assertThat(done.sent)
                .extracting(request -> request.sipfrag().orElse(""))
                .containsExactly(
                        "SIP/2.0 100 Trying\r\n",
                        "SIP/2.0 180 Ringing\r\n",
                        "SIP/2.0 183 Session Progress\r\n",
                        "SIP/2.0 200 OK\r\n");
        assertThat(done.sent)
                .extracting(request -> Performed.values(request.headers(), "Subscription-State")
                        .getFirst())
                .containsExactly(
                        "active;expires=780",
                        "active;expires=780",
                        "active;expires=780",
                        "terminated;reason=noresource");
        assertThat(call.nextWakeup()).isEqualTo(CallCore.NEVER);
    }

    @Test
    void aSlowPeerIsToldTheFirstTheLatestAndTheLast() {
        OutboundCall call = established();
        referred(call, aRefer(), 0);
        call.acceptRefer(0);
        for (int status = 101; status < 200; status++) {
            call.referProgress(status, 0);
        }
        call.referProgress(486, 0);
        for (int i = 0; i < 40; i++) {
            done.drain(call);
            call.onResponse(Said.of("NOTIFY", done.sent.getLast().cseq()).response(200), 0);
        }
        done.drain(call);
        assertThat(done.sent).hasSizeBetween(2, 12);
        assertThat(done.sent.getLast().sipfrag().orElse("")).startsWith("SIP/2.0 486 ");
    }

    @Test
    void whoRefusesOurNotifyOrNeverAnswersItIsToldNoMoreAndTheCallGoesOn() {
        for (int status : new int[] {481, 489, 500, 0}) {
            OutboundCall call = established();
            cseq = 1;
            referred(call, aRefer(), 0);
            call.acceptRefer(0);
            call.referProgress(180, 0);
            done.drain(call);
            OutRequest notify = done.sent.getLast();
            if (status == 0) {
                call.onTimeout(notify, 32 * SECOND);
            } else {
                answers(call, "NOTIFY", notify.cseq(), status, 0);
            }
            call.referProgress(200, 33 * SECOND);
            done.drain(call);
            assertThat(done.sent.getLast()).as("after %d", status).isEqualTo(notify);
            assertThat(done.told).containsExactly(new TrunkEvent.Referred(ReferTarget.of("+12025550123")));
            assertThat(call.stateName()).isEqualTo("ESTABLISHED");
            assertThat(referred(call, aRefer(), 34 * SECOND))
                    .as("another may come")
                    .isZero();
            done.clear();
        }
    }

    @Test
    void aSubscriptionThatNobodyEndsIsEndedByTimeWithTheLastStatus() {
        OutboundCall call = established();
        referred(call, aRefer(), 0);
        call.acceptRefer(0);
        call.referProgress(180, 0);
        done.drain(call);
        answers(call, "NOTIFY", done.sent.getLast().cseq(), 200, 0);
        answers(call, "NOTIFY", done.sent.getLast().cseq(), 200, 0);
        done.runTo(call, 780 * SECOND - 1);
        assertThat(done.sent).hasSize(2);
        done.runTo(call, 780 * SECOND);
        assertThat(done.lastSent("Subscription-State")).containsExactly("terminated;reason=timeout");
        assertThat(done.sent.getLast().sipfrag()).hasValue("SIP/2.0 180 Ringing\r\n");
    }

    @Test
    void aReferWithoutADecisionIsDeclinedAfterFiveSecondsAndAnotherOneMeanwhileIs491() {
        OutboundCall call = established();
        referred(call, aRefer(), 0);
        assertThat(referred(call, aRefer(), 0)).isEqualTo(491);
        done.runTo(call, 5 * SECOND);
        assertThat(done.responses.getLast().status()).isEqualTo(603);
        call.acceptRefer(6 * SECOND);
        done.drain(call);
        assertThat(done.sent).isEmpty();
        referred(call, aRefer(), 7 * SECOND);
        call.rejectRefer(403, 7 * SECOND);
        done.drain(call);
        assertThat(done.responses.getLast().status()).isEqualTo(403);
    }

    @Test
    void whoAsksAgainAndAgainCostsOurSideTwoDecisionsASecond() {
        OutboundCall call = established();
        for (int i = 0; i < 1000; i++) {
            referred(call, aRefer(), i * SECOND / 100);
            call.rejectRefer(603, i * SECOND / 100);
        }
        done.drain(call);
        assertThat(done.told).hasSizeBetween(10, 2 * 10 + 4);
        assertThat(done.responses).extracting(CallAction.Respond::status).contains(503);
    }

    @Test
    void whoHangsUpWhileWeThinkIsAnsweredAndWhoHangsUpLaterIsToldTheLastWordFor32Seconds() {
        OutboundCall call = established();
        referred(call, aRefer(), 0);
        call.onRequest(Said.of("BYE", cseq++).request(7), 0);
        done.drain(call);
        assertThat(done.responses).extracting(CallAction.Respond::status).containsExactly(200, 487);
        OutboundCall other = established();
        cseq = 1;
        referred(other, aRefer(), 0);
        other.acceptRefer(0);
        other.onRequest(Said.of("BYE", cseq++).request(7), 0);
        done.drain(other);
        answers(other, "NOTIFY", done.sent.getLast().cseq(), 200, 0);
        other.referProgress(200, 31 * SECOND);
        done.drain(other);
        assertThat(done.sent.getLast().sipfrag()).hasValue("SIP/2.0 200 OK\r\n");
        done.runTo(other, 32 * SECOND);
        assertThat(done.others).containsExactly(new CallAction.Forget());
        assertThat(other.nextWakeup()).isEqualTo(CallCore.NEVER);
    }

    @Test
    void aLastWordLeavesBeforeOurByeAndWaitsForNoAnswer() {
        OutboundCall call = established();
        referred(call, aRefer(), 0);
        call.acceptRefer(0);
        call.referProgress(180, 0);
        call.referProgress(200, 0);
        call.hangUp(HangupReason.NORMAL, 0);
        done.drain(call);
        assertThat(done.sent)
                .extracting(request ->
                        request.method() + " " + request.sipfrag().orElse("").strip())
                .containsExactly("NOTIFY SIP/2.0 100 Trying", "NOTIFY SIP/2.0 200 OK", "BYE ");
        assertThat(done.sent).extracting(OutRequest::cseq).isSorted().doesNotHaveDuplicates();
        for (OutRequest sent : List.copyOf(done.sent)) {
            answers(call, sent.method(), sent.cseq(), 200, 0);
        }
        assertThat(done.sent).as("nothing is said twice").hasSize(3);
        done.runTo(call, 32 * SECOND);
        assertThat(done.others).containsExactly(new CallAction.Forget());
        assertThat(call.nextWakeup()).isEqualTo(CallCore.NEVER);
    }

    @Test
    void whereTransfersAreOffAReferIsDeclinedAndInAnEarlyDialogToo() {
        OutboundCall off = established(terms(new NoCredentials(), false));
        assertThat(referred(off, aRefer(), 0)).isEqualTo(603);
        InboundCall early = new InboundCall(
                Said.of("INVITE", 1).sdp("offer").request(1), List.of(), terms(new NoCredentials(), true), 0);
        early.ring(0);
        early.onRequest(Said.of("REFER", 2).referTo("<sip:1@192.0.2.9>").request(2), 0);
        done.drain(early);
        assertThat(done.responses.getLast().status()).isEqualTo(603);
        assertThat(done.told).isEmpty();
    }

    /** One REFER of ours under everything that may happen to it, and one of the peer beside it. */
    private static final class Play {
        private final Random random;
        private final OutboundCall call;
        private final Performed done = new Performed();
        private long now;
        private long theirCseq;
        private long ids = 10;
        private int asked;
        private boolean ended;

        Play(long seed) {
            random = new Random(seed);
            call = new OutboundCall("sip:1@192.0.2.1", "offer", List.of(), terms(new NoCredentials(), true));
            call.start(0);
            call.onResponse(Said.of("INVITE", 1).sdp("answer").response(200), 0);
        }

        void run() {
            for (int i = 5 + random.nextInt(40); i > 0; i--) {
                step();
                done.runTo(call, now);
                now += (long) (Math.pow(random.nextDouble(), 6) * 100 * SECOND);
                done.runTo(call, now);
                check();
            }
            call.hangUp(HangupReason.NORMAL, now);
            done.runTo(call, now + 400 * SECOND);
            check();
            assertThat(ofType(TrunkEvent.ReferEnded.class))
                    .as("one end for each REFER of ours")
                    .isEqualTo(asked);
            assertThat(done.told.getLast()).isInstanceOf(TrunkEvent.Ended.class);
            assertThat(done.others.getLast()).isInstanceOf(CallAction.Forget.class);
            assertThat(call.nextWakeup()).isEqualTo(CallCore.NEVER);
            int sent = done.sent.size();
            call.referProgress(200, now + 500 * SECOND);
            call.acceptRefer(now + 500 * SECOND);
            call.refer(TO, now + 500 * SECOND);
            done.drain(call);
            assertThat(done.sent).as("nothing after it is forgotten").hasSize(sent);
        }

        private long ofType(Class<?> type) {
            return done.told.stream().filter(type::isInstance).count();
        }

        private void check() {
            assertThat(ofType(TrunkEvent.ReferEnded.class)).isLessThanOrEqualTo(asked);
            assertThat(done.sent)
                    .extracting(OutRequest::cseq)
                    .as("CSeq rises")
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(ofType(TrunkEvent.Ended.class)).isLessThanOrEqualTo(1);
            ended |= ofType(TrunkEvent.Ended.class) == 1;
        }

        private void step() {
            switch (random.nextInt(12)) {
                case 0, 1 -> {
                    asked += ended ? 0 : 1;
                    call.refer(TO, now);
                }
                case 2, 3, 4 -> respond();
                case 5, 6 -> notifies();
                case 7 ->
                    call.onRequest(
                            Said.of("REFER", ++theirCseq)
                                    .referTo("<sip:1@192.0.2.9>")
                                    .request(++ids),
                            now);
                case 8 -> call.acceptRefer(now);
                case 9 -> call.referProgress(100 + random.nextInt(500), now);
                case 10 -> lose();
                default -> {
                    if (random.nextInt(6) == 0) {
                        call.onRequest(Said.of("BYE", ++theirCseq).request(++ids), now);
                    } else {
                        call.onRequest(
                                Said.of("SUBSCRIBE", ++theirCseq)
                                        .subscribes("refer", Integer.toString(random.nextInt(90)))
                                        .request(++ids),
                                now);
                    }
                }
            }
        }

        private Optional<OutRequest> one() {
            return done.sent.isEmpty()
                    ? Optional.empty()
                    : Optional.of(done.sent.get(done.sent.size() - 1 - random.nextInt(Math.min(3, done.sent.size()))));
        }

        private void respond() {
            one().ifPresent(request -> {
                int status = List.of(200, 202, 202, 401, 481, 500, 603).get(random.nextInt(7));
                Said said = Said.of(request.method(), request.cseq());
                if (random.nextInt(5) == 0) {
                    said.referSub(false);
                }
                call.onResponse(said.response(status), now);
            });
        }

        private void lose() {
            one().ifPresent(request -> {
                if (random.nextBoolean()) {
                    call.onTimeout(request, now);
                } else {
                    call.onSendFailed(request, "refused", now);
                }
            });
        }

        private void notifies() {
            String id = one().filter(_ -> random.nextBoolean())
                    .map(request -> ";id=" + request.cseq())
                    .orElse("");
            String state = List.of("active;expires=" + random.nextInt(99), "pending", "terminated;reason=noresource")
                    .get(random.nextInt(3));
            String body = random.nextInt(3) == 0 ? "" : "SIP/2.0 " + (100 + random.nextInt(500)) + " Words";
            call.onRequest(
                    Said.of("NOTIFY", ++theirCseq)
                            .notified("refer" + id, state, body)
                            .request(++ids),
                    now);
        }
    }

    @Test
    void whateverHappensEachReferHasOneEndAndNothingIsLeft() {
        long first = System.nanoTime();
        for (long seed = first; seed < first + 20_000; seed++) {
            try {
                new Play(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("the transfer of seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
