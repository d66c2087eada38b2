package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringdown.media.codec.AudioCodec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {

    @Test
    void everyOptionArrives() {
        Options options = Options.parse(
                List.of(
                        "--calls",
                        "7",
                        "--seconds",
                        "9",
                        "--web",
                        "g711",
                        "--trunk",
                        "PCMA",
                        "--floor",
                        "--json",
                        "f.json",
                        "--jvm",
                        "-Xmx64m -Xlog:gc",
                        "--gateway",
                        "http://127.0.0.1:8080/",
                        "--pid",
                        "1",
                        "--trunk-port",
                        "5070"),
                200);
        assertThat(options.calls()).isEqualTo(7);
        assertThat(options.seconds()).isEqualTo(9);
        assertThat(options.transcode()).isFalse();
        assertThat(options.codec()).isEqualTo(AudioCodec.PCMA);
        assertThat(options.floor()).isTrue();
        assertThat(options.json()).isPresent();
        assertThat(options.jvmOptions()).containsExactly("-Xmx64m", "-Xlog:gc");
        assertThat(options.gateway().orElseThrow().trunkPort()).isEqualTo(5070);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--calls",
                "--calls 0",
                "--calls x",
                "--web silk",
                "--bogus 1",
                "--gateway http://127.0.0.1:8080/"
            })
    void whatIsWrongIsSaid(String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(List.of(words.split(" ", -1)), 1))
                .withMessageContaining("--");
    }
}
