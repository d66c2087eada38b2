package io.ringdown.it;

import static io.ringdown.evidence.Row.EARLY_MEDIA_AND_FORKS;
import static io.ringdown.evidence.Row.IN_THE_CALL;
import static io.ringdown.evidence.Row.MEDIA_ADDRESSES;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Re-INVITEs of the carrier in mid-call. What cannot be carried is refused, and sound goes on both ways as if nothing had been
 * asked; what can be is followed, and what cannot be heard any more is not sent.
 */
@ExtendWith(Trial.Extension.class)
final class ATrunkChangesTheCallIT {

    private static final String PAUSE_MILLIS = "2500";
    private static final int LISTEN_MILLIS = 900;

    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        exchange = Exchange.start(trial);
    }

    @Test
    @Shows(IN_THE_CALL)
    void refusedChangesLeaveTheSoundAndOthersAreFollowed(Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        FarEnd moved = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier("uas-changes", G711.PCMU, far)
                        .key("rtp_port2", moved.port())
                        .with("-d", PAUSE_MILLIS));
        Browser browser = Browser.Kind.CHROMIUM.browser();
        RawClient phone = RawClient.connect(trial, browser, exchange.pages(), exchange.gateway());
        Calls call = new Calls(trial, phone, carrier);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        phone.hearOnceLoud();

        call.goesOnAfter(1, "fax was refused", far);
        call.goesOnAfter(2, "a foreign address was refused", far);
        call.goesOnAfter(3, "an unknown codec was refused", far);
        call.goesOnAfter(4, "video was refused beside the audio", far);
        call.isHeldAfter(5, "sendonly", far);
        call.goesOnAfter(6, "an offer of ours has ended the hold", far);
        call.isHeldAfter(7, "0.0.0.0", far);

        call.awaitAcknowledged(8);
        moved.awaitAudio(5);
        moved.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        far.hush();
        int before = far.received().size();
        call.hearEachOther("after the move", moved);
        assertThat(far.received().size() - before).as("to the old port").isZero();

        carrier.awaitSuccess(10);
        assertThat(phone.awaitEnded(5).path("cause").asText()).isEqualTo("normal");
    }

    @Test
    @Shows({EARLY_MEDIA_AND_FORKS, MEDIA_ADDRESSES})
    void anAnswerThatIsElsewhereThanItsEarlyMediaIsFollowed(Trial trial) {
        FarEnd early = trial.keep(new FarEnd());
        FarEnd late = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier("uas-early-then-elsewhere", G711.PCMU, early)
                        .key("rtp_port2", late.port())
                        .with("-d", "6000"));
        Browser browser = Browser.Kind.CHROMIUM.browser();
        RawClient phone = RawClient.connect(trial, browser, exchange.pages(), exchange.gateway());
        Calls call = new Calls(trial, phone, carrier);
        phone.start(Exchange.NUMBER);
        phone.awaitProgress("early-media", 10);
        early.awaitAudio(10);
        early.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        phone.hearOnceLoud();
        call.hearEachOther("before the answer", early);

        phone.awaitEstablished();
        late.awaitAudio(5);
        late.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        early.hush();
        Tools.pause(300);
        int before = early.received().size();
        call.hearEachOther("after the answer", late);
        assertThat(early.received().size() - before).as("to the early port").isZero();
        assertThat(phone.story()).as("a 180 after early media changes nothing").doesNotContain("progress ringing");
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    /** The call as both ends know it. */
    private record Calls(Trial trial, RawClient phone, Sipp carrier) {

        void goesOnAfter(int change, String what, FarEnd far) {
            awaitAcknowledged(change);
            hearEachOther("after " + what, far);
        }

        void hearEachOther(String when, FarEnd far) {
            int from = far.received().size();
            Sound browser = phone.hear(LISTEN_MILLIS);
            List<FarEnd.Packet> packets = far.received();
            Ear.hears("the browser " + when, browser, Exchange.TELEPHONE_HZ);
            Sound telephone = Ear.of(trial.directory(), "telephone " + when, packets.subList(from, packets.size()));
            Ear.hears("the telephone " + when, telephone, phone.browser().microphoneHz());
        }

        void isHeldAfter(int change, String how, FarEnd far) {
            awaitAcknowledged(change);
            int from = far.received().size();
            Sound music = phone.hear(LISTEN_MILLIS);
            assertThat(far.received().size() - from)
                    .as("packets to one who holds by " + how)
                    .isZero();
            Ear.hears("the browser on hold by " + how, music, Exchange.TELEPHONE_HZ);
        }

        void awaitAcknowledged(int change) {
            Tools.await(
                    "change " + change + " is over",
                    15,
                    () -> carrier.messages().contains("CSeq: " + (100 + change) + " ACK"),
                    carrier::messages);
            Tools.pause(200); // on the wire, and through the browser's buffer
        }
    }
}
