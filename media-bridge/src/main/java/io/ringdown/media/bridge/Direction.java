package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.quality.SoundLevel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a bridge, put together: the law that orders what comes in and the path that its frames take. What goes out
 * may change its codec while the law goes on. Owned by the media loop.
 */
final class Direction implements Frames, AutoCloseable {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Codecs codecs;
    private final SoundLevel level;
    private final RtpStream out;
    private final long holdNanos;
    private final ForwardingLaw law;
    private Wiring wiring;
    private Ends ends;
    private SoundPath path;
    private @Nullable FrameDecoder ear;
    private @Nullable Mouth mouth;
    private @Nullable FrameDecoder mouthDecoder;
    private @Nullable Mixing mixing;
    private boolean isMuted;

    // What goes out comes from elsewhere than until now, in a rhythm of its own: with no look at our clock the stream
    // would get ahead of time or behind by part of a frame at each change, and its listener's delay or loss grow.
    private boolean isJoining;

    private Protection protection = Protection.NONE;
    private @Nullable HoldPlayer hold;
    private @Nullable HoldPlayer lastOfOurs;
    private Supplier<@Nullable HoldPlayer> away = () -> null;

    /**
     * What makes one direction another.
     *
     * @param from the codec that comes in
     * @param to the codec that goes out
     * @param ptimeMillis of the packets that go out
     */
    record Wiring(AudioCodec from, AudioCodec to, int ptimeMillis) {

        /** Samples a second that what comes in is decoded to. */
        int rateIn() {
            return from.sampleRate(to);
        }

        /** Samples a second that what goes out is encoded from. */
        int rateOut() {
            return to.sampleRate(from);
        }

        /** The path of a packet, and the one place where it is decided: straight through where both codecs are alike. */
        SoundPath path(Codecs codecs, Ends ends, RtpStream out, SoundLevel level) {
            if (from == AudioCodec.OPUS && to == AudioCodec.OPUS) {
                level.pause();
                return new OpusForwarding(this, ends, out);
            }
            boolean isAlike = from == to || (from.isG711() && to.isG711());
            return isAlike
                    ? new ByteForwarding(this, codecs, ends, out, IncomingLevel.of(this, level))
                    : transcoding(codecs, ends, out, level);
        }

        /** A path on which every frame is met as sound. */
        Transcoding transcoding(Codecs codecs, Ends ends, RtpStream out, SoundLevel level) {
            return new Transcoding(this, codecs.workspace(), ends, out, IncomingLevel.of(this, level));
        }
    }

    /** The codecs at both ends; each goes on with its stream when the other's changes. */
    record Ends(AudioDecoder decoder, AudioEncoder encoder) {
        static Ends of(Wiring wiring, Codecs codecs) {
            return new Ends(
                    codecs.decoder(wiring.from(), wiring.rateIn()), codecs.encoder(wiring.to(), wiring.rateOut()));
        }
    }

    /** Puts a direction together. */
    Direction(Wiring wiring, Codecs codecs, SoundLevel level, RtpStream out, long holdNanos, long now) {
        this(wiring, codecs, Ends.of(wiring, codecs), level, out, holdNanos, now);
    }

    private Direction(
            Wiring wiring, Codecs codecs, Ends ends, SoundLevel level, RtpStream out, long holdNanos, long now) {
        this.wiring = wiring;
        this.codecs = codecs;
        this.ends = ends;
        this.level = level;
        this.out = out;
        this.holdNanos = holdNanos;
        this.path = wiring.path(codecs, ends, out, level);
        int clockRate = wiring.from().clockRate();
        this.law = new ForwardingLaw(clockRate, clockRate / 1_000 * wiring.ptimeMillis(), holdNanos, this, now);
    }

