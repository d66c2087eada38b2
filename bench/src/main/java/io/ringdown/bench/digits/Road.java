package io.ringdown.bench.digits;

/** What the two legs carry; the far end always has PCMU and telephone-event/8000. */
enum Road {
    /** The same on both legs. */
    PCMU("PCMU to PCMU", 8_000, 0, 101, 101),
    /** Opus and telephone-event/48000, as Chromium sends them, to be turned into the far end's. */
    OPUS("Opus to PCMU", 48_000, 111, 110, 96);

    /** A packet of either leg. */
    static final int FRAME_MILLIS = 20;

    final String label;

    /** Of the near leg, Hz. */
    final int clockRate;

    final int audioType;
    final int eventType;

    /** The telephone-event of the far leg: what rtpengine numbers it by itself, where it adds it. */
    final int farEventType;

    Road(String label, int clockRate, int audioType, int eventType, int farEventType) {
        this.label = label;
        this.clockRate = clockRate;
        this.audioType = audioType;
        this.eventType = eventType;
        this.farEventType = farEventType;
    }

    /** Of the near leg's clock. */
    int ticks(int millis) {
        return millis * (clockRate / 1_000);
    }
}
