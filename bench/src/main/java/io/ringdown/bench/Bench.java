package io.ringdown.bench;

import io.ringdown.bench.detector.Detector;
import io.ringdown.bench.digits.Digits;
import io.ringdown.bench.fidelity.Fidelity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** The command line of the capacity kit: {@code ./ringdown bench help}. */
public final class Bench {
    private static final int DONE = 0;
    private static final int NOT_GOOD = 1;
    private static final int WRONG = 2;
    private static final int VOID = 3;
    private static final String HELP = """
            ringdown bench COMMAND [OPTIONS]: measures a gateway with browser-like legs and trunk ends, in processes of their own

            What calls cost that stay: CPU against the floor, delay, loss, memory, garbage, GC pauses
              transcode          Opus to PCMU
              pass-through       PCMU on both legs
              g722               Opus to G.722
              impaired           Opus to PCMU, with loss, reordering, jitter and clocks that are off on both legs
            How far it goes
              ramp               more and more calls until the first loss or p99 > 20 ms, then a little further
              churn              calls set up and ended as fast as they can
              soak               calls for an hour: memory and delay must stay flat
            What stays behind
              sequence           calls in a row; --calls 200
              at-once            calls at once; --calls 40
            How it sounds
              fidelity           speech under loss, each repair off and on, scored: --part repairs|answer|encoder|all,
                                 --patterns none,random-5,burst-10,jitter-40,reorder-5, --takes 2, --seed 1,
                                 --json FILE, --svg FILE; no gateway is started
            How digits are heard in sound
              detector           presses of many kinds through G.711, what is no press, and speech (espeak-ng, sox):
                                 --presses 1000 of each kind, --minutes 60 of speech, --seed 1, --json FILE; no gateway is started
            How digits come through bad lines
              digits             the same telephone-events through a bridge of ours and through rtpengine, where that is installed:
                                 --presses 500 of each road under each condition, --seed 1, --json FILE; no gateway is started
            The rest
              floor              the least that the media work can cost on this machine, in C
              pieces [PATTERN]   JMH: SRTP, Opus, G.711, forwarding, a bridge, SDP, digits; some minutes
              compare OLD NEW    two files of figures: what changed, and whether that is more than noise
              help               this

              --calls N          how many (at most, for ramp)            --runs N     medians of so many runs, with the spread
              --from N --step N  where a ramp begins, and its steps      --parallel N set up at a time
              --seconds S, --minutes M   how long figures are taken      --warm-up S  how long calls stand before
              --web opus|g711    the browsers' codec; g711 is the trunk's, which goes straight through
              --trunk pcmu|pcma|g722     the trunk's codec               --complexity N  of the gateway's Opus encoder, 0 to 10
              --bitrate N        of the same, bit/s; without both it is 24000 at complexity 5, which is not the gateway's default
              --web-line loss=5,burst=2,reorder=1,jitter=20,skew=100     faults on the way from browsers to the gateway:
                                 per cent, packets in a row, per cent, ms, ppm (every other leg's clock the other way)
              --trunk-line ...   the same on the way from the trunk      --seed N     of phases and faults
              --trunk-srtp       the trunk's RTP is encrypted (AEAD_AES_128_GCM by keys in SDP); the floor's is not
              --sip-only         churn without ICE and DTLS              --traced N   calls whose SIP messages the gateway keeps
              --no-floor         the floor is not measured; else it is, before and after
              --nmt              with the JVM's account of its native memory
              --json FILE --plot FILE.svg                                --compare FILE  beside the figures of an earlier --json
              --jvm "OPTIONS"    for the JVM of the gateway that is started
              --gateway URL --pid PID --trunk-port PORT
                                 a gateway that runs already, whose trunk is 127.0.0.1:PORT; else one is started

            Linux only: figures come from /proc. As root the driver runs before others, which keeps it exact under load.
            Exit status: 0; 1 when a claim does not hold; 2 when the command is wrong; 3 when the figures are void, because the
            driver itself was late (p99 > 1 ms) or lost packets. docs/performance.md says how all of it is measured.
            """;

