package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.dialog.SessionExpires.Refresher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The session timer of one dialog (RFC 4028), as either side of a refresh and as either refresher. It says what requests and
 * responses carry, when the session is to be refreshed and when it has expired. Not safe for threads.
 */
public final class SessionTimer {
    /** The least session interval that is ever taken, in seconds (RFC 4028 5). */
    static final long MIN_SE = 90;

    static final String OPTION_TAG = "timer";
    // Whoever asks for more wants a session without an end, or jokes.
    private static final long MAX_MIN_SE = 86_400;
    private static final long MARGIN_SECONDS = 32; // RFC 4028 10
    private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(MARGIN_SECONDS);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SessionTimerSettings settings;
    private long minSe;
    private boolean running;
    private boolean refreshing;
    private long interval;
    private long refreshAt = CallCore.NEVER;
    private long expiresAt = CallCore.NEVER;
    private boolean away;

    /** Makes it; {@code minSe} is the largest Min-SE that the peer has asked for, else {@link #MIN_SE}. */
    SessionTimer(SessionTimerSettings settings, long minSe) {
        this.settings = settings;
        this.minSe = minSe;
    }

    /** As it was written down at this time. */
    static SessionTimer of(SessionTimerSettings settings, DialogState.Timer written, long writtenAt) {
        SessionTimer timer = new SessionTimer(settings, Math.max(MIN_SE, written.minSe()));
        written.expiresIn().filter(_ -> written.interval() > 0).ifPresent(left -> {
            timer.running = true;
            timer.interval = written.interval();
            timer.refreshing = written.refreshing();
            timer.expiresAt = writtenAt + left.toNanos();
            // A refresh that was under way is lost, and due again.
            timer.refreshAt = timer.refreshing
                    ? writtenAt + written.refreshIn().map(Duration::toNanos).orElse(0L)
                    : CallCore.NEVER;
        });
        return timer;
    }

    /** As it is written down. */
    DialogState.Timer written(long now) {
        return new DialogState.Timer(
                minSe, running ? interval : 0, refreshing, left(refreshAt, now), left(expiresAt, now));
    }

