package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class EndCauseTest {

    @Test
    void everyFinalStatusAndEveryQ850CauseMeansSomething() {
        for (int status = 400; status <= 699; status++) {
            assertThat(EndCause.ofStatus(status, OptionalInt.empty())).isNotNull();
            for (int q850 = 0; q850 <= 127; q850++) {
                assertThat(EndCause.ofStatus(status, OptionalInt.of(q850))).isNotNull();
            }
        }
    }

    @Test
    void statusesThatPeopleMeetMeanWhatTheySay() {
        assertThat(EndCause.ofStatus(486, OptionalInt.empty())).isEqualTo(EndCause.BUSY);
        assertThat(EndCause.ofStatus(600, OptionalInt.empty())).isEqualTo(EndCause.BUSY);
        assertThat(EndCause.ofStatus(603, OptionalInt.empty())).isEqualTo(EndCause.REJECTED);
        assertThat(EndCause.ofStatus(404, OptionalInt.empty())).isEqualTo(EndCause.UNKNOWN_NUMBER);
        assertThat(EndCause.ofStatus(408, OptionalInt.empty())).isEqualTo(EndCause.NO_ANSWER);
        assertThat(EndCause.ofStatus(480, OptionalInt.empty())).isEqualTo(EndCause.UNAVAILABLE);
        assertThat(EndCause.ofStatus(488, OptionalInt.empty())).isEqualTo(EndCause.MEDIA_NOT_ACCEPTABLE);
        assertThat(EndCause.ofStatus(503, OptionalInt.empty())).isEqualTo(EndCause.CONGESTION);
    }

    @Test
    void q850KnowsBetterBehindAStatusThatGatewaysUseForAnything() {
        assertThat(EndCause.ofStatus(503, OptionalInt.of(17))).isEqualTo(EndCause.BUSY);
        assertThat(EndCause.ofStatus(480, OptionalInt.of(19))).isEqualTo(EndCause.NO_ANSWER);
        assertThat(EndCause.ofStatus(500, OptionalInt.of(1))).isEqualTo(EndCause.UNKNOWN_NUMBER);
        assertThat(EndCause.ofStatus(486, OptionalInt.of(34))).isEqualTo(EndCause.BUSY);
    }

    @Test
    void everyCauseCanBeToldToATrunk() {
        for (EndCause cause : EndCause.values()) {
            assertThat(cause.rejection().status()).isBetween(400, 699);
            assertThat(cause.hangupReason().q850()).isBetween(1, 127);
            assertThat(cause.text()).endsWith(".");
        }
    }

    @Test
    void everyCauseAndErrorIsInTheProtocolsDocument() throws IOException {
        String document = Files.readString(Path.of("../docs/protocol.md"));
        for (EndCause cause : EndCause.values()) {
            assertThat(document).contains("| `" + cause.code() + "` | " + cause.text());
        }
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(document).contains("`" + code.code() + "`");
        }
    }
}
