package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A journal in memory, which holds its user to the rules. Safe for all threads. */
final class Book implements DialogJournal {
    private final Map<String, DialogState> open = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();
    private @Nullable CompletableFuture<Void> gate;

    /** From now on what is opened waits for this. */
    synchronized CompletableFuture<Void> gate() {
        gate = new CompletableFuture<>();
        return gate;
    }

    /** The process before has left this open here. */
    synchronized void leftOver(DialogState dialog) {
        open.put(key(dialog.callId(), dialog.localTag()), dialog);
    }

    @Override
    public synchronized CompletableFuture<Void> opening(DialogState dialog) {
        told.add("opening");
        open.put(key(dialog.callId(), dialog.localTag()), dialog);
        return gate == null ? CompletableFuture.completedFuture(null) : gate;
    }

    @Override
    public synchronized void changed(DialogState dialog) {
        told.add("changed");
        if (open.replace(key(dialog.callId(), dialog.localTag()), dialog) == null) {
            told.add("WRONG: changed what is not open");
        }
    }

    @Override
    public synchronized void closed(String callId, String localTag) {
        told.add("closed");
        if (open.remove(key(callId, localTag)) == null) {
            told.add("WRONG: closed what is not open");
        }
    }

    private static String key(String callId, String localTag) {
        return callId + ";" + localTag;
    }

    synchronized List<String> told() {
        return List.copyOf(told);
    }

    synchronized List<DialogState> open() {
        return List.copyOf(open.values());
    }

    /** The one dialog that is open. */
    DialogState only() {
        assertThat(told()).noneMatch(one -> one.startsWith("WRONG"));
        assertThat(open()).hasSize(1);
        return open().getFirst();
    }

    void awaitOpen(int count) {
        LocatedTrunkSippTest.await(() -> open().size() == count);
        assertThat(told()).noneMatch(one -> one.startsWith("WRONG"));
    }
}
