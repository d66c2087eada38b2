package io.ringdown.bench.fidelity;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.Effort;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.codec.Workspace;

/**
 * The gateway's own codecs with repairs taken out of them. What a setup does not switch off is the gateway's, untouched; an
 * encoder with DTX is the bench's, over the same libopus. For one call; one thread.
 */
final class GatewayCodecs implements Codecs {
    private static final int NONE = -1;
    private static final int LARGEST_UNHEARD =
            2; // opus_encode(): such a packet "does not need to be transmitted" (DTX)

    private final Codecs real;
    private final Setup.Gateway gateway;
    private boolean isMissing;

    GatewayCodecs(Setup.Gateway gateway) {
        this(gateway, Codecs.load(new OpusSettings(gateway.bitrate(), gateway.complexity(), OpusSettings.Engine.AUTO)));
    }

    private GatewayCodecs(Setup.Gateway gateway, Codecs real) {
        this.gateway = gateway;
        this.real = real;
    }

    @Override
    public AudioDecoder decoder(AudioCodec codec, int sampleRate) {
        AudioDecoder decoder = real.decoder(codec, sampleRate);
        return gateway.missing() == Setup.Missing.CONCEALED && gateway.takesFec() ? decoder : new Decoder(decoder);
    }

    @Override
    public AudioEncoder encoder(AudioCodec codec, int sampleRate) {
        boolean isOpus = codec == AudioCodec.OPUS;
        AudioEncoder encoder =
                isOpus && gateway.dtx() ? new DtxEncoder(sampleRate, gateway) : real.encoder(codec, sampleRate);
        return isOpus && gateway.missing() == Setup.Missing.GAP ? new GapEncoder(encoder) : encoder;
    }

    @Override
    public Workspace workspace() {
        return real.workspace();
    }

    @Override
    public Codecs with(Effort effort) {
        return new GatewayCodecs(gateway, real.with(effort));
    }

    @Override
    public String describe() {
        return real.describe();
    }

    /** Repairs only what it may. */
    private final class Decoder implements AudioDecoder {
        private final AudioDecoder decoder;

        Decoder(AudioDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public int decode(byte[] packet, int offset, int length, short[] pcm) {
            return decoder.decode(packet, offset, length, pcm);
        }

        @Override
        public int decodeFec(byte[] packet, int offset, int length, short[] pcm, int samples) {
            return gateway.takesFec() ? decoder.decodeFec(packet, offset, length, pcm, samples) : NONE;
        }

        @Override
        public int conceal(short[] pcm, int samples) {
            isMissing = true;
            return gateway.missing() == Setup.Missing.CONCEALED ? decoder.conceal(pcm, samples) : NONE;
        }

        @Override
        public int samplesOf(byte[] packet, int offset, int length) {
            return decoder.samplesOf(packet, offset, length);
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    /** Makes no packet of a frame that is missing. */
    private final class GapEncoder implements AudioEncoder {
        private final AudioEncoder encoder;

        GapEncoder(AudioEncoder encoder) {
            this.encoder = encoder;
        }

        @Override
        public int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength) {
            if (isMissing) {
                isMissing = false;
                return 0;
            }
            return encoder.encode(pcm, samples, packet, offset, maxLength);
        }

        @Override
        public void expectedLoss(int percent) {
            encoder.expectedLoss(percent);
        }

        @Override
        public void mostBitrate(int bitsPerSecond) {
            encoder.mostBitrate(bitsPerSecond);
        }

        @Override
        public void close() {
            encoder.close();
        }
    }

    /** Makes no packet of a frame that libopus's DTX leaves out. */
    private static final class DtxEncoder implements AudioEncoder {
        private final OpusEncoder encoder;
        private final int bitrate;

        DtxEncoder(int sampleRate, Setup.Gateway gateway) {
            this.bitrate = gateway.bitrate();
            this.encoder = new OpusEncoder(sampleRate, bitrate, gateway.complexity());
            encoder.set(OpusFunctions.SET_SIGNAL, OpusFunctions.SIGNAL_VOICE);
            encoder.set(OpusFunctions.SET_DTX, 1);
        }

        @Override
        public int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength) {
            byte[] made = encoder.encode(pcm, 0);
            if (made.length <= LARGEST_UNHEARD) {
                return 0;
            }
            System.arraycopy(made, 0, packet, offset, made.length);
            return made.length;
        }

        @Override
        public void expectedLoss(int percent) {
            encoder.expect(percent);
            // As the gateway's own encoder, which is given a quarter more for the copies.
            encoder.set(OpusFunctions.SET_BITRATE, percent > 0 ? bitrate + bitrate / 4 : bitrate);
        }

        @Override
        public void close() {
            // the collector has its memory
        }
    }
}
