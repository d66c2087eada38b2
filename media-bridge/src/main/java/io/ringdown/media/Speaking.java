package io.ringdown.media;

/** A session whose sides can be heard elsewhere, and can hear what is said elsewhere. */
public interface Speaking {

    /**
     * From here on {@code ear}, a side of this session, hears what {@code mouth}, a side of another one, says: mixed with what it
     * hears anyway, and at a steady 20 ms where it hears nothing else. What it hears is never said back to who says it. Up to {@link
     * #MOST_LINKS} at once; the sessions may be on different loops.
     *
     * @throws IllegalArgumentException for a side that a session has not got, for itself, and for one link too many
     */
    SoundLink alsoHear(Side ear, Speaking speaker, Side mouth);

    /** How many links an ear may have. */
    int MOST_LINKS = 4;
}
