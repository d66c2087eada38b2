package io.ringdown.gateway.call;

import io.ringdown.media.MediaEvent;
import java.time.Duration;
import java.util.Optional;

/**
 * A test before a call, from its answer on: the browser hears itself for a while. Pure; it never goes back.
 *
 * <pre>
 *  CONNECTING ──connected──▶ ECHOING ──10 s, hang-up, client gone──▶ OVER
 *      └──no connection in time, DTLS failed, hang-up, client gone────▲
 * </pre>
 */
final class EchoCall {
    /** How long a browser hears itself. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    /** How far it has come. */
    private enum State {
        CONNECTING,
        ECHOING,
        OVER
    }

    private State state = State.CONNECTING;
    private long deadlineNanos;

    /** Answered at {@code now}. */
    EchoCall(Duration connectTimeout, long now) {
        deadlineNanos = now + connectTimeout.toNanos();
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** When {@link #onTime} is wanted; meaningless once it is over. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** What its media tell; answers how it has ended, the once that it does. */
    Optional<Ending> on(MediaEvent event, long now) {
        return switch (event) {
            case MediaEvent.WebConnected _ -> {
                if (state == State.CONNECTING) {
                    state = State.ECHOING;
                    deadlineNanos = now + LONGEST.toNanos();
                }
                yield Optional.empty();
            }
            case MediaEvent.WebFailed failed -> end(CallWeb.ending(failed.cause()));
            case MediaEvent.WebClosed _ -> end(Ending.of(EndCause.NORMAL));
            case MediaEvent.WebSilent _ -> end(Ending.of(EndCause.MEDIA_LOST));
            default -> Optional.empty(); // what only calls with a trunk have
        };
    }

    /** What is due by now. */
    Optional<Ending> onTime(long now) {
        if (now - deadlineNanos < 0) {
            return Optional.empty();
        }
        return end(Ending.of(state == State.CONNECTING ? EndCause.MEDIA_UNREACHABLE : EndCause.NORMAL));
    }

    /** Somebody wants it to end, or cannot go on with it. */
    Optional<Ending> end(Ending how) {
        if (state == State.OVER) {
            return Optional.empty();
        }
        state = State.OVER;
        return Optional.of(how);
    }
}
