package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.Presses;
import io.ringdown.dtmf.ToneDetector;
import io.ringdown.dtmf.ToneGenerator;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one hears who listens beside a call, by every path that sound takes. */
class MonitorTest {
    private static final long FRAME_NANOS = 20 * Call.MILLI;
    private static final double BROWSER_HZ = 620;
    private static final double TELEPHONE_HZ = 1_100;
    private static final int LOUD = 8_000;

    static Stream<Arguments> pairs() {
        return Stream.of(AudioCodec.values())
                .flatMap(web -> Stream.of(AudioCodec.values()).map(trunk -> Arguments.of(web, trunk)));
    }

    /** A party whose sound is written before it is spoken. */
    private static final class Party {
        private final AudioEncoder encoder;
        private final byte[] packet = new byte[1_500];
        final int rate;
        final int ticks;
        final short[] pcm;

        Party(AudioCodec codec, AudioCodec other, int seconds) {
            this.rate = codec.sampleRate(other);
            this.ticks = codec.clockRate() / 50;
            this.encoder = Call.codecs().encoder(codec, rate);
            this.pcm = new short[rate * seconds];
        }

        void hum(double hertz, int fromMillis, int toMillis) {
            for (int i = fromMillis * rate / 1_000; i < toMillis * rate / 1_000; i++) {
                pcm[i] = (short) Math.round(LOUD * Math.sin(2 * Math.PI * hertz * i / rate));
            }
        }

        void press(char key, int fromMillis, int millis) {
            ToneGenerator tone = new ToneGenerator(rate);
            tone.begin(Digit.of(key).orElseThrow());
            tone.endAfter(millis * rate / 1_000);
            tone.fill(pcm, fromMillis * rate / 1_000, (millis + 10) * rate / 1_000);
        }

        byte[] frame(int number) {
            short[] frame = Arrays.copyOfRange(pcm, number * rate / 50, (number + 1) * rate / 50);
            int length = encoder.encode(frame, frame.length, packet, 0, packet.length);
            return Arrays.copyOf(packet, length);
        }
    }

    /** A call of two parties. */
    private static final class Conversation {
        final Call call = new Call();
        final Party browser;
        final Party telephone;
        private final int webType;
        private final int trunkType;
        private final int frames;
        private final List<short[]> heard = new ArrayList<>();
        private int rate;

        Conversation(AudioCodec web, AudioCodec trunk, int seconds) {
            this(web, Call.trunk(trunk, 20), seconds);
        }

        Conversation(AudioCodec web, TrunkFormat trunk, int seconds) {
            browser = new Party(web, trunk.codec(), seconds);
            telephone = new Party(trunk.codec(), web, seconds);
            webType = Call.payloadType(web);
            trunkType = trunk.payloadType();
            frames = 50 * seconds;
            WebFormat format = new WebFormat(web, webType, OptionalInt.of(110), web.clockRate(), 20);
            call.open(format, trunk);
        }

        SoundMonitor listen() {
            SoundMonitor monitor = call.bridge.monitor(call.now).orElseThrow();
            rate = monitor.sampleRate();
            return monitor;
        }

        /** Both speak; {@code with} happens before each frame. */
        void talk(SoundMonitor monitor, IntConsumer with) {
            for (int i = 0; i < frames; i++) {
                call.runTo(i * FRAME_NANOS);
                with.accept(i);
                call.fromWeb(false, webType, i, i * browser.ticks, browser.frame(i));
                call.fromTrunk(false, trunkType, i, i * telephone.ticks, telephone.frame(i));
                hear(monitor);
            }
            call.runTo(frames * FRAME_NANOS + 300 * Call.MILLI);
            hear(monitor);
        }

        private void hear(SoundMonitor monitor) {
            short[] frame = new short[monitor.frameSamples()];
            while (monitor.read(frame)) {
                heard.add(frame.clone());
            }
        }

        short[] browserHeard() {
            return channel(0);
        }

        short[] telephoneHeard() {
            return channel(1);
        }

        private short[] channel(int channel) {
            int samples = rate / 50;
            short[] pcm = new short[heard.size() * samples];
            for (int i = 0; i < pcm.length; i++) {
                pcm[i] = heard.get(i / samples)[2 * (i % samples) + channel];
            }
            return pcm;
        }

