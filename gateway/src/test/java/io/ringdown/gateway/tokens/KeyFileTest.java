package io.ringdown.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A key whose file goes away, or is not what it was. */
final class KeyFileTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        lines.start();
        ((Logger) LoggerFactory.getLogger(KeyFile.class)).addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        ((Logger) LoggerFactory.getLogger(KeyFile.class)).detachAppender(lines);
    }

    @Test
    void aFileThatIsGoneLeavesItsKeyAndSaysSoOnceAnHour() throws Exception {
        Path path = folder.resolve("key.pub");
        String key = Forge.pem(Forge.ed25519().getPublic());
        KeyFile file = KeyFile.open(Forge.file(TokenAlgorithm.EDDSA, path, key), Optional.empty());
        List<TokenKey> keys = file.look(0);
        Files.delete(path);
        assertThat(file.look(1)).isEqualTo(keys);
        assertThat(file.isStale()).as("in the middle of being replaced").isFalse();
        assertThat(lines.list).isEmpty();
        for (int second = 2; second < 100; second++) {
            assertThat(file.look(second)).isEqualTo(keys);
            assertThat(file.isStale()).isTrue();
        }
        assertThat(lines.list)
                .singleElement()
                .matches(line -> line.getFormattedMessage().contains(path + " cannot be read"));
        Files.writeString(path, "x".repeat(300_000));
        assertThat(file.look(HOUR + 2)).as("too large is as good as gone").isEqualTo(keys);
        assertThat(lines.list).hasSize(2);
        Files.writeString(path, key);
        assertThat(file.look(HOUR + 3)).isEqualTo(keys);
        assertThat(file.isStale()).isFalse();
        Files.writeString(path, "no key");
        assertThat(file.look(HOUR + 4)).isEqualTo(keys);
        assertThat(file.isStale()).isTrue();
    }
}
