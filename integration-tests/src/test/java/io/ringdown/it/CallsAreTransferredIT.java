package io.ringdown.it;

import static io.ringdown.evidence.Row.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.evidence.Shows;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Transfers both ways: the browser's are SIPp's to agree to and to judge, SIPp's are heard by the browser as another tone in the same
 * call.
 */
@ExtendWith(Trial.Extension.class)
@Shows(TRANSFER)
final class CallsAreTransferredIT {
    private static final String ELSEWHERE = "+441632960100";
    private static final int OTHER_HZ = 1700;

    // ---- the browser asks

    @Test
    void theTrunkIsAskedToCallTheNumberAndTheCallEndsWhenItHas(Trial trial) {
        World world = new World(trial, "uas-is-asked-to-transfer", run -> run.key("final", "200 OK"));
        world.phone.evaluate("client.send({type: 'transfer', call: client.call, ref: 't', to: '+44 1632 960100'})");
        JsonNode ended = world.phone.awaitEnded(15);
        assertThat(ended.path("cause").asText()).isEqualTo("transferred");
        assertThat(stages(world.phone)).containsExactly("asked", "trying", "ringing", "done");
        world.carrier.awaitSuccess(10);
        assertThat(world.carrier.messages()).contains("Refer-To: <sip:" + ELSEWHERE + "@");
    }

    @Test
    void aTransferThatFailsLeavesTheCallAsItWas(Trial trial) {
        World world = new World(trial, "uas-is-asked-to-transfer", run -> run.key("final", "486 Busy Here"));
        world.phone.evaluate("client.send({type: 'transfer', call: client.call, ref: 't', to: '" + ELSEWHERE + "'})");
        JsonNode failed = world.awaitStage("failed");
        assertThat(failed.path("cause").asText()).isEqualTo("busy");
        assertThat(failed.path("sip").asInt()).isEqualTo(486);
        assertThat(failed.path("ref").asText()).isEqualTo("t");
        Ear.hears("the browser afterwards", world.phone.hear(1500), Exchange.TELEPHONE_HZ);
        world.phone.hangUp();
        assertThat(world.phone.awaitEnded(10).path("cause").asText()).isEqualTo("normal");
        world.carrier.awaitSuccess(10);
    }

    /** Which of its dialogs the Replaces names, is looked up in what SIPp has written of its messages. */
    @Test
    void twoTelephonesOfTheBrowserAreConnectedWithEachOther(Trial trial) {
        World world = new World(
                trial,
                "uas-is-asked-to-transfer",
                run -> run.key("final", "200 OK").calls(2));
        world.phone.evaluate("(client.first = client.call, client.firstPc = client.pc, true)");
        world.phone.start(ELSEWHERE);
        Tools.await(
                "the second call",
                15,
                () -> world.phone.messages("established").size() == 2,
                () -> world.phone.messages().toString());
        world.phone.evaluate("client.send({type: 'transfer', call: client.first, ref: 't', with: client.call})");
        Tools.await(
                "both calls end",
                15,
                () -> world.phone.messages("ended").size() == 2,
                () -> world.phone.messages().toString());
        assertThat(world.phone.messages("ended"))
                .extracting(message -> message.path("cause").asText())
                .containsExactly("transferred", "transferred");
        world.carrier.awaitSuccess(10);
        String said = world.carrier.messages();
        Dialog second = Dialog.of(said, 1);
        Matcher replaces =
                Pattern.compile("Refer-To: <sip:[^>]*\\?Replaces=([^>&]*)").matcher(said);
        assertThat(replaces.find()).as(said).isTrue();
        String named = URLDecoder.decode(replaces.group(1), StandardCharsets.US_ASCII);
        assertThat(named)
                .as("as the telephone of the second call knows that")
                .startsWith(second.callId + ";")
                .contains("to-tag=" + second.theirTag)
                .contains("from-tag=" + second.ourTag);
    }

    // ---- the trunk asks

    @ParameterizedTest
    @EnumSource
    void theBrowserHearsTheNewTelephoneInTheSameCall(Browser.Kind kind, Trial trial) {
        FarEnd other = trial.keep(new FarEnd());
        World world =
                new World(kind, trial, true, "uas-transfers", run -> run, Optional.of(callee("uas-answer", other)));
        assertThat(world.awaitStage("referred").path("number").asText()).isEqualTo(ELSEWHERE);
        world.awaitStage("done");
        other.awaitAudio(10);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        world.carrier.awaitSuccess(15);
        Ear.hears("the browser", world.phone.hearOnceLoud(), OTHER_HZ);
        Ear.hears(
                "the new telephone",
                Ear.of(trial.directory(), "other", other.listenFor(1500)),
                kind.browser().microphoneHz());
        assertThat(stages(world.phone)).containsExactly("referred", "ringing", "done");
        assertThat(world.carrier.messages()).contains("SIP/2.0 100 Trying").contains("SIP/2.0 200 OK");
        assertThat(world.elsewhere.orElseThrow().messages()).contains("Referred-By: ");
        assertThat(world.phone.messages("answer"))
                .as("nothing was renegotiated")
                .hasSize(1);
        world.phone.hangUp();
        assertThat(world.phone.awaitEnded(10).path("cause").asText()).isEqualTo("normal");
        world.elsewhere.orElseThrow().awaitSuccess(10);
    }

