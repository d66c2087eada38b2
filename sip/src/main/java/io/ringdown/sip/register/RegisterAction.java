package io.ringdown.sip.register;

import io.ringdown.sip.dialog.OutRequest;

/** What is to be done for a registration, in this order. */
public sealed interface RegisterAction {

    /**
     * Send this REGISTER.
     *
     * @param elsewhere to the next address of the trunk, not to the one before
     */
    record Send(OutRequest request, boolean elsewhere) implements RegisterAction {}

    /** It has come to another state, which is worth a line in the log. */
    record Tell(Registration.State state, String why) implements RegisterAction {}
}
