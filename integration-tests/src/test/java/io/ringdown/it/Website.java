package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A website of web/examples: its pages, with a gateway and a number of ours written in, and its back end as its README starts it. */
final class Website implements AutoCloseable {

    private static final Path EXAMPLES = Tools.root().resolve("web/examples");

    private final Process process;
    private final int port;

    private Website(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** What signs tokens. */
    enum BackEnd {
        NODE("token-server-node"),
        JAVA("token-server-java");

        private final String folder;

        BackEnd(String folder) {
            this.folder = folder;
        }

        private List<String> command() {
            return switch (this) {
                case NODE -> List.of(Tools.program("node").toString(), "server.js");
                case JAVA ->
                    List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "TokenServer.java");
            };
        }
    }

    /** What the visitor sees. */
    enum Pages {
        PLAIN("plain"),
        REACT("react/public");

        private final String folder;

        Pages(String folder) {
            this.folder = folder;
        }
    }

    static Website start(
            Trial trial, BackEnd backEnd, Pages pages, int port, Map<String, String> settings, Gateway gateway) {
        Path site = trial.file("site");
        Path log = trial.file("website.log");
        try {
            if (pages == Pages.REACT) {
                buildReact(trial);
            }
            copy(EXAMPLES.resolve(pages.folder), site, gateway);
            ProcessBuilder builder = new ProcessBuilder(backEnd.command())
                    .directory(EXAMPLES.resolve(backEnd.folder).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(settings);
            builder.environment()
                    .putAll(Map.of(
                            "PORT",
                            Integer.toString(port),
                            "ORIGIN",
                            origin(port),
                            "PAGES",
                            site.toString(),
                            "NUMBERS",
                            Exchange.NUMBER));
            Website website = trial.keep(new Website(builder.start(), port));
            Tools.await(
                    "the website is ready",
                    30,
                    () -> !website.process.isAlive() || BrowserProcess.read(log).contains("ready"),
                    () -> BrowserProcess.read(log));
            return website;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String origin(int port) {
        return "http://127.0.0.1:" + port;
    }

    URI uri(String path) {
        return URI.create(origin(port) + path);
    }

    private static void buildReact(Trial trial) {
        String folder = EXAMPLES.resolve("react").toString();
        Tools.run(trial.file("npm-build.log"), "npm", "--prefix", folder, "run", "build");
    }

    /** What a developer changes in the example: the gateway and the number. */
    private static void copy(Path from, Path to, Gateway gateway) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file)
                        .replace("http://127.0.0.1:8080", gateway.uri("").toString())
                        .replace("+4930123456", Exchange.NUMBER);
                Files.writeString(to.resolve(file.getFileName()), text);
            }
        }
    }

    @Override
    public void close() {
        Tools.end(process);
    }
}
