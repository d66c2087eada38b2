package io.ringdown.gateway.journal;

import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.guard.PastCall;
import io.ringdown.sip.DialogState;
import java.util.Optional;

/** One line of the journal. Times are in milliseconds since 1970. */
sealed interface JournalEntry {

    /** There is a call now; {@code call} is its id. What its record says, should the process not live to write it. */
    record Begun(
            String call,
            long atMillis,
            Call.Direction direction,
            Optional<String> from,
            Optional<String> to,
            Optional<String> trunk,
            boolean emergency,
            Optional<PastCall.Who> asker)
            implements JournalEntry {}

    /** The far end has answered. */
    record Answered(String call, long atMillis, Optional<String> trunk) implements JournalEntry {}

    /** The record of the call is written, or owed by somebody else, who goes on with it. */
    record Ended(String call) implements JournalEntry {}

    /** A dialog with a trunk is open, or is another than it was. */
    record Open(DialogState dialog) implements JournalEntry {}

    /** Of this dialog nothing is left to be done. */
    record Closed(String callId, String localTag) implements JournalEntry {}

    /** The process lived then. */
    record Alive(long atMillis) implements JournalEntry {}
}
