package io.ringdown.media.bridge;

/**
 * What a {@link ForwardingLaw} does with the frames of a stream. Each call that plays or makes up something makes the
 * output longer by {@code ticks} of the input's clock. Payloads may be overwritten, 12 bytes in front of them included.
 */
interface Frames {
    /** How long the payload plays; not above zero if it is malformed. */
    int ticksOf(byte[] buffer, int offset, int length);

    /** When the sound of the next {@link #play} came in. */
    void cameAt(long nanos);

    /** A frame in its place. */
    void play(byte[] buffer, int offset, int length, int ticks);

    /** A frame in its place, unless it is silent: then it only brings the decoder's state up to date. Whether it was played. */
    boolean playUnlessSilent(byte[] buffer, int offset, int length, int ticks);

    /** A frame whose place is gone: it only brings the decoder's state up to date. */
    void absorb(byte[] buffer, int offset, int length);

    /** Makes the frame before this payload out of the copy in it; false if there is none. */
    boolean repair(byte[] buffer, int offset, int length, int ticks);

    /** Makes up something in place of a frame that is missing. */
    void conceal(int ticks);

    /** Nothing is said: what is heard is the quiet of the place where the sound comes from. */
    void silence(int ticks);

    /** Whether the sender has said that it will be silent, so that nothing is lost when nothing comes. */
    boolean isQuiet();
}
