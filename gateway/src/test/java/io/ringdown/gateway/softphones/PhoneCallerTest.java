package io.ringdown.gateway.softphones;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.sip.InboundInvite;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PhoneCallerTest {
    @Test
    void aPhonesOwnNameIsNoNumberToShow() {
        assertThat(caller("alice", Map.of()).number()).isEmpty();
        assertThat(caller("101", Map.of()).number()).isEmpty();
        assertThat(caller("+12025550100", Map.of()).number()).contains(new PhoneNumber("+12025550100"));
    }

    @Test
    void whatItPrefersToBeComesBeforeFrom() {
        Map<String, String> prefers = Map.of("P-Preferred-Identity", "\"Alice\" <sip:+12025550101@example.com>");
        assertThat(caller("+12025550100", prefers).number()).contains(new PhoneNumber("+12025550101"));
        assertThat(caller("alice", Map.of("P-Preferred-Identity", "<tel:+12025550102>"))
                        .number())
                .contains(new PhoneNumber("+12025550102"));
        assertThat(caller("alice", Map.of("P-Preferred-Identity", "garbage")).number())
                .isEmpty();
    }

    @Test
    void whoPrefersToBeThemselvesAsJsSipWritesBesidesAnotherFromIsWhomFromNames() {
        Map<String, String> itself = Map.of("P-Preferred-Identity", "sip:101@example.com");
        assertThat(caller("+12025550100", itself).number()).contains(new PhoneNumber("+12025550100"));
        assertThat(caller("anonymous", itself).number()).isEmpty();
    }

    @Test
    void whoAsksForPrivacyIsAnonymous() {
        assertThat(caller("alice", Map.of("Privacy", "id")).anonymous()).isTrue();
        assertThat(caller("alice", Map.of("Privacy", "header; ID")).anonymous()).isTrue();
        assertThat(caller("alice", Map.of("Privacy", "none")).anonymous()).isFalse();
        assertThat(caller("anonymous", Map.of()).anonymous()).isTrue();
        assertThat(caller("alice", Map.of()).anonymous()).isFalse();
    }

    private static Caller caller(String from, Map<String, String> headers) {
        InboundInvite invite = new InboundInvite(
                "",
                "+1",
                Optional.of(from),
                Optional.of("Alice"),
                Optional.of("offer"),
                headers,
                Optional.empty(),
                Optional.empty());
        return PhoneCaller.of(invite, name -> name.equals("alice") || name.equals("101"));
    }
}
