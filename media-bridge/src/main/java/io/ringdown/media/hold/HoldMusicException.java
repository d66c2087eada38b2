package io.ringdown.media.hold;

/** What was named as music on hold cannot be played; the message says which file, what is wrong with it and what would help. */
public final class HoldMusicException extends Exception {
    private static final long serialVersionUID = 1L;

    HoldMusicException(String message) {
        super(message);
    }
}
