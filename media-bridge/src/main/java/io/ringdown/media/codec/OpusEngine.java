package io.ringdown.media.codec;

/** An implementation of Opus; encoders and decoders are mono. Any thread. */
interface OpusEngine {
    AudioDecoder decoder(int sampleRate);

    AudioEncoder encoder(int sampleRate, Effort effort);

    String describe();
}
