package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code call.navigate()} through menus: those of a far end whose voice is espeak-ng's and whose beep is sox's, which knows when it
 * was silent; and those of the practice trunk.
 */
@ExtendWith(Trial.Extension.class)
final class NavigationIT {

    private static final int BEEP_HZ = 1000;
    private static final byte MU_LAW_SILENCE = (byte) 0xff; // ITU-T G.711
    private static final String PROMPTS = "practice-trunk/src/main/resources/io/ringdown/practice/prompts/";

    /** Of what the ear takes for sound, at both ends and between clips. */
    private static final Offset<Integer> NEARLY = Offset.offset(350);

    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig().trunk("carrier", Exchange.carrier(carrierPort));
        int practice = PracticeNetwork.start(trial, config.sipPort());
        config.trunk("practice", """
                sip:
                  address: 127.0.0.1:%d
                media:
                  listen: 127.0.0.1
                prefixes: ['+1202555']
                """.formatted(practice));
        exchange = Exchange.start(trial, config, carrierPort);
    }

    @ParameterizedTest
    @EnumSource
    void eachKeyIsPressedWhenThePromptOrTheBeepIsOver(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        byte[] prompt = voice(trial.directory(), "prompt", "Welcome to the bank. For your balance, press one.");
        byte[] request = voice(trial.directory(), "request", "Please leave your message after the tone.");
        SdkPage phone = call(trial, kind, Exchange.NUMBER);
        phone.await("established", 15);
        far.awaitAudio(10);
        far.speak(0, silence(1000));
        phone.evaluate("phone.navigate('{prompt}1{beep}2', {duration: 120})");
        Tools.pause(1000);
        assertThat(pressed(far))
                .as("a silence before the prompt is not its end")
                .isEmpty();
        say(far, prompt);
        assertThat(pressed(far)).as("not before the prompt is over").isEmpty();
        awaitPresses(far, phone, 1);
        say(far, request);
        Tools.pause(1000);
        assertThat(pressed(far)).as("neither the end of what is said").containsExactly("1");
        say(far, beep(trial.directory()));
        awaitPresses(far, phone, 2);
        assertThat(pressed(far)).containsExactly("1", "2");
        assertThat(outcome(phone).path("steps").toString()).isEqualTo("[\"prompt\",\"digits\",\"beep\",\"digits\"]");
        JsonNode beep = phone.evaluate("phone.story.find((each) => each.what === 'beep')");
        assertThat(beep.path("hertz").asInt()).isBetween(BEEP_HZ - 20, BEEP_HZ + 20);
        assertThat(beep.path("durationMillis").asInt()).isBetween(360, 440);

        phone.evaluate("phone.navigate('{beep}', {timeout: 1500})");
        JsonNode late = outcome(phone);
        assertThat(late.path("code").asText()).isEqualTo("navigation-timeout");
        assertThat(late.path("step").path("kind").asText()).isEqualTo("beep");
        phone.evaluate("(phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
    }

    static Stream<Browser.Kind> browsers() {
        return Tools.full() ? Stream.of(Browser.Kind.values()) : Stream.of(Browser.Kind.CHROMIUM);
    }

    @ParameterizedTest
    @MethodSource("browsers")
    void thePracticeMenuReadsBackWhatWasPressedAfterItsPrompt(Browser.Kind kind, Trial trial) {
        SdkPage phone = call(trial, kind, "+12025550101");
        phone.evaluate("phone.navigate('{answer}{prompt}4711#{prompt}')");
        assertThat(outcome(phone).path("steps").toString()).isEqualTo("[\"answer\",\"prompt\",\"digits\",\"prompt\"]");
        List<Integer> spoken = spoken(phone);
        assertThat(spoken).as("two announcements").hasSize(2);
        assertThat(spoken.getFirst())
                .as("the whole prompt, which a key would cut")
                .isCloseTo(millis("welcome"), NEARLY);
        assertThat(spoken.getLast())
                .as("what was pressed, and no more")
                .isCloseTo(millis("you-pressed", "digit-4", "digit-7", "digit-1", "digit-1", "again"), NEARLY);
        phone.evaluate("(phone.call.hangup(), true)");
    }

    @Test
    void aMenuBeforeTheAnswerIsWalkedToo(Trial trial) {
        SdkPage phone = call(trial, Browser.Kind.CHROMIUM, "+12025550102");
        // So many that a browser which pauses knows that they were pressed before they were read back and the menu has
        // hung up.
        phone.evaluate("phone.navigate('{prompt}47110815#{answer}')");
        JsonNode outcome = outcome(phone);
        assertThat(outcome.path("steps").toString())
                .as("%s after %s", outcome, phone.evaluate("phone.story"))
                .isEqualTo("[\"prompt\",\"digits\",\"answer\"]");
        assertThat(phone.names()).containsSubsequence("earlymedia", "dtmfreceipt", "established");
        // It speaks from its 183 on, and its first words are over where a busy browser's media come up late.
        assertThat(spoken(phone).getFirst()).isBetween(millis("welcome") - 2000, millis("welcome") + NEARLY.value);
    }

    private static SdkPage call(Trial trial, Browser.Kind kind, String number) {
        SdkPage phone = SdkPage.open(trial, kind.browser(), exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway());
        phone.evaluate("phone.start(" + JsonSocket.quote(number) + ").then(() => true)");
        return phone;
    }

    private static JsonNode outcome(SdkPage phone) {
        Tools.await(
                "the walk is over",
                45,
                () -> !phone.evaluate("phone.walk").isNull(),
                () -> phone.evaluate("phone.story").toString());
        return phone.evaluate("phone.walk");
    }

    /** How long each announcement was, by the gateway's ear. */
    private static List<Integer> spoken(SdkPage phone) {
        List<Integer> spoken = new ArrayList<>();
        phone.evaluate("phone.story.filter((each) => each.what === 'silence').map((each) => each.durationMillis ?? 0)")
                .forEach(each -> {
                    if (each.asInt() > 0) {
                        spoken.add(each.asInt());
                    }
                });
        return spoken;
    }

    /** How long these prompts are, one after the other. */
    private static int millis(String... clips) {
        long bytes = 0;
        for (String clip : clips) {
            try {
                bytes += Files.size(Tools.root().resolve(PROMPTS + clip + ".ul"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return (int) (bytes / 8);
    }

    private static void say(FarEnd far, byte[] sound) {
        far.hush();
        far.play(0, sound);
        far.speak(0, silence(1000));
    }

    private static List<String> pressed(FarEnd far) {
        return Press.of(far.received()).stream().map(Press::digit).toList();
    }

    private static void awaitPresses(FarEnd far, SdkPage phone, int count) {
        Tools.await(
                "press " + count,
                10,
                () -> Press.of(far.received()).size() >= count
                        && Press.of(far.received()).getLast().ends() == 3,
                () -> phone.evaluate("phone.story").toString());
    }

    private static byte[] silence(int millis) {
        byte[] silence = new byte[8 * millis];
        Arrays.fill(silence, MU_LAW_SILENCE);
        return silence;
    }

    private static byte[] voice(Path folder, String name, String text) {
        Path spoken = folder.resolve(name + "-spoken.wav");
        Path trimmed = folder.resolve(name + ".wav");
        Tools.run(folder.resolve("espeak.log"), "espeak-ng", "-v", "en-gb", "-w", spoken.toString(), text);
        Tools.run(
                folder.resolve("trim.log"),
                "sox",
                spoken.toString(),
                trimmed.toString(),
                "silence",
                "1",
                "0.02",
                "0.1%",
                "reverse",
                "silence",
                "1",
                "0.02",
                "0.1%",
                "reverse",
                "gain",
                "-n",
                "-9");
        return Keypad.encoded(folder, trimmed, 0);
    }

    private static byte[] beep(Path folder) {
        Path wav = folder.resolve("beep.wav");
        Tools.run(
                folder.resolve("beep.log"),
                "sox",
                "-n",
                "-r",
                "16000",
                "-c",
                "1",
                "-b",
                "16",
                wav.toString(),
                "synth",
                "0.4",
                "sine",
                Integer.toString(BEEP_HZ),
                "vol",
                "0.35");
        return Keypad.encoded(folder, wav, 0);
    }
}
