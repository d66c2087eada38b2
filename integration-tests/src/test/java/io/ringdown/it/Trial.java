package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One test's folder and everything that it started. What is registered is closed in reverse order when the test ends; when
 * it failed, the folder (logs, captures, recordings, the gateway's debug state) is kept under {@code target/failures} and
 * the report says where. Given to a static {@code @BeforeAll} method it spans the class, as does an {@link Exchange}.
 */
final class Trial {

    private final Path directory;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Deque<Witness> witnesses = new ArrayDeque<>();

    private Trial(Path directory) {
        this.directory = directory;
    }

    /** Something that can write down what it knows when a test has failed, before it is closed. */
    @FunctionalInterface
    interface Witness {
        void testify(Path directory) throws Exception;
    }

    /** Where this test's files belong. */
    Path directory() {
        return directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Closes it when the trial ends. */
    <T extends AutoCloseable> T keep(T resource) {
        running.push(resource);
        return resource;
    }

    void witness(Witness witness) {
        witnesses.push(witness);
    }

    private void testify() {
        for (Witness witness : witnesses) {
            try {
                witness.testify(directory);
            } catch (Exception | AssertionError e) { // of a page that the test has closed, say
                write("witness-failed.txt", witness + ": " + e + "\n");
            }
        }
    }

    private void close() throws Exception {
        Exception first = null;
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    void write(String name, String text) {
        try {
            Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives each test its trial; a class that declares one in {@code @BeforeAll} has one for all its tests as well. */
    static final class Extension implements ParameterResolver, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

        private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Trial.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == Trial.class || type == Exchange.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Trial.class ? of(context) : exchangeOf(classContext(context));
        }

        /** Lives as long as the class's trial does. */
        private static Exchange exchangeOf(ExtensionContext context) {
            return context.getStore(NAMESPACE)
                    .computeIfAbsent(Exchange.class, type -> Exchange.start(of(context)), Exchange.class);
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            progress(context, "…");
        }

        @Override
        public void afterEach(ExtensionContext context) throws Exception {
            boolean failed = context.getExecutionException().isPresent();
            Trial trial = of(context);
            Trial ofClass = of(classContext(context));
            if (failed) {
                trial.testify();
                ofClass.testify();
            }
            trial.close();
            progress(context, failed ? "FAILED" : "ok");
            if (failed) {
                Path kept = Tools.root().resolve("integration-tests/target/failures/" + trial.directory.getFileName());
                copy(trial.directory, kept);
                if (ofClass != trial) {
                    copy(ofClass.directory, kept.resolve("class"));
                }
                System.err.println("What is known of it is kept in " + kept);
            }
        }

        @Override
        public void afterAll(ExtensionContext context) throws Exception {
            of(context).close();
        }

        private static Trial of(ExtensionContext context) {
            return context.getStore(NAMESPACE)
                    .computeIfAbsent(context.getUniqueId(), id -> new Trial(directoryOf(context)), Trial.class);
        }

        private static ExtensionContext classContext(ExtensionContext context) {
            ExtensionContext at = context;
            while (at.getTestMethod().isPresent()) {
                at = at.getParent().orElseThrow();
            }
            return at;
        }

        private static Path directoryOf(ExtensionContext context) {
            String name = context.getRequiredTestClass().getSimpleName()
                    + context.getTestMethod()
                            .map(method -> "." + method.getName() + suffix(context))
                            .orElse("");
            Path directory = Tools.root().resolve("integration-tests/target/trials/" + name);
            try {
                deleteTree(directory);
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return directory;
        }

        private static String suffix(ExtensionContext context) {
            String shown = context.getDisplayName().replaceAll("[^A-Za-z0-9]+", "-");
            String id = context.getUniqueId();
            return id.contains("test-template-invocation")
                    ? "." + shown.substring(0, Math.min(40, shown.length()))
                    : "";
        }

        private static void progress(ExtensionContext context, String state) {
            System.err.printf(
                    "  %s: %s %s%n",
                    context.getRequiredTestClass().getSimpleName(),
                    context.getTestMethod().map(method -> method.getName()).orElse("") + " " + context.getDisplayName(),
                    state);
        }

        private static void copy(Path from, Path to) throws IOException {
            deleteTree(to);
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else if (Files.isRegularFile(file)) {
                        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }

        private static void deleteTree(Path root) throws IOException {
            if (!Files.exists(root)) {
                return;
            }
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
