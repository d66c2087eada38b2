package io.ringdown.sip;

import java.util.concurrent.CompletableFuture;

/**
 * Where open dialogs are written down, so that after a crash the next start can end them ({@link SipTrunks#restore}). Called from
 * the calls' threads: each method returns at once. What is written has no session descriptions with their keys, and no session
 * timer: the end of a call needs neither.
 */
public interface DialogJournal {

    /** Writes nothing down. */
    DialogJournal NONE = new DialogJournal() {
        @Override
        public CompletableFuture<Void> opening(DialogState dialog) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void changed(DialogState dialog) {}

        @Override
        public void closed(String callId, String localTag) {}
    };

    /**
     * A dialog is about to be: an INVITE of ours is about to leave, or the first response of ours that makes a dialog of one of a
     * trunk's. The message leaves when this is done; where it fails, the call fails.
     */
    CompletableFuture<Void> opening(DialogState dialog);

    /**
     * It has changed, or is here again ({@link SipTrunks#restore}; a 2xx after the end, RFC 3261 13.2.2.4): it is confirmed, or its peer, its way, its INVITE or its name are others, or a new block of CSeq numbers is
     * begun. Its local CSeq is the end of that block: whoever goes on from what is written begins behind it, and the numbers that
     * were not used are a gap, which RFC 3261 12.2.2 has the peer take.
     */
    void changed(DialogState dialog);

    /** Nothing is left to be done for it here; once for each time that it came to be here. */
    void closed(String callId, String localTag);
}
