package io.ringdown.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each broken file is told with all that is wrong: place, key, value, what is wrong, remedy. */
final class BrokenConfigurationsTest {
    @TempDir
    Path folder;

    @Test
    void unknownKeysAreToldWithTheKeyThatWasMeant() {
        assertThat(Sample.problems("""
                        media:
                          webPorts: 10000-10007
                          loop: 3
                          open: yes
                          nonsense: {a: b}
                        weeb: {}
                        """))
                .containsExactly(
                        "ringdown.yaml:2:3: media.webPorts = '10000-10007': is not a known key; did you mean web-ports?",
                        "ringdown.yaml:3:3: media.loop = '3': is not a known key; did you mean loops?",
                        "ringdown.yaml:4:3: media.open = 'yes': is not a known key; did you mean web.open?",
                        "ringdown.yaml:5:3: media.nonsense: is not a known key; the keys here are listen, web-ports, patience, loops, share",
                        "ringdown.yaml:6:1: weeb: is not a known key; did you mean web?");
    }

    @Test
    void valuesOfAWrongTypeAreAllTold() {
        assertThat(Sample.problems("""
                        web:
                          open: maybe
                          levels: [all-of-it, a-prat]
                        media:
                          listen: localhost
                          web-ports: many
                          patience: 4
                          loops: 0011
                          share: 1e3
                        """))
                .containsExactly(
                        "ringdown.yaml:2:9: web.open = 'maybe': is neither true nor false; write true or false",
                        "ringdown.yaml:3:23: web.levels[1] = 'a-prat': is not one of the choices; did you mean a-part? write one of all-of-it, a-part",
                        "ringdown.yaml:5:11: media.listen = 'localhost': is not an address; write the address itself, not a name, as in 192.0.2.1 or 2001:db8::1",
                        "ringdown.yaml:6:14: media.web-ports = 'many': is no range of ports; write the first and the last, as in 10000-10007",
                        "ringdown.yaml:7:13: media.patience = '4': is not a duration; write a number with ms, s, m, h or d, as in 4s or 500ms",
                        "ringdown.yaml:8:10: media.loops = '0011': is not a whole number; write digits only, without a leading 0, as in 8",
                        "ringdown.yaml:9:10: media.share = '1e3': is not a number; write digits with a point, as in 0.5");
    }

    @Test
    void missingKeysAreToldAtTheSectionThatLacksThem() {
        assertThat(Sample.problems("""
                        trunks:
                          one:
                          two:
                            host:
                            login: {user: u}
                        """))
                .containsExactly(
                        "ringdown.yaml:2:3: trunks.one.host: is missing; add host: with some text",
                        "ringdown.yaml:4:5: trunks.two.host: has no value; write some text",
                        "ringdown.yaml:5:5: trunks.two.login.password: is missing; add password: with a secret");
    }

    @Test
    void failedChecksOfARecordAreAllToldBesideWrongTypes() {
        assertThat(Sample.problems("""
                        media:
                          listen: nowhere
                          patience: 0s
                          loops: 0
                          share: 1.5
                        """))
                .containsExactly(
                        "ringdown.yaml:2:11: media.listen = 'nowhere': is not an address; write the address itself, not a name, as in 192.0.2.1 or 2001:db8::1",
                        "ringdown.yaml:3:13: media.patience = '0s': none; write at least 1ms",
                        "ringdown.yaml:4:10: media.loops = '0': 0 is below 1; write at least 1",
                        "ringdown.yaml:5:10: media.share = '1.5': 1.5 is above 1; write 0 to 1");
    }

