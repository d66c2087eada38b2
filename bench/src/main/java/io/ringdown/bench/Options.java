package io.ringdown.bench;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param calls how many, at most
 * @param from how many calls a ramp begins with
 * @param step by how many calls a ramp grows
 * @param parallel how many calls are set up at a time
 * @param seconds how long the figures are taken
 * @param warmUpSeconds how long calls stand before
 * @param runs of how many runs the medians are taken
 * @param web the browsers' codec; the same as {@code trunk} goes straight through
 * @param trunk the trunk's codec
 * @param complexity of the gateway's Opus encoder
 * @param bitrate of the gateway's Opus encoder, in bits a second
 * @param webLine the way from browsers to the gateway
 * @param trunkLine the way from the trunk to the gateway
 * @param trunkSrtp whether the trunk's RTP is encrypted
 * @param signalling whether calls that come and go do without ICE and DTLS
 * @param traced of how many calls the gateway keeps the SIP messages
 * @param floor whether the floor is measured before and after
 * @param nmt whether the JVM of the gateway accounts for its native memory
 * @param seed of phases and faults
 * @param json where the figures go besides the terminal
 * @param plot where they are drawn
 * @param compare earlier figures
 * @param gateway one that runs already, with its process and the port where its trunk is expected
 * @param jvmOptions for a gateway of our making
 */
record Options(
        int calls,
        int from,
        int step,
        int parallel,
        int seconds,
        int warmUpSeconds,
        int runs,
        Format web,
        Format trunk,
        int complexity,
        int bitrate,
        Line.Spec webLine,
        Line.Spec trunkLine,
        boolean trunkSrtp,
        boolean signalling,
        int traced,
        boolean floor,
        boolean nmt,
        long seed,
        Optional<Path> json,
        Optional<Path> plot,
        Optional<Path> compare,
        Optional<Running> gateway,
        List<String> jvmOptions) {

    private static final Set<String> SWITCHES = Set.of("--floor", "--no-floor", "--nmt", "--sip-only", "--trunk-srtp");
    private static final Set<String> VALUES = Set.of(
            "--calls",
            "--from",
            "--step",
            "--parallel",
            "--seconds",
            "--minutes",
            "--warm-up",
            "--runs",
            "--web",
            "--trunk",
            "--complexity",
            "--bitrate",
            "--web-line",
            "--trunk-line",
            "--traced",
            "--seed",
            "--json",
            "--plot",
            "--compare",
            "--gateway",
            "--pid",
            "--trunk-port",
            "--jvm");

    /** A gateway that is there. */
    record Running(URI uri, long pid, int trunkPort) {}

    Options {
        if (web != Format.OPUS && web != trunk) {
            throw new IllegalArgumentException("--web: " + web.word() + " goes straight through only to --trunk "
                    + web.word() + "; write opus for a transcoded call");
        }
        if (trunk == Format.OPUS) {
            throw new IllegalArgumentException("--trunk: opus is no trunk's codec yet; there are pcmu, pcma, g722");
        }
        web.codec(); // says so where the gateway has none
        trunk.codec();
    }

    /** Reads the options of a command over its own defaults, written the same way; else IllegalArgumentException with what is wrong. */
    static Options parse(List<String> defaults, List<String> words) {
        Map<String, String> given = new HashMap<>();
        read(defaults, given);
        read(words, given);
        Format trunk = format("--trunk", given.getOrDefault("--trunk", "pcmu"));
        String web = given.getOrDefault("--web", "opus");
        Optional<Path> compare = Optional.ofNullable(given.get("--compare")).map(Path::of);
        if (compare.isPresent() && !Files.isReadable(compare.get())) {
            throw new IllegalArgumentException(
                    "--compare: there is no file " + compare.get() + "; an earlier run writes one with --json");
        }
        return new Options(
                number(given, "--calls", 40, 1, Numbers.MOST_PLACES),
                number(given, "--from", 10, 1, Numbers.MOST_PLACES),
                number(given, "--step", 10, 1, 1_000),
                number(given, "--parallel", 4, 1, 256),
                given.containsKey("--minutes")
                        ? 60 * number(given, "--minutes", 60, 1, 6_000)
                        : number(given, "--seconds", 30, 1, 36_000),
                number(given, "--warm-up", 20, 0, 3_600),
                number(given, "--runs", 1, 1, 99),
                web.equals("g711") ? trunk : format("--web", web),
                trunk,
                number(given, "--complexity", 5, 0, 10),
                number(given, "--bitrate", 24_000, 6_000, 128_000),
                Line.Spec.parse(given.getOrDefault("--web-line", "loss=0")),
                Line.Spec.parse(given.getOrDefault("--trunk-line", "loss=0")),
                given.containsKey("--trunk-srtp"),
                given.containsKey("--sip-only"),
                number(given, "--traced", 1_000, 0, 100_000),
                given.containsKey("--floor") && !given.containsKey("--no-floor"),
                given.containsKey("--nmt"),
                number(given, "--seed", 1, 0, Integer.MAX_VALUE),
                Optional.ofNullable(given.get("--json")).map(Path::of),
                Optional.ofNullable(given.get("--plot")).map(Path::of),
                compare,
                running(given),
                given.containsKey("--jvm")
                        ? List.of(given.getOrDefault("--jvm", "").split(" +", 0))
                        : List.of());
    }

    /** Whether the gateway decodes and encodes. */
    boolean transcode() {
        return web == Format.OPUS;
    }

    private static void read(List<String> words, Map<String, String> given) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (SWITCHES.contains(word)) {
                given.put(word, "");
            } else if (!VALUES.contains(word)) {
                throw new IllegalArgumentException(word + " is no option; bench help lists them");
            } else if (i + 1 == words.size()) {
                throw new IllegalArgumentException(word + " needs a value; bench help tells which");
            } else {
                if (word.equals("--seconds") || word.equals("--minutes")) {
                    given.keySet().removeAll(Set.of("--seconds", "--minutes")); // the last one counts
                }
                given.put(word, words.get(++i));
            }
        }
    }

    private static Optional<Running> running(Map<String, String> given) {
        if (!given.containsKey("--gateway")) {
            return Optional.empty();
        }
        if (!given.containsKey("--pid") || !given.containsKey("--trunk-port")) {
            throw new IllegalArgumentException("--gateway needs --pid and --trunk-port too");
        }
        return Optional.of(new Running(
                URI.create(given.getOrDefault("--gateway", "")),
                number(given, "--pid", 0, 1, Integer.MAX_VALUE),
                number(given, "--trunk-port", 0, 1, 65_535)));
    }

    private static int number(Map<String, String> given, String word, int otherwise, int least, int most) {
        String value = given.get(word);
        if (value == null) {
            return otherwise;
        }
        return (int) WholeNumber.within(word, value, least, most);
    }

    private static Format format(String word, String value) {
        return Arrays.stream(Format.values())
                .filter(format -> format.word().equals(value.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        word + ": " + value + " is no codec of the kit; there are opus, pcmu, pcma, g722"));
    }
}
