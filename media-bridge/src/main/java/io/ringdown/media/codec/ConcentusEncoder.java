package io.ringdown.media.codec;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import io.github.jaredmdobson.concentus.OpusSignal;
import java.util.Objects;

/** A mono encoder of Concentus. One thread at a time; after {@link #close} every other method throws. */
final class ConcentusEncoder implements AudioEncoder {
    private static final int FAILED = -3; // as libopus's OPUS_INTERNAL_ERROR
    private static final int MONO = 1;

    private final OpusEncoder encoder;
    private final Effort effort;
    private int complexity;
    private final OpusSettings settings;
    private int expectedLoss;
    private int mostBitrate = OpusSettings.HIGHEST_BITRATE;
    private boolean closed;

    ConcentusEncoder(int sampleRate, OpusSettings settings, Effort effort) {
        this.effort = effort;
        this.complexity = effort.complexity();
        try {
            encoder = new OpusEncoder(sampleRate, MONO, OpusApplication.OPUS_APPLICATION_VOIP);
        } catch (OpusException e) {
            throw new IllegalStateException(e);
        }
        this.settings = settings;
        encoder.setBitrate(settings.bitrate());
        encoder.setComplexity(complexity);
        encoder.setSignalType(OpusSignal.OPUS_SIGNAL_VOICE);
    }

    @Override
    public int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength) {
        checkOpen();
        Objects.checkFromIndexSize(offset, maxLength, packet.length);
        Objects.checkFromIndexSize(0, samples, pcm.length);
        if (complexity != effort.complexity()) {
            complexity = effort.complexity();
            encoder.setComplexity(complexity);
        }
        try {
            return encoder.encode(pcm, 0, samples, packet, offset, Math.min(maxLength, OpusPacket.MAX_LENGTH));
        } catch (OpusException | RuntimeException | AssertionError e) {
            encoder.resetState();
            return FAILED;
        }
    }

    @Override
    public void expectedLoss(int percent) {
        checkOpen();
        expectedLoss = Math.clamp(percent, 0, 100);
        encoder.setBitrate(settings.bitrate(expectedLoss, mostBitrate));
        encoder.setPacketLossPercent(expectedLoss);
        encoder.setUseInbandFEC(expectedLoss > 0);
    }

    @Override
    public void mostBitrate(int bitsPerSecond) {
        checkOpen();
        mostBitrate = bitsPerSecond;
        encoder.setBitrate(settings.bitrate(expectedLoss, mostBitrate));
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the encoder is closed");
        }
    }
}