    @Test
    void listsSectionsAndValuesInEachOthersPlaceAreTold() {
        assertThat(Sample.problems("""
                        web: 8080
                        media:
                          - loops: 1
                        trunks:
                          a: {host: [x], prefixes: {b: c}}
                          b: sip.example.net
                        words: [a]
                        """))
                .containsExactly(
                        "ringdown.yaml:1:6: web = '8080': is one value where a section belongs; write its keys below it: open, private-key, origins, levels",
                        "ringdown.yaml:3:3: media: is a list where a section belongs; write its keys below it: listen, web-ports, patience, loops, share",
                        "ringdown.yaml:5:13: trunks.a.host: is a list where one value belongs; write some text",
                        "ringdown.yaml:5:28: trunks.a.prefixes: is a section where a list belongs; write prefixes: [one, two], or one item per line behind -",
                        "ringdown.yaml:6:6: trunks.b = 'sip.example.net': is one value where a section belongs; write its keys below it: host, port, login, prefixes",
                        "ringdown.yaml:7:8: words: is a list where a section belongs; write names below it, each with its own keys or value");
    }

    @Test
    void keysThatAreThereTwiceAreTold() {
        assertThat(Sample.problems("""
                        media:
                          loops: 2
                          loops: 3
                        words:
                          a: b
                        media: {}
                        web:
                          levels: [a-part, a-part]
                        """))
                .containsExactly(
                        "ringdown.yaml:3:3: media.loops = '3': is there twice, first at line 2; keep one of them",
                        "ringdown.yaml:6:1: media: is there twice, first at line 1; keep one of them",
                        "ringdown.yaml:8:20: web.levels[1] = 'a-part': is in the list twice; keep one of them");
    }

    @Test
    void whatIsNoYamlIsToldWithLineAndLastKey() {
        assertThat(Sample.problems("web:\n  open: true\nmedia:\n\tloops: 2\n"))
                .singleElement()
                .asString()
                .startsWith("ringdown.yaml:4:1: media = 'loops: 2': is not YAML here: ")
                .endsWith("; indent with spaces, never with tabs");
        assertThat(Sample.problems("media:\n  loops: a: b\n"))
                .singleElement()
                .asString()
                .startsWith("ringdown.yaml:2:11: media.loops = 'loops: a: b': ");
        assertThat(Sample.problems("words:\n  a: 'x\n"))
                .singleElement()
                .asString()
                .startsWith("ringdown.yaml:3:1: words.a");
        assertThat(Sample.problems("words:\n  a: \u0007\n"))
                .containsExactly(
                        "ringdown.yaml:2:6: 'a: \\u0007': holds a character that YAML does not allow; write it as an escape inside double quotes, such as \"\\x07\"");
    }

    @Test
    void whatYamlCouldButASettingsFileNeedsNotIsRefused() {
        assertThat(Sample.problems("""
                        media:
                          loops: !!int 3
                        words:
                          a: !!javax.script.ScriptEngineManager [x]
                          <<: {b: c}
                          ? [x]
                          : y
                          "e[0]": z
                        web:
                          origins: [[a], '', ]
                          levels:
                            -
                        """))
                .containsExactly(
                        "ringdown.yaml:2:10: media.loops = 'tag:yaml.org,2002:int': has a tag, and tags are not supported; leave out what begins with !; every value is taken as it is written",
                        "ringdown.yaml:4:6: words.a = 'tag:yaml.org,2002:javax.script.ScriptEngineManager': has a tag, and tags are not supported; leave out what begins with !; every value is taken as it is written",
                        "ringdown.yaml:5:3: words.<<: merge keys are not supported; write the keys out",
                        "ringdown.yaml:6:5: words: has a key that is a list or a section; use a name",
                        "ringdown.yaml:8:3: words.e[0]: is no name for a key; use up to 80 letters, digits and _ - . + * # @",
                        "ringdown.yaml:10:13: web.origins[0]: is a list inside a list; write one value behind each -",
                        "ringdown.yaml:12:6: web.levels[0]: is an item without a value; write one value behind each -");
    }

