package io.ringdown.sip;

import static io.ringdown.evidence.Row.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registration at Kamailio, from the first challenge to the end. */
@Shows(IDENTITY)
final class KamailioIsTheRegistrarTest {
    private static final Pattern SEQ = Pattern.compile("X-Seq: (\\d+)");

    private static TrunkSettings trunk(int port, String password) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withCredentials("alice", new Secret(password), Optional.of("registrar.example"))
                .withRegister(RegisterSettings.defaults());
    }

    private static int seq(String answer) {
        Matcher m = SEQ.matcher(answer);
        assertThat(m.find()).as(answer).isTrue();
        return Integer.parseInt(m.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MD5", "SHA-256"})
    void ourContactIsThereRefreshedAndGoneWhenWeAre(String algorithm) {
        try (Kamailio registrar = Kamailio.registrar(algorithm)) {
            try (Gateway gateway = Gateway.towards(trunk(registrar.port(), "correct horse"))) {
                LocatedTrunkSippTest.await(
                        () -> gateway.health("peer").registered().orElse(false));
                String first = registrar.whereIs("alice");
                assertThat(first).contains("200 There", "X-Contact: sip:alice@127.0.0.1:" + gateway.port());
                // It grants 10 s: the refresh comes before they are over, or there would be a 404 between.
                LocatedTrunkSippTest.await(() -> {
                    String now = registrar.whereIs("alice");
                    assertThat(now).contains("200 There");
                    return seq(now) > seq(first);
                });
            }
            LocatedTrunkSippTest.await(() -> registrar.whereIs("alice").contains("404 Not There"));
        }
    }

    @Test
    void aWrongPasswordIsToldAndNotTriedAgainAtOnce() {
        try (Kamailio registrar = Kamailio.registrar("MD5");
                Gateway gateway = Gateway.towards(trunk(registrar.port(), "wrong"))) {
            LocatedTrunkSippTest.await(() ->
                    String.valueOf(gateway.trunk("peer").get("registration")).contains("state=waiting"));
            assertThat(gateway.health("peer").registered()).contains(false);
            assertThat(registrar.whereIs("alice")).contains("404");
        }
    }
}
