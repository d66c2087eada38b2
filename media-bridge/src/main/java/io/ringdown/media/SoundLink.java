package io.ringdown.media;

/** That one side of a session hears what a side of another says, beside what it hears anyway. */
public interface SoundLink extends AutoCloseable {
    /** It hears it no more. Idempotent; any thread. It ends with either session too. */
    @Override
    void close();
}
