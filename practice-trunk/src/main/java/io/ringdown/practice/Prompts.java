package io.ringdown.practice;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sound of all clips in both laws of G.711, 8000 bytes a second. Immutable once loaded; any thread. */
final class Prompts {
    private final Map<Clip, byte[]> mu = new EnumMap<>(Clip.class);
    private final Map<Clip, byte[]> a = new EnumMap<>(Clip.class);

    private Prompts() {}

    /** Reads the recordings, which are in the µ-law. */
    static Prompts load() {
        Prompts prompts = new Prompts();
        // No Opus is spoken here, so none is looked for.
        OpusSettings none = new OpusSettings(24_000, 0, OpusSettings.Engine.JAVA);
        Codecs codecs = Codecs.load(none);
        try (AudioDecoder decoder = codecs.decoder(AudioCodec.PCMU, 8_000);
                AudioEncoder encoder = codecs.encoder(AudioCodec.PCMA, 8_000)) {
            for (Clip clip : Clip.values()) {
                byte[] sound = read(clip.resource());
                short[] samples = new short[sound.length];
                byte[] recoded = new byte[sound.length];
                decoder.decode(sound, 0, sound.length, samples);
                encoder.encode(samples, samples.length, recoded, 0, recoded.length);
                prompts.mu.put(clip, sound);
                prompts.a.put(clip, recoded);
            }
        }
        return prompts;
    }

    /** The bytes of {@code clip}; not to be written to. */
    byte[] sound(Clip clip, AudioCodec codec) {
        byte[] sound = switch (codec) {
            case PCMU -> mu.get(clip);
            case PCMA -> a.get(clip);
            case OPUS, G722 -> throw new IllegalArgumentException("this telephone network speaks G.711 only");
        };
        if (sound == null) {
            throw new IllegalStateException(clip + " was not loaded");
        }
        return sound;
    }

    private static byte[] read(String resource) {
        try (@Nullable InputStream in = Prompts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
