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
    private static final long REPORTS_MISSED_NANOS =
            25_000_000_000L; // RFC 3550 6.3.5: five of the longest usual intervals

    private final MediaSettings.Silence limits;
    private final MediaListener listener;
    private boolean webWatched;
    private long webHeardNanos;
    private int webStepsTold;
    private boolean webSilenceTold; // and not yet that it was heard since
    private boolean webClockRestarted; // since it was heard
    private TrunkSign trunkSign = TrunkSign.NONE;
    private boolean trunkReports;
    private long trunkHeardNanos;

    Liveness(MediaSettings.Silence limits, MediaListener listener) {
        this.limits = limits;
        this.listener = listener;
    }

    /**
     * The browser has our answer: it should be heard from now on. An answer while it is watched gives it its time anew, but once
     * only until it is heard: who offers again and again and sends nothing is silent.
     */
    void watchWeb(long now) {
        if (webWatched && webClockRestarted) {
            return;
        }
        webClockRestarted = webWatched;
        webWatched = true;
        webHeardNanos = now;
        webStepsTold = 0;
    }

    /** Nobody is to be heard there before {@link #watchWeb} says so. */
    void leaveWeb() {
        webWatched = false;
        webClockRestarted = false;
        webSilenceTold = false;
        webStepsTold = 0;
    }

    /** Authenticated STUN or SRTP came from the browser. */
    void onWeb(long now) {
        webHeardNanos = now;
        webStepsTold = 0;
        webClockRestarted = false;
        if (webSilenceTold) {
            webSilenceTold = false;
            listener.onEvent(new MediaEvent.WebHeard());
        }
    }

    /** By what the trunk shows that it is there. */
    enum TrunkSign {
        /** Nothing was agreed with it yet. */
        NONE,
        /** It should send sound. */
        SOUND,
        /**
         * One side holds: who listens may send nothing, but reports go on (RFC 3264 5.1). Not from everybody: only who has sent one
         * since the last description can be missed.
         */
        REPORTS
    }

    /** What is to be heard of the trunk from now on, as it was agreed just now. */
    void watchTrunk(TrunkSign sign, long now) {
        if (sign == TrunkSign.SOUND && trunkSign != TrunkSign.SOUND) {
            trunkHeardNanos = now;
        }
        trunkReports = false;
        trunkSign = sign;
    }

    /** RTP came from the trunk. */
    void onTrunk(long now) {
        trunkHeardNanos = now;
    }

    /** RTCP came from the trunk. */
    void onTrunkReport(long now) {
        if (trunkSign == TrunkSign.REPORTS) {
            trunkReports = true;
            trunkHeardNanos = now;
        }
    }

    private long trunkSilentAt() {
        boolean isWatched = switch (trunkSign) {
            case NONE -> false;
            case SOUND -> true;
            case REPORTS -> trunkReports;
        };
        if (!isWatched) {
            return NEVER;
        }
        long limit = limits.trunk().toNanos();
        return trunkHeardNanos + (trunkSign == TrunkSign.REPORTS ? Math.max(limit, REPORTS_MISSED_NANOS) : limit);
    }

    /** When to call {@link #onTime} next. */
    long nextWakeup() {
        long web = NEVER;
        if (webWatched && webStepsTold < 2) {
            web = webHeardNanos + (webStepsTold == 0 ? limits.webFirst() : limits.web()).toNanos();
        }
        return Math.min(web, trunkSilentAt());
    }

    /** Tells what has been silent for too long; of a trunk whose silence is borne, again after as long. */
    void onTime(long now) {
        long webSilence = now - webHeardNanos;
        if (webWatched && webStepsTold == 0 && webSilence >= limits.webFirst().toNanos()) {
            webStepsTold = 1;
            webSilenceTold = true;
            listener.onEvent(new MediaEvent.WebSilent(limits.webFirst(), false));
        }
        if (webWatched && webStepsTold == 1 && webSilence >= limits.web().toNanos()) {
            webStepsTold = 2;
            listener.onEvent(new MediaEvent.WebSilent(limits.web(), true));
        }
        if (now >= trunkSilentAt()) {
            trunkHeardNanos = now;
            listener.onEvent(new MediaEvent.TrunkSilent());
        }
    }
}
