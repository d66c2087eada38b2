package io.ringdown.gateway.softphones;

import io.ringdown.gateway.call.CallEvent;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Rejection;

/** What a {@link PhoneCall} wants done, in this order. */
sealed interface PhoneAction {

    /** Tell the call. */
    record ToCall(CallEvent event) implements PhoneAction {}

    /** Ask for a transfer of the call, under this reference. */
    record Transfer(String ref, ReferTarget target) implements PhoneAction {}

    /** INVITE to the phone, with this offer. */
    record Invite(String offer) implements PhoneAction {}

    /** 180 to the phone. */
    record Ring() implements PhoneAction {}

    /** 183 to the phone. */
    record Progress(String answer) implements PhoneAction {}

    /** 200 to the phone. */
    record Answer(String answer) implements PhoneAction {}

    /** A final response to the phone: its INVITE is over. */
    record Reject(Rejection rejection) implements PhoneAction {}

    /** CANCEL or BYE to the phone. */
    record HangUp(HangupReason reason) implements PhoneAction {}

    /** 200 to the phone's re-INVITE. */
    record AcceptReoffer(String sdp) implements PhoneAction {}

    /** 488 to it. */
    record RejectReoffer() implements PhoneAction {}

    /** 491 to it: it may ask again soon. */
    record DeferReoffer() implements PhoneAction {}

    /** re-INVITE to the phone. */
    record Reoffer(String offer) implements PhoneAction {}

    /** INFO to the phone. */
    record Info(InfoBody body) implements PhoneAction {}

    /** 202 to the phone's REFER. */
    record AcceptRefer() implements PhoneAction {}

    /** A refusal of it. */
    record RejectRefer(int status) implements PhoneAction {}

    /** NOTIFY to the phone. */
    record ReferProgress(int status) implements PhoneAction {}

    /** The dialog and the call have nothing to do with each other any more. */
    record Forget() implements PhoneAction {}
}
