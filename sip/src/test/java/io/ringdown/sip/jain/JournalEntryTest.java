package io.ringdown.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.SipTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the journal is told of one dialog. */
final class JournalEntryTest {
    private final List<DialogState> written = new ArrayList<>();
    private int opened;
    private int closed;

    private final JournalEntry entry = new JournalEntry(
            new DialogJournal() {
                @Override
                public CompletableFuture<Void> opening(DialogState dialog) {
                    opened++;
                    written.add(dialog);
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void changed(DialogState dialog) {
                    written.add(dialog);
                }

                @Override
                public void closed(String callId, String localTag) {
                    closed++;
                }
            },
            new Writing.Identity("id", "<sip:us@192.0.2.1>", "ours", "<sip:them@192.0.2.2>", ""));

    private static DialogState at(long localCseq, String target) {
        return new DialogState(
                Optional.of("name"),
                "peer",
                DialogState.Direction.OUTBOUND,
                "id",
                "ours",
                "<sip:us@192.0.2.1>",
                "<sip:them@192.0.2.2>",
                "",
                new DialogState.Way("192.0.2.2", 5060, SipTransport.UDP, "192.0.2.1"),
                new DialogState.Invite("sip:them@192.0.2.2", List.of(), 1, List.of("SIP/2.0/UDP 192.0.2.1")),
                new DialogState.Course(
                        DialogState.Stage.CONFIRMED,
                        true,
                        "theirs",
                        target,
                        List.of(),
                        localCseq,
                        -1,
                        OptionalLong.empty(),
                        new DialogState.Agreed(
                                PeerCapabilities.UNKNOWN,
                                false,
                                Optional.of("a=crypto:1 secret"),
                                Optional.of("a=crypto:1 secret"),
                                new DialogState.Timer(90, 0, false, Optional.empty(), Optional.empty()))),
                0);
    }

    /** RFC 3261 12.2.2: a gap is taken, a number that was used is not. */
    @Test
    void whatIsWrittenIsAlwaysAboveAllNumbersThatWereUsedAndWrittenOncePerBlock() {
        assertThat(entry.open(at(1, "sip:a@192.0.2.2"))).isCompleted();
        for (long cseq = 1; cseq <= 1000; cseq++) {
            entry.update(at(cseq, "sip:a@192.0.2.2"));
            assertThat(written.getLast().course().localCseq()).isGreaterThanOrEqualTo(cseq);
        }
        assertThat(written).hasSizeBetween(2, 25);
    }

    @Test
    void aNewTargetIsWrittenAtOnceAndTheSameAgainIsNot() {
        CompletableFuture<Void> opened = entry.open(at(1, "sip:a@192.0.2.2"));
        entry.update(at(2, "sip:b@192.0.2.2"));
        entry.update(at(3, "sip:b@192.0.2.2"));
        assertThat(opened).isCompleted();
        assertThat(written).hasSize(2);
        assertThat(written.getLast().course().remoteTarget()).isEqualTo("sip:b@192.0.2.2");
    }

    @Test
    void keysAreNotWritten() {
        entry.reopen(at(1, "sip:a@192.0.2.2"));
        DialogState.Agreed agreed = written.getFirst().course().agreed();
        assertThat(agreed.localSdp()).isEmpty();
        assertThat(agreed.remoteSdp()).isEmpty();
    }

    /** A journal that fails may forget what is about to be, and never what is. */
    @Test
    void whatIsRestoredIsThereAndNotAboutToBe() {
        entry.reopen(at(1, "sip:a@192.0.2.2"));
        assertThat(opened).isZero();
        assertThat(written).hasSize(1);
        entry.close();
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void whatWasClosedIsOpenAgainWhereSomethingIsLeftToBeDoneAfterAll() {
        entry.reopen(at(1, "sip:a@192.0.2.2"));
        entry.close();
        entry.update(at(2, "sip:a@192.0.2.2"));
        assertThat(written).hasSize(2);
        entry.update(at(3, "sip:a@192.0.2.2"));
        assertThat(written).hasSize(2);
        entry.close();
        entry.close();
        assertThat(closed).isEqualTo(2);
    }

    @Test
    void itIsLetGoOnceAndNothingIsSaidAfterThat() {
        entry.reopen(at(1, "sip:a@192.0.2.2"));
        entry.letGo();
        entry.letGo();
        entry.close();
        entry.update(at(2, "sip:b@192.0.2.2"));
        assertThat(closed).isEqualTo(1);
        assertThat(written).hasSize(1);
        assertThat(entry.open(at(2, "sip:b@192.0.2.2"))).isCompletedExceptionally();
    }

    @Test
    void whatWasNeverOpenedIsNeitherChangedNorClosed() {
        entry.update(at(1, "sip:a@192.0.2.2"));
        entry.close();
        assertThat(written).isEmpty();
        assertThat(closed).isZero();
    }
}
