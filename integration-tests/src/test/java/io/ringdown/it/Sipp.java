package io.ringdown.it;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** SIPp as the carrier: one scenario of {@code resources/sipp}, its messages and errors kept. */
final class Sipp implements AutoCloseable {
    private static final int SECONDS_PER_CALL = 3; // one after another, set up and ended by a browser

    private final String scenario;
    private final Process process;
    private final Path errors;
    private final Path messages;
    private final Path screen;

    private Sipp(String scenario, Process process, Path errors, Path messages, Path screen) {
        this.scenario = scenario;
        this.process = process;
        this.errors = errors;
        this.messages = messages;
        this.screen = screen;
    }

    /**
     * How a scenario is run.
     *
     * @param scenario a file of {@code resources/sipp}, without its ending
     * @param address where it listens
     * @param port where it listens
     * @param calls how many, then it ends
     * @param keys what {@code [name]} stands for in the scenario
     * @param arguments further ones for SIPp
     */
    record Run(String scenario, String address, int port, int calls, Map<String, String> keys, List<String> arguments) {

        static Run of(String scenario, int port) {
            return new Run(scenario, "127.0.0.1", port, 1, Map.of(), List.of());
        }

        Run key(String name, Object value) {
            Map<String, String> more = new java.util.TreeMap<>(keys);
            more.put(name, value.toString());
            return new Run(scenario, address, port, calls, more, arguments);
        }

        Run at(String other) {
            return new Run(scenario, other, port, calls, keys, arguments);
        }

        Run calls(int other) {
            return new Run(scenario, address, port, other, keys, arguments);
        }

        Run with(String... more) {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of(more));
            return new Run(scenario, address, port, calls, keys, all);
        }
    }

    static Sipp start(Trial trial, Run run) {
        String name = "sipp-" + run.scenario + "-" + run.port;
        Path errors = trial.file(name + ".errors");
        Path messages = trial.file(name + ".messages");
        Path screen = trial.file(name + ".screen");
        List<String> command = new ArrayList<>(List.of(
                Tools.program("sipp").toString(),
                "-sf",
                scenario(trial, run).getFileName().toString(),
                "-i",
                run.address,
                "-p",
                Integer.toString(run.port),
                "-m",
                Integer.toString(run.calls),
                "-nostdin",
                "-timeout",
                Math.max(120, SECONDS_PER_CALL * run.calls) + "s",
                "-timeout_error",
                "-trace_err",
                "-error_file",
                errors.getFileName().toString(), // SIPp 3.6 overflows on long paths
                "-trace_msg",
                "-message_file",
                messages.getFileName().toString(),
                // An answer that comes again is acknowledged again, by an ACK with a branch of its own; SIPp knows what
                // comes again by To, From, Call-ID and CSeq then (RFC 2543 11.5), a response by its status as well.
                "-rtcheck",
                "loose"));
        run.keys.forEach((key, value) -> command.addAll(List.of("-key", key, value)));
        command.addAll(run.arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(trial.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(screen.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            Peers.met(Peer.SIPP, run.scenario);
            Sipp sipp = trial.keep(new Sipp(run.scenario, process, errors, messages, screen));
            Tools.await(
                    "SIPp listens on port " + run.port,
                    10,
                    () -> !process.isAlive() || Ports.udpOpen(run.port),
                    () -> BrowserProcess.read(screen));
            return sipp;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIPp takes no keyword for a status: {@code {name}} is put into the file before SIPp reads it. */
    private static Path scenario(Trial trial, Run run) {
        Path source = Tools.root().resolve("integration-tests/src/test/resources/sipp/" + run.scenario + ".xml");
        String text = BrowserProcess.read(source);
        for (Map.Entry<String, String> key : run.keys.entrySet()) {
            text = text.replace("{" + key.getKey() + "}", key.getValue());
        }
        String name = run.scenario + "-" + run.port + ".xml";
        trial.write(name, text);
        return trial.file(name);
    }

    /** Waits until all calls of the scenario ended as it expects. */
    void awaitSuccess(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "SIPp's scenario " + scenario + " is not over after " + seconds + " s" + logs());
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(
                        "SIPp's scenario " + scenario + " failed with " + process.exitValue() + logs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Every message it sent and received, as SIPp writes them. */
    String messages() {
        return BrowserProcess.read(messages);
    }

    private String logs() {
        return "\nerrors: " + BrowserProcess.read(errors) + "\nmessages: " + messages() + "\nscreen: "
                + BrowserProcess.read(screen).lines().limit(3).toList();
    }

    @Override
    public void close() {
        Tools.end(process);
    }
}
