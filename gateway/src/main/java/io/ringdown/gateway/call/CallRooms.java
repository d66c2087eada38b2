package io.ringdown.gateway.call;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What every call works with.
 *
 * @param settings how calls are made
 * @param media the media room
 * @param sip the trunks
 * @param switchboard where calls go
 * @param transfers whom calls may be transferred to
 * @param signedIn who the clients are
 * @param others the other calls
 * @param otherEnds the calls at the other end of those within the house
 * @param clients the browsers
 * @param roads by which road digits go to each trunk
 * @param executor runs each call's steps; a step may take some milliseconds
 * @param timers wakes calls
 * @param clock nanoseconds, steady
 * @param onEnd takes the record of each call that is over
 * @param onLeft takes each call that was written down and is not here any more
 * @param book where calls are written down
 * @param dials where calls go that were begun for somebody
 * @param waiting where calls wait for groups
 * @param along who makes calls that are to be joined with others
 */
record CallRooms(
        CallSettings settings,
        MediaRoom media,
        SipRoom sip,
        Switchboard switchboard,
        TransferRules transfers,
        SignedIn signedIn,
        Function<CallId, Optional<LiveCall>> others,
        Function<CallId, Optional<LiveCall>> otherEnds,
        Clients clients,
        DigitRoads roads,
        Executor executor,
        Timers timers,
        LongSupplier clock,
        Consumer<CallRecord> onEnd,
        Consumer<CallId> onLeft,
        CallBook book,
        DialRules dials,
        WaitingRoom waiting,
        Along along) {

    /** Who makes calls that are to be joined with others. */
    interface Along {
        /** Makes this one, for which this was reserved. */
        void dial(CallAction.DialAlong call, Optional<Reserved> reserved);
    }

    void ended(CallRecord record) {
        onEnd.accept(record);
    }

    void left(CallId call) {
        onLeft.accept(call);
    }
}