    @Test
    void whoTransfersMayHangUpAtOnceAndEarlyMediaAreHeard(Trial trial) {
        FarEnd other = trial.keep(new FarEnd());
        World world = new World(
                Browser.Kind.CHROMIUM,
                trial,
                true,
                "uas-transfers-blindly",
                run -> run,
                Optional.of(callee("uas-early-media", other)));
        other.awaitAudio(15);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        Ear.hears("the browser", world.phone.hearOnceLoud(), OTHER_HZ);
        world.awaitStage("done");
        world.carrier.awaitSuccess(20);
        assertThat(world.phone.messages("ended")).isEmpty();
        world.phone.hangUp();
        world.elsewhere.orElseThrow().awaitSuccess(10);
    }

    @Test
    void aNumberThatIsBusyLeavesTheBrowserWithWhoWantedToTransferIt(Trial trial) {
        World world = new World(
                Browser.Kind.CHROMIUM,
                trial,
                true,
                "uas-transfers-in-vain",
                run -> run,
                Optional.of(Sipp.Run.of("uas-reject", Tools.freePort())
                        .key("status", 486)
                        .key("phrase", "Busy Here")
                        .key("why", "Q.850;cause=17")));
        JsonNode failed = world.awaitStage("failed");
        assertThat(failed.path("cause").asText()).isEqualTo("busy");
        Ear.hears("the browser", world.phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        world.phone.hangUp();
        world.carrier.awaitSuccess(15);
        assertThat(world.carrier.messages()).contains("SIP/2.0 486 ");
    }

    @Test
    void whereTransfersAreOffRefersAreDeclined(Trial trial) {
        World world = new World(
                Browser.Kind.CHROMIUM,
                trial,
                false,
                "uas-transfers-refused",
                run -> run.key("status", 603),
                Optional.empty());
        Tools.await(
                "the REFER is refused",
                10,
                () -> world.carrier.messages().contains("SIP/2.0 603 "),
                () -> world.carrier.messages());
        Ear.hears("the browser", world.phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        assertThat(world.phone.messages("transfer")).isEmpty();
        world.phone.hangUp();
        world.carrier.awaitSuccess(10);
    }

    @Test
    void emergencyNumbersAreNoTargets(Trial trial) {
        World world = new World(
                Browser.Kind.CHROMIUM,
                trial,
                true,
                "uas-transfers-refused",
                run -> run.key("status", 403).key("target", "112"),
                Optional.empty());
        world.phone.evaluate("client.send({type: 'transfer', call: client.call, ref: 't', to: '112'})");
        assertThat(world.awaitStage("failed").path("cause").asText()).isEqualTo("emergency-not-available");
        Tools.await(
                "the REFER is refused",
                10,
                () -> world.carrier.messages().contains("SIP/2.0 403 "),
                () -> world.carrier.messages());
        world.phone.hangUp();
        world.carrier.awaitSuccess(10);
    }

    @Test
    void anInviteInThePlaceOfTheCallTakesTheBrowserOver(Trial trial) {
        World world = new World(Browser.Kind.CHROMIUM, trial, true, "uas-answer", run -> run, Optional.empty());
        Dialog first = Dialog.of(world.carrier.messages(), 0);
        FarEnd other = trial.keep(new FarEnd());
        Sipp caller = Sipp.start(
                trial,
                Sipp.Run.of("uac-replaces", Tools.freePort())
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("te", 101)
                        .key("rtp_ip", other.address())
                        .key("rtp_port", other.port())
                        .key("replaces", first.callId + ";to-tag=" + first.ourTag + ";from-tag=" + first.theirTag)
                        .with("-s", "+493055500001", "-d", "6000")
                        .with("127.0.0.1:" + world.exchange.config().sipPort()));
        JsonNode done = world.awaitStage("done");
        assertThat(done.path("by").asText()).isEqualTo("telephone");
        assertThat(done.path("number").asText()).isEqualTo("+493012345678");
        assertThat(done.path("name").asText()).isEqualTo("Ada Caller");
        world.carrier.awaitSuccess(10); // it has got its BYE
        other.awaitAudio(10);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        Ear.hears("the browser", world.phone.hearOnceLoud(), OTHER_HZ);
        assertThat(world.phone.messages("incoming")).isEmpty();
        caller.awaitSuccess(15);
        assertThat(world.phone.awaitEnded(10).path("cause").asText()).isEqualTo("normal");
    }

    /** Somebody with a trunk of their own, whose sound is at this far end. */
    private static Sipp.Run callee(String scenario, FarEnd far) {
        return Sipp.Run.of(scenario, Tools.freePort())
                .key("pt", 0)
                .key("codec", "PCMU")
                .key("rtp_ip", far.address())
                .key("rtp_port", far.port())
                .with("-d", "4000");
    }

    // ---- a telephone that is not ours

    @Test
    void baresipTransfersTheBrowserByItsOwnMeans(Trial trial) {
        FarEnd other = trial.keep(new FarEnd());
        Sipp.Run callee = callee("uas-answer", other);
        Sipp elsewhere = Sipp.start(trial, callee);
        int port = Tools.freePort();
        Exchange exchange = exchange(trial, port, callee.port(), true);
        Path folder = ABaresipIsTheFarEndIT.baresip(trial, port, ABaresipIsTheFarEndIT.Speaks.G711);
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        Ear.hears("the browser at first", phone.hearOnceLoud(), ABaresipIsTheFarEndIT.BARESIP_HZ);
        // t is its key for a transfer; the rest is what it then asks for
        ABaresipIsTheFarEndIT.press(folder, "tsip:" + ELSEWHERE.replace("+", "%2B") + "%40127.0.0.1");
        awaitStage(phone, "done");
        other.awaitAudio(10);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        Tools.pause(1000); // baresip hangs up meanwhile
        Ear.hears("the browser", phone.hearOnceLoud(), OTHER_HZ);
        assertThat(phone.messages("ended")).isEmpty();
        phone.hangUp();
        elsewhere.awaitSuccess(10);
    }

    /** A gateway whose carrier may, or may not, ask for transfers. Who is asked knows the way; else the second trunk does. */
    private static Exchange exchange(Trial trial, int port, int elsewherePort, boolean accept) {
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", trunk(port, accept ? "'+49'" : "'+49', '" + ELSEWHERE + "'", accept))
                .trunk("second", trunk(elsewherePort, "'+44'", false));
        return Exchange.start(trial, config, port);
    }

    private static String trunk(int port, String prefixes, boolean accept) {
        return """
                sip:
                  address: 127.0.0.1:%d
                  transfer:
                    accept: %s
                media:
                  listen: 127.0.0.1
                  codecs: [pcmu]
                prefixes: [%s]
                """.formatted(port, accept, prefixes);
    }

    private static JsonNode awaitStage(RawClient phone, String stage) {
        Tools.await(
                "the browser is told transfer " + stage,
                20,
                () -> stages(phone).contains(stage) || !phone.messages("ended").isEmpty(),
                () -> phone.messages().toString());
        return phone.messages("transfer").stream()
                .filter(message -> message.path("stage").asText().equals(stage))
                .findFirst()
                .orElseThrow(() -> new AssertionError(phone.messages().toString()));
    }

    private static List<String> stages(RawClient phone) {
        return phone.messages("transfer").stream()
                .map(message -> message.path("stage").asText())
                .toList();
    }

    /** A dialog as SIPp has written it: the call-th of those that it has answered. */
    private record Dialog(String callId, String ourTag, String theirTag) {
        static Dialog of(String messages, int call) {
            Matcher answer = Pattern.compile("SIP/2.0 200 OK\\r?\\n(?:(?!\\r?\\n\\r?\\n)[\\s\\S])*?CSeq: \\d+ INVITE")
                    .matcher(messages);
            for (int i = 0; i <= call; i++) {
                assertThat(answer.find()).as(messages).isTrue();
            }
            return new Dialog(
                    part(answer.group(), "Call-ID: (\\S+)"),
                    part(answer.group(), "From: .*;tag=([^;\\s]+)"),
                    part(answer.group(), "To: .*;tag=([^;\\s]+)"));
        }

        private static String part(String text, String pattern) {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            assertThat(matcher.find()).as(text).isTrue();
            return matcher.group(1);
        }
    }

    /** A call that is up with a carrier of this scenario, whose telephone is heard. */
    private static final class World {
        private final Exchange exchange;
        private final RawClient phone;
        private final Sipp carrier;
        private final Optional<Sipp> elsewhere;

        /** One whose trunk is asked. */
        World(Trial trial, String scenario, UnaryOperator<Sipp.Run> more) {
            this(Browser.Kind.CHROMIUM, trial, false, scenario, more, Optional.empty());
        }

        /** One whose trunk may ask, and whom the call is transferred to. */
        World(
                Browser.Kind kind,
                Trial trial,
                boolean accept,
                String scenario,
                UnaryOperator<Sipp.Run> more,
                Optional<Sipp.Run> callee) {
            int elsewherePort = callee.map(Sipp.Run::port).orElseGet(Tools::freePort);
            elsewhere = callee.map(run -> Sipp.start(trial, run));
            int port = Tools.freePort();
            exchange = exchange(trial, port, elsewherePort, accept);
            FarEnd far = trial.keep(new FarEnd());
            Sipp.Run run = exchange.carrier(scenario, G711.PCMU, far)
                    .key("target", ELSEWHERE)
                    .with("-d", "4000");
            carrier = Sipp.start(trial, more.apply(run));
            phone = RawClient.connect(trial, kind.browser(), exchange.pages(), exchange.gateway());
            phone.start(Exchange.NUMBER);
            phone.awaitEstablished();
            far.awaitAudio(10);
            far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            Ear.hears("the browser at first", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        }

        JsonNode awaitStage(String stage) {
            return CallsAreTransferredIT.awaitStage(phone, stage);
        }
    }
}
