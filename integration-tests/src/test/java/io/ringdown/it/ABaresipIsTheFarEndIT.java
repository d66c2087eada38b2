package io.ringdown.it;

import static io.ringdown.evidence.Row.HOLD;
import static io.ringdown.evidence.Row.IN_THE_CALL;
import static io.ringdown.evidence.Row.ORDER_OF_CODECS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A telephone that nobody of this project has written: baresip takes the call, plays a file and records what it hears, in G.711
 * and in Opus.
 */
@ExtendWith(Trial.Extension.class)
final class ABaresipIsTheFarEndIT {

    static final int BARESIP_HZ = 880;
    private static final int MUSIC_HZ = 440;

    /** What baresip speaks: as its accounts name it, and the rate and channels that its module wants. */
    enum Speaks {
        G711("pcmu,pcma", "g711.so", 8_000, 1, "pcmu, pcma"),
        OPUS("opus/48000/2", "opus.so", 48_000, 2, "opus, pcma");

        private final String account;
        private final String module;
        private final int rate;
        private final int channels;
        private final String offered;

        Speaks(String account, String module, int rate, int channels, String offered) {
            this.account = account;
            this.module = module;
            this.rate = rate;
            this.channels = channels;
            this.offered = offered;
        }
    }

    @ParameterizedTest
    @EnumSource
    void baresipAndTheBrowserHearEachOther(Browser.Kind kind, Trial trial) {
        call(kind, Speaks.G711, "Opus(8k) -> Pcmu", trial);
    }

    @ParameterizedTest
    @EnumSource
    @Shows(ORDER_OF_CODECS)
    void overOpusTheyHearEachOtherAndNothingIsTranscoded(Browser.Kind kind, Trial trial) {
        call(kind, Speaks.OPUS, "Srtp -> PT" + (kind == Browser.Kind.CHROMIUM ? 111 : 109) + " -> Rtp(", trial);
    }

    @Test
    @Shows({HOLD, IN_THE_CALL})
    void baresipHoldsAndResumesByItsOwnMeans(Trial trial) {
        Held call = call(trial);
        pressKey(call.folder, 'x');
        assertThat(call.phone.await("held", 10).path("by").asText()).isEqualTo("telephone");
        pressKey(call.folder, 'X');
        assertThat(call.phone.await("resumed", 10).path("by").asText()).isEqualTo("telephone");
        Ear.hears("the browser after baresip's hold", call.phone.hearOnceLoud(), BARESIP_HZ);
        call.phone.hangUp();
        call.phone.awaitEnded(10);
    }

    /** It is not told: what it hears on a hold that it knows of it does not record; the next test has that. */
    @Test
    @Shows(HOLD)
    void baresipIsHeldAndHearsTheMusic(Trial trial) {
        Held call = call(trial);
        call.phone.evaluate("client.send({type: 'hold', call: client.call, ref: 'h'})");
        assertThat(call.phone.await("held", 10).path("by").asText()).isEqualTo("browser");
        Tools.pause(500);
        Ear.hearsNothing("the browser on hold", call.phone.hear(1000));
        Tools.pause(1500);
        call.phone.hangUp();
        call.phone.awaitEnded(10);
        Sound heard = recording(call.folder);
        Ear.hears("baresip on hold", heard.between(heard.seconds() - 2, heard.seconds() - 0.5), MUSIC_HZ);
    }

