package io.ringdown.media.codec;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The codecs of this process: G.711 and G.722 of our own and the Opus that was found. */
final class FoundCodecs implements Codecs {
    private static final Logger LOG = LoggerFactory.getLogger(Codecs.class);

    private final OpusEngine opus;
    private final Effort effort;
    private final Supplier<Workspace> workspaces;

    private FoundCodecs(OpusEngine opus, Effort effort, Supplier<Workspace> workspaces) {
        this.opus = opus;
        this.effort = effort;
        this.workspaces = workspaces;
    }

    static Codecs find(OpusSettings settings) {
        return new FoundCodecs(
                switch (settings.engine()) {
                    case JAVA -> new ConcentusEngine(settings);
                    case AUTO ->
                        switch (LibOpusLibrary.found()) {
                            case LibOpusLibrary.Usable usable -> new LibOpus(usable.version(), settings);
                            case LibOpusLibrary.Missing missing -> {
                                LOG.warn(
                                        "No usable libopus ({}): calls use an Opus in pure Java, at about four times the CPU. Remedy: {}",
                                        missing.reason(),
                                        LibOpusLibrary.REMEDY);
                                yield new ConcentusEngine(settings);
                            }
                        };
                },
                new Effort(settings.complexity()),
                Workspace::new);
    }

    @Override
    public Codecs with(Effort other) {
        Workspace shared = new Workspace();
        return new FoundCodecs(opus, other, () -> shared);
    }

    @Override
    public Workspace workspace() {
        return workspaces.get();
    }

    @Override
    public AudioDecoder decoder(AudioCodec codec, int sampleRate) {
        checkRate(codec, sampleRate);
        return switch (codec) {
            case OPUS -> opus.decoder(sampleRate, workspace());
            case PCMU -> new G711Decoder(G711Law.MU);
            case PCMA -> new G711Decoder(G711Law.A);
            case G722 -> new G722Decoder();
        };
    }

    @Override
    public AudioEncoder encoder(AudioCodec codec, int sampleRate) {
        checkRate(codec, sampleRate);
        return switch (codec) {
            case OPUS -> opus.encoder(sampleRate, effort, workspace());
            case PCMU -> new G711Encoder(G711Law.MU);
            case PCMA -> new G711Encoder(G711Law.A);
            case G722 -> new G722Encoder();
        };
    }

    @Override
    public String describe() {
        return opus.describe();
    }

    private static void checkRate(AudioCodec codec, int sampleRate) {
        boolean possible = switch (codec) {
            case OPUS -> sampleRate == 8_000 || sampleRate == 16_000 || sampleRate == 48_000;
            case PCMU, PCMA -> sampleRate == G711Law.SAMPLE_RATE;
            case G722 -> sampleRate == G722Encoder.SAMPLE_RATE;
        };
        if (!possible) {
            throw new IllegalArgumentException(codec.rtpmapName() + " does not run at " + sampleRate + " Hz");
        }
    }
}
