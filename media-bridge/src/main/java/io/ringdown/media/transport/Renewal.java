package io.ringdown.media.transport;

import org.jspecify.annotations.Nullable;

/**
 * Which of a browser's peer connections serves. A page that was reloaded offers one anew: the one before serves until the new one
 * has keys, and whatever becomes of it meanwhile ends nothing; if the new one comes to nothing, the old one serves on. Of several
 * offers in quick succession only the last can still come. Pure; owned by one thread.
 *
 * @param <P> a peer connection
 */
@SuppressWarnings("ReferenceEquality") // a peer connection is equal to itself only
final class Renewal<P> {
    private @Nullable P serving;
    private @Nullable P coming;
    private boolean isServingClosed;

    /** What a failure means. */
    enum Failure {
        /** Nothing: another one works, or it is not wanted any more. */
        BORNE,
        /** There is no peer connection that works, and none that may come to. */
        FINAL
    }

    /** The browser has offered this one; answers the one that will not come any more for it, if there is one. */
    @Nullable
    P onOffered(P next) {
        P replaced = coming;
        coming = next;
        return replaced;
    }

    /** It has keys, and serves from here on unless it is not wanted any more; {@link #serving} tells. Answers the one before. */
    @Nullable
    P onKeys(P ready) {
        if (!ready.equals(coming)) {
            return null;
        }
        P before = serving;
        serving = ready;
        coming = null;
        isServingClosed = false;
        return before;
    }

    /** Its handshake has come to nothing. */
    Failure onFailure(P failed) {
        if (!failed.equals(coming)) {
            return Failure.BORNE;
        }
        if (serving != null && !isServingClosed) {
            coming = null;
            return Failure.BORNE;
        }
        return Failure.FINAL;
    }

    /** The browser has closed it; answers whether that is news: where another one is to come it is not. */
    boolean onClosed(P closed) {
        if (!closed.equals(serving)) {
            return false;
        }
        isServingClosed = true;
        return coming == null;
    }

    /** The one that was to come is not wanted any more; answers it, if there is one. */
    @Nullable
    P dropComing() {
        P dropped = coming;
        coming = null;
        return dropped;
    }

    /** There is none any more, and none is awaited. */
    void forget() {
        serving = null;
        coming = null;
        isServingClosed = false;
    }

    /** The one that media flow by; null before there are keys. */
    @Nullable
    P serving() {
        return serving;
    }

    /** Whether the browser has closed the one that serves. */
    boolean isServingClosed() {
        return isServingClosed;
    }

    /** The one that was offered last and has no keys yet. */
    @Nullable
    P coming() {
        return coming;
    }

    /** The one that was offered last. */
    @Nullable
    P newest() {
        return coming == null ? serving : coming;
    }

    /** The one by which the way to the browser is judged: that which serves, unless its page has gone. */
    @Nullable
    P judged() {
        return serving == null || (isServingClosed && coming != null) ? coming : serving;
    }
}
