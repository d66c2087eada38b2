package io.ringdown.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ringdown.gateway.call.Call;
import io.ringdown.sip.DialogState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class BooksTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-11-27T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = MIDNIGHT.minusSeconds(20);

    // ---- crashes

    @Test
    void wheneverTheProcessOrTheMachineDiesNothingIsLostAndNothingDoubled() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            Life life = new Life(seed, 4);
            life.live();
            for (int moment = 0; moment <= life.disk.moments(); moment++) {
                life.dieAt(moment, false);
                life.dieAt(moment, true);
            }
        }
    }

    @Test
    void theSameInLongLivesAtSomeMomentsAndIfTheNextStartDiesToo() throws IOException {
        for (long seed = 100; seed < 110; seed++) {
            Life life = new Life(seed, 40);
            life.live();
            Random random = new Random(seed);
            for (int i = 0; i < 60; i++) {
                life.dieTwiceAt(random.nextInt(life.disk.moments() + 1), random);
            }
        }
    }

    /** What one process does, from a seed, and what was promised of it after each commit. */
    private static final class Life {
        private final long seed;
        private final int calls;
        private final Random random;
        private final MemoryDisk disk = new MemoryDisk();
        private final List<Promise> promises = new ArrayList<>();
        private final Set<String> begun = new HashSet<>();
        private final Map<String, DialogState> open = new HashMap<>();
        private final Set<String> recorded = new HashSet<>();
        private Instant now = START;

        /** What holds from this moment on; {@code isForced}: even if the machine dies. */
        private record Promise(
                int moment, boolean isForced, Set<String> begun, Map<String, DialogState> open, Set<String> recorded) {}

        Life(long seed, int calls) {
            this.seed = seed;
            this.calls = calls;
            this.random = new Random(seed);
        }

        void live() throws IOException {
            Books books = books(disk);
            promise(true);
            for (int next = 0; next < calls || !open.isEmpty(); ) {
                boolean isForced = false;
                int together = 1 + random.nextInt(3);
                for (int i = 0; i < together; i++) {
                    now = now.plus(Duration.ofMillis(random.nextInt(3_000)));
                    if (next < calls && (open.isEmpty() || random.nextInt(3) == 0)) {
                        begin(books, "c" + next++);
                        isForced = true;
                    } else if (!open.isEmpty()) {
                        isForced |= goOn(books, open.keySet().stream().sorted().toList());
                    }
                }
                books.commit();
                promise(isForced);
            }
        }

        private void begin(Books books, String call) {
            books.take(
                    new JournalEntry.Begun(
                            call,
                            now.toEpochMilli(),
                            Call.Direction.OUTBOUND,
                            Optional.of("+4930"),
                            Optional.of("+12025550100"),
                            Optional.empty(),
                            false,
                            Optional.empty()),
                    false);
            books.take(new JournalEntry.Open(Dialogs.early(call, call)), true);
            begun.add(call);
            open.put(call, Dialogs.early(call, call));
        }

        private boolean goOn(Books books, List<String> names) {
            String call = names.get(random.nextInt(names.size()));
            return switch (random.nextInt(4)) {
                case 0 -> {
                    books.take(new JournalEntry.Answered(call, now.toEpochMilli(), Optional.of("carrier")), false);
                    books.take(new JournalEntry.Open(Dialogs.confirmed(call, call)), false);
                    yield !Dialogs.confirmed(call, call).equals(open.put(call, Dialogs.confirmed(call, call)));
                }
                case 1 -> {
                    books.take(new JournalEntry.Alive(now.toEpochMilli()), true);
                    yield true;
                }
                default -> {
                    books.take(new JournalEntry.Closed(call, "ours"), false);
                    open.remove(call);
                    books.takeRecord(record(call, RecordLine.day(now)));
                    recorded.add(call);
                    yield true;
                }
            };
        }

        private void promise(boolean isForced) {
            promises.add(
                    new Promise(disk.moments(), isForced, Set.copyOf(begun), Map.copyOf(open), Set.copyOf(recorded)));
        }

        void dieAt(int moment, boolean isPower) throws IOException {
            MemoryDisk left = disk.after(moment, isPower);
            Books next = books(left);
            check(moment, isPower, left, next);
            List<DialogState> dialogs = next.dialogs();
            Map<String, List<String>> records = records(left);
            Books again = books(left);
            assertThat(again.dialogs()).as(at(moment, isPower)).isEqualTo(dialogs);
            assertThat(records(left)).as(at(moment, isPower)).isEqualTo(records);
        }

        void dieTwiceAt(int moment, Random where) throws IOException {
            boolean isPower = where.nextBoolean();
            MemoryDisk left = disk.after(moment, isPower).copy();
            int before = left.moments();
            books(left);
            int since = before + where.nextInt(left.moments() - before + 1);
            MemoryDisk leftAgain = left.after(since, where.nextBoolean());
            check(moment, isPower, leftAgain, books(leftAgain));
        }

        private void check(int moment, boolean isPower, MemoryDisk left, Books next) throws IOException {
            Promise kept = promises.stream()
                    .filter(promise -> promise.moment <= moment && (promise.isForced || !isPower))
                    .reduce((_, later) -> later)
                    .orElse(new Promise(0, true, Set.of(), Map.of(), Set.of()));
            Promise coming = promises.stream()
                    .filter(promise -> promise.moment >= moment)
                    .findFirst()
                    .orElseThrow();
            Map<String, List<String>> records = records(left);
            Map<String, DialogState> dialogs = new HashMap<>();
            next.dialogs().forEach(dialog -> dialogs.put(dialog.callId(), dialog));
            for (String call : kept.open.keySet()) {
                if (coming.open.containsKey(call)) {
                    assertThat(dialogs).as(at(moment, isPower)).containsKey(call);
                }
                if (kept.open.get(call).equals(coming.open.get(call))) {
                    assertThat(dialogs).as(at(moment, isPower)).containsEntry(call, kept.open.get(call));
                }
            }
            for (String call : kept.begun) {
                assertThat(records).as(at(moment, isPower)).containsKey(call);
            }
            for (String call : kept.recorded) {
                assertThat(records).as(at(moment, isPower)).containsEntry(call, List.of("normal"));
                if (!isPower) {
                    assertThat(dialogs).as(at(moment, isPower)).doesNotContainKey(call);
                }
            }
            assertThat(records.values()).as(at(moment, isPower)).allMatch(causes -> causes.size() == 1);
            assertThat(coming.begun).as(at(moment, isPower)).containsAll(records.keySet());
            assertThat(coming.begun).as(at(moment, isPower)).containsAll(dialogs.keySet());
            dialogs.forEach((call, dialog) -> assertThat(dialog)
                    .as(at(moment, isPower))
                    .isIn(Dialogs.early(call, call), Dialogs.confirmed(call, call)));
        }

        private String at(int moment, boolean isPower) {
            return "seed " + seed + ", " + (isPower ? "power lost" : "killed") + " at moment " + moment;
        }
    }

    // ---- what a start finds

    @Test
    void aCallThatWasInterruptedEndsWhenTheProcessIsLastKnownToHaveLived() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Books books = books(disk);
        books.take(begun("a", MIDNIGHT.minusSeconds(9)), false);
        books.take(
                new JournalEntry.Answered("a", MIDNIGHT.minusSeconds(5).toEpochMilli(), Optional.of("carrier")), false);
        books.take(new JournalEntry.Alive(MIDNIGHT.plusMillis(250).toEpochMilli()), true);
        books.commit();
        assertThat(books(disk).interrupted()).hasSize(1);
        assertThat(disk.text("records/2026-11-27.jsonl"))
                .isEqualTo("{\"id\":\"a\",\"direction\":\"inbound\",\"from\":\"+4930\",\"to\":\"+12025550100\","
                        + "\"trunk\":\"carrier\",\"start\":\"2026-11-26T23:59:51.000Z\","
                        + "\"answer\":\"2026-11-26T23:59:55.000Z\",\"end\":\"2026-11-27T00:00:00.250Z\","
                        + "\"lastedMillis\":9250,\"talkedMillis\":5250,\"cause\":\"interrupted\","
                        + "\"blame\":\"gateway\"}\n");
    }

    @Test
    void aRecordWithoutTheEndOfItsLineIsWrittenAgainInItsPlace() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Books books = books(disk);
        books.take(begun("a", START), true);
        books.commit();
        disk.put("records/2026-11-26.jsonl", "{\"id\":\"b\"}\n{\"id\":\"a\",\"cause\":\"normal\"}");
        books(disk);
        assertThat(disk.text("records/2026-11-26.jsonl").lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("\"id\":\"a\"", "interrupted");
    }

    @Test
    void linesThatNobodyCanReadArePassedOverAndCounted() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Books books = books(disk);
        books.take(new JournalEntry.Open(Dialogs.early("a", "a")), true);
        books.commit();
        String whole = disk.text("journal/journal.jsonl");
        disk.put(
                "journal/journal.jsonl",
                "{\"kind\":\"NEW\"}\nnot JSON\n{\"kind\":\"OPEN\"}\n[]\n\u0000\n" + whole + "{\"kind\"");
        Books next = books(disk);
        assertThat(next.unreadable()).isEqualTo(6);
        assertThat(next.dialogs()).containsExactly(Dialogs.early("a", "a"));
    }

    @Test
    void whatAnotherVersionHasWrittenBesidesIsPassedOver() {
        String line = new String(
                JournalText.line(new JournalEntry.Open(Dialogs.confirmed("a", "b"))), StandardCharsets.UTF_8);
        assertThat(JournalText.read(line.replace("\"localTag\"", "\"since\":7,\"localTag\"")))
                .contains(new JournalEntry.Open(Dialogs.confirmed("a", "b")));
    }

    // ---- size

    @Test
    void theJournalIsAsLargeAsWhatIsOpenAndNotAsWhatHasBeen() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Books books = books(disk);
        books.take(new JournalEntry.Open(Dialogs.confirmed("stays", "stays")), true);
        int largest = 0;
        for (int i = 0; i < 10_000; i++) {
            books.take(new JournalEntry.Open(Dialogs.early("c", "c" + i)), true);
            books.take(new JournalEntry.Closed("c" + i, "ours"), false);
            if (i % 100 == 0) {
                books.commit();
                largest = Math.max(largest, disk.text("journal/journal.jsonl").length());
            }
        }
        books.commit();
        assertThat(largest).isLessThan(5_000_000);
        assertThat(books(disk).dialogs()).containsExactly(Dialogs.confirmed("stays", "stays"));
        assertThat(disk.text("journal/journal.jsonl").length()).isLessThan(2_000);
    }

    // ---- a full disk

    @Test
    void whatCouldNotBeWrittenIsWrittenWhenThereIsSpaceAgain() throws IOException {
        AtomicBoolean isFull = new AtomicBoolean();
        MemoryDisk disk = new MemoryDisk();
        disk.fullWhile(isFull::get);
        Books books = books(disk);
        books.take(begun("a", START), false);
        books.take(new JournalEntry.Open(Dialogs.early("a", "a")), true);
        books.take(begun("b", START), false);
        books.take(new JournalEntry.Open(Dialogs.early("b", "b")), true);
        books.commit();
        isFull.set(true);
        books.take(new JournalEntry.Closed("a", "ours"), false);
        books.takeRecord(record("a", "2026-11-26"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(books::commit).isInstanceOf(IOException.class);
        }
        books.take(new JournalEntry.Open(Dialogs.confirmed("b", "b")), false);
        assertThatThrownBy(books::commit).isInstanceOf(IOException.class);
        isFull.set(false);
        books.commit();
        assertThat(records(disk)).isEqualTo(Map.of("a", List.of("normal")));
        assertThat(disk.text("records/2026-11-26.jsonl")).endsWith("}\n");
        Books next = books(disk);
        assertThat(next.dialogs()).containsExactly(Dialogs.confirmed("b", "b"));
        assertThat(next.unreadable()).isZero();
        assertThat(records(disk)).containsOnlyKeys("a", "b");
    }

    private static Books books(MemoryDisk disk) throws IOException {
        Books books = Books.open(disk.directory("journal"), disk.directory("records"));
        books.commit();
        return books;
    }

    private static JournalEntry.Begun begun(String call, Instant at) {
        return new JournalEntry.Begun(
                call,
                at.toEpochMilli(),
                Call.Direction.INBOUND,
                Optional.of("+4930"),
                Optional.of("+12025550100"),
                Optional.of("carrier"),
                false,
                Optional.empty());
    }

    private static RecordLine record(String call, String day) {
        return new RecordLine(
                call, day, JsonNodeFactory.instance.objectNode().put("id", call).put("cause", "normal"));
    }

    /** The causes of each call's records. */
    private static Map<String, List<String>> records(MemoryDisk disk) throws IOException {
        Map<String, List<String>> causes = new HashMap<>();
        for (String file : disk.files()) {
            if (file.startsWith("records/")) {
                for (String line : disk.text(file).lines().toList()) {
                    var object = JSON.readTree(line);
                    causes.computeIfAbsent(object.path("id").asText(), _ -> new ArrayList<>())
                            .add(object.path("cause").asText());
                }
            }
        }
        return causes;
    }
}
