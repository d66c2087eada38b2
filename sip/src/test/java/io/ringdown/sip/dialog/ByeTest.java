package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The end of calls (RFC 3261 15), in virtual time: who hangs up is done with the call, whatever the peer does. */
final class ByeTest {
    private static final long SECOND = 1_000_000_000;
    private static final Terms TERMS = new Terms(
            new NoCredentials(),
            SipTimers.of(Duration.ofSeconds(4), Duration.ofSeconds(180)),
            SessionTimerSettings.defaults(),
            true,
            InfoRules.none(),
            new Random(1));

    private final Performed done = new Performed();

    private OutboundCall established() {
        OutboundCall call = new OutboundCall("sip:1@192.0.2.1", "offer", List.of(), TERMS);
        call.start(0);
        call.onResponse(
                Said.of("INVITE", 1)
                        .sdp("answer")
                        .sessionExpires("1800;refresher=uac")
                        .response(200),
                0);
        done.drain(call);
        done.clear();
        return call;
    }

    @Test
    void aPeerThatNeverAnswersOurByeIsForgotten64T1AfterItsTransaction() {
        OutboundCall call = established();
        call.hangUp(HangupReason.NORMAL, 0);
        done.drain(call);
        call.onTimeout(done.sent.getLast(), 32 * SECOND);
        done.runTo(call, 64 * SECOND - 1);
        assertThat(done.others).isEmpty();
        done.runTo(call, 64 * SECOND);
        assertThat(done.others).containsExactly(new CallAction.Forget());
        assertThat(call.nextWakeup()).isEqualTo(CallCore.NEVER);
        assertThat(done.told).singleElement().isInstanceOf(TrunkEvent.Ended.class);
    }

    @Test
    void aByeOfThePeerThatComesAgainIsAnsweredAgainAndToldOnce() {
        OutboundCall call = established();
        call.onRequest(Said.of("BYE", 1).request(1), 0);
        call.onRequest(Said.of("BYE", 2).request(2), SECOND);
        call.onRequest(Said.of("OPTIONS", 3).request(3), SECOND);
        done.drain(call);
        assertThat(done.responses).extracting(CallAction.Respond::status).containsExactly(200, 200, 481);
        assertThat(done.told).hasSize(1);
        done.runTo(call, 32 * SECOND);
        assertThat(done.others).containsExactly(new CallAction.Forget());
    }

    @Test
    void byesThatCrossAreBothAnswered() {
        OutboundCall call = established();
        call.hangUp(HangupReason.NORMAL, 0);
        call.onRequest(Said.of("BYE", 1).request(1), 0);
        done.drain(call);
        assertThat(done.responses).extracting(CallAction.Respond::status).containsExactly(200);
        assertThat(done.told).hasSize(1);
    }
}
