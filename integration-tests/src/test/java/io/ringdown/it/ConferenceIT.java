package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A browser with two telephones, each of which says a tone of its own: who hears whom before a conference, in it, while one is held,
 * and when one has left.
 */
@ExtendWith(Trial.Extension.class)
final class ConferenceIT {
    private static final String FIRST = "+493055501234";
    private static final String SECOND = "+441632960100";
    private static final String AGENT = "agent";
    private static final String ONE = "first";
    private static final String TWO = "second";
    private static final int LISTEN_MILLIS = 1200;

    @ParameterizedTest
    @EnumSource
    void eachHearsTheOthersWhileTheyAreInItAndNobodyElse(Browser.Kind kind, Trial trial) {
        Phones phones = new Phones(kind, trial);
        Tones.Ears agentOfFirst = Tones.Ears.of("agent 1", () -> phones.agentHears(ONE), ONE);
        Tones.Ears agentOfSecond = Tones.Ears.of("agent 2", () -> phones.agentHears(TWO), TWO);
        phones.tones.assertHeard("before", agentOfFirst, agentOfSecond, phones.first(AGENT), phones.second(AGENT));

        phones.send("{type: 'conference', ref: 'c', call: client.calls.first, with: client.calls.second}");
        phones.awaitConference(true, 2);
        assertThat(phones.agent.messages("conference"))
                .extracting(message -> message.path("ref").asText(""))
                .containsExactlyInAnyOrder("c", "");
        phones.tones.assertHeard(
                "in conference", agentOfFirst, agentOfSecond, phones.first(AGENT, TWO), phones.second(AGENT, ONE));

        phones.send("{type: 'hold', call: client.calls.second}");
        phones.agent.await("held", 10);
        phones.tones.assertHeard(
                "the second on hold",
                agentOfFirst,
                Tones.Ears.of("agent 2", () -> phones.agentHears(TWO)),
                phones.first(AGENT),
                phones.second());
        phones.send("{type: 'resume', call: client.calls.second}");
        phones.agent.await("resumed", 10);
        phones.tones.assertHeard(
                "resumed", agentOfFirst, agentOfSecond, phones.first(AGENT, TWO), phones.second(AGENT, ONE));

        phones.send("{type: 'conference-end', ref: 'e', call: client.calls.first}");
        phones.awaitConference(false, 2);
        phones.tones.assertHeard("ended", agentOfFirst, agentOfSecond, phones.first(AGENT), phones.second(AGENT));

        phones.send("{type: 'conference', ref: 'c', call: client.calls.second, with: client.calls.first}");
        phones.awaitConference(true, 4);
        phones.tones.assertHeard("in conference again", phones.first(AGENT, TWO), phones.second(AGENT, ONE));
        phones.send("{type: 'hangup', call: client.calls.first}");
        phones.awaitConference(false, 3);
        phones.one.awaitSuccess(10);
        phones.tones.assertHeard("the first has left", agentOfSecond, phones.second(AGENT));
        phones.send("{type: 'hangup', call: client.calls.second}");
        phones.two.awaitSuccess(10);
        phones.tones.print();
    }

    /** A browser that talks to two telephones. */
    private static final class Phones {
        private final Trial trial;
        private final FarEnd firstFar;
        private final FarEnd secondFar;
        private final Sipp one;
        private final Sipp two;
        private final RawClient agent;
        private final Tones tones;
        private int heard;

        Phones(Browser.Kind kind, Trial trial) {
            this.trial = trial;
            int firstPort = Tools.freePort();
            int secondPort = Tools.freePort();
            GatewayConfig config = new GatewayConfig()
                    .trunk("first", trunk(firstPort, "+49"))
                    .trunk("second", trunk(secondPort, "+44"))
                    .lines("calls: {hold: {music: silence}}\n");
            Exchange exchange = Exchange.start(trial, config, firstPort);
            firstFar = trial.keep(new FarEnd());
            secondFar = trial.keep(new FarEnd());
            one = Sipp.start(trial, telephone(firstPort, firstFar));
            two = Sipp.start(trial, telephone(secondPort, secondFar));
            Map<String, Double> said = new LinkedHashMap<>();
            said.put(AGENT, kind.browser().microphoneHz());
            said.put(ONE, 1000.0);
            said.put(TWO, 1700.0);
            tones = new Tones(said);
            agent = exchange.phone(trial, kind.browser());
            agent.evaluate("(client.calls = {}, client.pcs = {}, client.remotes = {}, true)");
            call(ONE, FIRST, firstFar, 1000);
            call(TWO, SECOND, secondFar, 1700);
        }

        private void call(String name, String number, FarEnd far, int hertz) {
            int before = agent.messages("established").size();
            agent.start(number);
            Tools.await(
                    "the telephone answers",
                    20,
                    () -> agent.messages("established").size() > before,
                    () -> agent.messages().toString());
            agent.evaluate("(client.calls." + name + " = client.call, client.pcs." + name
                    + " = client.pc, client.remotes." + name + " = client.remote, true)");
            far.awaitAudio(10);
            far.speak(0, G711.PCMU.tone(trial.directory(), hertz));
        }

        void send(String message) {
            agent.evaluate("(client.send(" + message + "), true)");
        }

        Sound agentHears(String call) {
            agent.evaluate("(ears.listenTo(client.remotes." + call + "), true)");
            Tools.pause(200);
            return agent.hear(LISTEN_MILLIS);
        }

        Tones.Ears first(String... hears) {
            return Tones.Ears.of(ONE, () -> hears(ONE, firstFar), hears);
        }

        Tones.Ears second(String... hears) {
            return Tones.Ears.of(TWO, () -> hears(TWO, secondFar), hears);
        }

        private Sound hears(String name, FarEnd far) {
            return Ear.of(trial.directory(), name + "-" + ++heard, far.listenFor(LISTEN_MILLIS));
        }

        void awaitConference(boolean on, int times) {
            Tools.await(
                    "the browser is told of the conference",
                    10,
                    () -> told(on).size() >= times,
                    () -> agent.messages().toString());
        }

        private List<JsonNode> told(boolean on) {
            return agent.messages("conference").stream()
                    .filter(message -> message.path("on").asBoolean() == on)
                    .toList();
        }

        private static Sipp.Run telephone(int port, FarEnd far) {
            return Sipp.Run.of("uas-answer", port)
                    .key("pt", 0)
                    .key("codec", "PCMU")
                    .key("rtp_ip", far.address())
                    .key("rtp_port", far.port());
        }

        private static String trunk(int port, String prefix) {
            return """
                    sip:
                      address: 127.0.0.1:%d
                    media:
                      listen: 127.0.0.1
                      codecs: [pcmu]
                    prefixes: ['%s']
                    """.formatted(port, prefix);
        }
    }
}
