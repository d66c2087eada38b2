package io.ringdown.media.codec;

/** Opus in pure Java, for machines without libopus. Any thread. */
final class ConcentusEngine implements OpusEngine {
    private final OpusSettings settings;

    ConcentusEngine(OpusSettings settings) {
        this.settings = settings;
    }

    @Override
    public AudioDecoder decoder(int sampleRate, Workspace workspace) {
        return new ConcentusDecoder(sampleRate);
    }

    @Override
    public AudioEncoder encoder(int sampleRate, Effort effort, Workspace workspace) {
        return new ConcentusEncoder(sampleRate, settings, effort);
    }

    @Override
    public String describe() {
        return "Concentus (pure Java)";
    }
}
