package io.ringdown.media;

import io.ringdown.media.hold.HoldMusic;
import java.time.Duration;
import java.util.Optional;

/**
 * What the trunk hears while the browser sends nothing: its page reloads, or its network changes.
 *
 * @param music in place of the quiet of the browser's room; empty for that quiet
 * @param after how long nothing has come before the music begins; until then it is the quiet
 */
public record AwaySound(Optional<HoldMusic> music, Duration after) {
    /** The quiet of the browser's room, as it was last heard. */
    public static final AwaySound COMFORT_NOISE = new AwaySound(Optional.empty(), Duration.ZERO);

    private static final Duration LEAST = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofSeconds(30);

    public AwaySound {
        if (music.isPresent() && (after.compareTo(LEAST) < 0 || after.compareTo(MOST) > 0)) {
            throw new IllegalArgumentException(
                    "after: " + after.toMillis() + "ms is out of range; 200ms to 30s is possible");
        }
    }
}
