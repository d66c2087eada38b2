package io.ringdown.bench.pieces;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One frame of 20 ms through each codec, at 8 kHz; Opus by libopus through the foreign functions. */
@State(Scope.Thread)
public class CodecPieces {
    private final short[] pcm = new short[960];
    private final byte[] packet = new byte[400];
    private short[][] frames = {};
    private byte[][] opus = {};
    private byte[][] pcmu = {};
    private AudioDecoder opusDecoder;
    private AudioDecoder pcmuDecoder;
    private AudioEncoder pcmuEncoder;
    private int next;

    /** The encoder's complexity, which decides what a call costs. */
    @State(Scope.Thread)
    public static class Encoder {
        @Param({"0", "5", "9"})
        public int complexity;

        private AudioEncoder encoder;

        @Setup(Level.Trial)
        public void open() {
            encoder = Codecs.load(new OpusSettings(24_000, complexity, OpusSettings.Engine.AUTO))
                    .encoder(AudioCodec.OPUS, 8_000);
        }

        @TearDown(Level.Trial)
        public void close() {
            encoder.close();
        }
    }

    @Setup(Level.Trial)
    public void open() {
        frames = Sound.frames();
        opus = Sound.encoded(AudioCodec.OPUS);
        pcmu = Sound.encoded(AudioCodec.PCMU);
        opusDecoder = Sound.codecs().decoder(AudioCodec.OPUS, 8_000);
        pcmuDecoder = Sound.codecs().decoder(AudioCodec.PCMU, 8_000);
        pcmuEncoder = Sound.codecs().encoder(AudioCodec.PCMU, 8_000);
    }

    @TearDown(Level.Trial)
    public void close() {
        opusDecoder.close();
        pcmuDecoder.close();
        pcmuEncoder.close();
    }

    @Benchmark
    public int opusEncode(Encoder with) {
        next = (next + 1) % frames.length;
        return with.encoder.encode(frames[next], Sound.FRAME, packet, 0, packet.length);
    }

    @Benchmark
    public int opusDecode() {
        next = (next + 1) % opus.length;
        return opusDecoder.decode(opus[next], 0, opus[next].length, pcm);
    }

    @Benchmark
    public int pcmuEncode() {
        next = (next + 1) % frames.length;
        return pcmuEncoder.encode(frames[next], Sound.FRAME, packet, 0, packet.length);
    }

    @Benchmark
    public int pcmuDecode() {
        next = (next + 1) % pcmu.length;
        return pcmuDecoder.decode(pcmu[next], 0, pcmu[next].length, pcm);
    }
}
