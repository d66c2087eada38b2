package io.ringdown.media.transport;

import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSettings;

/**
 * The one liveness rule, for one call. Pure and single-threaded; {@code now} in nanoseconds. A leg is watched from the moment
 * it should be heard; each silence is told once a step, and again after the leg was heard in between.
 */
final class Liveness {
    private static final long NEVER = Long.MAX_VALUE;

    private final MediaSettings.Silence limits;
    private final MediaListener listener;
    private boolean webWatched;
    private long webHeardNanos;
    private int webStepsTold;
    private boolean trunkWatched;
    private long trunkHeardNanos;
    private boolean trunkTold;

    Liveness(MediaSettings.Silence limits, MediaListener listener) {
        this.limits = limits;
        this.listener = listener;
    }

    /** The browser has our answer: it should be heard from now on. */
    void watchWeb(long now) {
        if (!webWatched) {
            webWatched = true;
            webHeardNanos = now;
        }
    }

    /** Authenticated STUN or SRTP came from the browser. */
    void onWeb(long now) {
        webHeardNanos = now;
        if (webStepsTold > 0) {
            webStepsTold = 0;
            listener.onEvent(new MediaEvent.WebHeard());
        }
    }

    /** Whether the trunk's leg should be heard: it has answered and is not on hold. */
    void watchTrunk(boolean shouldSend, long now) {
        if (shouldSend && !trunkWatched) {
            trunkHeardNanos = now;
            trunkTold = false;
        }
        trunkWatched = shouldSend;
    }

    /** RTP came from the trunk. */
    void onTrunk(long now) {
        trunkHeardNanos = now;
        trunkTold = false;
    }

    /** When to call {@link #onTime} next. */
    long nextWakeup() {
        long web = NEVER;
        if (webWatched && webStepsTold < 2) {
            web = webHeardNanos + (webStepsTold == 0 ? limits.webFirst() : limits.web()).toNanos();
        }
        long trunk =
                trunkWatched && !trunkTold ? trunkHeardNanos + limits.trunk().toNanos() : NEVER;
        return Math.min(web, trunk);
    }

    /** Tells what has been silent for too long. */
    void onTime(long now) {
        long webSilence = now - webHeardNanos;
        if (webWatched && webStepsTold == 0 && webSilence >= limits.webFirst().toNanos()) {
            webStepsTold = 1;
            listener.onEvent(new MediaEvent.WebSilent(limits.webFirst()));
        }
        if (webWatched && webStepsTold == 1 && webSilence >= limits.web().toNanos()) {
            webStepsTold = 2;
            listener.onEvent(new MediaEvent.WebSilent(limits.web()));
        }
        if (trunkWatched
                && !trunkTold
                && now - trunkHeardNanos >= limits.trunk().toNanos()) {
            trunkTold = true;
            listener.onEvent(new MediaEvent.TrunkSilent());
        }
    }
}
