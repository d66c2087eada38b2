package io.ringdown.dtmf;

import java.util.ArrayList;
import java.util.List;

/** A detector with what it told, fed in frames of any size. */
final class Ear implements Presses {
    /** A press that is over. */
    record Press(char digit, double millis) {}

    final List<Press> presses = new ArrayList<>();
    final ToneDetector detector;
    int started;
    long grownNanos;
    long now;
    private final int sampleRate;

    Ear(int sampleRate) {
        this.sampleRate = sampleRate;
        this.detector = new ToneDetector(sampleRate, this);
    }

    static List<Press> hear(short[] pcm, int sampleRate, int frameSamples) {
        Ear ear = new Ear(sampleRate);
        ear.listen(pcm, frameSamples);
        ear.detector.close(ear.now);
        return ear.presses;
    }

    void listen(short[] pcm, int frameSamples) {
        for (int at = 0; at < pcm.length; at += frameSamples) {
            int samples = Math.min(frameSamples, pcm.length - at);
            now += samples * 1_000_000_000L / sampleRate;
            detector.onFrame(pcm, at, samples, now);
        }
    }

    @Override
    public void onPressStarted(long press, Digit digit, long at) {
        started++;
        grownNanos = 0;
    }

    @Override
    public void onPressGrown(long press, long lengthNanos, long at) {
        grownNanos = lengthNanos;
    }

    @Override
    public void onPressEnded(long press, Digit digit, long lengthNanos, long at) {
        presses.add(new Press(digit.character(), lengthNanos / 1e6));
    }
}