    private static Optional<Duration> left(long at, long now) {
        return at == CallCore.NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(at - now));
    }

    private static boolean isOff(SessionTimerSettings settings) {
        return settings.expires().isZero();
    }

    /**
     * What the INVITE that begins a call of ours carries.
     *
     * @param minSe the largest Min-SE that the peer has asked for, else {@link #MIN_SE}
     */
    static List<SipHeader> ofInvite(SessionTimerSettings settings, long minSe) {
        return new SessionTimer(settings, minSe).ofRequest();
    }

    /** What a refusal by 422 to the INVITE that begins a call, or to a refresh, carries; empty where it may go on (RFC 4028 9). */
    public static Optional<SipHeader> refusal(SessionTimerSettings settings, Extensions said) {
        boolean small = said.sessionExpires()
                .filter(expires -> expires.seconds() < MIN_SE)
                .isPresent();
        return small && said.knows(OPTION_TAG) && !isOff(settings)
                ? Optional.of(new SipHeader("Min-SE", Long.toString(MIN_SE)))
                : Optional.empty();
    }

    /** The Min-SE of a 422 that is worth another try with it; empty where it is missing or beyond reason. */
    static OptionalLong raised(SessionTimerSettings settings, Extensions said, long minSe) {
        long wanted = said.minSe().orElse(0);
        return isOff(settings) || wanted <= minSe || wanted > MAX_MIN_SE
                ? OptionalLong.empty()
                : OptionalLong.of(wanted);
    }

    /** What an INVITE or UPDATE of ours carries (RFC 4028 7.1, 7.4). */
    List<SipHeader> ofRequest() {
        if (isOff(settings)) {
            return List.of();
        }
        List<SipHeader> headers = new ArrayList<>();
        headers.add(new SipHeader("Supported", OPTION_TAG));
        // RFC 4028 7.4: within a session, its interval as it is.
        long seconds = running ? interval : settings.expires().toSeconds();
        headers.add(new SessionExpires(Math.max(seconds, minSe), refresherToAskFor()).header());
        if (minSe > MIN_SE) {
            headers.add(new SipHeader("Min-SE", Long.toString(minSe)));
        }
        return headers;
    }

    // Within a session the roles stay as they are; uac is who sends this request.
    private Optional<Refresher> refresherToAskFor() {
        if (running) {
            return Optional.of(refreshing ? Refresher.UAC : Refresher.UAS);
        }
        return switch (settings.refresher()) {
            case AUTO -> Optional.empty();
            case US -> Optional.of(Refresher.UAC);
            case THEM -> Optional.of(Refresher.UAS);
        };
    }

    /** The peer has answered a request of ours by 2xx: without Session-Expires the session has no end (RFC 4028 7.2). */
    void onAnswer(Extensions said, long now) {
        said.sessionExpires()
                .filter(_ -> !isOff(settings))
                .ifPresentOrElse(
                        expires -> run(
                                Math.max(expires.seconds(), MIN_SE),
                                !expires.refresher().equals(Optional.of(Refresher.UAS)),
                                now),
                        this::stop);
    }

    /** A 422 to a request of ours: whether to ask again, for the longer interval. */
    boolean onTooSmall(Extensions said) {
        OptionalLong raised = raised(settings, said, minSe);
        raised.ifPresent(seconds -> minSe = seconds);
        return raised.isPresent();
    }

    /**
     * Begins the session anew by our 2xx to an INVITE or UPDATE of the peer, and says what that carries (RFC 4028 9). A peer
     * that knows nothing of session timers gets none, unless a proxy has asked for one: then the refreshing is ours.
     */
    List<SipHeader> answer(Extensions said, long now) {
        boolean known = said.knows(OPTION_TAG);
        if (isOff(settings) || (!known && said.sessionExpires().isEmpty())) {
            stop();
            return List.of();
        }
        long least = Math.max(MIN_SE, said.minSe().orElse(MIN_SE));
        long ours = Math.max(settings.expires().toSeconds(), least);
        long seconds =
                Math.max(said.sessionExpires().map(SessionExpires::seconds).orElse(ours), MIN_SE);
        seconds = Math.min(seconds, ours);
        Refresher refresher = known ? choose(said) : Refresher.UAS;
        run(seconds, refresher == Refresher.UAS, now);
        SipHeader expires = new SessionExpires(seconds, Optional.of(refresher)).header();
        return known ? List.of(new SipHeader("Require", OPTION_TAG), expires) : List.of(expires);
    }

    private Refresher choose(Extensions said) {
        return said.sessionExpires().flatMap(SessionExpires::refresher).orElseGet(() -> switch (settings.refresher()) {
            case AUTO -> running && !refreshing ? Refresher.UAC : Refresher.UAS;
            case US -> Refresher.UAS;
            case THEM -> Refresher.UAC;
        });
    }

    // RFC 4028 10: refreshed at half; ended 32 s or a third before the end, whichever is less.
    private void run(long seconds, boolean byUs, long now) {
        running = true;
        refreshing = byUs;
        interval = seconds;
        refreshAt = byUs ? now + TimeUnit.SECONDS.toNanos(seconds) / 2 : CallCore.NEVER;
        expiresAt = now + TimeUnit.SECONDS.toNanos(seconds - Math.min(MARGIN_SECONDS, seconds / 3));
    }

    /** The dialog is over, or its session has no end any more. */
    void stop() {
        running = false;
        refreshing = false;
        refreshAt = CallCore.NEVER;
        expiresAt = CallCore.NEVER;
    }

    boolean refreshDue(long now) {
        return now >= refreshAt;
    }

    /** A refresh has left; the next one is due when this one has been answered. */
    void refreshSent() {
        refreshAt = CallCore.NEVER;
    }

    /** A refresh was refused, which ends nothing yet (RFC 4028 10): again, while there is time. */
    void refreshRefused(long now) {
        if (refreshing) {
            refreshAt = now + Math.max(RETRY_NANOS, (expiresAt - now) / 2);
        }
    }

    /** A refresh collided, or could not be said that way: again at this time. */
    void refreshAgainAt(long at) {
        if (refreshing) {
            refreshAt = at;
        }
    }

    /** The peer cannot be reached, nor reach us, until {@link #onBack}: the session does not expire meanwhile. */
    void onAway() {
        away = true;
    }

    /** It is back: whoever refreshes has the time for it that RFC 4028 10 leaves before an end. */
    void onBack(long now) {
        if (away) {
            away = false;
            expiresAt = Math.max(expiresAt, now + MARGIN_NANOS);
        }
    }

    /** Whether nobody has refreshed the session in time. */
    boolean isExpired(long now) {
        return now >= expiry();
    }

    private long expiry() {
        return away ? CallCore.NEVER : expiresAt;
    }

    /** When {@link #isExpired} changes, or {@link #refreshDue} where a refresh could leave. */
    long nextWakeup(boolean free) {
        return free ? Math.min(refreshAt, expiry()) : expiry();
    }
}
