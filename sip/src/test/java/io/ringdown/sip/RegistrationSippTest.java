package io.ringdown.sip;

import static io.ringdown.evidence.Row.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Registering on the real stack, with SIPp as the registrar. */
@Shows(IDENTITY)
final class RegistrationSippTest {

    private static TrunkSettings registering(int port) {
        return Gateway.withPassword(port, "pass")
                .withRegister(new RegisterSettings(
                        Optional.empty(), Optional.of("front-desk"), Duration.ofMinutes(1), false));
    }

    @Test
    void challengedToldToStayLongerRefreshedAndTakenAway() {
        try (Sipp sipp = Sipp.uas("uas-register")) {
            try (Gateway gateway = Gateway.towards(registering(sipp.port()))) {
                LocatedTrunkSippTest.await(() -> sipp.count("SIP/2.0 200 OK") == 2);
                LocatedTrunkSippTest.await(
                        () -> gateway.health("peer").registered().orElse(false));
            }
            sipp.assertSuccess();
        }
    }

    @Test
    void callsGoAlongTheServiceRouteAndComeFromTheRegisteredContact() {
        try (Sipp sipp = Sipp.uas("uas-service-route", "-m", "2")) {
            try (Gateway gateway = Gateway.towards(registering(sipp.port()))) {
                LocatedTrunkSippTest.await(
                        () -> gateway.health("peer").registered().orElse(false));
                Events events = new Events();
                TrunkCall call = gateway.call(events);
                events.until(TrunkEvent.Answered.class);
                call.hangUp(HangupReason.NORMAL);
                events.until(TrunkEvent.Ended.class);
            }
            sipp.assertSuccess();
        }
    }

    @Test
    void aTrunkThatDoesNotRegisterSaysSo() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort())) {
            assertThat(gateway.health("peer").registered()).isEmpty();
        }
    }
}
