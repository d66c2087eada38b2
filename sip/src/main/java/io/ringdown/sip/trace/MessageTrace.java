package io.ringdown.sip.trace;

import java.time.Instant;
import java.util.ArrayList;
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
    private final Map<String, KeptMessages> byTrunk = new HashMap<>();
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

    /** One call: in between, long ones only refresh themselves. */
    private final class CallTrace {
        final KeptMessages messages = new KeptMessages(
                settings.messagesPerCall() / 2, settings.messagesPerCall() - settings.messagesPerCall() / 2);

        @Nullable
        String name;
    }

    public MessageTrace(TraceSettings settings) {
        this.settings = settings;
    }

    /** Keeps it. */
    public synchronized void add(TracedMessage message) {
        if (settings.messagesPerTrunk() > 0) {
            message.trunk()
                    .ifPresent(trunk -> byTrunk.computeIfAbsent(
                                    trunk, _ -> new KeptMessages(0, settings.messagesPerTrunk()))
                            .add(message));
        }
        if (settings.calls() > 0 && !message.callId().isEmpty()) {
            KeptMessages call = byCall.computeIfAbsent(message.callId(), _ -> new CallTrace()).messages;
            characters -= call.characters();
            call.add(message);
            characters += call.characters();
            while (byCall.size() > settings.calls() || (characters > MOST_CHARACTERS && byCall.size() > 1)) {
                forgetOldest();
            }
        }
    }

    private void forgetOldest() {
        Map.Entry<String, CallTrace> oldest = byCall.entrySet().iterator().next();
        byCall.remove(oldest.getKey());
        CallTrace call = oldest.getValue();
        characters -= call.messages.characters();
        callIdsByName.computeIfPresent(call.name == null ? "" : call.name, (_, callIds) -> {
            callIds.remove(oldest.getKey());
            return callIds.isEmpty() ? null : callIds;
        });
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
        return tracesOf(callIdOrName).stream()
                .flatMap(call -> call.messages.messages().stream())
                .toList();
    }

    /** How many messages of a call lie between those that are kept. */
    public synchronized int leftOut(String callIdOrName) {
        return tracesOf(callIdOrName).stream()
                .mapToInt(call -> call.messages.leftOut())
                .sum();
    }

    private List<CallTrace> tracesOf(String callIdOrName) {
        return callIdsByName.getOrDefault(callIdOrName, List.of(callIdOrName)).stream()
                .flatMap(callId -> Stream.ofNullable(byCall.get(callId)))
                .toList();
    }

    /** The latest messages of a trunk, in order. */
    public synchronized List<TracedMessage> ofTrunk(String trunk) {
        KeptMessages latest = byTrunk.get(trunk);
        return latest == null ? List.of() : latest.messages();
    }

    /** The calls that are kept, the latest first. */
    public synchronized List<Summary> calls() {
        List<Summary> calls = new ArrayList<>();
        byCall.forEach((callId, call) -> {
            if (call.messages.seen() > 0) {
                TracedMessage first = call.messages.messages().getFirst();
                calls.addFirst(new Summary(
                        callId,
                        Optional.ofNullable(call.name),
                        first.trunk(),
                        first.at(),
                        call.messages.seen(),
                        first.firstLine()));
            }
        });
        return calls;
    }
}
