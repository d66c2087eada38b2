package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {

    @Test
    void everyOptionArrives() {
        Options options = Options.parse(
                List.of("--calls", "200", "--floor"),
                List.of(
                        ("--calls 7 --from 3 --step 2 --parallel 5 --seconds 9 --warm-up 4 --runs 3 --web g711 --trunk PCMA"
                                        + " --complexity 9 --web-line loss=5,burst=2,reorder=1,jitter=20,skew=-100"
                                        + " --trunk-line loss=1 --seed 6 --trunk-srtp --sip-only --nmt --json f.json --plot f.svg"
                                        + " --gateway http://127.0.0.1:8080/ --pid 1 --trunk-port 5070")
                                .split(" ", -1)));
        assertThat(options.calls()).isEqualTo(7);
        assertThat(options.from()).isEqualTo(3);
        assertThat(options.step()).isEqualTo(2);
        assertThat(options.parallel()).isEqualTo(5);
        assertThat(options.seconds()).isEqualTo(9);
        assertThat(options.warmUpSeconds()).isEqualTo(4);
        assertThat(options.runs()).isEqualTo(3);
        assertThat(options.web()).isEqualTo(Format.PCMA);
        assertThat(options.trunk()).isEqualTo(Format.PCMA);
        assertThat(options.transcode()).isFalse();
        assertThat(options.complexity()).isEqualTo(9);
        assertThat(options.webLine()).isEqualTo(new Line.Spec(5, 2, 1, 20, -100));
        assertThat(options.trunkLine()).isEqualTo(new Line.Spec(1, 1, 0, 0, 0));
        assertThat(options.seed()).isEqualTo(6);
        assertThat(options.trunkSrtp()).isTrue();
        assertThat(options.signalling()).isTrue();
        assertThat(options.nmt()).isTrue();
        assertThat(options.floor()).isTrue();
        assertThat(options.json()).isPresent();
        assertThat(options.plot()).isPresent();
        assertThat(options.gateway().orElseThrow().trunkPort()).isEqualTo(5070);
    }

    @Test
    void minutesAndOptionsOfTheJvmAreRead() {
        Options options =
                Options.parse(List.of("--floor"), List.of("--minutes", "2", "--jvm", "-Xmx64m -Xlog:gc", "--no-floor"));
        assertThat(options.seconds()).isEqualTo(120);
        assertThat(options.jvmOptions()).containsExactly("-Xmx64m", "-Xlog:gc");
        assertThat(options.floor()).isFalse();
        assertThat(Options.parse(List.of("--minutes", "60"), List.of("--seconds", "7"))
                        .seconds())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--calls",
                "--calls 0",
                "--calls x",
                "--web silk",
                "--web pcma",
                "--trunk opus",
                "--complexity 11",
                "--web-line loss",
                "--web-line loss=x",
                "--web-line wind=5",
                "--web-line loss=90",
                "--compare no-such-file.json",
                "--bogus 1",
                "--gateway http://127.0.0.1:8080/"
            })
    void whatIsWrongIsSaid(String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of(), List.of(words.split(" ", -1))))
                .withMessageMatching(".*(--|loss|wind).*");
    }
}
