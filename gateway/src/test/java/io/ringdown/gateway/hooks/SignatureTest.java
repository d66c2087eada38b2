package io.ringdown.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.tokens.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against {@code printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac KEY}. */
final class SignatureTest {
    private static final Secret SECRET = Secret.parse("0123456789abcdef0123456789abcdef");

    @Test
    void signsTheTimeAndTheBodyAsOpensslDoes() {
        assertThat(Signature.of("{\"a\":1}", 1_700_000_000L, SECRET, Optional.empty()))
                .isEqualTo("t=1700000000,v1=f05f2539e3ae1c49aec5f8cfdad75ef6b06480b133973ffbb7ec9e18827af177");
    }

    @Test
    void whileSecretsChangeEachSigns() {
        String both = Signature.of("{}", 7, SECRET, Optional.of(Secret.parse("fedcba9876543210fedcba9876543210")));
        assertThat(both).matches("t=7,v1=[0-9a-f]{64},v1=[0-9a-f]{64}");
    }
}
