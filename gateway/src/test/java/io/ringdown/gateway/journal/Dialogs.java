package io.ringdown.gateway.journal;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.DialogState.Agreed;
import io.ringdown.sip.DialogState.Course;
import io.ringdown.sip.DialogState.Direction;
import io.ringdown.sip.DialogState.Invite;
import io.ringdown.sip.DialogState.Stage;
import io.ringdown.sip.DialogState.Timer;
import io.ringdown.sip.DialogState.Way;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.SipTransport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Dialogs as the {@code sip} room would write them. */
public final class Dialogs {
    private Dialogs() {}

    public static DialogState early(String name, String callId) {
        return dialog(name, callId, Stage.EARLY, 100);
    }

    public static DialogState confirmed(String name, String callId) {
        return dialog(name, callId, Stage.CONFIRMED, 200);
    }

    private static DialogState dialog(String name, String callId, Stage stage, long cseq) {
        return new DialogState(
                Optional.of(name),
                "carrier",
                Direction.OUTBOUND,
                callId,
                "ours",
                "\"Ünal\" <sip:+4930@192.0.2.1>",
                "<sip:+12025550100@192.0.2.9>",
                "ringdown",
                new Way("192.0.2.9", 5060, SipTransport.UDP, "192.0.2.1"),
                new Invite("sip:+12025550100@192.0.2.9", List.of("<sip:p.example.net;lr>"), 1, List.of("v1", "v2")),
                new Course(
                        stage,
                        true,
                        "theirs",
                        "sip:+12025550100@192.0.2.9:5062",
                        List.of(),
                        cseq,
                        -1,
                        OptionalLong.of(3),
                        new Agreed(
                                new PeerCapabilities(Optional.of(List.of("INVITE", "UPDATE")), Optional.empty()),
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                new Timer(
                                        90,
                                        1800,
                                        true,
                                        Optional.of(Duration.ofMillis(890_500)),
                                        Optional.of(Duration.ofSeconds(1700))))),
                1_795_000_000_123L);
    }
}
