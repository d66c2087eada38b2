package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringdown.sip.SessionTimerSettings.Refresher;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionTimerSettingsTest {

    @Test
    void byDefaultHalfAnHourIsAskedForAndNothingFollowed() {
        TrunkSettings trunk = TrunkSettings.defaults();
        assertThat(trunk.sessionTimer()).isEqualTo(new SessionTimerSettings(Duration.ofMinutes(30), Refresher.AUTO));
        assertThat(trunk.redirects()).isEqualTo(RedirectPolicy.REFUSE);
        assertThat(trunk.transfer()).isEqualTo(new TransferSettings(false, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT90S", "PT24H"})
    void zeroAndWhatPeersTakeMayBeSet(Duration expires) {
        assertThat(new SessionTimerSettings(expires, Refresher.US).expires()).isEqualTo(expires);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT89S", "PT24H1S"})
    void otherIntervalsAreRefusedWithTheRemedy(Duration expires) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SessionTimerSettings(expires, Refresher.AUTO))
                .withMessageStartingWith("expires: " + expires.toSeconds() + " s is out of range")
                .withMessageContaining("90s to 24h");
    }
}