    /** Sends by another codec, or in other packets, from here on; what comes in is the same stream as before. */
    void rewire(Wiring other, long now) {
        path.leave();
        boolean isSameDecoder = other.rateIn() == wiring.rateIn();
        AudioDecoder decoder = isSameDecoder ? ends.decoder() : codecs.decoder(other.from(), other.rateIn());
        AudioEncoder encoder = encoderFor(other);
        if (!isSameDecoder) {
            ends.decoder().close();
        }
        wiring = other;
        ends = new Ends(decoder, encoder);
        renewPath(now);
    }

    /** This direction is over: what is held goes on, and another one goes on with the stream that goes out. */
    Direction succeededBy(Wiring other, long now) {
        law.restart(now);
        path.leave();
        AudioEncoder encoder = encoderFor(other);
        ends.decoder().close();
        Ends next = new Ends(codecs.decoder(other.from(), other.rateIn()), encoder);
        return new Direction(other, codecs, next, level, out, holdNanos, now);
    }

    /** The present one, if it can go on; else it is closed. */
    private AudioEncoder encoderFor(Wiring other) {
        if (other.to() == wiring.to() && other.rateOut() == wiring.rateOut()) {
            return ends.encoder();
        }
        ends.encoder().close();
        return codecs.encoder(other.to(), other.rateOut());
    }

    /** The path as all that was said of it until now wants it. */
    private void renewPath(long now) {
        Mixing into = mixing;
        if (into == null) {
            path = wiring.path(codecs, ends, out, level);
        } else {
            Transcoding decoding = wiring.transcoding(codecs, ends, out, level);
            into.attach(decoding, wiring, now);
            path = decoding;
        }
        path.mute(isMuted);
        path.protect(protection);
        if (into != null && path instanceof Transcoding decoding) {
            decoding.mixedBy(into);
        }
        saidTo(mouth);
    }

    /** Quiet goes out in place of what comes in, or not. */
    void mute(boolean muted) {
        isMuted = muted;
        path.mute(muted);
    }

    /** How what goes out is protected against loss from now on. */
    void protect(Protection how) {
        protection = how;
        path.protect(how);
    }

    /** What goes out from here on is what this makes of what comes in and of more; null for what comes in alone. */
    void mixedBy(@Nullable Mixing other, long now) {
        Mixing before = mixing;
        if (before == other) {
            return;
        }
        if (before != null) {
            before.detach();
        }
        mixing = other;
        isJoining = other == null;
        path.leave();
        if (wiring.to() == AudioCodec.OPUS && wiring.from() == AudioCodec.OPUS) {
            renewEncoder();
        }
        renewPath(now);
    }

    /** What goes out from here on is this, and nothing that comes in: the caller gives the law no more of it. */
    void hold(HoldPlayer player, long now) {
        law.alone(wiring.from().clockRate() / 1_000 * wiring.ptimeMillis(), now);
        isJoining = true;
        hold = player;
        lastOfOurs = player;
        if (path instanceof OpusForwarding) {
            beginEncoder();
        }
    }

    /** What goes out when nothing comes in, where that is music. */
    void away(Supplier<@Nullable HoldPlayer> music) {
        away = music;
    }

    /** An encoder that has just begun asks less of the listener's decoder, which has followed another one until now. */
    private void beginEncoder() {
        renewEncoder();
        path = wiring.path(codecs, ends, out, level);
        path.mute(isMuted);
    }

    private void renewEncoder() {
        ends.encoder().close();
        ends = new Ends(ends.decoder(), codecs.encoder(wiring.to(), wiring.rateOut()));
    }

    /** What comes in goes out again. */
    void resume(long now) {
        isJoining = true;
        hold = null;
        law.restart(now);
    }

    /** Who hears what comes in from here on, if anybody does. */
    void heardBy(@Nullable LineEar listener) {
        ear = listener == null ? null : listener.decoder();
    }

    /** By whom the sound that comes in is told from here on, if anybody hears it: that of the path where it meets any. */
    void saidTo(@Nullable Mouth by) {
        mouth = by;
        mouthDecoder = by == null || path.tap(by) ? null : by.decoder(wiring.from(), wiring.rateIn());
        if (by == null) {
            path.tap(null);
        } else {
            by.rate(wiring.rateIn());
        }
    }

