package io.ringdown.sip;

import static io.ringdown.evidence.Row.IN_THE_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.Gateway.Incoming;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nothing that makes a dialog leaves before the dialog is written down, with SIPp as the trunk. */
@Shows(IN_THE_CALL)
final class JournalSippTest {
    private final Book book = new Book();

    private Gateway towards(int port) {
        return Gateway.writing(
                book, Gateway.settings(), TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP)));
    }

    @Test
    void ourInviteLeavesWhenItIsWrittenWithItsNameAndBranch() {
        CompletableFuture<Void> gate = book.gate();
        try (Sipp sipp = Sipp.uas("uas-answer");
                Gateway gateway = towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.trunks()
                    .invite(
                            new OutboundInvite(
                                            "peer",
                                            "+12025550100",
                                            Optional.of("+12025550199"),
                                            Optional.of("Ada"),
                                            Gateway.OFFER)
                                    .withName("our-name"),
                            events);
            book.awaitOpen(1);
            DialogState written = book.only();
            assertThat(written.name()).contains("our-name");
            assertThat(written.stage()).isEqualTo(DialogState.Stage.EARLY);
            assertThat(sipp.messages()).as("before it is written").doesNotContain("INVITE");
            gate.complete(null);
            events.until(TrunkEvent.Answered.class);
            assertThat(sipp.messages())
                    .contains(written.invite().via().getFirst().replaceAll(";rport.*", ""));
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
            book.awaitOpen(0);
            assertThat(book.told()).containsExactly("opening", "changed", "closed");
        }
    }

    /** A disk that is slower than the trunk may be says nothing of the trunk. */
    @Test
    void theTrunksSilenceBeginsWhenOurInviteLeaves() {
        book.gate().completeOnTimeout(null, 3000, TimeUnit.MILLISECONDS);
        try (Sipp sipp = Sipp.uas("uas-answer");
                Gateway gateway = Gateway.writing(
                        book,
                        Gateway.settings(),
                        TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), SipTransport.UDP))
                                .withSilentAfter(Duration.ofSeconds(2)))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
            book.awaitOpen(0);
        }
    }

    @Test
    void whoGivesUpBeforeItIsWrittenHasCalledNobody() throws IOException, InterruptedException {
        CompletableFuture<Void> gate = book.gate();
        try (Wire peer = Wire.over(SipTransport.UDP);
                Gateway gateway = Gateway.writing(
                        book,
                        Gateway.settings(),
                        TrunkSettings.at(new TrunkAddress(peer.address().getHostAddress(), 5060, SipTransport.UDP)))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            book.awaitOpen(1);
            call.hangUp(HangupReason.NORMAL);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Cancelled());
            book.awaitOpen(0);
            gate.complete(null);
            assertThat(peer.untilOptions(gateway.port())).as("what was sent").isEmpty();
            assertThat(book.told()).containsExactly("opening", "closed");
        }
    }

    @Test
    void aCallThatCannotBeWrittenFails() throws IOException, InterruptedException {
        book.gate().completeExceptionally(new IOException("disk full"));
        try (Wire peer = Wire.over(SipTransport.UDP);
                Gateway gateway = Gateway.writing(
                        book,
                        Gateway.settings(),
                        TrunkSettings.at(new TrunkAddress(peer.address().getHostAddress(), 5060, SipTransport.UDP)))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.next(TrunkEvent.Failed.class).failure())
                    .isEqualTo(new TrunkFailure.Unreachable("the call cannot be written down"));
            book.awaitOpen(0);
            assertThat(peer.untilOptions(gateway.port())).as("what was sent").isEmpty();
        }
    }

    @Test
    void aCallOfTheirsRingsWhenItIsWritten() {
        CompletableFuture<Void> gate = book.gate();
        try (Gateway gateway = towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-answer", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().knownAs("their-name");
            in.call().ring();
            in.call().progress(Gateway.OFFER);
            in.call().answer(Gateway.OFFER);
            book.awaitOpen(1);
            assertThat(book.only().name()).contains("their-name");
            assertThat(sipp.messages()).doesNotContain("SIP/2.0 180").doesNotContain("SIP/2.0 200");
            gate.complete(null);
            in.events().until(TrunkEvent.Confirmed.class);
            in.events().until(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            book.awaitOpen(0);
        }
    }

    @Test
    void aCallOfTheirsThatCannotBeWrittenMeets503() {
        book.gate().completeExceptionally(new IOException("disk full"));
        try (Gateway gateway = towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-unwritten", gateway.port())) {
            Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            book.awaitOpen(0);
        }
    }

    @Test
    void aCallThatIsAnsweredWhileWeCancelIsWrittenUntilItsByeIsAnswered() {
        try (Sipp sipp = Sipp.uas("uas-cancel-crosses-answer");
                Gateway gateway = towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Progress.class);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
            book.awaitOpen(0);
            assertThat(book.told()).containsExactly("opening", "changed", "closed");
        }
    }

    /** The bug is the journal's here; wherever it is, the peer is not left with a call that we do not know. */
    @Test
    void aCallThatDiesOfABugIsEndedAndIsInTheJournalUntilThen() {
        try (Sipp sipp = Sipp.uas("uas-bye-challenged");
                Gateway gateway =
                        Gateway.writing(book, Gateway.settings(), Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            sipp.awaitMessage("ACK sip", 1);
            book.failOnce();
            call.knownAs("another-name");
            assertThat(events.next(TrunkEvent.Ended.class).q850()).hasValue(127);
            sipp.assertSuccess();
            book.awaitOpen(0);
            assertThat(book.told()).containsExactly("opening", "changed", "changed", "closed");
            assertThat(gateway.counter("bugs")).isEqualTo(1);
            events.assertNothingMore();
        }
    }

    /** What a stop leaves open the next start ends once more, and calls interrupted. */
    @Test
    void aGatewayThatClosesAnswersTheChallengeOfItsByeAndLeavesNothingOpen() {
        try (Sipp sipp = Sipp.uas("uas-bye-challenged");
                Gateway gateway =
                        Gateway.writing(book, Gateway.settings(), Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            sipp.awaitMessage("ACK sip", 1);
            gateway.trunks().close();
            assertThat(book.open()).isEmpty();
            sipp.assertSuccess();
        }
    }

    @Test
    void aGatewayThatClosesCancelsWhatHadNoAnswerYetAndLeavesNothingOpen() {
        try (Sipp sipp = Sipp.uas("uas-soon-provisional");
                Gateway gateway = towards(sipp.port())) {
            gateway.call(new Events());
            sipp.awaitMessage("INVITE sip", 1);
            gateway.trunks().close();
            assertThat(book.open()).isEmpty();
            sipp.assertSuccess();
        }
    }

    @Test
    void anInviteThatIsSentAgainWithCredentialsIsWrittenAgain() {
        try (Sipp sipp = Sipp.uas("uas-auth-md5");
                Gateway gateway =
                        Gateway.writing(book, Gateway.settings(), Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            assertThat(book.only().invite().cseq()).isEqualTo(2);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
            book.awaitOpen(0);
            assertThat(book.told().stream().filter("opening"::equals)).hasSize(1);
        }
    }
}
