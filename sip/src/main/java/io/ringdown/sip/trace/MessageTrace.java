package io.ringdown.sip.trace;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The latest messages by call and by trunk, bounded in number and in size: the oldest call goes first. Safe for all threads;
 * each message costs a short lock, and none of them is on the path of media.
 */
public final class MessageTrace {
    // Characters are bytes here: what SIP carries is nearly always Latin-1.
    private static final long MOST_CHARACTERS = 32L << 20;
    private static final int LONGEST_NAME = 64;

    private final TraceSettings settings;
    private final Map<String, CallTrace> byCall = new LinkedHashMap<>();
    private final Map<String, List<String>> callIdsByName = new HashMap<>();
    private final Map<String, Deque<TracedMessage>> byTrunk = new HashMap<>();
    private long characters;

    /**
     * One call that is remembered.
     *
     * @param callId its Call-ID
     * @param name what the application calls it; empty where it said nothing
     * @param trunk its trunk; empty where that is not known
     * @param began when its first message went by
     * @param messages how many went by
     * @param firstLine of its first message
     */
    public record Summary(
            String callId,
            Optional<String> name,
            Optional<String> trunk,
            Instant began,
            int messages,
            String firstLine) {}

    /** The beginning and the end of a call: in between, long calls only refresh themselves. */
    private static final class CallTrace {
        final List<TracedMessage> first = new ArrayList<>(8);
        final Deque<TracedMessage> last = new ArrayDeque<>(0);

        @Nullable
        String name;

        int seen;
    }

    public MessageTrace(TraceSettings settings) {
        this.settings = settings;
    }

    /** Keeps it. */
    public synchronized void add(TracedMessage message) {
        if (settings.messagesPerTrunk() > 0 && message.trunk().isPresent()) {
            Deque<TracedMessage> latest =
                    byTrunk.computeIfAbsent(message.trunk().get(), _ -> new ArrayDeque<>());
            if (latest.size() >= settings.messagesPerTrunk()) {
                latest.removeFirst();
            }
            latest.addLast(message);
        }
        if (settings.calls() > 0 && !message.callId().isEmpty()) {
            CallTrace call = byCall.computeIfAbsent(message.callId(), _ -> new CallTrace());
            keep(call, message);
            while (byCall.size() > settings.calls() || (characters > MOST_CHARACTERS && byCall.size() > 1)) {
                forgetOldest();
            }
        }
    }

    private void keep(CallTrace call, TracedMessage message) {
        call.seen++;
        characters += message.text().length();
        int half = settings.messagesPerCall() / 2;
        if (call.first.size() < half) {
            call.first.add(message);
            return;
        }
        call.last.addLast(message);
        if (call.last.size() > settings.messagesPerCall() - half) {
            characters -= call.last.removeFirst().text().length();
        }
    }

    private void forgetOldest() {
        Map.Entry<String, CallTrace> oldest = byCall.entrySet().iterator().next();
        byCall.remove(oldest.getKey());
        CallTrace call = oldest.getValue();
        characters -= size(call.first) + size(call.last);
        callIdsByName.computeIfPresent(call.name == null ? "" : call.name, (_, callIds) -> {
            callIds.remove(oldest.getKey());
            return callIds.isEmpty() ? null : callIds;
        });
    }

    private static long size(Collection<TracedMessage> messages) {
        return messages.stream().mapToLong(message -> message.text().length()).sum();
    }

    /**
     * The application has a name of its own for the call with this Call-ID, and perhaps for others that were tried before it: they
     * are found by it too, as long as they are kept.
     */
    public synchronized void name(String callId, String name) {
        CallTrace call = settings.calls() > 0 && name.length() <= LONGEST_NAME
                ? byCall.computeIfAbsent(callId, _ -> new CallTrace())
                : null;
        if (call != null && call.name == null) {
            call.name = name;
            callIdsByName.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(callId);
        }
    }

    /** The messages of a call, in order, by its Call-ID or the application's name of it; empty if it is not kept. */
    public synchronized List<TracedMessage> ofCall(String callIdOrName) {
        List<TracedMessage> messages = new ArrayList<>();
        tracesOf(callIdOrName).forEach(call -> {
            messages.addAll(call.first);
            messages.addAll(call.last);
        });
        return messages;
    }

    /** How many messages of a call lie between those that are kept. */
    public synchronized int leftOut(String callIdOrName) {
        return tracesOf(callIdOrName).stream()
                .mapToInt(call -> call.seen - call.first.size() - call.last.size())
                .sum();
    }

    private List<CallTrace> tracesOf(String callIdOrName) {
        return callIdsByName.getOrDefault(callIdOrName, List.of(callIdOrName)).stream()
                .flatMap(callId -> Stream.ofNullable(byCall.get(callId)))
                .toList();
    }

    /** The latest messages of a trunk, in order. */
    public synchronized List<TracedMessage> ofTrunk(String trunk) {
        Deque<TracedMessage> latest = byTrunk.get(trunk);
        return latest == null ? List.of() : List.copyOf(latest);
    }

    /** The calls that are kept, the latest first. */
    public synchronized List<Summary> calls() {
        List<Summary> calls = new ArrayList<>();
        byCall.forEach((callId, call) -> {
            if (!call.first.isEmpty()) {
                TracedMessage first = call.first.getFirst();
                calls.addFirst(new Summary(
                        callId,
                        Optional.ofNullable(call.name),
                        first.trunk(),
                        first.at(),
                        call.seen,
                        first.firstLine()));
            }
        });
        return calls;
    }
}
