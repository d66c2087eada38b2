package io.ringdown.conf;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings in the shape of the real ones. */
record Sample(Web web, Media media, Map<String, Trunk> trunks, Map<String, String> words) {

    record Web(boolean open, Path privateKey, List<String> origins, Set<Level> levels) {
        static Web defaults() {
            return new Web(false, Path.of("key.pem"), List.of("http://127.0.0.1:8080"), Set.of(Level.ALL_OF_IT));
        }
    }

    enum Level {
        ALL_OF_IT,
        A_PART
    }

    record Media(InetAddress listen, Ports webPorts, Duration patience, int loops, double share) {
        Media {
            if (loops < 1) {
                throw new IllegalArgumentException("loops: " + loops + " is below 1; write at least 1");
            }
            if (share > 1) {
                throw new IllegalArgumentException("share: " + share + " is above 1; write 0 to 1");
            }
            if (patience.isZero()) {
                throw new IllegalArgumentException("patience: none; write at least 1ms");
            }
        }

        public static Media defaults() {
            return new Media(
                    InetAddress.ofLiteral("127.0.0.1"), new Ports(10_000, 10_007), Duration.ofSeconds(4), 2, 0.5);
        }
    }

    record Ports(int first, int last) {
        public static Ports parse(String text) {
            String[] ends = text.split("-", -1);
            if (ends.length != 2) {
                throw new IllegalArgumentException(
                        "is no range of ports; write the first and the last, as in 10000-10007");
            }
            return new Ports(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
        }
    }

    record Trunk(String host, Optional<Integer> port, Optional<Login> login, List<String> prefixes) {}

    record Login(String user, Secret password) {}

    record Secret(String text) {
        public static Secret parse(String text) {
            if (text.length() < 8) {
                throw new IllegalArgumentException("'" + text + "' is too short; write at least 8 characters");
            }
            return new Secret(text);
        }

        @Override
        public String toString() {
            return "Secret[masked]";
        }
    }

    static Sample read(String yaml) throws SettingsException {
        return read(yaml, Map.of());
    }

    static Sample read(String yaml, Map<String, String> environment) throws SettingsException {
        return Settings.parse(Path.of("ringdown.yaml"), yaml, environment, Sample.class);
    }

    static List<String> problems(String yaml) {
        return problems(yaml, Map.of());
    }

    static List<String> problems(String yaml, Map<String, String> environment) {
        try {
            read(yaml, environment);
            return List.of();
        } catch (SettingsException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
