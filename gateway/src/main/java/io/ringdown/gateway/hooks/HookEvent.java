package io.ringdown.gateway.hooks;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What hooks are told of, as {@code event} has it: docs/webhooks.md. */
public enum HookEvent {
    CALL_BEGUN,
    CALL_RINGING,
    CALL_ANSWERED,
    CALL_HELD,
    CALL_RESUMED,
    CALL_TRANSFER,
    CALL_CONFERENCE,
    CALL_SUPERVISED,
    CALL_DIGIT,
    CALL_QUALITY,
    CALL_ENDED,
    AGENT_AVAILABILITY,
    GROUP_WAITING;

    /** As it is written. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The event that is written so. */
    public static HookEvent parse(String text) {
        return Arrays.stream(values())
                .filter(event -> event.code().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is no event; write one of "
                        + Arrays.stream(values()).map(HookEvent::code).collect(Collectors.joining(", "))));
    }
}
