package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.dtmf.Presses;
import io.ringdown.dtmf.Stroke;
import io.ringdown.dtmf.ToneDetector;
import io.ringdown.dtmf.ToneGenerator;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The roads that presses take through a bridge, and what is told of each. */
final class DigitsTest {
    private static final long MILLI = Call.MILLI;
    private static final Digit FIVE = Digit.of('5').orElseThrow();

    private final Call call = new Call();

    /** A trunk whose answer has no telephone-event. */
    private static TrunkFormat deaf(AudioCodec codec) {
        TrunkFormat usual = Call.trunk(codec, 20);
        return new TrunkFormat(
                codec, usual.payloadType(), OptionalInt.empty(), 20, usual.rtp(), usual.rtcp(), true, true);
    }

    /** Speech of the browser's, or what stands for it, for so many packets from number {@code first} on. */
    private void talk(int first, int packets) {
        for (int i = first; i < first + packets; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromWeb(false, 0, i, 160 * i, Call.sound(160, 0x30));
        }
    }

    /** A press by the browser, from packet number {@code first} on. */
    private void pressInBrowser(int first, int event, int packets) {
        for (int i = 0; i < packets + 3; i++) {
            call.runTo((first + Math.min(i, packets)) * (20 * MILLI));
            int duration = 160 * Math.min(i + 1, packets);
            byte end = (byte) (i >= packets ? 0x80 : 0);
            call.fromWeb(
                    i == 0, 126, first + i, 160 * first, (byte) event, end, (byte) (duration >> 8), (byte) duration);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA", "G722"})
    void aPressAsAToneTakesTheSoundsPlaceInTheSameStream(AudioCodec codec) {
        call.open(Call.WEB_PCMU, deaf(codec));
        call.bridge.digitRoad(Optional.of(DtmfRoad.IN_BAND), call.now);
        talk(0, 20);
        assertThat(call.press('5', 100 * MILLI, 60 * MILLI)).isTrue();
        assertThat(call.press('9', 200 * MILLI, 60 * MILLI)).isTrue();
        talk(20, 60);
        for (int i = 1; i < call.toTrunk.size(); i++) {
            Call.Sent before = call.toTrunk.get(i - 1);
            Call.Sent sent = call.toTrunk.get(i);
            assertThat(sent.sequence()).isEqualTo((before.sequence() + 1) & 0xFFFF);
            assertThat(sent.timestamp()).as("the time of frame %d", i).isEqualTo(before.timestamp() + 160);
            assertThat(sent.payloadType()).isEqualTo(Call.payloadType(codec));
        }
        assertThat(heardIn(codec, call.toTrunk)).containsExactly("5 of 100", "9 of 200");
        assertThat(call.receipts())
                .filteredOn(PressReceipt.Sent.class::isInstance)
                .extracting(receipt -> ((PressReceipt.Sent) receipt).road())
                .containsExactly(DtmfRoad.IN_BAND, DtmfRoad.IN_BAND);
    }

    @Test
    void aPressOfTheBrowsersSoundsForAsLongAsItLasts() {
        call.open(Call.WEB_PCMU, deaf(AudioCodec.PCMU));
        call.bridge.digitRoad(Optional.of(DtmfRoad.IN_BAND), call.now);
        talk(0, 20);
        pressInBrowser(20, 5, 8);
        talk(29, 30);
        assertThat(heardIn(AudioCodec.PCMU, call.toTrunk)).containsExactly("5 of 160");
    }

    @Test
    void aFlashOfTheTrunksIsToldOnceAndIsNoDigit() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 5; i++) {
            call.runTo(i * (20 * MILLI));
            byte end = (byte) (i >= 2 ? 0x80 : 0);
            call.fromTrunk(i == 0, 101, i, 160, (byte) 16, end, (byte) 1, (byte) (0x40 + i));
        }
        call.runTo(1_000 * MILLI);
        assertThat(call.events).containsExactly(new MediaEvent.FlashFromTrunk());
        assertThat(call.toTrunk).noneMatch(sent -> sent.payloadType() == 101);
    }

    /** Digits and their lengths, to 10 ms, as they sound in what was sent. */
    private static List<String> heardIn(AudioCodec codec, List<Call.Sent> packets) {
        List<String> heard = new ArrayList<>();
        int rate = codec.sampleRate(codec);
        ToneDetector detector = new ToneDetector(rate, new Presses() {
            @Override
            public void onPressStarted(long press, Digit digit, long now) {}

            @Override
            public void onPressGrown(long press, long lengthNanos, long now) {}

            @Override
            public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {
                heard.add(digit.character() + " of " + Math.round(lengthNanos / 10.0 / MILLI) * 10);
            }
        });
        short[] pcm = new short[rate / 50];
        try (AudioDecoder decoder = Call.codecs().decoder(codec, rate)) {
            for (Call.Sent sent : packets) {
                int samples = decoder.decode(sent.payload(), 0, sent.payload().length, pcm);
                detector.onFrame(pcm, 0, samples, sent.nanos());
            }
        }
        detector.close(0);
        return heard;
    }