        /** The part of a channel's power at a frequency, between two times of the monitor's. */
        double share(short[] pcm, double hertz, int fromMillis, int toMillis) {
            double real = 0;
            double imaginary = 0;
            double power = 1e-9;
            int from = fromMillis * rate / 1_000;
            int to = toMillis * rate / 1_000;
            for (int i = from; i < to; i++) {
                real += pcm[i] * Math.cos(2 * Math.PI * hertz * i / rate);
                imaginary += pcm[i] * Math.sin(2 * Math.PI * hertz * i / rate);
                power += (double) pcm[i] * pcm[i];
            }
            return 2 * (real * real + imaginary * imaginary) / (power * (to - from));
        }

        /** Digits that are still to be heard. */
        String digits(short[] pcm) {
            StringBuilder digits = new StringBuilder();
            Presses presses = (press, digit, lengthNanos, now) -> digits.append(digit.character());
            ToneDetector detector = new ToneDetector(rate, presses);
            for (int at = 0; at + rate / 50 <= pcm.length; at += rate / 50) {
                detector.onFrame(pcm, at, rate / 50, 0);
            }
            detector.close(0);
            return digits.toString();
        }
    }

    private static double rms(short[] pcm, int from, int to) {
        double power = 0;
        for (int i = from; i < to; i++) {
            power += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(power / (to - from));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void eachPartyIsInItsOwnChannelAndNotInTheOther(AudioCodec web, AudioCodec trunk) {
        Conversation talk = new Conversation(web, trunk, 3);
        talk.browser.hum(BROWSER_HZ, 0, 3_000);
        talk.telephone.hum(TELEPHONE_HZ, 0, 3_000);
        talk.talk(talk.listen(), i -> {});
        assertThat(talk.share(talk.browserHeard(), BROWSER_HZ, 1_000, 2_900)).isGreaterThan(0.95);
        assertThat(talk.share(talk.telephoneHeard(), TELEPHONE_HZ, 1_000, 2_900))
                .isGreaterThan(0.95);
        assertThat(rms(talk.browserHeard(), talk.rate, 2 * talk.rate)).isBetween(LOUD * 0.65, LOUD * 0.75);
        assertThat(rms(talk.telephoneHeard(), talk.rate, 2 * talk.rate)).isBetween(LOUD * 0.65, LOUD * 0.75);
        assertThat(talk.heard).as("frames of 3.3 s").hasSizeBetween(164, 166);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void withSecureInputNoDigitIsLeftAndAllElseIs(AudioCodec web, AudioCodec trunk) {
        for (boolean isSecure : new boolean[] {false, true}) {
            Conversation talk = new Conversation(web, trunk, 4);
            for (Party party : List.of(talk.browser, talk.telephone)) {
                party.hum(BROWSER_HZ, 0, 900);
                party.press('4', 1_000, 100);
                party.press('1', 1_200, 60);
                party.press('7', 1_400, 1_000);
                party.hum(BROWSER_HZ, 2_500, 4_000);
            }
            talk.call.bridge.secureInput(isSecure);
            talk.talk(talk.listen(), i -> {});
            for (short[] heard : List.of(talk.browserHeard(), talk.telephoneHeard())) {
                assertThat(talk.digits(heard)).isEqualTo(isSecure ? "" : "417");
                assertThat(talk.share(heard, BROWSER_HZ, 400, 900)).isGreaterThan(0.9);
                assertThat(talk.share(heard, BROWSER_HZ, 2_900, 3_900)).isGreaterThan(0.9);
                double between = rms(heard, talk.rate * 115 / 100, talk.rate * 25 / 10);
                assertThat(between).isBetween(isSecure ? 0.0 : LOUD / 2.0, isSecure ? 60.0 : LOUD * 2.0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DtmfRoad.class)
    void ourOwnPressesAndTheirEchoAreNeverHeard(DtmfRoad road) {
        Conversation talk = new Conversation(AudioCodec.OPUS, AudioCodec.PCMU, 5);
        talk.browser.hum(BROWSER_HZ, 0, 5_000);
        talk.telephone.press('9', 1_300, 200); // what the far end's line gives back
        talk.telephone.press('3', 4_200, 200); // what the far end presses
        talk.call.bridge.digitRoad(Optional.of(road), talk.call.now);
        talk.talk(talk.listen(), i -> {
            if (i == 60) {
                assertThat(talk.call.press('9', 200 * Call.MILLI, 60 * Call.MILLI))
                        .isTrue();
            }
        });
        assertThat(talk.digits(talk.telephoneHeard())).isEqualTo("3");
        assertThat(talk.digits(talk.browserHeard())).isEmpty();
        if (road != DtmfRoad.INFO) { // which takes no sound's place
            int pressed = talk.rate * 14 / 10;
            assertThat(rms(talk.browserHeard(), pressed, pressed + talk.rate / 20))
                    .isZero();
        }
    }

    @Test
    void aPressByTelephoneEventMakesNoSoundAndTakesWhatLeaksOfItAway() {
        Conversation talk = new Conversation(AudioCodec.OPUS, AudioCodec.PCMU, 2);
        talk.telephone.press('6', 1_000, 25);
        talk.call.bridge.secureInput(true);
        talk.talk(talk.listen(), i -> {
            if (i >= 52 && i < 60) {
                int duration = (i - 51) * 160;
                byte high = (byte) (duration >> 8);
                talk.call.fromTrunk(i == 52, 101, i, 52 * 160, (byte) 6, (byte) 10, high, (byte) duration);
            }
        });
        assertThat(rms(talk.telephoneHeard(), 0, talk.telephoneHeard().length)).isZero();
    }

    @Test
    void whoIsMutedIsNotHeard() {
        for (AudioCodec web : new AudioCodec[] {AudioCodec.OPUS, AudioCodec.PCMU}) {
            Conversation talk = new Conversation(web, AudioCodec.PCMU, 2);
            talk.browser.hum(BROWSER_HZ, 0, 2_000);
            talk.call.bridge.muteWeb(true);
            talk.talk(talk.listen(), i -> {});
            assertThat(rms(talk.browserHeard(), 0, talk.browserHeard().length)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theCallIsTheSameToTheByteWhetherAnybodyListensOrNot(AudioCodec web, AudioCodec trunk) {
        List<List<byte[]>> sent = new ArrayList<>();
        for (boolean isHeard : new boolean[] {false, true}) {
            Conversation talk = new Conversation(web, trunk, 2);
            talk.browser.hum(BROWSER_HZ, 0, 2_000);
            talk.telephone.hum(TELEPHONE_HZ, 0, 2_000);
            talk.talk(isHeard ? talk.listen() : new SoundMonitor(8_000), i -> {});
            sent.add(Stream.concat(talk.call.toTrunk.stream(), talk.call.toWeb.stream())
                    .map(Call.Sent::payload)
                    .toList());
        }
        assertThat(sent.get(1)).usingRecursiveComparison().isEqualTo(sent.get(0));
    }

    @Test
    void unsteadyPacketsMakeNoHoles() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Conversation talk = new Conversation(AudioCodec.OPUS, AudioCodec.PCMU, 1);
            SoundMonitor monitor = talk.listen();
            talk.telephone.hum(TELEPHONE_HZ, 0, 1_000);
            long came = 0;
            for (int i = 0; i < 250; i++) {
                came = Math.max(came, i * FRAME_NANOS + (long) (30 * Call.MILLI * random.nextDouble()));
                talk.call.runTo(came);
                talk.call.fromTrunk(false, 0, i, i * 160, talk.telephone.frame(i % 50));
                talk.hear(monitor);
            }
            short[] heard = talk.telephoneHeard();
            for (int at = talk.rate / 2; at + talk.rate / 50 < heard.length; at += talk.rate / 50) {
                assertThat(rms(heard, at, at + talk.rate / 50))
                        .as("seed %d at %d", seed, at)
                        .isGreaterThan(LOUD / 2.0);
            }
        }
    }

    @Test
    void aReaderWhoDoesNotFollowMissesFramesAndTheLoopDoesNotWait() {
        Conversation talk = new Conversation(AudioCodec.OPUS, AudioCodec.PCMU, 4);
        SoundMonitor idle = talk.listen();
        SoundMonitor keen = talk.listen();
        talk.talk(keen, i -> {});
        assertThat(talk.heard).hasSizeBetween(214, 216);
        assertThat(keen.dropped()).isZero();
        assertThat(idle.dropped()).isEqualTo(talk.heard.size() - 64);
    }

    @Test
    void whenTheLastHasGoneNothingIsMadeAnyMoreAndTheEndOfTheCallIsTold() {
        Conversation talk = new Conversation(AudioCodec.PCMU, AudioCodec.PCMU, 1);
        SoundMonitor first = talk.listen();
        SoundMonitor second = talk.listen();
        first.close();
        talk.call.runTo(talk.call.now + 100 * Call.MILLI);
        short[] frame = new short[first.frameSamples()];
        int read = 0;
        while (first.read(frame)) {
            read++;
        }
        assertThat(read).as("frames after it has gone").isLessThanOrEqualTo(1);
        second.close();
        talk.call.runTo(talk.call.now + 100 * Call.MILLI);
        SoundMonitor third = talk.listen();
        talk.call.bridge.close();
        assertThat(third.isOver()).isTrue();
        assertThat(talk.call.bridge.monitor(talk.call.now)).isEmpty();
    }
}
