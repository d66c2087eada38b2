package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;

/**
 * One direction of a bridge, put together: the law that orders what comes in and the path that its frames take. What goes out
 * may change its codec while the law goes on. Owned by the media loop.
 */
final class Direction implements Frames, AutoCloseable {
    private final Codecs codecs;
    private final RtpStream out;
    private final ForwardingLaw law;
    private Wiring wiring;
    private SoundPath path;

    /**
     * What makes one direction another.
     *
     * @param from the codec that comes in
     * @param to the codec that goes out
     * @param ptimeMillis of the packets that go out
     */
    record Wiring(AudioCodec from, AudioCodec to, int ptimeMillis) {

        /** The path of a packet, and the one place where it is decided: straight through where both codecs are alike. */
        SoundPath path(Codecs codecs, RtpStream out) {
            boolean isG711 = from.isG711() && to.isG711();
            if (from == AudioCodec.OPUS && to == AudioCodec.OPUS) {
                return new OpusForwarding(codecs, out);
            }
            return isG711 || from == to
                    ? new ByteForwarding(codecs, from, to, ptimeMillis, out)
                    : new Transcoding(codecs, from, to, ptimeMillis, out);
        }
    }

    /** Puts a direction together. */
    Direction(Wiring wiring, Codecs codecs, RtpStream out, long holdNanos, long now) {
        this.wiring = wiring;
        this.codecs = codecs;
        this.out = out;
        this.path = wiring.path(codecs, out);
        int clockRate = wiring.from().clockRate();
        this.law = new ForwardingLaw(clockRate, clockRate / 1_000 * wiring.ptimeMillis(), holdNanos, this, now);
    }

    /** Sends by another codec, or in other packets, from here on; what comes in is the same stream as before. */
    void rewire(Wiring other) {
        path.close();
        wiring = other;
        path = other.path(codecs, out);
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
    public void play(byte[] buffer, int offset, int length, int ticks) {
        path.play(buffer, offset, length, ticks);
    }

    @Override
    public void absorb(byte[] buffer, int offset, int length) {
        path.absorb(buffer, offset, length);
    }

    @Override
    public boolean repair(byte[] buffer, int offset, int length, int ticks) {
        return path.repair(buffer, offset, length, ticks);
    }

    @Override
    public void conceal(int ticks) {
        path.conceal(ticks);
    }

    @Override
    public void silence(int ticks) {
        path.silence(ticks);
    }

    /** Gives the codecs back. */
    @Override
    public void close() {
        path.close();
    }
}
