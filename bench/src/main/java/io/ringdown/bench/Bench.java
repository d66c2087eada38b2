package io.ringdown.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The command line of the capacity kit: {@code ./ringdown bench help}. */
public final class Bench {
    private static final int DONE = 0;
    private static final int NOT_GOOD = 1;
    private static final int WRONG = 2;
    private static final String HELP = """
            ringdown bench COMMAND [OPTIONS]: measures a gateway with browser-like legs and trunk ends of its own

              sequence           calls in a row; --calls 200
              at-once            calls at once; --calls 40
              hold               calls that stay: CPU, delay, memory; --calls 40 --seconds 30
              floor              the least that the media work can cost on this machine, in C
              help               this

              --calls N          how many
              --seconds S        how long the figures of hold are taken
              --web opus|g711    the browsers' codec; g711 goes straight through
              --trunk pcmu|pcma  the trunk's codec
              --floor            measures the floor before, and tells the ratio
              --json FILE        writes the figures as JSON too
              --jvm "OPTIONS"    for the JVM of the gateway that is started
              --gateway URL --pid PID --trunk-port PORT
                                 a gateway that runs already, whose trunk is 127.0.0.1:PORT; else one is started

            Linux only: figures come from /proc. The exit status is 1 when a claim does not hold.
            """;

    private Bench() {}

    /** Runs a command and exits. */
    public static void main(String[] words) throws InterruptedException {
        System.exit(run(Arrays.asList(words)));
    }

    private static int run(List<String> words) throws InterruptedException {
        try {
            String command = words.isEmpty() || words.contains("--help") ? "help" : words.getFirst();
            List<String> rest = words.subList(Math.min(1, words.size()), words.size());
            return switch (command) {
                case "sequence" -> measure(words, Options.parse(rest, 200), ManyCalls::inSequence);
                case "at-once" -> measure(words, Options.parse(rest, 40), ManyCalls::atOnce);
                case "hold" -> measure(words, Options.parse(rest, 40), Hold::run);
                case "floor" -> {
                    System.out.print(Floor.run());
                    yield DONE;
                }
                case "help" -> {
                    System.out.print(HELP);
                    yield DONE;
                }
                default -> throw new IllegalArgumentException(command + " is no command; bench help lists them");
            };
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            return WRONG;
        } catch (IOException e) {
            System.err.println("bench: " + e.getMessage());
            return NOT_GOOD;
        }
    }

    /** A kind of run. */
    private interface Mode {
        void run(Driver driver, Options options, Report report) throws IOException, InterruptedException;
    }

    private static int measure(List<String> words, Options options, Mode mode)
            throws IOException, InterruptedException {
        Report report = new Report("bench " + String.join(" ", words));
        Driver driver = Driver.start(options);
        try (driver) {
            mode.run(driver, options, report);
            report.require("the gateway lives", driver.gateway().isAlive());
        }
        if (report.isGood()) {
            driver.gateway().tidy();
        } else {
            driver.gateway().log().ifPresent(log -> report.put("gateway log", log));
        }
        System.out.print(report.text());
        if (options.json().isPresent()) {
            report.writeJson(options.json().get());
        }
        return report.isGood() ? DONE : NOT_GOOD;
    }
}