    /** It is told by re-INVITE, answers as RFC 3264 has it, and the music goes to where it wants its media. */
    @Test
    @Shows(HOLD)
    void baresipThatIsToldOfTheHoldAnswersRecvonlyAndIsSentTheMusic(Trial trial) {
        Held call = call(trial, "sendonly");
        Capture capture = Capture.start(trial);
        call.phone.evaluate("client.send({type: 'hold', call: client.call, ref: 'h'})");
        assertThat(call.phone.await("held", 10).path("by").asText()).isEqualTo("browser");
        Tools.pause(2000);
        List<String> answer = capture.read(
                        call.port,
                        "sip.Status-Code == 200 && sip.CSeq.method == \"INVITE\" && udp.srcport == " + call.port,
                        "sdp.media.port",
                        "sdp.media_attr")
                .getLast();
        assertThat(answer.get(1)).contains("recvonly");
        Sound music = Ear.of(trial.directory(), "held", sent(capture, call.port, answer.getFirst()));
        Ear.hears("who sees what baresip is sent", music.between(0.5, music.seconds() - 0.2), MUSIC_HZ);
        call.phone.hangUp();
        call.phone.awaitEnded(10);
    }

    /** The RTP to this port, as tshark finds it by the SDP. */
    private static List<FarEnd.Packet> sent(Capture capture, int sipPort, String rtpPort) {
        return capture
                .read(
                        sipPort,
                        "rtp && udp.dstport == " + rtpPort,
                        "udp.srcport",
                        "rtp.p_type",
                        "rtp.seq",
                        "rtp.timestamp",
                        "rtp.ssrc",
                        "rtp.payload")
                .stream()
                .map(row -> new FarEnd.Packet(
                        0,
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(row.getFirst())),
                        false,
                        Integer.parseInt(row.get(1)),
                        Integer.parseInt(row.get(2)),
                        Long.parseLong(row.get(3)),
                        Long.decode(row.get(4)),
                        HexFormat.of().parseHex(row.get(5).replace(":", ""))))
                .toList();
    }

    /** A call with a baresip, which will be held. */
    private record Held(RawClient phone, Path folder, int port) {}

    private static Held call(Trial trial) {
        return call(trial, "local");
    }

    private static Held call(Trial trial, String hold) {
        int port = Tools.freePort();
        Path music = trial.file("music.wav");
        Tools.run(
                trial.file("music.log"),
                "sox",
                "-n",
                "-r",
                "22050",
                "-c",
                "1",
                "-b",
                "16",
                music.toString(),
                "synth",
                "2",
                "sine",
                Integer.toString(MUSIC_HZ),
                "vol",
                "0.3");
        GatewayConfig config =
                new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                        media:
                          listen: 127.0.0.1
                          hold: %s
                        prefixes: ['+']
                        """.formatted(port, hold)).lines("""
                        calls:
                          hold:
                            music: '%s'
                        """.formatted(music));
        Exchange exchange = Exchange.start(trial, config, port);
        Path folder = baresip(trial, port, Speaks.G711);
        RawClient phone =
                RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        Ear.hears("the browser", phone.hearOnceLoud(), BARESIP_HZ);
        return new Held(phone, folder, port);
    }

    /** Its keys are pressed through its own web page. */
    private static void pressKey(Path folder, char key) {
        String port =
                BrowserProcess.read(folder.resolve("config")).replaceAll("(?s).*http_listen 127.0.0.1:(\\d+).*", "$1");
        Tools.run(
                folder.resolve("curl.log"), "curl", "-sS", "--max-time", "5", "http://127.0.0.1:" + port + "/?" + key);
    }

    private static void call(Browser.Kind kind, Speaks speaks, String chain, Trial trial) {
        int port = Tools.freePort();
        Exchange exchange =
                Exchange.start(trial, new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                        media:
                          listen: 127.0.0.1
                          codecs: [%s]
                        prefixes: ['+']
                        """.formatted(port, speaks.offered)), port);
        Path folder = baresip(trial, port, speaks);
        Browser browser = kind.browser();
        RawClient phone = RawClient.connect(trial, browser, exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        assertThat(exchange.gateway().debugState().toString()).contains(chain);
        Ear.hears("the browser", phone.hearOnceLoud(), BARESIP_HZ);
        Tools.pause(1500);
        phone.hangUp();
        phone.awaitEnded(10);
        Sound heard = recording(folder);
        Ear.hears("baresip", heard.between(heard.seconds() - 2, heard.seconds() - 0.5), browser.microphoneHz());
    }

    static Path baresip(Trial trial, int port, Speaks speaks) {
        return baresip(trial, port, speaks, "");
    }

    /** The same with further parameters of its account, like {@code ;mediaenc=srtp}, and commands for its start. */
    static Path baresip(Trial trial, int port, Speaks speaks, String parameters, String... commands) {
        Path folder = trial.file("baresip");
        Path tone = folder.resolve("tone.wav");
        try {
            Files.createDirectories(folder);
            Tools.run(
                    folder.resolve("sox.log"),
                    "sox",
                    "-n",
                    "-r",
                    Integer.toString(speaks.rate),
                    "-c",
                    Integer.toString(speaks.channels),
                    "-b",
                    "16",
                    tone.toString(),
                    "synth",
                    "60",
                    "sine",
                    Integer.toString(BARESIP_HZ),
                    "vol",
                    "0.35");
            Files.writeString(folder.resolve("config"), """
                    sip_listen 127.0.0.1:%d
                    net_interface 127.0.0.1
                    audio_player aufile,%s
                    audio_source aufile,%s
                    audio_alert aufile,%s
                    ausrc_srate %d
                    auplay_srate %d
                    ausrc_channels %d
                    auplay_channels %d
                    snd_path %s
                    module_path %s
                    module %s
                    module srtp.so
                    module aufile.so
                    module sndfile.so
                    module_app account.so
                    module_app httpd.so
                    http_listen 127.0.0.1:%d
                    module_app menu.so
                    """.formatted(
                            port,
                            "played.wav", // it cuts long paths
                            tone.getFileName(),
                            tone.getFileName(),
                            speaks.rate,
                            speaks.rate,
                            speaks.channels,
                            speaks.channels,
                            ".",
                            modules(),
                            speaks.module,
                            Tools.freePort()));
            Files.writeString(
                    folder.resolve("accounts"),
                    "<sip:" + Exchange.NUMBER + "@127.0.0.1:" + port + ">;regint=0;answermode=auto;audio_codecs="
                            + speaks.account + parameters + "\n");
            Files.writeString(folder.resolve("contacts"), "");
            List<String> command =
                    new ArrayList<>(List.of(Tools.program("baresip").toString(), "-f", ".", "-v"));
            for (String each : commands) {
                command.addAll(List.of("-e", each));
            }
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("baresip.log").toFile())
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .start();
            Peers.met(Peer.BARESIP);
            trial.keep(() -> Tools.end(process));
            Tools.await(
                    "baresip listens",
                    10,
                    () -> !process.isAlive() || Ports.udpOpen(port),
                    () -> BrowserProcess.read(folder.resolve("baresip.log")));
            assertThat(process.isAlive())
                    .as(BrowserProcess.read(folder.resolve("baresip.log")))
                    .isTrue();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String modules() {
        for (String folder : List.of("/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules")) {
            if (Files.isDirectory(Path.of(folder))) {
                return folder;
            }
        }
        throw new AssertionError("baresip's modules are not installed");
    }

    /** What its sndfile module has dumped of the decoded audio. */
    static Sound recording(Path folder) {
        Tools.await(
                "baresip has written its recording",
                10,
                () -> dump(folder).isPresent(),
                () -> BrowserProcess.read(folder.resolve("baresip.log")));
        Tools.pause(500);
        Path pcm = folder.resolve("dump.s16");
        Tools.run(
                folder.resolve("ffmpeg.log"),
                "ffmpeg",
                "-nostdin",
                "-y",
                "-v",
                "error",
                "-i",
                dump(folder).orElseThrow().toString(),
                "-ac",
                "1",
                "-ar",
                "8000",
                "-f",
                "s16le",
                pcm.toString());
        try {
            return Ear.pcm16(Files.readAllBytes(pcm), 8000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static java.util.Optional<Path> dump(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("dump-.*-dec\\.wav"))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
