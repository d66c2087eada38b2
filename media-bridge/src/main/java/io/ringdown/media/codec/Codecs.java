package io.ringdown.media.codec;

/**
 * Where encoders and decoders come from: the system's libopus, or pure Java where there is none. May be used from any thread;
 * what it makes belongs to one.
 */
public interface Codecs {

    /**
     * Finds an Opus for the process: the system's libopus, 1.3 or newer, else the one in pure Java, which is told in one line
     * of the log. Never fails.
     */
    static Codecs load(OpusSettings settings) {
        return FoundCodecs.find(settings);
    }

    /** A new decoder; {@code sampleRate} is that of the PCM side in Hz: 8000, 16000, 48000; G.711 takes 8000 only, G.722 16000 only. */
    AudioDecoder decoder(AudioCodec codec, int sampleRate);

    /** A new encoder; {@code sampleRate} as for {@link #decoder}. */
    AudioEncoder encoder(AudioCodec codec, int sampleRate);

    /**
     * The same for one thread: encoders put as much work into a frame as {@code effort} says, and all that is made shares one
     * workspace.
     */
    Codecs with(Effort effort);

    /** Where a path may put what it works on: that of the thread, or a new one where these codecs are no thread's. */
    Workspace workspace();

    /** Which Opus this is, for the log and the user: {@code libopus 1.3.1}, or {@code Concentus (pure Java)}. */
    String describe();
}
