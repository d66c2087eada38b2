package io.ringdown.gateway.app;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNotReadException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A gateway in the process of the tests, for what has no door to the outside: its calls can be written down and read back. */
public final class GatewayHere implements AutoCloseable {
    private final Gateway gateway;

    private GatewayHere(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Starts one with this configuration. */
    public static GatewayHere start(Path config) {
        try {
            RingdownSettings settings = DefaultOrigins.filledIn(Settings.read(config, Map.of(), RingdownSettings.class))
                    .withJournalBeside(config);
            return new GatewayHere(Gateway.start(settings, Optional.empty()));
        } catch (SettingsException | GatewayStartException e) {
            throw new AssertionError(e);
        }
    }

    /** The call as JSON, after which it is not here any more; empty if it cannot be written now. */
    public Optional<String> write(String call) {
        try {
            return gateway.calls().write(new CallId(call)).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The same, once what is under way in it has ended. */
    public String writeOnceSettled(String call) {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        Optional<String> json = write(call);
        while (json.isEmpty() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(20_000_000);
            json = write(call);
        }
        return json.orElseThrow(() -> new AssertionError("the call does not settle"));
    }

    /** Goes on with a call. */
    public void read(String json) {
        try {
            gateway.calls().read(json);
        } catch (CallNotReadException e) {
            throw new AssertionError(e);
        }
    }

    /** How many calls there are. */
    public int calls() {
        return gateway.calls().count();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
