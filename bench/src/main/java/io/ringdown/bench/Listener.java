package io.ringdown.bench;

import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.Codecs;

/** Says whether a mark begins in a frame, by decoding it. One thread. */
interface Listener extends AutoCloseable {
    boolean isMark(byte[] packet, int offset, int length);

    @Override
    void close();

    /** Hears frames of this format; frames may be left out between marks. */
    static Listener of(Codecs codecs, Format format) {
        AudioDecoder decoder = codecs.decoder(format.codec(), format.pcmRate());
        MarkDetector marks = new MarkDetector(format.pcmRate());
        short[] pcm = new short[UdpSocket.CAPACITY];
        return new Listener() {
            @Override
            public boolean isMark(byte[] packet, int offset, int length) {
                int samples = decoder.decode(packet, offset, length, pcm);
                return samples > 0 && marks.onFrame(pcm, samples);
            }

            @Override
            public void close() {
                decoder.close();
            }
        };
    }
}
