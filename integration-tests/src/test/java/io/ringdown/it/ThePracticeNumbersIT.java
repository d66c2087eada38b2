package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each number of docs/practice-trunk.md as a telephone without a gateway meets it: SIPp calls the practice trunk's process. */
@ExtendWith(Trial.Extension.class)
final class ThePracticeNumbersIT {

    private static final String NUMBERS = "+12025550";
    private static final Pattern MESSAGE =
            Pattern.compile("-{40,} (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6})\\R[^\\n]*\\R\\R?([^\\r\\n]*)");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
    private static final int HASH = 11;
    private static final double SPEECH_DBFS = -40;

    private static int sipPort;
    private static int gatewayPort;

    @BeforeAll
    static void start(Trial trial) {
        gatewayPort = Tools.freePort();
        sipPort = PracticeNetwork.start(trial, gatewayPort);
    }

    /** All at once, since they mostly wait. */
    @Test
    void eachDoesWhatItsLineSays(Trial trial) throws Exception {
        Path folder = trial.directory();
        List<Runnable> stories = List.of(
                () -> echo(folder, talk(trial, "100", 6_000)),
                () -> ivr(folder, talk(trial, "101", 9_000)),
                () -> ivrBeforeTheAnswer(called(trial, "102")),
                () -> refused(refused(trial, "103", 486), 486, 17, false),
                () -> refused(refused(trial, "105", 603), 603, 21, true),
                () -> refused(refused(trial, "106", 404), 404, 1, false),
                () -> refused(refused(trial, "199", 404), 404, 1, false),
                () -> earlyMedia(folder, called(trial, "107")),
                () -> fiveAndTenSeconds(folder, called(trial, "108")),
                () -> digits(called(trial, "109")),
                () -> monologue(folder, talk(trial, "110", 4_000)),
                () -> ringMe(trial, called(trial, "111")),
                () -> addressCheck(folder, call(trial, "uac-called-hangs-up", "933", 0)));
        try (ExecutorService all = Executors.newFixedThreadPool(stories.size())) {
            List<Future<?>> running = new ArrayList<>();
            stories.forEach(story -> running.add(all.submit(story)));
            for (Future<?> story : running) {
                story.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a practice number is not as it is told", e.getCause());
        }
    }

    @Tag("slow")
    @Test
    void theOneThatDoesNotAnswerRingsForHalfAMinute(Trial trial) {
        Call call = refused(trial, "104", 480);
        refused(call, 480, 19, true);
        assertThat(call.between("INVITE", "SIP/2.0 480")).isGreaterThan(Duration.ofSeconds(29));
    }

    private static void refused(Call call, int status, int cause, boolean rings) {
        call.sipp.awaitSuccess(45);
        String messages = call.sipp.messages();
        assertThat(messages.contains("SIP/2.0 180 "))
                .as("it rings: " + messages)
                .isEqualTo(rings);
        assertThat(messages).contains("SIP/2.0 " + status + " ").contains("Q.850;cause=" + cause + ";");
    }

    private static void echo(Path folder, Call call) {
        call.far.awaitAudio(10);
        call.far.speak(0, G711.PCMU.tone(folder, Exchange.TELEPHONE_HZ));
        Tools.pause(500);
        Ear.hears("who calls the echo", Ear.of(folder, "echo", call.far.listenFor(1_000)), Exchange.TELEPHONE_HZ);
        call.far.hush();
        call.far.press(101, 7, 100);
        Tools.await(
                "the echo gives back digits too",
                5,
                () -> !Press.of(call.far.received()).isEmpty(),
                () -> call.far.received().size() + " packets");
        assertThat(Press.of(call.far.received())).extracting(Press::digit).containsExactly("7");
        call.sipp.awaitSuccess(15);
    }

    private static void ivr(Path folder, Call call) {
        call.far.awaitAudio(10);
        speaks(folder, "the IVR's prompt", call, 1_500);
        call.far.press(101, 4, 200);
        Tools.pause(400);
        Ear.hearsNothing("who has pressed", Ear.of(folder, "ivr-hushed", call.far.listenFor(500)));
        call.far.press(101, HASH, 200);
        speaks(folder, "what is read back", call, 1_500);
        call.sipp.awaitSuccess(20);
    }

    private static void ivrBeforeTheAnswer(Call call) {
        call.far.awaitAudio(10);
        Tools.pause(500);
        call.far.press(101, 4, 200);
        Tools.pause(200);
        call.far.press(101, HASH, 200);
        call.sipp.awaitSuccess(30);
        call.happened("SIP/2.0 183", "SIP/2.0 200", "BYE");
    }

    private static void earlyMedia(Path folder, Call call) {
        call.far.awaitAudio(10);
        speaks(folder, "the announcement", call, 1_000);
        assertThat(call.sipp.messages()).as("nobody has answered yet").doesNotContain("SIP/2.0 200 ");
        call.sipp.awaitSuccess(30);
        call.happened("SIP/2.0 183", "SIP/2.0 200", "BYE");
    }

    private static void fiveAndTenSeconds(Path folder, Call call) {
        call.far.awaitAudio(15);
        speaks(folder, "who answers after five seconds", call, 1_500);
        call.sipp.awaitSuccess(30);
        call.happened("SIP/2.0 180", "SIP/2.0 200", "BYE");
        assertThat(call.between("INVITE", "SIP/2.0 200")).isGreaterThan(Duration.ofMillis(4_900));
        assertThat(call.between("SIP/2.0 200", "BYE")).isGreaterThan(Duration.ofMillis(9_900));
    }

    private static void digits(Call call) {
        call.sipp.awaitSuccess(40);
        List<Press> presses = Press.of(call.far.received());
        assertThat(presses)
                .extracting(Press::digit)
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#");
        assertThat(presses).allSatisfy(press -> assertThat(press.millis()).isEqualTo(100));
    }

    private static void monologue(Path folder, Call call) {
        call.far.awaitAudio(10);
        speaks(folder, "the monologue", call, 1_500);
        call.sipp.awaitSuccess(15);
    }

    private static void ringMe(Trial trial, Call call) {
        FarEnd rung = keep(trial, new FarEnd());
        Sipp gateway = start(
                trial,
                Sipp.Run.of("uas-answer-then-bye", gatewayPort)
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("rtp_ip", rung.address())
                        .key("rtp_port", rung.port())
                        .with("-d", "2500"));
        call.sipp.awaitSuccess(20);
        rung.awaitAudio(15);
        speaks(trial.directory(), "who calls back", new Call(gateway, rung), 1_000);
        gateway.awaitSuccess(15);
        assertThat(gateway.messages()).contains("INVITE sip:+493012345678@127.0.0.1");
    }

    private static void addressCheck(Path folder, Call call) {
        call.far.awaitAudio(10);
        speaks(folder, "the address check", call, 1_500);
        call.sipp.awaitSuccess(20);
        call.happened("SIP/2.0 180", "SIP/2.0 200", "BYE");
    }

    private static void speaks(Path folder, String who, Call call, long millis) {
        String name = who.replace(' ', '-').replace("'", "");
        Sound heard = Ear.of(folder, name, call.far.listenFor(millis));
        assertThat(heard.levelDbfs()).as(who + " is heard: " + heard).isGreaterThan(SPEECH_DBFS);
        assertThat(heard.othersBelowDb(heard.dominantHz()))
                .as(who + " is speech, not a tone: " + heard)
                .isLessThan(15);
    }

    /** Calls and hangs up after so long. */
    private static Call talk(Trial trial, String last, int millis) {
        return call(trial, "uac-call", NUMBERS + last, 0, "-d", Integer.toString(millis));
    }

    /** Calls and waits for the other's BYE. */
    private static Call called(Trial trial, String last) {
        return call(trial, "uac-called-hangs-up", NUMBERS + last, 0);
    }

    private static Call refused(Trial trial, String last, int status) {
        return call(trial, "uac-expects", NUMBERS + last, status);
    }

    private static Call call(Trial trial, String scenario, String number, int status, String... more) {
        FarEnd far = keep(trial, new FarEnd());
        Sipp.Run run = Sipp.Run.of(scenario, Tools.freePort())
                .key("pt", 0)
                .key("codec", "PCMU")
                .key("te", 101)
                .key("status", status)
                .key("rtp_ip", far.address())
                .key("rtp_port", far.port())
                .with(more)
                .with("-s", number, "127.0.0.1:" + sipPort);
        return new Call(start(trial, run), far);
    }

    /** A trial is not for several threads. */
    private static <T extends AutoCloseable> T keep(Trial trial, T resource) {
        synchronized (trial) {
            return trial.keep(resource);
        }
    }

    private static Sipp start(Trial trial, Sipp.Run run) {
        synchronized (trial) {
            return Sipp.start(trial, run);
        }
    }

    /** A call of SIPp's and its telephone. */
    private record Call(Sipp sipp, FarEnd far) {

        /** These messages were there, in this order. */
        void happened(String... beginnings) {
            List<Stamped> all = stamped();
            int at = 0;
            for (String beginning : beginnings) {
                while (at < all.size() && !all.get(at).line.startsWith(beginning)) {
                    at++;
                }
                assertThat(at).as(beginning + " in its place in " + all).isLessThan(all.size());
            }
        }

        Duration between(String first, String second) {
            return Duration.between(at(first), at(second));
        }

        private LocalDateTime at(String beginning) {
            return stamped().stream()
                    .filter(message -> message.line.startsWith(beginning))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + beginning + " in " + sipp.messages()))
                    .time;
        }

        private List<Stamped> stamped() {
            List<Stamped> all = new ArrayList<>();
            Matcher messages = MESSAGE.matcher(sipp.messages());
            while (messages.find()) {
                all.add(new Stamped(LocalDateTime.parse(messages.group(1), STAMP), messages.group(2)));
            }
            return all;
        }
    }

    private record Stamped(LocalDateTime time, String line) {}
}
