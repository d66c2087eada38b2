package io.ringdown.gateway.app;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code serve --config FILE}: a gateway until the process is told to end. */
final class ServeCommand {
    private ServeCommand() {}

    static int run(List<String> options) throws GatewayStartException {
        Path file = configFile("serve", options);
        RingdownSettings settings;
        try {
            settings = DefaultOrigins.filledIn(Settings.read(file, System.getenv(), RingdownSettings.class))
                    .withJournalBeside(file);
        } catch (SettingsException broken) {
            Ringdown.complain("the configuration cannot be used:" + System.lineSeparator() + broken.getMessage());
            return Ringdown.WRONG;
        }
        Stop stop = new Stop();
        stop.hearAgain();
        try (Gateway gateway = Gateway.start(settings, Optional.empty())) {
            if (!stop.asked()) {
                Ringdown.say("Ringdown is ready: " + gateway.url());
            }
            stop.await();
            gateway.drain(stop);
        } finally {
            stop.done();
        }
        return Ringdown.DONE;
    }

    static Path configFile(String command, List<String> options) {
        return configFile(command, Arguments.parse(options, Set.of("--config")));
    }

    static Path configFile(String command, Arguments arguments) {
        return arguments
                .text("--config")
                .map(Path::of)
                .orElseThrow(() ->
                        new IllegalArgumentException(command + " needs --config FILE; conf/ringdown.yaml is a sample"));
    }
}