    /** What it was made for. */
    Wiring wiring() {
        return wiring;
    }

    /** From payloads that came in to the stream that goes out. */
    SoundPath path() {
        return path;
    }

    /** What decides when a frame takes it. */
    ForwardingLaw law() {
        return law;
    }

    @Override
    public int ticksOf(byte[] buffer, int offset, int length) {
        return path.ticksOf(buffer, offset, length);
    }

    @Override
    public void cameAt(long nanos) {
        path.cameAt(nanos);
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        hear(buffer, offset, length);
        if (isTooEarly(ticks)) {
            path.absorb(buffer, offset, length);
        } else {
            path.play(buffer, offset, length, ticks);
        }
    }

    /** Whether there is no room yet for what would go out; where there is too much, quiet goes out before it. */
    private boolean isTooEarly(int ticks) {
        if (!isJoining || mixing != null) {
            return false;
        }
        long frameNanos = ticks * NANOS_PER_MILLI / (wiring.from().clockRate() / 1_000);
        long aheadNanos = out.aheadNanos();
        isJoining = aheadNanos > frameNanos / 2;
        if (-aheadNanos >= frameNanos) {
            path.silence(ticks);
        }
        return isJoining;
    }

    @Override
    public boolean playUnlessSilent(byte[] buffer, int offset, int length, int ticks) {
        hear(buffer, offset, length);
        return path.playUnlessSilent(buffer, offset, length, ticks);
    }

    @Override
    public boolean isQuiet() {
        return path.isQuiet();
    }

    @Override
    public void absorb(byte[] buffer, int offset, int length) {
        path.absorb(buffer, offset, length);
    }

    @Override
    public boolean repair(byte[] buffer, int offset, int length, int ticks) {
        boolean isRepaired = path.repair(buffer, offset, length, ticks);
        if (isRepaired) {
            hearGap(ticks);
        }
        return isRepaired;
    }

    @Override
    public void conceal(int ticks) {
        hearGap(ticks);
        if (!isTooEarly(ticks)) {
            path.conceal(ticks);
        }
    }

    @Override
    public void silence(int ticks) {
        FrameDecoder listener = ear;
        if (listener != null) {
            listener.onSilence(ticks);
        }
        FrameDecoder telling = mouthDecoder;
        if (telling != null) {
            telling.onSilence(ticks);
        }
        if (isTooEarly(ticks)) {
            return;
        }
        HoldPlayer player = ofOurs();
        int millis = ticks / (wiring.from().clockRate() / 1_000);
        if (player == null || !player.play(path, wiring.rateOut(), millis)) {
            path.silence(ticks);
        }
    }

    /** What is to be heard of ours, if it is music. */
    private @Nullable HoldPlayer ofOurs() {
        HoldPlayer player = hold == null && mixing == null ? away.get() : hold; // in a mix nobody waits alone
        if (player != null && player != lastOfOurs && path instanceof OpusForwarding) {
            beginEncoder();
        }
        lastOfOurs = player;
        return player;
    }

    private void hearGap(int ticks) {
        FrameDecoder listener = ear;
        if (listener != null) {
            listener.onGap(ticks);
        }
        FrameDecoder telling = mouthDecoder;
        if (telling != null) {
            telling.onGap(ticks);
        }
    }

    /** Before the path gets it: some paths write into what they are given. */
    private void hear(byte[] buffer, int offset, int length) {
        FrameDecoder listener = ear;
        if (listener != null) {
            listener.onFrame(buffer, offset, length);
        }
        FrameDecoder telling = mouthDecoder;
        if (telling != null) {
            telling.onFrame(buffer, offset, length);
        }
    }

    /** Gives the codecs back. */
    @Override
    public void close() {
        ends.decoder().close();
        ends.encoder().close();
    }
}