    @Test
    void aPressBySignallingIsHandedOverWholeAndTheSoundGoesOn() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.digitRoad(Optional.of(DtmfRoad.INFO), call.now);
        talk(0, 10);
        pressInBrowser(10, 5, 8);
        talk(19, 10);
        assertThat(call.events)
                .containsExactly(
                        new MediaEvent.Press(0, new PressReceipt.Accepted()),
                        new MediaEvent.PressToSignal(0, FIVE, Duration.ofMillis(160)),
                        new MediaEvent.Press(0, new PressReceipt.Signalled(Duration.ofMillis(160))));
        assertThat(call.toTrunk).extracting(Call.Sent::payloadType).containsOnly(0);
    }

    @Test
    void whereNoRoadLeadsAPressIsRefusedAndTheBrowsersSaysWhy() {
        call.open(Call.WEB_PCMU, deaf(AudioCodec.PCMU));
        call.bridge.digitRoad(Optional.empty(), call.now);
        talk(0, 10);
        assertThat(call.press('5', 100 * MILLI, 0)).isFalse();
        pressInBrowser(10, 5, 8);
        assertThat(call.receipts()).containsExactly(new PressReceipt.Failed(PressReceipt.Failure.NO_ROAD));
    }

    @Test
    void whatIsPressedBeforeTheRoadIsKnownWaitsForIt() {
        call.open(Call.WEB_PCMU, deaf(AudioCodec.PCMU));
        talk(0, 10);
        pressInBrowser(10, 5, 8);
        assertThat(call.receipts()).containsExactly(new PressReceipt.Accepted());
        call.bridge.digitRoad(Optional.of(DtmfRoad.INFO), call.now);
        assertThat(call.events).contains(new MediaEvent.PressToSignal(0, FIVE, Duration.ofMillis(160)));
    }

    @Test
    void cancellingForgetsWhatWaitsAndSaysSo() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.press(Stroke.parse("1,2").orElseThrow(), 100 * MILLI, 40 * MILLI, call.now);
        call.runTo(50 * MILLI);
        call.bridge.cancelPresses(call.now);
        call.runTo(5_000 * MILLI);
        assertThat(call.events)
                .contains(new MediaEvent.Press(1, new PressReceipt.Failed(PressReceipt.Failure.CANCELLED)));
        assertThat(call.receipts())
                .filteredOn(PressReceipt.Sent.class::isInstance)
                .hasSize(1);
    }

    @Test
    void theTrunksBoundsHold() {
        DtmfSettings usual = DtmfSettings.defaults();
        call.bridge.digits(new DtmfSettings(
                usual.road(),
                usual.hear(),
                usual.infoForm(),
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                Duration.ofMillis(300)));
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.press('1', 100 * MILLI, 40 * MILLI);
        call.press('2', 5_000 * MILLI, 40 * MILLI);
        call.runTo(5_000 * MILLI);
        assertThat(call.receipts())
                .filteredOn(PressReceipt.Sent.class::isInstance)
                .extracting(receipt -> ((PressReceipt.Sent) receipt).length().toMillis())
                .containsExactly(200L, 1_000L);
        List<Call.Sent> starts = call.toTrunk.stream()
                .filter(sent -> sent.payloadType() == 101 && sent.marker())
                .toList();
        assertThat(starts.get(1).nanos() - starts.get(0).nanos()).isEqualTo((200 + 300) * MILLI);
    }

    /** A receiver report on our stream that has got so far behind its last packet, and has lost so much in all. */
    private void report(int behind, int lost) {
        int highest = call.toTrunk.getLast().sequence() - behind;
        byte[] packet = new byte[32];
        packet[0] = (byte) 0x81;
        packet[1] = (byte) 201;
        packet[3] = 7;
        packet[7] = 7;
        packet[10] = (byte) 0xBB;
        packet[11] = (byte) 0xBB;
        packet[14] = (byte) (lost >> 8);
        packet[15] = (byte) lost;
        packet[18] = (byte) (highest >> 8);
        packet[19] = (byte) highest;
        call.bridge.onTrunkRtcp(packet, 0, packet.length, call.now);
    }

    @Test
    void theTrunksReportsConfirmAPressOrSayThatItIsLost() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(0, 10);
        call.press('5', 100 * MILLI, 40 * MILLI);
        talk(10, 10);
        report(0, 0);
        assertThat(call.receipts().getLast()).isEqualTo(new PressReceipt.Confirmed());
        call.press('6', 100 * MILLI, 40 * MILLI);
        talk(20, 10);
        report(14, 0); // up to before it
        assertThat(call.receipts().getLast()).isInstanceOf(PressReceipt.Sent.class);
        report(0, 14);
        assertThat(call.receipts().getLast()).isEqualTo(new PressReceipt.Failed(PressReceipt.Failure.LOST));
    }

    @Test
    void aTrunkThatNeverReportsLeavesADoubtAndSoDoesTheEnd() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.press('5', 100 * MILLI, 40 * MILLI);
        call.runTo(16_000 * MILLI);
        assertThat(call.receipts().getLast()).isEqualTo(new PressReceipt.Unconfirmable(PressReceipt.Doubt.NO_REPORTS));
        call.press('6', 100 * MILLI, 40 * MILLI);
        call.runTo(17_000 * MILLI);
        call.bridge.close();
        assertThat(call.receipts().getLast()).isEqualTo(new PressReceipt.Unconfirmable(PressReceipt.Doubt.CALL_ENDED));
    }

    @ParameterizedTest
    @EnumSource(
            value = AudioCodec.class,
            names = {"PCMU", "PCMA", "G722"})
    void tonesOfTheTrunksAreHeardWhateverThePathOfTheSound(AudioCodec codec) {
        for (WebFormat web : List.of(Call.OPUS, Call.WEB_PCMU)) {
            Call one = new Call().open(web, deaf(codec));
            one.bridge.hearTones(true, one.now);
            play(one, codec, '7');
            assertThat(one.events).singleElement().isInstanceOfSatisfying(MediaEvent.DigitFromTrunk.class, press -> {
                assertThat(press.digit().character()).isEqualTo('7');
                assertThat(press.road()).isEqualTo(DtmfRoad.IN_BAND);
                assertThat(press.length().toMillis()).isBetween(85L, 115L);
            });
        }
    }

    @Test
    void nobodyHearsTonesUnasked() {
        call.open(Call.OPUS, deaf(AudioCodec.PCMU));
        play(call, AudioCodec.PCMU, '7');
        assertThat(call.events).isEmpty();
    }

    @Test
    void anEchoOfOurOwnTonesIsNoPressOfTheTrunks() {
        call.open(Call.WEB_PCMU, deaf(AudioCodec.PCMU));
        call.bridge.digitRoad(Optional.of(DtmfRoad.IN_BAND), call.now);
        call.bridge.hearTones(true, call.now);
        call.press('5', 100 * MILLI, 60 * MILLI);
        int delay = 10; // packets
        for (int i = 0; i < 100; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromWeb(false, 0, i, 160 * i, Call.sound(160, 0xFF));
            byte[] back = i < delay
                    ? Call.sound(160, 0xFF)
                    : call.toTrunk.get(i - delay).payload();
            call.fromTrunk(false, 0, i, 160 * i, back);
        }
        assertThat(call.events).noneMatch(MediaEvent.DigitFromTrunk.class::isInstance);
    }

    @Test
    void whoListensIsToldOfSoundAndSilence() {
        call.open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.listen(true, 300 * MILLI, call.now);
        play(call, AudioCodec.PCMU, '7');
        assertThat(call.events).hasSize(2);
        assertThat(call.events.getFirst()).isEqualTo(new MediaEvent.SoundBegan());
        assertThat(call.events.getLast())
                .isInstanceOfSatisfying(
                        MediaEvent.SoundEnded.class,
                        ended -> assertThat(ended.length().toMillis()).isBetween(80L, 120L));
    }

    /** Half a second of silence, 100 ms of a key's tone, half a second of silence, from the trunk. */
    private static void play(Call call, AudioCodec codec, char key) {
        int rate = codec.sampleRate(codec);
        ToneGenerator tone = new ToneGenerator(rate);
        short[] pcm = new short[rate / 50];
        byte[] payload = new byte[160];
        try (AudioEncoder encoder = Call.codecs().encoder(codec, rate)) {
            for (int i = 0; i < 55; i++) {
                if (i == 25) {
                    tone.begin(Digit.of(key).orElseThrow());
                    tone.endAfter(rate / 10);
                }
                tone.fill(pcm, 0, pcm.length);
                encoder.encode(pcm, pcm.length, payload, 0, payload.length);
                call.runTo(i * (20 * MILLI));
                call.fromTrunk(false, Call.payloadType(codec), i, 160 * i, payload);
            }
        }
        call.runTo(call.now + 100 * MILLI);
    }
}
