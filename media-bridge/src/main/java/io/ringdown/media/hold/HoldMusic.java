package io.ringdown.media.hold;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What telephones hear while they are held, over and over: loaded once, shared by all calls, immutable. It is kept as PCM at the
 * two rates that telephones have; to encode it for each call costs less than what the call costs while people talk.
 */
public final class HoldMusic {
    /** Nothing but the quiet of an open line. */
    public static final HoldMusic SILENCE = new HoldMusic(new short[0], new short[0]);

    private static final int NARROWBAND = 8_000;
    private static final int WIDEBAND = 16_000;
    private static final int WIDE_PER_NARROW = WIDEBAND / NARROWBAND;

    private static final long MOST_BYTES = 128L * 1024 * 1024; // ten minutes in stereo at 48 kHz are 115 MB
    private static final int MOST_MINUTES = 10; // 29 MB at both rates

    private final short[] narrow;
    private final short[] wide;

    private HoldMusic(short[] narrow, short[] wide) {
        this.narrow = narrow;
        this.wide = wide;
    }

    /** Soft single notes, made here, so that they are nobody's property; 16 s until they come again. */
    public static HoldMusic chime() {
        return new HoldMusic(Chime.pcm(NARROWBAND), Chime.pcm(WIDEBAND));
    }

    /** Reads a WAV file of 16-bit PCM, mono or stereo, at any usual rate. Blocks while it reads and converts. */
    public static HoldMusic load(Path file) throws HoldMusicException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new HoldMusicException(file + " is larger than " + MOST_BYTES / 1024 / 1024
                        + " MB; cut it, or bring it to 16 kHz mono");
            }
            return of(file, WavSound.parse(Files.readAllBytes(file)));
        } catch (NoSuchFileException missing) {
            throw new HoldMusicException(file + " does not exist; write the path of a WAV file, tone or silence");
        } catch (IOException unreadable) {
            throw new HoldMusicException(file + " cannot be read: " + unreadable);
        } catch (WavSound.UnfitException unfit) {
            throw new HoldMusicException(file + " " + unfit.getMessage());
        }
    }

    private static HoldMusic of(Path file, WavSound sound) throws HoldMusicException {
        if (sound.pcm().length / sound.rate() >= MOST_MINUTES * 60) {
            throw new HoldMusicException(file + " is longer than " + MOST_MINUTES + " minutes; cut it");
        }
        short[] wide = RateConversion.convert(sound.pcm(), sound.rate(), WIDEBAND);
        int whole = wide.length - wide.length % WIDE_PER_NARROW; // both must come round at the same moment
        return new HoldMusic(
                Arrays.copyOf(RateConversion.convert(sound.pcm(), sound.rate(), NARROWBAND), whole / WIDE_PER_NARROW),
                Arrays.copyOf(wide, whole));
    }

    /** Whether there is nothing to be heard. */
    public boolean isSilence() {
        return narrow.length == 0;
    }

    /**
     * Copies what is heard from {@code position} on, in samples of 8 kHz since the beginning, which comes round for ever.
     *
     * @param rate of what is copied: 8000 or 16000
     * @param samples at that rate, an even number at 16000
     */
    public void copy(long position, int rate, short[] to, int samples) {
        short[] from = rate == WIDEBAND ? wide : narrow;
        long start = rate == WIDEBAND ? position * WIDE_PER_NARROW : position;
        int at = (int) (start % from.length);
        for (int copied = 0; copied < samples; ) {
            int part = Math.min(samples - copied, from.length - at);
            System.arraycopy(from, at, to, copied, part);
            copied += part;
            at = 0;
        }
    }
}
