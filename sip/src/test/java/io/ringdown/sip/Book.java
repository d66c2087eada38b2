package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A journal in memory, which holds its user to the rules. Safe for all threads. */
final class Book implements DialogJournal {
    private final Map<String, DialogState> open = new LinkedHashMap<>();
    private final Set<String> opened = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private @Nullable CompletableFuture<Void> gate;
    private boolean fails;

    /** From now on what is opened waits for this. */
    synchronized CompletableFuture<Void> gate() {
        gate = new CompletableFuture<>();
        return gate;
    }

    /** The process before has left this open here. */
    synchronized void leftOver(DialogState dialog) {
        opened.add(key(dialog.callId(), dialog.localTag()));
        open.put(key(dialog.callId(), dialog.localTag()), dialog);
    }

    @Override
    public synchronized CompletableFuture<Void> opening(DialogState dialog) {
        told.add("opening");
        opened.add(key(dialog.callId(), dialog.localTag()));
        open.put(key(dialog.callId(), dialog.localTag()), dialog);
        return gate == null ? CompletableFuture.completedFuture(null) : gate;
    }

    /** What is changed next meets a bug. */
    synchronized void failOnce() {
        fails = true;
    }

    @Override
    public synchronized void changed(DialogState dialog) {
        if (fails) {
            fails = false;
            throw new IllegalStateException("a bug");
        }
        told.add("changed");
        open.put(key(dialog.callId(), dialog.localTag()), dialog);
        if (!opened.contains(key(dialog.callId(), dialog.localTag()))) {
            told.add("WRONG: changed what was never opened");
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
