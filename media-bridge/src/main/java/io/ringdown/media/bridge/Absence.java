package io.ringdown.media.bridge;

import io.ringdown.media.AwaySound;
import org.jspecify.annotations.Nullable;

/**
 * What is heard in place of a browser that sends nothing. Music only for one that is away: its page reloads, or its network is
 * gone. One that is there and merely sends no sound shows itself by its checks, which come every few seconds; it is quiet. Pure;
 * owned by one thread; {@code now} in nanoseconds.
 */
final class Absence {
    // The browsers check every 4 s at least when nothing else is to be sent.
    private static final long GONE_NANOS = 6_000_000_000L;

    // Sound comes more often than this from who sends any, 400 ms of DTX included: a check so long after it is of one
    // who is there.
    private static final long THERE_NANOS = 500_000_000L;

    private AwaySound sound = AwaySound.COMFORT_NOISE;
    private long signNanos = RtpStream.NEVER;
    private boolean isThere;
    private @Nullable HoldPlayer player;

    /** What is heard from now on. */
    void sound(AwaySound wanted) {
        sound = wanted;
        player = null;
    }

    /** The browser has shown itself by something else than sound, which came last at {@code soundNanos}. */
    void onSign(long soundNanos, long now) {
        signNanos = now;
        isThere = now - soundNanos >= THERE_NANOS;
    }

    /** The browser has said that it goes. */
    void onGone() {
        isThere = false;
    }

    /**
     * What is to be heard now, if that is music: each absence has it from its beginning.
     *
     * @param soundNanos when sound came last
     */
    @Nullable
    HoldPlayer music(long soundNanos, long now) {
        if (sound.music().isEmpty() || !isAway(soundNanos, now)) {
            player = null;
        } else if (player == null) {
            player = new HoldPlayer(sound.music().get(), 0);
        }
        return player;
    }

    private boolean isAway(long soundNanos, long now) {
        if (now - soundNanos < sound.after().toNanos()) {
            return false;
        }
        boolean hasShown = isThere && signNanos - soundNanos > 0;
        return !hasShown || now - signNanos >= GONE_NANOS;
    }
}
