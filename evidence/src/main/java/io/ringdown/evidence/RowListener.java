package io.ringdown.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Writes down how each test that {@link Shows} a row has ended, and whom it met, into target/rows of its module. JUnit finds it
 * by itself; on JUnit's thread.
 */
public final class RowListener implements TestExecutionListener {
    private final Path file;

    /** Into the module whose tests run here; a file for each process, since several may run at once. */
    public RowListener() {
        this(Path.of("target", "rows", ProcessHandle.current().pid() + ".tsv"));
    }

    RowListener(Path file) {
        this.file = file;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            Peers.take(); // those of nobody's: between tests, or of a class's beginning
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean succeeded = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        // A class whose beginning fails takes its tests with it.
        if (test.isTest() || !succeeded) {
            note(
                    test,
                    succeeded
                            ? Outcome.Verdict.GREEN
                            : result.getStatus() == TestExecutionResult.Status.FAILED
                                    ? Outcome.Verdict.RED
                                    : Outcome.Verdict.NOT_RUN);
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, Outcome.Verdict.NOT_RUN);
    }

    private void note(TestIdentifier test, Outcome.Verdict verdict) {
        Optional<Marked> marked = marked(test);
        if (marked.isEmpty()) {
            return;
        }
        String peers = String.join(",", Peers.take());
        List<String> lines = marked.get().rows().stream()
                .map(row -> new Outcome(row, marked.get().name(), runOf(test), verdict, peers).line())
                .toList();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Of the many runs of a method with parameters; a method that runs once needs no name for it.
    private static String runOf(TestIdentifier test) {
        return test.getUniqueIdObject().getLastSegment().getType().equals("test-template-invocation")
                ? test.getDisplayName()
                : "";
    }

    /** A test or class with its mark. */
    private record Marked(String name, List<Row> rows) {}

    private static Optional<Marked> marked(TestIdentifier test) {
        return switch (test.getSource().orElse(null)) {
            case MethodSource source -> marked(source.getJavaMethod());
            case ClassSource source -> marked(source.getJavaClass());
            case null, default -> Optional.empty();
        };
    }

    private static Optional<Marked> marked(Method method) {
        Class<?> owner = method.getDeclaringClass();
        return Optional.ofNullable(method.getAnnotation(Shows.class))
                .or(() -> Optional.ofNullable(owner.getAnnotation(Shows.class)))
                .map(shows -> new Marked(owner.getSimpleName() + "#" + method.getName(), List.of(shows.value())));
    }

    private static Optional<Marked> marked(Class<?> owner) {
        return Optional.ofNullable(owner.getAnnotation(Shows.class))
                .map(shows -> new Marked(owner.getSimpleName(), List.of(shows.value())));
    }
}
