package io.ringdown.bench.detector;

import io.ringdown.media.hearing.LineListener;

/** Counts what is taken for the beep of an answering machine. One thread. */
final class Beeps implements LineListener.Events {
    private int beeps;

    private Beeps() {}

    static int in(short[] pcm) {
        Beeps beeps = new Beeps();
        LineListener listener = new LineListener(Sounds.RATE, beeps);
        listener.onFrame(pcm, 0, pcm.length, 0);
        return beeps.beeps;
    }

    @Override
    public void onTone(LineListener.Tone tone, double hertz, long lengthNanos, long now) {
        if (tone == LineListener.Tone.BEEP) {
            beeps++;
        }
    }

    @Override
    public void onSoundBegan(long now) {
        // speech is sound
    }

    @Override
    public void onSoundEnded(long lengthNanos, long silentNanos, long now) {
        // and has pauses
    }
}
