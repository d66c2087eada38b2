package io.ringdown.gateway.app;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.hooks.Undelivered;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** {@code hooks}: lists what was not delivered, and tells it again. A gateway may run beside it. */
final class HooksCommand {
    private HooksCommand() {}

    static int run(List<String> options) {
        String verb = options.isEmpty() ? "" : options.getFirst();
        Arguments arguments = Arguments.parse(
                options.isEmpty() ? options : options.subList(1, options.size()), Set.of("--config", "--to"));
        if (!verb.equals("dead") && !verb.equals("resend")) {
            throw new IllegalArgumentException("hooks needs dead or resend; see ./ringdown help");
        }
        try {
            Path file = ServeCommand.configFile("hooks " + verb, arguments);
            RingdownSettings settings =
                    Settings.read(file, System.getenv(), RingdownSettings.class).withJournalBeside(file);
            Undelivered undelivered =
                    new Undelivered(settings.hooks(), "Ringdown/" + Version.text(), InstantSource.system());
            if (verb.equals("dead")) {
                undelivered.list(arguments.text("--to")).forEach(Ringdown::say);
                return Ringdown.DONE;
            }
            return undelivered.resend(arguments.text("--to"), Ringdown::say) ? Ringdown.DONE : Ringdown.FAILED;
        } catch (SettingsException broken) {
            Ringdown.complain("the configuration cannot be used:" + System.lineSeparator() + broken.getMessage());
            return Ringdown.WRONG;
        } catch (IOException failed) {
            Ringdown.complain("hooks.directory: " + failed.getMessage());
            return Ringdown.FAILED;
        }
    }
}
