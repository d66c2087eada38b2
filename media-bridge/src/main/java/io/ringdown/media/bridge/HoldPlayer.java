package io.ringdown.media.bridge;

import io.ringdown.media.hold.HoldMusic;

/** Plays music on hold to one telephone. Owned by one thread; allocates nothing per frame. */
final class HoldPlayer {
    private static final int NARROW_PER_MILLI = 8;
    private static final int LONGEST_MILLIS = 20; // of one piece, whatever the length of a frame: every codec has it

    private final HoldMusic music;
    private final short[] piece = new short[2 * NARROW_PER_MILLI * LONGEST_MILLIS];
    private long position;

    /** From {@code position} on, in samples of 8 kHz. */
    HoldPlayer(HoldMusic music, long position) {
        this.music = music;
        this.position = position;
    }

    /** How far the music has come, in samples of 8 kHz. */
    long position() {
        return position;
    }

    /** Plays so many milliseconds more on this path, whose sound of ours has this rate; false if the music is silence. */
    boolean play(SoundPath path, int rate, int millis) {
        if (music.isSilence()) {
            return false;
        }
        for (int left = millis; left > 0; ) {
            int part = Math.min(left, LONGEST_MILLIS);
            int samples = part * (rate / 1_000);
            music.copy(position, rate, piece, samples);
            path.own(piece, samples);
            position += (long) part * NARROW_PER_MILLI;
            left -= part;
        }
        return true;
    }
}
