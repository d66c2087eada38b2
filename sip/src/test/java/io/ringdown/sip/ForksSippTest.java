package io.ringdown.sip;

import static io.ringdown.evidence.Row.EARLY_MEDIA_AND_FORKS;
import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Forked and redirected calls, and methods that we do not have, on the real stack, with SIPp as the peer. */
@Shows(EARLY_MEDIA_AND_FORKS)
final class ForksSippTest {

    private static TrunkSettings following(int port) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withRedirects(RedirectPolicy.FOLLOW);
    }

    @Test
    void theEarlyDialogThatIsHeardIsToldAndASilencedOneNot() {
        try (Sipp sipp = Sipp.uas("uas-early-forks");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            assertThat(events.until(TrunkEvent.Progress.class).sdp()).hasValueSatisfying(of("o=- 1 11"));
            assertThat(events.next(TrunkEvent.Progress.class).sdp()).isEmpty();
            assertThat(events.next(TrunkEvent.Progress.class).sdp()).hasValueSatisfying(of("o=- 1 12"));
            assertThat(events.next(TrunkEvent.Answered.class).sdp()).hasValueSatisfying(of("o=- 1 11"));
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    private static Consumer<String> of(String version) {
        return sdp -> assertThat(sdp).contains(version);
    }

    @Test
    void bothMayOfferByUpdateBeforeTheAnswer() {
        try (Sipp sipp = Sipp.uas("uas-early-update");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            assertThat(events.until(TrunkEvent.Reoffer.class).sdp()).contains("o=- 1 2");
            call.acceptReoffer(Gateway.OFFER);
            call.reoffer(Gateway.OFFER + "a=sendonly\r\n");
            assertThat(events.until(TrunkEvent.ReofferAnswered.class).sdp()).contains("o=- 1 3");
            events.next(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void aRedirectionWithinTheTrunkIsFollowedWherePolicyAllows() {
        try (Sipp sipp = Sipp.uas("uas-302-here");
                Gateway gateway = Gateway.towards(following(sipp.port()))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events, _ -> true);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
            assertThat(sipp.messages()).doesNotContain("Subject:");
        }
    }

    @Test
    void aRedirectionToANumberThatTheCallerMayNotCallIsPassedOver() {
        try (Sipp sipp = Sipp.uas("uas-302-judged");
                Gateway gateway = Gateway.towards(following(sipp.port()))) {
            Events events = new Events();
            gateway.call(events, number -> !number.startsWith("+1900"));
            assertThat(events.until(TrunkEvent.Failed.class).failure())
                    .isEqualTo(new TrunkFailure.Refused(302, OptionalInt.empty()));
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    void aRedirectionElsewhereIsARefusalWhateverThePolicy() {
        try (Sipp sipp = Sipp.uas("uas-302-elsewhere");
                Gateway gateway = Gateway.towards(following(sipp.port()))) {
            Events events = new Events();
            gateway.call(events, _ -> true);
            assertThat(events.next(TrunkEvent.Failed.class).failure())
                    .isEqualTo(new TrunkFailure.Refused(302, OptionalInt.empty()));
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    @Shows(IN_THE_CALL)
    void methodsThatWeDoNotHaveAreAnsweredInsideAndOutsideOfCalls() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-methods", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            in.events().assertNothingMore();
        }
    }
}
