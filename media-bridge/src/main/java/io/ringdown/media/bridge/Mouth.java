package io.ringdown.media.bridge;

import io.ringdown.dtmf.ToneFilter;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.HalfBand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a call says, for all who hear it beside the call: an operator's tap, and ears of other calls. A side that
 * nobody hears costs nothing; who is heard is decoded once. Ears get it as it comes, at 16 kHz; with secure input without the digits in
 * it, and later by what it takes to know them. Owned by one thread; allocates nothing per frame.
 */
final class Mouth implements PcmSink, AutoCloseable {
    private static final int LONGEST_MILLIS = 120; // RFC 6716 §3.2.5, the longest packet of any codec

    private final Codecs codecs;
    private final BooleanSupplier isBlanked;
    private final List<SoundRing> ears = new ArrayList<>();
    private final HalfBand band = new HalfBand();
    private short[] wide = {};
    private @Nullable TapSide tap;
    private @Nullable FrameDecoder decoder;
    private @Nullable ToneFilter filter;
    private @Nullable FrameDecoder apart;
    private boolean isApart;
    private int rateIn = SoundRing.WIDE;

    /**
     * Nobody hears it yet.
     *
     * @param isBlanked whether what comes just now is to be silence
     */
    Mouth(Codecs codecs, BooleanSupplier isBlanked) {
        this.codecs = codecs;
        this.isBlanked = isBlanked;
    }

    /** Whether anybody hears it. */
    boolean isHeard() {
        return tap != null || !ears.isEmpty();
    }

    /** The tap of the call hears it from now on, or does not. */
    void tappedBy(@Nullable TapSide side) {
        tap = side;
        if (side != null) {
            side.rate(rateIn);
        } else if (!isHeard()) {
            close();
        }
    }

    /** One more ear. */
    void heardBy(SoundRing ear) {
        ears.add(ear);
        wide = wide.length == 0 ? new short[SoundRing.WIDE / 1_000 * LONGEST_MILLIS] : wide;
    }

    /** Ears that have closed are forgotten; whether the last that hears it has gone with them. */
    boolean isLeft() {
        if (ears.isEmpty()) {
            return false;
        }
        for (int i = ears.size() - 1; i >= 0; i--) {
            if (ears.get(i).isOver()) {
                ears.remove(i);
            }
        }
        boolean isLeft = !isHeard();
        if (isLeft) {
            close();
        }
        return isLeft;
    }

    /** Whether ears get it without digits. */
    void secure(boolean wanted) {
        boolean isSecure = filter != null;
        if (wanted != isSecure) {
            ToneFilter made = wanted ? new ToneFilter(SoundRing.WIDE) : null;
            if (made != null) {
                made.remove(true);
            }
            filter = made;
        }
    }

    /** The side presses by a telephone-event: what is heard of the tone beside it is no sound of theirs. */
    void onEvent() {
        TapSide tapping = tap;
        if (tapping != null) {
            tapping.onEvent();
        }
        ToneFilter removing = filter;
        if (removing != null) {
            removing.onEvent();
        }
    }

    /** What comes has this rate from now on: 8000 or 16000 Hz. */
    void rate(int newRate) {
        rateIn = newRate;
        TapSide tapping = tap;
        if (tapping != null) {
            tapping.rate(newRate);
        }
    }

    /**
     * Whether nothing that it says takes its path, as while it holds its call: then ears hear its packets as they come, by
     * {@link #onFrameApart}, and the tap hears what takes the path in their place.
     */
    void apart(boolean wanted) {
        isApart = wanted;
    }

    /** A frame that takes no path; nothing where that is no matter, or nobody hears it. */
    void onFrameApart(AudioCodec codec, byte[] buffer, int offset, int length) {
        if (isApart && !ears.isEmpty()) {
            decoderApart(codec).onFrame(buffer, offset, length);
        }
    }

    private FrameDecoder decoderApart(AudioCodec codec) {
        FrameDecoder present = apart;
        if (present != null && present.codec() == codec && present.sampleRate() == rateIn) {
            return present;
        }
        if (present != null) {
            present.close();
        }
        FrameDecoder made = new FrameDecoder(codecs, codec, rateIn, this::tell);
        apart = made;
        return made;
    }

    /** A decoder of its own, for a path that meets no PCM. */
    FrameDecoder decoder(AudioCodec codec, int rate) {
        FrameDecoder present = decoder;
        if (present != null && present.codec() == codec && present.sampleRate() == rate) {
            return present;
        }
        if (present != null) {
            present.close();
        }
        FrameDecoder made = new FrameDecoder(codecs, codec, rate, this);
        decoder = made;
        return made;
    }

    @Override
    public void onPcm(short[] pcm, int samples) {
        TapSide tapping = tap;
        if (tapping != null) {
            tapping.onPcm(pcm, samples);
        }
        if (!ears.isEmpty() && !isApart) {
            tell(pcm, samples);
        }
    }

    private void tell(short[] pcm, int samples) {
        int made = samples;
        if (rateIn == SoundRing.WIDE) {
            System.arraycopy(pcm, 0, wide, 0, samples);
        } else {
            made = band.twice(pcm, samples, wide);
        }
        if (isBlanked.getAsBoolean()) {
            Arrays.fill(wide, 0, made, (short) 0);
        }
        ToneFilter removing = filter;
        if (removing != null) {
            removing.filter(wide, 0, made);
        }
        for (int i = 0; i < ears.size(); i++) {
            ears.get(i).offer(wide, made);
        }
    }

    /** The call is over, and says nothing more to anybody. */
    void end() {
        for (SoundRing ear : ears) {
            ear.close();
        }
        ears.clear();
        close();
    }

    /** Gives its decoders back. */
    @Override
    public void close() {
        FrameDecoder present = decoder;
        if (present != null) {
            present.close();
            decoder = null;
        }
        FrameDecoder presentApart = apart;
        if (presentApart != null) {
            presentApart.close();
            apart = null;
        }
    }
}
