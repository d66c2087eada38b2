package io.ringdown.gateway.journal;

import io.ringdown.gateway.guard.PastCall;
import io.ringdown.sip.DialogState;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The journal and the records, in their files. One thread at a time; {@link #commit} blocks for as long as the disk takes.
 *
 * <p>The order that makes a record exactly one: it is on the disk before the journal says so. If the process ends in between, the
 * next start finds the call open and looks for its id among the records before it writes one.
 *
 * <p>What could not be written is not kept line by line: the journal is written anew, from what is open, once the disk works again.
 */
final class Books implements AutoCloseable {
    private static final String JOURNAL = "journal.jsonl";
    private static final String RECORDS_END = ".jsonl";
    // Rewritten when it is larger than this and than four times what is open: at 1 kB a dialog, a few seconds of heavy
    // load.
    private static final long LEAST_TO_COMPACT = 4 << 20;
    private static final int COMPACT_FACTOR = 4;
    // Calls that have ended while records could not be written: new ones are refused then, so these are few.
    private static final int MOST_OWED = 100_000;

    private final Disk journal;
    private final Disk records;
    private final Ledger ledger = new Ledger();
    private final ByteArrayOutputStream due = new ByteArrayOutputStream();
    private final List<RecordLine> owed = new ArrayList<>();
    private Disk.@Nullable Tail tail;
    private Disk.@Nullable Tail day;
    private String dayName = "";
    private long compactAt = LEAST_TO_COMPACT;
    private boolean isDamaged;
    private boolean mustForce;
    private int unreadable;
    private final List<RecordLine> interrupted = new ArrayList<>();
    private long written;
    private long lost;

    private Books(Disk journal, Disk records) {
        this.journal = journal;
        this.records = records;
    }

    /**
     * Reads what the last process has left. The first {@link #commit} writes the records that it could not, and begins a journal of
     * what is still open; a disk without space is enough until then. IOException where it cannot be read.
     */
    static Books open(Disk journal, Disk records) throws IOException {
        Books books = new Books(journal, records);
        books.readJournal();
        books.cutHalfRecords();
        books.closeInterrupted();
        books.isDamaged = true;
        return books;
    }

    /** Dialogs for which something is left to be done. */
    List<DialogState> dialogs() {
        return ledger.dialogs();
    }

    int dialogCount() {
        return ledger.dialogCount();
    }

    /** The records of the calls that the last process has left without one. */
    List<RecordLine> interrupted() {
        return List.copyOf(interrupted);
    }

    /** How many lines of the journal could not be read at the start. */
    int unreadable() {
        return unreadable;
    }

    /** How many records were written. */
    long written() {
        return written;
    }

    /** How many records were not, and will not be. */
    long lost() {
        return lost;
    }

    /**
     * Takes it; written with the next {@link #commit}. {@code forced}: and then on the disk, as is each dialog's step to confirmed:
     * CANCEL, which ends what is written as early, ends nothing that was answered (RFC 3261 9.2).
     */
    void take(JournalEntry entry, boolean forced) {
        mustForce |= forced || ledger.isConfirmation(entry);
        ledger.on(entry);
        if (!isDamaged) {
            due.writeBytes(JournalText.line(entry));
        }
    }

    /** Takes the record of a call that is over. */
    void takeRecord(RecordLine record) {
        if (owed.size() < MOST_OWED) {
            owed.add(record);
        } else {
            lost++;
        }
    }

    /** Writes what was taken. After an IOException nothing taken is lost: the next one writes it. */
    void commit() throws IOException {
        writeRecords();
        if (isDamaged) {
            writeAnew();
        } else if (due.size() > 0) {
            append();
        }
    }

    private void append() throws IOException {
        Disk.Tail open = theTail();
        isDamaged = true;
        try {
            open.write(due.toByteArray());
            if (mustForce) {
                open.force();
            }
            isDamaged = false;
            mustForce = false;
        } finally {
            due.reset();
        }
        if (open.length() > compactAt) {
            writeAnew();
        }
    }

    private void writeAnew() throws IOException {
        due.reset();
        close(tail);
        tail = null;
        isDamaged = true;
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        ledger.entries().forEach(entry -> whole.writeBytes(JournalText.line(entry)));
        journal.replace(JOURNAL, whole.toByteArray());
        tail = journal.append(JOURNAL);
        compactAt = Math.max(LEAST_TO_COMPACT, COMPACT_FACTOR * (long) whole.size());
        isDamaged = false;
        mustForce = false;
    }

    private Disk.Tail theTail() throws IOException {
        Disk.Tail open = tail;
        if (open == null) {
            open = journal.append(JOURNAL);
            tail = open;
        }
        return open;
    }

    private void writeRecords() throws IOException {
        Map<String, List<RecordLine>> byDay =
                owed.stream().collect(Collectors.groupingBy(RecordLine::day, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<String, List<RecordLine>> one : byDay.entrySet()) {
            writeRecords(one.getKey(), one.getValue());
            owed.removeAll(one.getValue());
            written += one.getValue().size();
            one.getValue().forEach(record -> take(new JournalEntry.Ended(record.call()), true));
        }
    }

    private void writeRecords(String name, List<RecordLine> lines) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        lines.forEach(line -> text.writeBytes(JournalText.bytes(line.object())));
        Disk.Tail open = dayFile(name);
        long before = open.length();
        try {
            open.write(text.toByteArray());
            open.force();
        } catch (IOException failed) {
            day = null;
            try (open) {
                open.truncate(before);
            } catch (IOException again) {
                failed.addSuppressed(again);
            }
            throw failed;
        }
    }

    private Disk.Tail dayFile(String name) throws IOException {
        Disk.Tail open = day;
        if (open != null && dayName.equals(name)) {
            return open;
        }
        close(open);
        day = null;
        open = records.append(name + RECORDS_END);
        day = open;
        dayName = name;
        return open;
    }

    /**
     * Half a line is what a crash has left of a record. Its call is still open in the journal, or had not even begun there. Only the
     * days that were written to last can have one.
     */
    private void cutHalfRecords() throws IOException {
        List<String> days = records.names().stream()
                .filter(name -> name.endsWith(RECORDS_END))
                .toList();
        for (String name : days.subList(Math.max(0, days.size() - 2), days.size())) {
            try (Disk.Tail open = records.append(name)) {
                open.truncate(lengthOfWholeLines(name));
            }
        }
    }

    private long lengthOfWholeLines(String name) throws IOException {
        long length = 0;
        long whole = 0;
        byte[] part = new byte[1 << 16];
        try (InputStream bytes = records.read(name)) {
            for (int read = bytes.read(part); read >= 0; read = bytes.read(part)) {
                for (int i = 0; i < read; i++) {
                    if (part[i] == '\n') {
                        whole = length + i + 1;
                    }
                }
                length += read;
            }
        }
        return whole;
    }

    private void readJournal() throws IOException {
        for (String line : wholeLines(journal.read(JOURNAL))) {
            Optional<JournalEntry> entry = JournalText.read(line);
            entry.ifPresent(ledger::on);
            if (entry.isEmpty()) {
                unreadable++;
            }
        }
    }

    /** The last line counts only with its end: what was being written when the process ended says nothing. */
    private List<String> wholeLines(InputStream from) throws IOException {
        try (from) {
            String text = new String(from.readAllBytes(), StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n');
            if (end + 1 < text.length()) {
                unreadable++;
            }
            return end < 0 ? List.of() : text.substring(0, end).lines().toList();
        }
    }

    private void closeInterrupted() throws IOException {
        List<Ledger.OpenCall> open = ledger.calls();
        if (open.isEmpty()) {
            return;
        }
        Set<String> recorded = recorded(open);
        for (Ledger.OpenCall call : open) {
            String id = call.begun().call();
            if (recorded.contains(id)) {
                take(new JournalEntry.Ended(id), true);
            } else {
                RecordLine record = RecordLine.interrupted(call, ledger.lastSignMillis());
                takeRecord(record);
                interrupted.add(record);
            }
        }
    }

    /** Which of these calls have a record already: their process ended between that and saying so. */
    private Set<String> recorded(List<Ledger.OpenCall> open) throws IOException {
        Set<String> sought =
                open.stream().map(call -> call.begun().call()).collect(Collectors.toCollection(HashSet::new));
        String firstDay = open.stream()
                .map(call -> RecordLine.day(Instant.ofEpochMilli(call.begun().atMillis())))
                .min(String::compareTo)
                .orElseThrow();
        Set<String> found = new HashSet<>();
        for (String name : records.names()) {
            if (name.endsWith(RECORDS_END) && name.compareTo(firstDay) >= 0) {
                find(name, sought, found);
            }
        }
        return found;
    }

    private void find(String name, Set<String> sought, Set<String> found) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(records.read(name), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JournalText.idOfRecord(line).filter(sought::contains).ifPresent(found::add);
            }
        }
    }

    /** Tells of each call out that has ended since then and was asked for by somebody, as far as there are records. */
    void eachCallSince(Instant since, Consumer<PastCall> each) throws IOException {
        String firstDay = RecordLine.day(since) + RECORDS_END;
        for (String name : records.names()) {
            if (name.endsWith(RECORDS_END) && name.compareTo(firstDay) >= 0) {
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(records.read(name), StandardCharsets.UTF_8))) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        JournalText.callsOut(line).stream()
                                .filter(call -> !call.end().isBefore(since))
                                .forEach(each);
                    }
                }
            }
        }
    }

    /** Closes the files; what was not committed is not written. */
    @Override
    public void close() throws IOException {
        try {
            close(tail);
        } finally {
            close(day);
        }
    }

    private static void close(Disk.@Nullable Tail open) throws IOException {
        if (open != null) {
            open.close();
        }
    }
}
