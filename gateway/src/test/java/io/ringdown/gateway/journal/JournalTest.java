package io.ringdown.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.HandedOver;
import io.ringdown.gateway.call.Supervisors;
import io.ringdown.gateway.guard.Money;
import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.quality.CallQuality;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    private static final CallId ID = new CallId("0123456789abcdef0123456789abcdef");
    private static final Instant START = Instant.parse("2026-11-26T10:00:00Z");
    private static final Optional<String> NOBODY = Optional.empty();

    @TempDir
    Path folder;

    @Test
    void whatOneProcessLeavesTheNextFinds() throws Exception {
        try (Journal journal = open()) {
            journal.begun(beginning(false));
            journal.opening(Dialogs.early(ID.hex(), "a")).get();
            journal.opening(Dialogs.early(ID.hex(), "b")).get();
            journal.closed("b", "ours");
            journal.changed(Dialogs.confirmed(ID.hex(), "a"));
            assertThat(journal.leftOver()).isEmpty();
        }
        try (Journal next = open()) {
            assertThat(next.leftOver()).containsExactly(Dialogs.confirmed(ID.hex(), "a"));
            next.closed("a", "ours");
        }
        try (Journal last = open()) {
            assertThat(last.leftOver()).isEmpty();
        }
        assertThat(records()).singleElement().asString().contains(ID.hex(), "\"interrupted\"");
    }

    @Test
    void aCallThatIsGoneOnWithElsewhereHasItsRecordThereAndOneThatWasReadHere() throws Exception {
        try (Journal journal = open()) {
            journal.begun(beginning(false));
            journal.left(ID);
        }
        try (Journal next = open()) {
            next.begun(beginning(false));
            next.answered(beginning(false), Duration.ofSeconds(2), Optional.of("carrier"));
        }
        try (Journal last = open()) {
            assertThat(last.leftOver()).isEmpty();
        }
        assertThat(records()).singleElement().asString().contains(ID.hex(), "\"interrupted\"", "\"answer\"");
    }

    @Test
    void aRecordSaysWhatTheCallWas() throws Exception {
        try (Journal journal = open()) {
            journal.begun(beginning(false));
            journal.answered(beginning(false), Duration.ofSeconds(2), Optional.of("carrier"));
            journal.accept(record());
        }
        try (Journal next = open()) {
            assertThat(next.leftOver()).isEmpty();
            assertThat(next.callsSince(START))
                    .as("what limits count after a restart")
                    .containsExactlyElementsOf(record().counted());
            assertThat(next.callsSince(START.plusSeconds(60))).isEmpty();
        }
        assertThat(records())
                .containsExactly("{\"id\":\"0123456789abcdef0123456789abcdef\",\"direction\":\"outbound\","
                        + "\"from\":\"+4930\",\"to\":\"+12025550100\",\"trunk\":\"carrier\","
                        + "\"subject\":\"alice\",\"token\":\"t-1\",\"address\":\"127.0.0.1\","
                        + "\"counted\":[" + counted("+12025550100", 5_500) + "," + counted("+12025550101", 2_000)
                        + "],\"price\":\"0.02\","
                        + "\"start\":\"2026-11-26T10:00:00.000Z\",\"answer\":\"2026-11-26T10:00:02.000Z\","
                        + "\"end\":\"2026-11-26T10:00:09.500Z\",\"lastedMillis\":9500,\"talkedMillis\":7500,"
                        + "\"cause\":\"congestion\",\"blame\":\"trunk\",\"sip\":503,\"q850\":42,\"attempts\":2,\"supervisions\":2,"
                        + "\"supervisors\":[\"sue\"],"
                        + "\"handedOver\":[{\"to\":\"bob\",\"at\":\"2026-11-26T10:00:04.250Z\"}],"
                        + "\"quality\":{\"browser\":{\"packets\":0,\"lost\":0,\"missingPercent\":0.0,"
                        + "\"jitterMillis\":0.0},\"telephone\":{\"packets\":0,\"lost\":0,\"missingPercent\":0.0,"
                        + "\"jitterMillis\":0.0}}}");
    }

    @Test
    void nobodyButTheOwnerReadsWhatIsWritten() throws Exception {
        try (Journal journal = open()) {
            journal.accept(record());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> written = files.filter(Files::isRegularFile).toList();
            assertThat(written)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void twoGatewaysDoNotShareADirectory() throws Exception {
        try (Journal first = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(
                            "journal.directory: " + folder.resolve("var") + " is in use by another gateway")
                    .hasMessageContaining("give each a directory of its own");
            assertThat(first.isUsable()).isTrue();
        }
        open().close();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamedWithItsKey() throws Exception {
        Files.writeString(folder.resolve("var"), "a file");
        assertThatThrownBy(this::open)
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("journal.directory: " + folder.resolve("var") + " cannot be made")
                .hasMessageContaining("or name another");
    }

    @Test
    void whatWaitsAtOneMomentWaitsForOneWrite() throws Exception {
        SlowDisk disk = new SlowDisk();
        try (Journal journal =
                Journal.open(disk, new MemoryDisk().directory("r"), time(), System::nanoTime, () -> {})) {
            CompletableFuture<Void> first = journal.opening(Dialogs.early("x", "first"));
            disk.isForcing.await();
            List<CompletableFuture<Void>> others = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                others.add(journal.opening(Dialogs.early("x", "c" + i)));
            }
            assertThat(first).isNotDone();
            disk.mayGoOn.countDown();
            CompletableFuture.allOf(others.toArray(CompletableFuture<?>[]::new)).get();
            assertThat(disk.forces).hasValue(2);
        }
    }

    @Test
    void aStartWithAFullDiskFindsWhatIsLeftOverTakesCallsForHelpAndWritesWhenThereIsSpace() throws Exception {
        AtomicBoolean isFull = new AtomicBoolean();
        MemoryDisk disk = new MemoryDisk();
        disk.fullWhile(isFull::get);
        Books last = Books.open(disk.directory("journal"), disk.directory("records"));
        last.take(
                new JournalEntry.Begun(
                        "last", 0, Call.Direction.INBOUND, NOBODY, NOBODY, NOBODY, false, Optional.empty()),
                false);
        last.take(new JournalEntry.Open(Dialogs.confirmed("last", "a")), true);
        last.take(new JournalEntry.Open(Dialogs.confirmed("last", "b")), true);
        last.commit();
        isFull.set(true);
        try (Journal journal = Journal.open(
                disk.directory("journal"), disk.directory("records"), time(), System::nanoTime, () -> {})) {
            assertThat(journal.isUsable()).isFalse();
            assertThat(journal.leftOver())
                    .containsExactly(Dialogs.confirmed("last", "a"), Dialogs.confirmed("last", "b"));
            assertThat(journal.counts().dialogs()).isEqualTo(2);
            assertThat(journal.opening(Dialogs.early("x", "c"))).isCompletedExceptionally();
            journal.begun(beginning(true));
            journal.opening(Dialogs.early(ID.hex(), "help")).get();
            journal.closed("a", "ours");
            isFull.set(false);
            awaitUntil(journal::isUsable);
        }
        assertThat(Books.open(disk.directory("journal"), disk.directory("records"))
                        .dialogs())
                .containsExactly(Dialogs.confirmed("last", "b"), Dialogs.early(ID.hex(), "help"));
        assertThat(disk.text("records/1970-01-01.jsonl").lines())
                .singleElement()
                .asString()
                .contains("\"last\"", "interrupted");
    }

    @Test
    void whileADiskDoesNotAnswerTheDirectoryIsNobodyElses() throws Exception {
        SlowDisk disk = new SlowDisk();
        AtomicBoolean isLetGo = new AtomicBoolean();
        Journal journal =
                Journal.open(disk, new MemoryDisk().directory("r"), time(), System::nanoTime, () -> isLetGo.set(true));
        CompletableFuture<Void> _ = journal.opening(Dialogs.early("x", "late"));
        disk.isForcing.await();
        journal.close();
        assertThat(isLetGo).isFalse();
        assertThat(disk.isClosed).isFalse();
        disk.mayGoOn.countDown();
    }

    @Test
    void whileTheDiskIsFullNoCallIsOpenedExceptForHelpAndThenAllAreAgain() throws Exception {
        AtomicBoolean isFull = new AtomicBoolean();
        MemoryDisk disk = new MemoryDisk();
        disk.fullWhile(isFull::get);
        try (Journal journal = Journal.open(
                disk.directory("journal"), disk.directory("records"), time(), System::nanoTime, () -> {})) {
            isFull.set(true);
            assertThatThrownBy(() -> journal.opening(Dialogs.early("x", "a")).get())
                    .isInstanceOf(ExecutionException.class)
                    .as("whether this call found it out, or it was known by then")
                    .hasMessageMatching(".*(No space left|the journal cannot be written).*");
            awaitUntil(() -> !journal.isUsable());
            assertThat(journal.opening(Dialogs.early("x", "b"))).isCompletedExceptionally();
            journal.begun(beginning(true));
            journal.opening(Dialogs.early(ID.hex(), "help")).get();
            journal.accept(record());
            isFull.set(false);
            awaitUntil(journal::isUsable);
            journal.opening(Dialogs.early("x", "c")).get();
            assertThat(journal.counts().failures()).isPositive();
        }
        assertThat(Books.open(disk.directory("journal"), disk.directory("records"))
                        .dialogs())
                .containsExactly(Dialogs.early(ID.hex(), "help"), Dialogs.early("x", "c"));
        assertThat(disk.text("records/2026-11-26.jsonl").lines()).hasSize(1);
    }

    /** Waits for the journal's own thread; JUnit's time limit ends it if that never comes to it. */
    private static void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private Journal open() throws JournalException {
        return Journal.open(JournalSettings.defaults().orIn(folder.resolve("var")), time(), System::nanoTime);
    }

    private static String counted(String to, long talkedMillis) {
        return "{\"subject\":\"alice\",\"token\":\"t-1\",\"address\":\"127.0.0.1\",\"to\":\"" + to
                + "\",\"end\":\"2026-11-26T10:00:09.500Z\",\"talkedMillis\":" + talkedMillis + "}";
    }

    private static InstantSource time() {
        return InstantSource.fixed(START);
    }

    private List<String> records() throws IOException {
        return Files.readAllLines(folder.resolve("var/records/2026-11-26.jsonl"));
    }

    private static final Optional<PastCall.Who> ASKER = Optional.of(
            new PastCall.Who("alice", Optional.of("t-1"), Optional.empty(), InetAddress.getLoopbackAddress()));

    private static CallBook.Beginning beginning(boolean emergency) {
        return new CallBook.Beginning(
                ID,
                START,
                Call.Direction.OUTBOUND,
                Optional.of("+4930"),
                PhoneNumber.of("+12025550100"),
                Optional.empty(),
                emergency,
                ASKER);
    }

    private static PastCall counted(String to, Duration talked) {
        return new PastCall(ASKER.orElseThrow(), new PhoneNumber(to), START.plusMillis(9_500), talked);
    }

    private static CallRecord record() {
        return new CallRecord(
                ID,
                Call.Direction.OUTBOUND,
                PhoneNumber.of("+12025550100"),
                Optional.of("carrier"),
                2,
                new Ending(EndCause.CONGESTION, OptionalInt.of(503), OptionalInt.of(42), Optional.empty()),
                Duration.ofMillis(9_500),
                Optional.of(Duration.ofMillis(7_500)),
                Optional.of(CallQuality.NONE),
                0,
                beginning(false),
                Optional.of(Money.parse("0.02")),
                List.of(
                        counted("+12025550100", Duration.ofMillis(5_500)),
                        counted("+12025550101", Duration.ofMillis(2_000))),
                new Supervisors(2, List.of("sue")),
                List.of(new HandedOver("bob", Duration.ofMillis(4_250))));
    }

    /** Its first force waits until it may go on. */
    private static final class SlowDisk implements Disk {
        private final Disk disk = new MemoryDisk().directory("j");
        private final AtomicInteger forces = new AtomicInteger();
        private final CountDownLatch isForcing = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private final AtomicBoolean isClosed = new AtomicBoolean();

        @Override
        public List<String> names() throws IOException {
            return disk.names();
        }

        @Override
        public InputStream read(String name) throws IOException {
            return disk.read(name);
        }

        @Override
        public void replace(String name, byte[] content) throws IOException {
            disk.replace(name, content);
        }

        @Override
        public Tail append(String name) throws IOException {
            Tail tail = disk.append(name);
            return new Tail() {
                @Override
                public long length() throws IOException {
                    return tail.length();
                }

                @Override
                public void write(byte[] bytes) throws IOException {
                    tail.write(bytes);
                }

                @Override
                public void truncate(long length) throws IOException {
                    tail.truncate(length);
                }

                @Override
                public void force() throws IOException {
                    forces.incrementAndGet();
                    isForcing.countDown();
                    try {
                        mayGoOn.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                    tail.force();
                }

                @Override
                public void close() throws IOException {
                    isClosed.set(true);
                    tail.close();
                }
            };
        }
    }
}
