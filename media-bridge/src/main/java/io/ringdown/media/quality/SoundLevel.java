package io.ringdown.media.quality;

/**
 * How loud a stream is, measured on the way through. Single-threaded; allocates nothing. It looks at every seventh sample, from
 * another one of seven in each frame, which over some frames gives the same power as looking at all; only a lone tone of
 * exactly 1143 Hz, or twice that, may read a decibel too loud. Time is that of the sound: where no frame comes, none passes.
 */
public final class SoundLevel {
    private static final int SAMPLE_RATE = 8_000;
    private static final int STRIDE = 7;
    private static final int TURN =
            2; // a frame of 20 ms is one sample short of a multiple of seven: one would stand still

    /** Power in units of a square of a 16-bit sample; full scale is a square wave (ITU-T G.100.1: 0 dBov). */
    static final double FULL_SCALE = 32_768.0 * 32_768.0;

    private static final double ACTIVE = FULL_SCALE * 1e-5; // −50 dBov: speech, as against what is between it
    private static final double AUDIBLE = FULL_SCALE * 1e-6; // −60 dBov
    private static final double DIGITAL_SILENCE = 1;
    private static final double RECENT_SAMPLES = SAMPLE_RATE; // 1 s
    private static final double SPEECH_SAMPLES = 4.0 * SAMPLE_RATE;

    private int first;
    private double recent;
    private double speech;
    private double heardSamples;
    private double speechSamples;
    private long silentSamples;
    private long quietSamples;

    /** Takes a frame of 16-bit samples, so many a millisecond. */
    public void onPcm(short[] pcm, int samples, int samplesPerMilli) {
        long sum = 0;
        for (int i = first; i < samples; i += STRIDE) {
            sum += pcm[i] * pcm[i];
        }
        onFrame(sum, samples, samples * (SAMPLE_RATE / 1_000) / samplesPerMilli);
    }

    /** Takes a frame of G.711; {@code squares} are those of its law's codes. */
    public void onG711(int[] squares, byte[] buffer, int offset, int length) {
        long sum = 0;
        for (int i = offset + first; i < offset + length; i += STRIDE) {
            sum += squares[buffer[i] & 0xFF];
        }
        onFrame(sum, length, length);
    }

    private void onFrame(long sum, int count, int samples) {
        int looked = (count - first + STRIDE - 1) / STRIDE;
        first = first >= STRIDE - TURN ? first + TURN - STRIDE : first + TURN;
        if (looked <= 0) {
            return;
        }
        double power = (double) sum / looked;
        heardSamples = Math.min(heardSamples + samples, RECENT_SAMPLES);
        recent += (power - recent) * samples / heardSamples; // the mean at first, forgetting once there is enough
        silentSamples = power <= DIGITAL_SILENCE ? silentSamples + samples : 0;
        quietSamples = power <= AUDIBLE ? quietSamples + samples : 0;
        if (power > ACTIVE) {
            speechSamples = Math.min(speechSamples + samples, SPEECH_SAMPLES);
            speech += (power - speech) * samples / speechSamples;
        }
    }

    /** What comes from here on is not measured, for a while; how loud speech was stays known. */
    public void pause() {
        heardSamples = 0;
        silentSamples = 0;
        quietSamples = 0;
    }

    /** The mean power of the last second or so; −1 before the first frame. */
    public double recentPower() {
        return heardSamples > 0 ? recent : -1;
    }

    /** The mean power of the last seconds of speech, pauses left out; −1 before there was any. */
    public double speechPower() {
        return speechSamples > 0 ? speech : -1;
    }

    /** How long it has been digital silence, in milliseconds of sound. */
    public long silentMillis() {
        return silentSamples / (SAMPLE_RATE / 1_000);
    }

    /** How long it has been too quiet to be heard (below −60 dBov), in milliseconds of sound. */
    public long quietMillis() {
        return quietSamples / (SAMPLE_RATE / 1_000);
    }
}
