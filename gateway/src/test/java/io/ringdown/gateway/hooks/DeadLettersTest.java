package io.ringdown.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.tokens.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was not delivered, on a disk that fails and among files that are none of ours. */
final class DeadLettersTest {
    @TempDir
    Path folder;

    private Path directory = Path.of("");

    @BeforeEach
    void resolve() {
        directory = folder.resolve("dead");
    }

    @Test
    void aLetterWaitsForADiskThatFailsAndLeavesWhenItIsThere() throws IOException {
        Files.createFile(directory); // where a directory should be
        DeadLetterWriter writer = new DeadLetterWriter(new DeadLetters(directory, 10), 10);
        writer.add(letter(1));
        assertThat(writer.write(0)).isEmpty();
        assertThat(writer.pending()).containsExactly(letter(1).what());
        assertThat(writer.failures()).isEqualTo(1);
        Files.delete(directory);
        long due = writer.nextWakeup(1).orElseThrow();
        assertThat(due).isEqualTo(DeadLetterWriter.RETRY.toNanos());
        assertThat(writer.write(due - 1)).as("the disk is left alone").isEmpty();
        assertThat(writer.write(due)).containsExactly(letter(1).what());
        assertThat(writer.pending()).isEmpty();
        assertThat(writer.nextWakeup(due)).isEmpty();
        assertThat(writer.dropped()).isZero();
        assertThat(DeadLetters.read(new DeadLetters(directory, 10).files().getFirst()))
                .contains(letter(1));
    }

    @Test
    void ofTooManyThatWaitForADiskTheOldestAreDroppedAndCounted() throws IOException {
        Files.createFile(directory);
        DeadLetterWriter writer = new DeadLetterWriter(new DeadLetters(directory, 10), 2);
        IntStream.rangeClosed(1, 5).forEach(number -> {
            writer.add(letter(number));
            writer.write(0);
        });
        assertThat(writer.pending()).extracting(Delivery::number).containsExactly(4L, 5L);
        assertThat(writer.dropped()).isEqualTo(3);
        assertThat(writer.failures()).as("tries within one minute").isEqualTo(1);
    }

    @Test
    void manyAreWrittenAFewAtATimeWithoutAWait() throws IOException {
        DeadLetterWriter writer = new DeadLetterWriter(new DeadLetters(directory, 1_000), 1_000);
        int all = 2 * DeadLetterWriter.MOST_AT_ONCE + 1;
        IntStream.rangeClosed(1, all).forEach(number -> writer.add(letter(number)));
        assertThat(writer.write(7)).hasSize(DeadLetterWriter.MOST_AT_ONCE);
        assertThat(writer.nextWakeup(8)).hasValue(8);
        assertThat(writer.write(8)).hasSize(DeadLetterWriter.MOST_AT_ONCE);
        assertThat(writer.write(9)).hasSize(1);
        assertThat(writer.nextWakeup(10)).isEmpty();
        assertThat(numbers()).hasSize(all);
    }

    @Test
    void theOldestAreDroppedAtTheLatestWithASixteenthMoreAndWhatIsToldAgainMeanwhileIsNotCounted() throws IOException {
        DeadLetters letters = new DeadLetters(directory, 32);
        for (int number = 1; number <= 34; number++) {
            assertThat(letters.put(letter(number))).isZero();
        }
        for (Path taken : letters.files().subList(10, 20)) {
            Files.delete(taken);
        }
        assertThat(letters.put(letter(35))).as("there are 25 only").isZero();
        assertThat(numbers()).hasSize(25);
        int dropped = 0;
        for (int number = 36; number <= 100; number++) {
            dropped += letters.put(letter(number));
        }
        assertThat(dropped).isEqualTo(25 + 65 - numbers().size());
        assertThat(numbers()).hasSizeBetween(32, 34).last().isEqualTo(100L);
    }

    @Test
    void theDirectoryIsListedOnceAndNotForEachLetter() throws IOException {
        DeadLetters letters = new DeadLetters(directory, 32);
        letters.put(letter(1));
        for (int strange = 0; strange < 100; strange++) {
            Files.writeString(directory.resolve("not-seen-" + strange + ".json"), "");
        }
        assertThat(letters.put(letter(2))).as("a listing would find too many").isZero();
        assertThat(new DeadLetters(directory, 32).put(letter(3)))
                .as("the next process lists once")
                .isEqualTo(71);
    }

