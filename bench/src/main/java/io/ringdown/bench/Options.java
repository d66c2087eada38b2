package io.ringdown.bench;

import io.ringdown.media.codec.AudioCodec;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param calls how many
 * @param seconds how long the figures are taken
 * @param transcode Opus on the web leg; without it G.711 straight through
 * @param codec of the trunk
 * @param floor whether the floor is measured in the same minute
 * @param json where the figures go besides the terminal
 * @param gateway one that runs already, with its process and the port where its trunk is expected
 * @param jvmOptions for a gateway of our making
 */
record Options(
        int calls,
        int seconds,
        boolean transcode,
        AudioCodec codec,
        boolean floor,
        Optional<Path> json,
        Optional<Running> gateway,
        List<String> jvmOptions) {

    /** A gateway that is there. */
    record Running(URI uri, long pid, int trunkPort) {}

    /** Reads options; else IllegalArgumentException with what is wrong. */
    static Options parse(List<String> words, int calls) {
        Options options =
                new Options(calls, 30, true, AudioCodec.PCMU, false, Optional.empty(), Optional.empty(), List.of());
        Optional<URI> uri = Optional.empty();
        long pid = 0;
        int trunkPort = 0;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--floor")) {
                options = options.withFloor();
                continue;
            }
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(word + " needs a value, or is no option; bench help lists them");
            }
            String value = words.get(++i);
            switch (word) {
                case "--calls" -> options = options.withCalls(number(word, value, 1, 10_000));
                case "--seconds" -> options = options.withSeconds(number(word, value, 1, 36_000));
                case "--web" -> options = options.withTranscode(choice(word, value, "opus", "g711") == 0);
                case "--trunk" ->
                    options = options.withCodec(
                            choice(word, value, "pcmu", "pcma") == 0 ? AudioCodec.PCMU : AudioCodec.PCMA);
                case "--json" -> options = options.withJson(Path.of(value));
                case "--gateway" -> uri = Optional.of(URI.create(value));
                case "--pid" -> pid = number(word, value, 1, Integer.MAX_VALUE);
                case "--trunk-port" -> trunkPort = number(word, value, 1, 65_535);
                case "--jvm" -> options = options.withJvmOptions(List.of(value.split(" +", 0)));
                default -> throw new IllegalArgumentException(word + " is no option; bench help lists them");
            }
        }
        if (uri.isPresent() && (pid == 0 || trunkPort == 0)) {
            throw new IllegalArgumentException("--gateway needs --pid and --trunk-port too");
        }
        long process = pid;
        int port = trunkPort;
        return options.withGateway(uri.map(where -> new Running(where, process, port)));
    }

    private static int number(String word, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(word + ": " + value + " is no number from " + least + " to " + most);
    }

    private static int choice(String word, String value, String first, String second) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!lower.equals(first) && !lower.equals(second)) {
            throw new IllegalArgumentException(word + ": " + value + " is neither " + first + " nor " + second);
        }
        return lower.equals(first) ? 0 : 1;
    }

    private Options withCalls(int number) {
        return new Options(number, seconds, transcode, codec, floor, json, gateway, jvmOptions);
    }

    private Options withSeconds(int number) {
        return new Options(calls, number, transcode, codec, floor, json, gateway, jvmOptions);
    }

    private Options withTranscode(boolean on) {
        return new Options(calls, seconds, on, codec, floor, json, gateway, jvmOptions);
    }

    private Options withCodec(AudioCodec law) {
        return new Options(calls, seconds, transcode, law, floor, json, gateway, jvmOptions);
    }

    private Options withFloor() {
        return new Options(calls, seconds, transcode, codec, true, json, gateway, jvmOptions);
    }

    private Options withJson(Path file) {
        return new Options(calls, seconds, transcode, codec, floor, Optional.of(file), gateway, jvmOptions);
    }

    private Options withGateway(Optional<Running> running) {
        return new Options(calls, seconds, transcode, codec, floor, json, running, jvmOptions);
    }

    private Options withJvmOptions(List<String> more) {
        return new Options(calls, seconds, transcode, codec, floor, json, gateway, more);
    }
}
