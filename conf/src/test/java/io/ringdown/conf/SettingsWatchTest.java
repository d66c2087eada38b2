package io.ringdown.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.conf.SettingsWatch.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsWatchTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private Path file;
    private SettingsWatch<Sample> watch;
    private long now = Long.MAX_VALUE - SECOND;

    @BeforeEach
    void open() throws Exception {
        file = Files.writeString(folder.resolve("ringdown.yaml"), "media: {loops: 3}\n");
        watch = SettingsWatch.open(file, Map.of(), Sample.class, Duration.ofSeconds(2));
    }

    @Test
    void anUntouchedFileIsNoChange() throws IOException {
        Files.writeString(file, Files.readString(file));
        assertThat(after(0)).isInstanceOf(Change.None.class);
        assertThat(after(10)).isInstanceOf(Change.None.class);
    }

    @Test
    void aChangeCountsOnceWhenItHasStoodStill() throws IOException {
        Files.writeString(file, "media: {loops: 4}\n");
        assertThat(after(1)).isInstanceOf(Change.None.class);
        Files.writeString(file, "media: {loops: 5}\n");
        assertThat(after(1)).isInstanceOf(Change.None.class);
        assertThat(after(1)).isInstanceOf(Change.None.class);
        assertThat(after(1))
                .isInstanceOfSatisfying(
                        Change.Changed.class,
                        changed -> assertThat(
                                        ((Sample) changed.settings()).media().loops())
                                .isEqualTo(5));
        assertThat(after(5)).isInstanceOf(Change.None.class);
        assertThat(watch.current().media().loops()).isEqualTo(5);
    }

    @Test
    void aCommentIsNoChange() throws IOException {
        Files.writeString(file, "# more\nmedia: {loops: 3}\n");
        after(1);
        assertThat(after(3)).isInstanceOf(Change.None.class);
    }

    @Test
    void aBrokenFileIsRejectedOnceAndTheLastGoodSettingsStay() throws IOException {
        Files.writeString(file, "media: {loops: x}\n");
        after(1);
        assertThat(after(3)).isInstanceOf(Change.Rejected.class);
        assertThat(after(3)).isInstanceOf(Change.None.class);
        assertThat(watch.current().media().loops()).isEqualTo(3);
        Files.delete(file);
        after(1);
        assertThat(after(3)).isInstanceOf(Change.Rejected.class);
        Files.writeString(file, "media: {loops: 9}\n");
        after(1);
        assertThat(after(3)).isInstanceOf(Change.Changed.class);
    }

    @Test
    void aFileThatIsReplacedThroughALinkIsSeen() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), file);
        watch = SettingsWatch.open(link, Map.of(), Sample.class, Duration.ZERO);
        Path other = Files.writeString(folder.resolve("other.yaml"), "media: {loops: 8}\n");
        Files.delete(link);
        assertThat(after(1)).isInstanceOf(Change.Rejected.class);
        Files.createSymbolicLink(link, other);
        assertThat(after(1)).isInstanceOf(Change.Changed.class);
    }

    private Change<Sample> after(long seconds) {
        now += seconds * SECOND;
        return watch.poll(now);
    }
}
