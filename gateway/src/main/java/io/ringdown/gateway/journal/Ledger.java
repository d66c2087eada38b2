package io.ringdown.gateway.journal;

import io.ringdown.sip.DialogState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is open, by everything that the journal says. Pure; one thread at a time. */
final class Ledger {
    /** A call that has no record yet. */
    record OpenCall(JournalEntry.Begun begun, Optional<JournalEntry.Answered> answered) {}

    /** What names a dialog: both ends write other tags, and a forked call has several of them (RFC 3261 12). */
    private record Key(String callId, String localTag) {}

    private final Map<String, OpenCall> calls = new LinkedHashMap<>();
    private final Map<Key, DialogState> dialogs = new LinkedHashMap<>();
    private long lastSignMillis;

    void on(JournalEntry entry) {
        switch (entry) {
            case JournalEntry.Begun begun -> {
                calls.putIfAbsent(begun.call(), new OpenCall(begun, Optional.empty()));
                sign(begun.atMillis());
            }
            case JournalEntry.Answered answered -> {
                calls.computeIfPresent(answered.call(), (_, open) -> new OpenCall(open.begun(), Optional.of(answered)));
                sign(answered.atMillis());
            }
            case JournalEntry.Ended ended -> calls.remove(ended.call());
            case JournalEntry.Open open -> dialogs.put(key(open.dialog()), open.dialog());
            case JournalEntry.Closed closed -> dialogs.remove(new Key(closed.callId(), closed.localTag()));
            case JournalEntry.Alive alive -> sign(alive.atMillis());
        }
    }

    /** Whether this is the first to say of its dialog that it is confirmed. */
    boolean isConfirmation(JournalEntry entry) {
        return entry instanceof JournalEntry.Open open
                && isConfirmed(open.dialog())
                && !isKnownConfirmed(open.dialog());
    }

    private boolean isKnownConfirmed(DialogState dialog) {
        return Optional.ofNullable(dialogs.get(key(dialog)))
                .filter(Ledger::isConfirmed)
                .isPresent();
    }

    private static boolean isConfirmed(DialogState dialog) {
        return dialog.stage() == DialogState.Stage.CONFIRMED;
    }

    /** Calls without a record, in the order in which they began. */
    List<OpenCall> calls() {
        return List.copyOf(calls.values());
    }

    /** Dialogs for which something is left to be done, in the order in which they were opened. */
    List<DialogState> dialogs() {
        return List.copyOf(dialogs.values());
    }

    int dialogCount() {
        return dialogs.size();
    }

    /** The latest time at which the process is known to have lived; 0 if none is known. */
    long lastSignMillis() {
        return lastSignMillis;
    }

    /** The fewest entries that say the same. */
    List<JournalEntry> entries() {
        List<JournalEntry> all = new ArrayList<>();
        for (OpenCall call : calls.values()) {
            all.add(call.begun());
            call.answered().ifPresent(all::add);
        }
        dialogs.values().forEach(dialog -> all.add(new JournalEntry.Open(dialog)));
        if (lastSignMillis != 0) {
            all.add(new JournalEntry.Alive(lastSignMillis));
        }
        return all;
    }

    private void sign(long atMillis) {
        lastSignMillis = Math.max(lastSignMillis, atMillis);
    }

    private static Key key(DialogState dialog) {
        return new Key(dialog.callId(), dialog.localTag());
    }
}
