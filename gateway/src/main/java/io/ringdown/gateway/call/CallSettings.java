package io.ringdown.gateway.call;

import io.ringdown.media.AwaySound;
import io.ringdown.media.hold.HoldMusic;
import java.time.Duration;
import java.util.Optional;

/**
 * How calls are made.
 *
 * @param dial when the INVITE of a browser's call leaves
 * @param connectTimeout how long ICE and DTLS may take
 * @param ringTimeout how long a call from a trunk rings at browsers
 * @param transferTimeout how long a transfer may take until its outcome is known
 * @param maxCalls how many calls this process takes at once
 * @param secureInput in which calls digits are kept from those who listen
 * @param hold what happens while browsers hold telephones
 * @param away what telephones hear while nothing comes from their browsers
 * @param drain how long a gateway that is stopped waits for its calls; zero for not at all
 * @param testsAtOnce how many tests before calls there may be beside them; zero for none
 * @param supervisionsAtOnce how many supervisors there may be beside calls; zero for none
 */
public record CallSettings(
        Dial dial,
        Duration connectTimeout,
        Duration ringTimeout,
        Duration transferTimeout,
        int maxCalls,
        SecureInput secureInput,
        Hold hold,
        Away away,
        Duration drain,
        int testsAtOnce,
        int supervisionsAtOnce) {

    /**
     * What happens while browsers hold telephones.
     *
     * @param music what telephones hear
     */
    public record Hold(HoldSound music) {}

    /**
     * What telephones hear while nothing comes from their browsers: a page reloads, or a network changes.
     *
     * @param sound what they hear
     * @param after how long nothing has come before the music of {@code HOLD} begins
     */
    public record Away(Sound sound, Duration after) {
        /** What it can be. */
        public enum Sound {
            /** The quiet of the browser's room, as it was last heard. */
            COMFORT_NOISE,
            /** What telephones on hold hear. */
            HOLD
        }

        public Away {
            if (after.compareTo(Duration.ofMillis(200)) < 0 || after.compareTo(Duration.ofSeconds(30)) > 0) {
                throw new IllegalArgumentException(
                        "after: " + after.toMillis() + "ms is out of range; write 200ms to 30s");
            }
        }

        /** For media, with the music of hold. */
        public AwaySound sound(HoldMusic music) {
            return switch (sound) {
                case COMFORT_NOISE -> AwaySound.COMFORT_NOISE;
                case HOLD -> new AwaySound(Optional.of(music), after);
            };
        }
    }

    /** When the INVITE leaves. */
    public enum Dial {
        /** When the browser can hear and be heard: no phone rings that nobody can talk to. */
        WHEN_CONNECTED,
        /** With the browser's request: some tenths of a second earlier. */
        AT_ONCE
    }

    /** In which calls digits are kept from those who listen. */
    public enum SecureInput {
        /** In those whose client asks for it, while it does. */
        ASKED,
        /** In all, whatever is asked. */
        ALWAYS
    }

    public CallSettings {
        check("connect-timeout", connectTimeout, Duration.ofSeconds(1), Duration.ofSeconds(60));
        check("ring-timeout", ringTimeout, Duration.ofSeconds(5), Duration.ofMinutes(10));
        check("transfer-timeout", transferTimeout, Duration.ofSeconds(5), Duration.ofMinutes(10));
        check("drain", drain, Duration.ZERO, Duration.ofHours(3));
        if (maxCalls < 1 || maxCalls > 100_000) {
            throw new IllegalArgumentException("max-calls: " + maxCalls + " is out of range; write 1 to 100000");
        }
        if (testsAtOnce < 0 || testsAtOnce > 10_000) {
            throw new IllegalArgumentException("tests-at-once: " + testsAtOnce + " is out of range; write 0 to 10000");
        }
        if (supervisionsAtOnce < 0 || supervisionsAtOnce > 1_000) {
            throw new IllegalArgumentException(
                    "supervisions-at-once: " + supervisionsAtOnce + " is out of range; write 0 to 1000");
        }
    }

    /**
     * INVITE when connected, at most 8 s; 60 s of ringing at browsers; 3 minutes for a transfer; 1000 calls; secure input where it is asked for; soft notes on
     * hold; the quiet of the room while nothing comes from a browser; 60 s for calls to end when the gateway is stopped; 50 tests, 20
     * supervisors.
     */
    public static CallSettings defaults() {
        return new CallSettings(
                Dial.WHEN_CONNECTED,
                Duration.ofSeconds(8),
                Duration.ofSeconds(60),
                Duration.ofMinutes(3),
                1000,
                SecureInput.ASKED,
                new Hold(new HoldSound(HoldSound.Kind.TONE, Optional.empty())),
                new Away(Away.Sound.COMFORT_NOISE, Duration.ofSeconds(1)),
                Duration.ofSeconds(60),
                50,
                20);
    }

    private static void check(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value.toMillis() + "ms is out of range; write "
                    + least.toSeconds() + "s to " + most.toSeconds() + "s");
        }
    }

    /** As this, with the INVITE at another moment. */
    public CallSettings withDial(Dial moment) {
        return new CallSettings(
                moment,
                connectTimeout,
                ringTimeout,
                transferTimeout,
                maxCalls,
                secureInput,
                hold,
                away,
                drain,
                testsAtOnce,
                supervisionsAtOnce);
    }

    /** As this, with another bound on calls. */
    public CallSettings withMaxCalls(int most) {
        return new CallSettings(
                dial,
                connectTimeout,
                ringTimeout,
                transferTimeout,
                most,
                secureInput,
                hold,
                away,
                drain,
                testsAtOnce,
                supervisionsAtOnce);
    }

    /** As this, with digits kept from those who listen in other calls. */
    public CallSettings withSecureInput(SecureInput calls) {
        return new CallSettings(
                dial,
                connectTimeout,
                ringTimeout,
                transferTimeout,
                maxCalls,
                calls,
                hold,
                away,
                drain,
                testsAtOnce,
                supervisionsAtOnce);
    }
}
