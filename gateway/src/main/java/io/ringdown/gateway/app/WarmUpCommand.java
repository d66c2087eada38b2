package io.ringdown.gateway.app;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * {@code warm-up}: a gateway on free ports of loopback that starts, serves one page and ends. The launcher runs it once after
 * a build, to fill the cache of loaded classes that later starts use.
 */
final class WarmUpCommand {
    private static final String SETTINGS = """
            web:
              listen: 127.0.0.1:0
            sip:
              listen:
                - address: 127.0.0.1
                  port: 0
                  transports: [udp]
            media:
              web:
                listen: [127.0.0.1]
                ports: 0-0
            trunks:
              none:
                sip:
                  address: 127.0.0.1:9
                prefixes: [any]
            """;

    private WarmUpCommand() {}

    static int run() throws GatewayStartException {
        try (Gateway gateway = Gateway.start(settings(), Optional.of(PracticeNumbers.describe()));
                var page = URI.create(gateway.url()).toURL().openStream()) {
            page.readAllBytes();
            return Ringdown.DONE;
        } catch (IOException | SettingsException failed) {
            throw new GatewayStartException("the warm-up failed: " + failed.getMessage());
        }
    }

    private static RingdownSettings settings() throws IOException, SettingsException {
        Path file = Files.createTempFile("ringdown", ".yaml");
        try {
            Files.writeString(file, SETTINGS);
            return DefaultOrigins.filledIn(Settings.read(file, Map.of(), RingdownSettings.class));
        } finally {
            Files.delete(file);
        }
    }
}
