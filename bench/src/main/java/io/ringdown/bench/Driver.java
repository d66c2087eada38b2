package io.ringdown.bench;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** All that the ends of calls share: the gateway, two loops (browsers and carrier), the speech, the figures. Any thread. */
final class Driver implements AutoCloseable {
    static final int PATIENCE_SECONDS = 10;

    private static final int FIRST_NUMBER = 100_000;

    private final GatewayProcess gateway;
    private final Options options;
    private final HttpClient http = HttpClient.newBuilder()
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .build();
    private final Loop webLoop = new Loop("bench-web");
    private final Loop trunkLoop = new Loop("bench-trunk");
    private final DtlsClient dtls = new DtlsClient();
    private final Codecs codecs = Codecs.load(OpusSettings.defaults());
    private final Speech opus = Speech.opus();
    private final Map<AudioCodec, Speech> g711 = new ConcurrentHashMap<>(
            Map.of(AudioCodec.PCMU, Speech.g711(AudioCodec.PCMU), AudioCodec.PCMA, Speech.g711(AudioCodec.PCMA)));
    private final Figures lateness = new Figures();
    private final Figures toTrunk = new Figures();
    private final Figures toWeb = new Figures();
    private final Counts counts = new Counts();
    private final AtomicInteger numbers = new AtomicInteger(FIRST_NUMBER);
    private final TrunkEnd trunk;

    private Driver(GatewayProcess gateway, Options options, int trunkPort) throws IOException {
        this.gateway = gateway;
        this.options = options;
        this.trunk = new TrunkEnd(this, trunkPort);
    }

    /** With the gateway that is asked for, started if need be. */
    static Driver start(Options options) throws IOException, InterruptedException {
        if (options.gateway().isPresent()) {
            Options.Running running = options.gateway().get();
            return new Driver(GatewayProcess.attach(running.uri(), running.pid()), options, running.trunkPort());
        }
        int trunkPort = GatewayProcess.freePort();
        GatewayProcess gateway = GatewayProcess.start(
                trunkPort,
                options.transcode(),
                options.codec().rtpmapName().toLowerCase(java.util.Locale.ROOT),
                options.jvmOptions());
        return new Driver(gateway, options, trunkPort);
    }

    GatewayProcess gateway() {
        return gateway;
    }

    HttpClient http() {
        return http;
    }

    HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    URI callUri(String number) {
        return gateway.uri().resolve("/v1/calls/" + number);
    }

    /** A number that nobody has called yet. */
    String nextNumber() {
        return "+1202555" + numbers.getAndIncrement();
    }

    Loop webLoop() {
        return webLoop;
    }

    Loop trunkLoop() {
        return trunkLoop;
    }

    TrunkEnd trunk() {
        return trunk;
    }

    DtlsClient dtls() {
        return dtls;
    }

    Codecs codecs() {
        return codecs;
    }

    Speech opus() {
        return opus;
    }

    Speech g711(AudioCodec law) {
        return java.util.Objects.requireNonNull(g711.get(law));
    }

    AudioCodec trunkCodec() {
        return options.codec();
    }

    int trunkPayloadType() {
        return TrunkCall.payloadType(options.codec());
    }

    /** How late our own sending is. */
    Figures lateness() {
        return lateness;
    }

    Figures toTrunk() {
        return toTrunk;
    }

    Figures toWeb() {
        return toWeb;
    }

    Counts counts() {
        return counts;
    }

    @Override
    public void close() throws IOException {
        trunk.close();
        webLoop.close();
        trunkLoop.close();
        http.close();
        gateway.close();
    }
}
