package io.ringdown.media.codec;

/** An implementation of Opus; encoders and decoders are mono. Any thread; what is made is for that of its workspace. */
interface OpusEngine {
    AudioDecoder decoder(int sampleRate, Workspace workspace);

    AudioEncoder encoder(int sampleRate, Effort effort, Workspace workspace);

    String describe();
}
