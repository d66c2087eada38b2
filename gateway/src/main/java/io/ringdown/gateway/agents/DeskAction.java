package io.ringdown.gateway.agents;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.EndCause;
import java.time.Duration;

/** What a {@link GroupDesk} wants done, in this order. */
sealed interface DeskAction {
    /** Ring this person for the call, which has waited so long. */
    record Ring(CallId call, String user, String group, Duration waited) implements DeskAction {}

    /** Ring this person for it no more: they did not answer, or somebody else is to. */
    record Stop(CallId call, String user) implements DeskAction {}

    /** Nobody takes it. */
    record End(CallId call, EndCause cause) implements DeskAction {}

    /** This person lets calls ring: they are not there. */
    record SetAway(String user) implements DeskAction {}
}
