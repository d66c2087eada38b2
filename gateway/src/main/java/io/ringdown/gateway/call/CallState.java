package io.ringdown.gateway.call;

import java.util.Optional;

/**
 * All that a {@link Call} knows, to be written down and read back: {@link Call#state(long)}, {@link Call#of}. What the settings
 * decide is not in it; whoever reads it has settings of its own. Numbers and keys are, so its text form tells neither.
 */
record CallState(
        CallId id,
        CallFacts.State facts,
        CallDigits.State digits,
        CallHold.State hold,
        CallOut.State out,
        CallIn.State in,
        CallTrunk.State trunk,
        CallMoveState move,
        CallTransfer.State transfer,
        CallRequests.State requests,
        CallWeb.State web,
        CallHandOver.State handOver,
        CallJoin.State join,
        Optional<Ending> ending,
        CallConference.State conference) {

    /** That of a call to which nothing has happened yet. */
    static CallState begun(CallId id) {
        return new CallState(
                id,
                CallFacts.State.BEGUN,
                CallDigits.State.BEGUN,
                CallHold.State.BEGUN,
                CallOut.State.BEGUN,
                CallIn.State.BEGUN,
                CallTrunk.State.BEGUN,
                CallMoveState.IDLE,
                CallTransfer.State.BEGUN,
                CallRequests.State.BEGUN,
                CallWeb.State.BEGUN,
                CallHandOver.State.BEGUN,
                CallJoin.State.BEGUN,
                Optional.empty(),
                CallConference.State.BEGUN);
    }

    @Override
    public String toString() {
        return "CallState(" + id + " " + facts.state().code() + ")";
    }
}