    @Test
    void theSameLetterIsKeptOnce() throws IOException {
        DeadLetters letters = new DeadLetters(directory, 1);
        letters.put(letter(1));
        assertThat(letters.put(letter(1))).isZero();
        assertThat(numbers()).containsExactly(1L);
    }

    @Test
    void aFileThatIsCutAtAnyPlaceIsNamed() throws IOException {
        new DeadLetters(directory, 10).put(letter(1));
        Path file = new DeadLetters(directory, 10).files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> DeadLetters.read(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageNotContaining("+1202");
        }
        Files.write(file, new byte[] {(byte) 0xff});
        assertThatThrownBy(() -> DeadLetters.read(file)).hasMessageContaining(file.toString());
    }

    @Test
    void oneThatCannotBeReadDoesNotHideTheOthers() throws IOException {
        DeadLetters letters = new DeadLetters(directory, 10);
        letters.put(letter(2));
        letters.put(letter(3));
        Path cut = directory.resolve("0000000000000001-crm-x.json");
        Files.writeString(cut, "{\"what\"");
        assertThat(undelivered().list(Optional.of("crm")))
                .satisfiesExactly(
                        line -> assertThat(line).contains(cut.toString()),
                        line -> assertThat(line).contains("call.begun", "nobody"),
                        line -> assertThat(line).contains("call.begun", "nobody"));
        List<String> said = new ArrayList<>();
        assertThat(undelivered().resend(Optional.empty(), said::add)).isFalse();
        assertThat(said)
                .satisfiesExactly(
                        line -> assertThat(line).contains(cut.toString()),
                        line -> assertThat(line).contains("no such receiver"),
                        line -> assertThat(line).contains("no such receiver"),
                        line -> assertThat(line).isEqualTo("0 taken"));
    }

    @Test
    void oneThatCannotBeSaidByHttpDoesNotStopTheOthers() throws IOException {
        DeadLetters letters = new DeadLetters(directory, 10);
        letters.put(new DeadLetters.Letter(
                new Delivery(1, "a", "shut", "line a", "call.begun\r\nEvil: yes", 0, "{}"), "nobody", 1));
        letters.put(letter(2));
        List<String> said = new ArrayList<>();
        assertThat(undelivered().resend(Optional.empty(), said::add)).isFalse();
        assertThat(said).hasSize(3).last().isEqualTo("0 taken");
    }

    @Test
    void oneThatIsGoneMeanwhileIsNoFailure() throws IOException {
        Files.createDirectories(directory);
        Files.createSymbolicLink(directory.resolve("0000000000000001-crm-x.json"), directory.resolve("gone"));
        assertThat(undelivered().list(Optional.empty())).containsExactly("Everything was delivered, or waits still.");
        List<String> said = new ArrayList<>();
        assertThat(undelivered().resend(Optional.empty(), said::add)).isTrue();
        assertThat(said)
                .satisfiesExactly(
                        line -> assertThat(line).contains("crm-x.json", "not there any more"),
                        line -> assertThat(line).isEqualTo("0 taken"));
    }

    /** Its only receiver is one that nothing listens for. */
    private Undelivered undelivered() {
        HookTarget shut = new HookTarget(
                URI.create("http://127.0.0.1:9/"),
                Secret.parse("0123456789abcdef0123456789abcdef"),
                Optional.empty(),
                List.of());
        return new Undelivered(
                new HookSettings(
                        Map.of("shut", shut),
                        Duration.ofSeconds(5),
                        Duration.ofHours(1),
                        1,
                        10,
                        10,
                        Optional.of(folder)),
                "test",
                InstantSource.system());
    }

    private List<Long> numbers() throws IOException {
        return new DeadLetters(directory, 10)
                .files().stream()
                        .map(file ->
                                Long.parseLong(file.getFileName().toString().substring(0, 16)))
                        .toList();
    }

    private static DeadLetters.Letter letter(int number) {
        String body = "{\"to\":\"+12025550100\"}";
        return new DeadLetters.Letter(
                new Delivery(number, "id" + number, "crm", "call " + number, "call.begun", 1_000L * number, body),
                "nobody has taken it in time",
                3);
    }
}
