package io.ringdown.media;

/** A session description that we cannot work with; the message names the line or the thing that is missing. */
public final class SdpRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    public SdpRejectedException(String message) {
        super(message);
    }
}