    @Test
    void secretsAreMaskedWhereverTheyStand() {
        String yaml = """
                trunks:
                  a:
                    host: h
                    login: {user: u, password: hunter2}
                  b:
                    host: h
                    login: {user: u, pasword: hunter2hunter2}
                    secret-word: hunter2
                words: {password: [hunter2], password: hunter2}
                """;
        List<String> problems = Sample.problems(yaml, Map.of("RINGDOWN_TRUNKS_A_LOGIN_PASWORD", "hunter2"));
        assertThat(problems).hasSize(7).noneMatch(problem -> problem.contains("hunter"));
        assertThat(problems)
                .contains(
                        "ringdown.yaml:4:32: trunks.a.login.password = '********': is not acceptable; see the sample file",
                        "ringdown.yaml:7:22: trunks.b.login.pasword = '********': is not a known key; did you mean password?",
                        "variable RINGDOWN_TRUNKS_A_LOGIN_PASWORD = '********': names no key; did you mean RINGDOWN_TRUNKS_A_LOGIN_PASSWORD?");
        assertThat(Sample.problems("words:\n  password: \"hunter2\n"))
                .singleElement()
                .asString()
                .doesNotContain("hunter");
    }

    @Test
    void filesThatCannotBeReadAreToldWithTheirName() throws IOException {
        Path missing = folder.resolve("none.yaml");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', ':', (byte) 0xC3, (byte) 0x28});
        Path large = Files.write(folder.resolve("large.yaml"), new byte[YamlSource.MAX_BYTES + 1]);
        assertThat(read(missing)).containsExactly(missing + ": does not exist; create it, or name another file");
        assertThat(read(binary)).containsExactly(binary + ": is not UTF-8 text; save it as UTF-8");
        assertThat(read(large)).containsExactly(large + ": is larger than 1 MiB; make it smaller");
        assertThat(read(folder)).singleElement().asString().startsWith(folder + ": cannot be read");
    }

    @Test
    void aliasesCannotUnfoldToMoreThanFits() {
        StringBuilder bomb = new StringBuilder("words:\n  a: &a0 {x: y}\n");
        for (int level = 1; level < 12; level++) {
            bomb.append("  a").append(level).append(": &a").append(level).append(" {");
            for (int use = 0; use < 9; use++) {
                bomb.append(use == 0 ? "" : ", ")
                        .append('k')
                        .append(use)
                        .append(": *a")
                        .append(level - 1);
            }
            bomb.append("}\n");
        }
        assertThat(Sample.problems(bomb.toString())).anyMatch(problem -> problem.contains("use fewer"));
        assertThat(Sample.problems(bomb.substring(0, bomb.indexOf("  a6"))))
                .anyMatch(problem -> problem.contains("too large once its aliases"));
        assertThat(Sample.problems("words: &w\n  a: *w\n")).anyMatch(problem -> problem.contains("nested too deeply"));
        assertThat(Sample.problems("words: " + "[".repeat(5000)))
                .singleElement()
                .asString()
                .contains("ringdown.yaml");
        assertThat(Sample.problems("words: " + "{a: ".repeat(40) + "b" + "}".repeat(40)))
                .hasSize(1);
    }

    @Test
    void noTextEndsInAnythingButSettingsOrProblems() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String good =
                "web:\n  open: true\n  origins: [a, 'b', \"c\"]\nmedia: &m {loops: 3, web-ports: 1-2}\ntrunks:\n  a:\n    host: |\n      x\n    login: {user: u, password: 12345678}\nwords: {a: b}\n";
        String odd = "\u0000\t\n :{}[]-?*&!|>'\"%@`#,\uFEFF\u2028\uD800";
        for (int run = 0; run < 2000; run++) {
            StringBuilder text = new StringBuilder(good);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                text.setCharAt(at, odd.charAt(random.nextInt(odd.length())));
            }
            text.setLength(random.nextInt(text.length() + 1));
            assertThat(Sample.problems(text.toString())).as("seed %d", seed).doesNotContainNull();
        }
    }

    private static List<String> read(Path file) {
        try {
            Settings.read(file, Map.of(), Sample.class);
            return List.of();
        } catch (SettingsException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
