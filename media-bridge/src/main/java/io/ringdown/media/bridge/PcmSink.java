package io.ringdown.media.bridge;

/** Takes sound, 16 bit, mono, in its order; the array is the caller's again on return, and is not to be changed. */
@FunctionalInterface
interface PcmSink {
    void onPcm(short[] pcm, int samples);
}
