package io.ringdown.sip;

import static io.ringdown.evidence.Row.EARLY_MEDIA_AND_FORKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callers that acknowledge our provisional responses by PRACK (RFC 3262), on the real stack, with SIPp as the caller. */
@Shows(EARLY_MEDIA_AND_FORKS)
final class PrackSippTest {

    @Test
    void ourProvisionalResponsesAreAcknowledgedAndBothMayOfferBeforeTheAnswer() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-prack", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().ring();
            in.call().progress(Gateway.OFFER);
            assertThat(in.events().until(TrunkEvent.Reoffer.class).sdp()).contains("o=- 1 2");
            in.call().acceptReoffer(Gateway.OFFER);
            sipp.awaitMessage("CSeq: 5 UPDATE", 2);
            in.call().reoffer(Gateway.OFFER + "a=sendonly\r\n");
            assertThat(in.events().next(TrunkEvent.ReofferAnswered.class).sdp()).contains("o=- 1 3");
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.call().hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void anOfferInAPrackIsTakenOrRefused() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-prack-offer", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().progress(Gateway.OFFER);
            assertThat(in.events().next(TrunkEvent.Reoffer.class).sdp()).contains("o=- 1 2");
            in.call().acceptReoffer(Gateway.OFFER);
            in.call().ring();
            assertThat(in.events().next(TrunkEvent.Reoffer.class).sdp()).contains("o=- 1 3");
            in.call().rejectReoffer();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.call().hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    @Tag("slow")
    void aCallerThatNeverAcknowledgesIsRefusedInTheEnd() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-prack-never", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().ring();
            assertThat(in.events().next(TrunkEvent.Ended.class).q850()).hasValue(102);
            sipp.assertSuccess();
        }
    }
}