    private static final String GATEWAY_LOG = "gateway log";
    private static final List<String> HELD = List.of("--calls", "150", "--floor");

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
                case "transcode" -> measure(words, Options.parse(HELD, rest), Hold::run);
                case "pass-through" -> measure(words, Options.parse(with(HELD, "--web", "g711"), rest), Hold::run);
                case "g722" -> measure(words, Options.parse(with(HELD, "--trunk", "g722"), rest), Hold::run);
                case "impaired" ->
                    measure(
                            words,
                            Options.parse(
                                    List.of(
                                            "--calls",
                                            "60",
                                            "--web-line",
                                            "loss=5,burst=2,reorder=1,jitter=20,skew=100",
                                            "--trunk-line",
                                            "loss=1,reorder=0.5,jitter=10,skew=50"),
                                    rest),
                            Hold::run);
                case "ramp" ->
                    measure(
                            words,
                            Options.parse(
                                    List.of("--calls", "1000", "--seconds", "5", "--from", "50", "--step", "10"), rest),
                            Ramp::run);
                case "churn" ->
                    measure(
                            words,
                            Options.parse(List.of("--seconds", "20", "--parallel", "16", "--warm-up", "40"), rest),
                            Churn::run);
                case "soak" ->
                    measure(words, Options.parse(List.of("--calls", "75", "--minutes", "60"), rest), Soak::run);
                case "sequence" ->
                    measure(
                            words,
                            Options.parse(List.of("--calls", "200", "--traced", ManyCalls.TRACED), rest),
                            ManyCalls::inSequence);
                case "at-once" ->
                    measure(
                            words,
                            Options.parse(List.of("--calls", "40", "--traced", ManyCalls.TRACED), rest),
                            ManyCalls::atOnce);
                case "fidelity" -> {
                    Fidelity.run(rest);
                    yield DONE;
                }
                case "detector" -> {
                    Detector.run(rest);
                    yield DONE;
                }
                case "digits" -> Digits.run(rest) ? DONE : NOT_GOOD;
                case "floor" -> {
                    System.out.print(Floor.run());
                    yield DONE;
                }
                case "pieces" -> Pieces.run(rest);
                case "compare" -> compare(rest);
                case "help", "--help", "-h" -> {
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
        void run(Rig rig, Run run, Console console) throws IOException, InterruptedException;
    }

    private static int measure(List<String> words, Options options, Mode mode)
            throws IOException, InterruptedException {
        Console console = new Console(System.err);
        List<Run> runs = new ArrayList<>();
        int more = options.runs(); // a void run is made again, as often as there are runs
        OptionalDouble floor = floor(options, console);
        while (runs.size() < options.runs()) {
            console.say("run " + (runs.size() + 1) + " of " + options.runs());
            Run run = one(options, mode, console);
            OptionalDouble after = floor(options, console);
            floorInto(run, options, floor, after);
            floor = after;
            if (!run.voids().isEmpty() && options.runs() > 1 && more-- > 0) {
                console.say("void, and made again: " + String.join("; ", run.voids())
                        + (run.isGood() ? "" : "; its log stays: " + run.notes().get(GATEWAY_LOG)));
            } else {
                runs.add(run);
            }
        }
        Report report = Report.of("bench " + String.join(" ", words), runs);
        System.out.print(report.text());
        if (options.json().isPresent()) {
            report.writeJson(options.json().get());
        }
        if (options.plot().isPresent()) {
            Files.writeString(
                    options.plot().get(),
                    Plot.svg(
                            report.command().replaceAll(" --(json|plot|compare) \\S+", ""),
                            report.at() + ", "
                                    + String.join(", ", report.machine().values()),
                            runs.getLast().panels()));
        }
        if (options.compare().isPresent()) {
            System.out.println();
            System.out.print(
                    new Comparison(Comparison.Reading.of(options.compare().get()), Comparison.Reading.of(report))
                            .text());
        }
        if (!report.isGood()) {
            return NOT_GOOD;
        }
        return report.isVoid() ? VOID : DONE;
    }

    private static Run one(Options options, Mode mode, Console console) throws IOException, InterruptedException {
        Run run = new Run();
        Rig rig = Rig.start(options);
        try (rig) {
            mode.run(rig, run, console);
            run.require("the gateway lives", rig.gateway().isAlive());
        }
        if (run.isGood()) {
            rig.gateway().tidy();
        } else {
            rig.gateway().log().ifPresent(log -> run.note(GATEWAY_LOG, log));
        }
        return run;
    }

    private static OptionalDouble floor(Options options, Console console) throws InterruptedException {
        if (!options.floor()) {
            return OptionalDouble.empty();
        }
        console.say("measuring the floor");
        try {
            return Floor.of(Floor.run(), options);
        } catch (IOException e) {
            console.say(String.valueOf(e.getMessage()));
            return OptionalDouble.empty();
        }
    }

    private static void floorInto(Run run, Options options, OptionalDouble before, OptionalDouble after) {
        if (!options.floor()) {
            return;
        }
        if (before.isEmpty() || after.isEmpty()) {
            run.note(
                    "floor", options.trunk() == Format.G722 ? "it knows no G.722" : "could not be measured; see above");
            return;
        }
        run.put(Figure.FLOOR_BEFORE, before.getAsDouble());
        run.put(Figure.FLOOR_AFTER, after.getAsDouble());
        double cpu = run.figures().getOrDefault(Figure.CPU, java.util.Map.of()).getOrDefault(Run.ALONE, Double.NaN);
        double mean = (before.getAsDouble() + after.getAsDouble()) / 2;
        run.put(Figure.RATIO, cpu / mean);
        if (Math.abs(before.getAsDouble() - after.getAsDouble()) > 0.15 * mean) {
            run.isDisturbed("the floor was %s ms before and %s ms after: the machine changed its pace"
                    .formatted(Report.number(before.getAsDouble()), Report.number(after.getAsDouble())));
        }
    }

    private static int compare(List<String> files) throws IOException {
        if (files.size() != 2) {
            throw new IllegalArgumentException("compare takes two files of figures: an earlier and a later one");
        }
        System.out.print(new Comparison(
                        Comparison.Reading.of(Path.of(files.get(0))), Comparison.Reading.of(Path.of(files.get(1))))
                .text());
        return DONE;
    }

    private static List<String> with(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }
}
