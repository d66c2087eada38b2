package io.ringdown.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Everything that stands for a run: the gateway, the browsers' end and the trunk's end, each a process of its own. */
final class Rig implements AutoCloseable {
    private final GatewayProcess gateway;
    private final EndProcess web;
    private final EndProcess trunk;
    private final Path directory;
    private final Options options;
    private final Thread onInterrupt = new Thread(this::abandon, "bench-abandon");

    private Rig(GatewayProcess gateway, EndProcess web, EndProcess trunk, Path directory, Options options) {
        this.gateway = gateway;
        this.web = web;
        this.trunk = trunk;
        this.directory = directory;
        this.options = options;
    }

    /** With the gateway that is asked for, started if need be. */
    static Rig start(Options options) throws IOException, InterruptedException {
        int trunkPort = options.gateway().isPresent() ? options.gateway().get().trunkPort() : GatewayProcess.freePort();
        GatewayProcess gateway = options.gateway().isPresent()
                ? GatewayProcess.attach(
                        options.gateway().get().uri(), options.gateway().get().pid())
                : GatewayProcess.start(trunkPort, options);
        Path directory = Board.directory();
        try {
            EndSettings settings = new EndSettings(
                    directory.resolve("board"),
                    Numbers.MOST_PLACES,
                    options.seed(),
                    options.web(),
                    options.trunk(),
                    options.webLine(),
                    options.trunkLine(),
                    gateway.uri(),
                    trunkPort,
                    options.trunkSrtp());
            EndProcess trunk = EndProcess.start("trunk", settings, directory);
            EndProcess web = EndProcess.start("web", settings, directory);
            Rig rig = new Rig(gateway, web, trunk, directory, options);
            Runtime.getRuntime().addShutdownHook(rig.onInterrupt);
            return rig;
        } catch (IOException e) {
            gateway.close();
            delete(directory);
            throw e;
        }
    }

    GatewayProcess gateway() {
        return gateway;
    }

    EndProcess web() {
        return web;
    }

    EndProcess trunk() {
        return trunk;
    }

    Options options() {
        return options;
    }

    /** Sets up the calls from the one number to the other; they stay. */
    Tally.Reading dial(int from, int to) throws IOException {
        return web.ask("dial " + from + " " + to + " " + options.parallel(), Tally.Reading.class);
    }

    /** Ends the calls of these places. */
    Tally.Reading hangUp(int from, int to) throws IOException {
        return web.ask("hang-up " + from + " " + to + " " + options.parallel(), Tally.Reading.class);
    }

    /** Begins to count anew, at both ends. */
    void clear() throws IOException {
        web.ask("clear", String.class);
        trunk.ask("clear", String.class);
    }

    /** Calls from this one on are told apart from those before. */
    void boundary(int call) throws IOException {
        web.ask("boundary " + call, String.class);
        trunk.ask("boundary " + call, String.class);
    }

    long driversCpuMillis() {
        return ProcFs.cpuMillis(web.pid())
                + ProcFs.cpuMillis(trunk.pid())
                + ProcFs.cpuMillis(ProcessHandle.current().pid());
    }

    /** Ends all three; what the ends share is removed. */
    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        web.close();
        trunk.close();
        gateway.close();
        delete(directory);
    }

    /** Leaves nothing behind when we are interrupted; the ends go with us. */
    private void abandon() {
        try {
            gateway.close();
            gateway.tidy();
            delete(directory);
        } catch (IOException e) {
            System.err.println("bench: left behind: " + e.getMessage());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
