package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An operator records calls in which digits come in the sound, from the telephone and from the browser. multimon-ng hears them in
 * the recording without secure input, and none with it; the sound around them is there. What we press ourselves is in neither.
 */
@ExtendWith(Trial.Extension.class)
final class SecureInputIT {
    private static final String BY_BROWSER = "1470#";
    private static final String BY_TELEPHONE = "4111D";
    private static final String BY_US = "96";
    private static final int AROUND_HZ = 620;
    private static final int AROUND_MILLIS = 1_000;
    private static final int KEY_MILLIS = 100;

    // On a busy machine a page's own sound comes with holes, and a key in two pieces, or not at all.
    private static final int BROWSER_KEY_MILLIS = 250;
    private static final int KEYS_OF_A_BUSY_BROWSER = 3;

    private static int carrierPort;
    private static Exchange exchange;

    /** One trunk whose sound we decode, one whose bytes go straight through; digits of ours are tones on both. */
    @BeforeAll
    static void start(Trial trial) {
        carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig();
        for (String codec : new String[] {"opus", "g711"}) {
            config.trunk(codec, """
                    sip:
                      address: 127.0.0.1:%d
                    media:
                      listen: 127.0.0.1
                      codecs: [pcmu]
                      web-codec: %s
                    dtmf: {road: inband}
                    prefixes: ['%s']
                    """.formatted(carrierPort, codec, codec.equals("opus") ? "+491" : "+492"));
        }
        config.lines("tokens: {monitor-key: \"" + Operator.KEY + "\"}\n");
        exchange = Exchange.start(trial, config, carrierPort);
    }

    @ParameterizedTest
    @CsvSource({"+4911234, false", "+4911234, true", "+4921234, false", "+4921234, true"})
    void digitsAreHeardByTheOperatorOnlyWithoutIt(String number, boolean isSecure, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.evaluate("client.start('" + number + "', {secureInput: " + isSecure + "}, false)");
        phone.awaitEstablished();
        far.awaitAudio(10);
        Operator operator = Operator.listen(trial, exchange.gateway(), phone, "operator");

        phone.sound(AROUND_MILLIS, AROUND_HZ);
        for (int i = 0; i < BY_BROWSER.length(); i++) {
            char key = BY_BROWSER.charAt(i);
            phone.sound(BROWSER_KEY_MILLIS, Keypad.rowHz(key), Keypad.columnHz(key));
            Tools.pause(BROWSER_KEY_MILLIS);
        }
        phone.sound(AROUND_MILLIS, AROUND_HZ);
        far.play(0, tone(trial));
        far.play(0, Keypad.sound(trial.directory(), 0, BY_TELEPHONE, KEY_MILLIS, KEY_MILLIS));
        far.play(0, tone(trial));
        phone.evaluate(
                "(client.send({type: 'dtmf', call: client.call, digits: '" + BY_US + "', duration: 200}), true)");
        Tools.await(
                "they have left",
                10,
                () -> phone.messages("dtmf-receipt").stream()
                                .filter(receipt ->
                                        receipt.path("state").asText().equals("sent"))
                                .count()
                        == BY_US.length(),
                () -> phone.messages().toString());
        Tools.pause(300);
        phone.hangUp();
        phone.awaitEnded(10);
        carrier.awaitSuccess(10);

        Operator.Heard heard = operator.awaitEnd();
        Path folder = trial.directory();
        String byFar = ToneEar.multimon(folder, "far", Ear.of(folder, "telephone", far.received()));
        assertThat(byFar).as("what the telephone heard, whoever listens").endsWith(BY_US);
        assertThat(keysOf(BY_BROWSER, byFar)).isGreaterThanOrEqualTo(KEYS_OF_A_BUSY_BROWSER);
        String byOperator = ToneEar.multimon(folder, "browser", heard.browser());
        if (isSecure) {
            assertThat(byOperator).isEmpty();
        } else {
            assertThat(keysOf(BY_BROWSER, byOperator)).as(byOperator).isGreaterThanOrEqualTo(KEYS_OF_A_BUSY_BROWSER);
            assertThat(keysOf(BY_US, byOperator)).as(byOperator).isZero();
        }
        assertThat(ToneEar.multimon(folder, "telephone", heard.telephone())).isEqualTo(isSecure ? "" : BY_TELEPHONE);
        assertThat(secondsOf(AROUND_HZ, heard.browser())).isBetween(1.2, 2.4);
        assertThat(secondsOf(AROUND_HZ, heard.telephone())).isBetween(1.7, 2.1);
        assertThat(phone.messages("secure-input")).hasSize(isSecure ? 1 : 0);
        String call = phone.messages("answer").getFirst().path("call").asText();
        assertThat(exchange.gateway().log())
                .containsPattern("call " + call + " is listened to by 1")
                .containsPattern("call " + call + " was listened to for [0-9]+ s, 0 frame")
                .containsPattern("call " + call + " over: .*, listened to by 1");
        assertThat(exchange.gateway().get("/metrics").body()).contains("\nringdown_listeners 0\n");
    }

    private static long keysOf(String keys, String heard) {
        return keys.chars().filter(key -> heard.indexOf(key) >= 0).count();
    }

    /** How long this is what is heard, in steps of a twentieth of a second. */
    private static double secondsOf(double hz, Sound sound) {
        int steps = 0;
        for (int i = 0; (i + 1) / 20.0 <= sound.seconds(); i++) {
            Sound step = sound.between(i / 20.0, (i + 1) / 20.0);
            double share = Math.pow(10, (step.levelOfDbfs(hz) - step.levelDbfs()) / 10);
            steps += step.levelDbfs() > -40 && share > 0.8 ? 1 : 0;
        }
        return steps / 20.0;
    }

    private static byte[] tone(Trial trial) {
        Path wav = trial.file("around.wav");
        String seconds = String.format(Locale.ROOT, "%.1f", AROUND_MILLIS / 1_000.0);
        Tools.run(
                trial.file("around.log"),
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
                seconds,
                "sine",
                Integer.toString(AROUND_HZ),
                "vol",
                "0.25");
        return Keypad.encoded(trial.directory(), wav, 0);
    }
}
