package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A customer at a telephone, an agent and a supervisor at browsers, each with a tone of their own: who hears whom in each mode. */
@ExtendWith(Trial.Extension.class)
final class SupervisorIT {
    private static final String AGENT = "agent";
    private static final String CUSTOMER = "customer";
    private static final String SUPERVISOR = "supervisor";
    private static final double SUPERVISOR_HZ = 2100;
    private static final int LISTEN_MILLIS = 1200;

    @ParameterizedTest
    @EnumSource
    void inEachModeEachHearsWhomItShouldAndNobodyElse(Browser.Kind kind, Trial trial) {
        Floor floor = new Floor(kind, trial);
        floor.tones.assertHeard("before", floor.customer(AGENT), floor.agent(CUSTOMER));

        floor.supervise("listen");
        floor.tones.assertHeard(
                "listen", floor.supervisor(AGENT, CUSTOMER), floor.customer(AGENT), floor.agent(CUSTOMER));
        assertThat(floor.agent.messages("supervised")).as("of who only listens").isEmpty();

        floor.change("whisper");
        floor.tones.assertHeard(
                "whisper", floor.supervisor(AGENT, CUSTOMER), floor.customer(AGENT), floor.agent(CUSTOMER, SUPERVISOR));
        floor.change("barge");
        floor.tones.assertHeard(
                "barge",
                floor.supervisor(AGENT, CUSTOMER),
                floor.customer(AGENT, SUPERVISOR),
                floor.agent(CUSTOMER, SUPERVISOR));

        floor.agent.evaluate("(client.send({type: 'hold', call: client.call}), true)");
        floor.agent.await("held", 10);
        floor.tones.assertHeard(
                "barge, customer on hold", floor.supervisor(AGENT), floor.customer(), floor.agent(SUPERVISOR));
        floor.agent.evaluate("(client.send({type: 'resume', call: client.call}), true)");
        floor.agent.await("resumed", 10);
        floor.tones.assertHeard(
                "barge, resumed",
                floor.supervisor(AGENT, CUSTOMER),
                floor.customer(AGENT, SUPERVISOR),
                floor.agent(CUSTOMER, SUPERVISOR));

        floor.change("listen");
        floor.tones.assertHeard(
                "listen again", floor.supervisor(AGENT, CUSTOMER), floor.customer(AGENT), floor.agent(CUSTOMER));
        assertThat(floor.agent.messages("supervised"))
                .extracting(message ->
                        message.path("mode").asText() + " " + message.path("by").asText())
                .containsExactly("whisper Sue Pervisor", "barge Sue Pervisor", "none Sue Pervisor");

        floor.supervisor.hangUp();
        assertThat(floor.supervisor.awaitEnded(10).path("cause").asText()).isEqualTo("normal");
        floor.tones.assertHeard("without them", floor.customer(AGENT), floor.agent(CUSTOMER));
        assertThat(floor.agent.messages("ended")).isEmpty();
        floor.agent.hangUp();
        floor.carrier.awaitSuccess(10);
        floor.tones.print();
    }

    @ParameterizedTest
    @EnumSource(names = "CHROMIUM")
    void whoDoesNotSuperviseTheAgentsGroupHearsNothing(Browser.Kind kind, Trial trial) {
        Floor floor = new Floor(kind, trial);
        RawClient other = floor.client(Browser.Kind.CHROMIUM, "olaf");
        floor.wants(other, "listen");
        JsonNode error = other.await("error", 10);
        assertThat(error.path("code").asText()).isEqualTo("not-permitted");
        assertThat(error.path("call").asText())
                .isEqualTo(floor.agent.evaluate("client.call").asText());
        assertThat(other.messages("answer")).isEmpty();
        floor.agent.hangUp();
        floor.carrier.awaitSuccess(10);
    }

    /** A call between a customer and an agent, and who may hear it. */
    private static final class Floor {
        private final Trial trial;
        private final Exchange exchange;
        private final FarEnd far;
        private final Sipp carrier;
        private final RawClient agent;
        private final RawClient supervisor;
        private final Tones tones;
        private int heard;

        Floor(Browser.Kind kind, Trial trial) {
            this.trial = trial;
            int port = Tools.freePort();
            GatewayConfig config =
                    new GatewayConfig().trunk("carrier", """
                    sip:
                      address: 127.0.0.1:%d
                    media:
                      listen: 127.0.0.1
                      codecs: [pcmu]
                    prefixes: ['+']
                    """.formatted(port)).lines("""
                    calls: {hold: {music: silence}}
                    users:
                      ann: {key: 'the key of ann, an agent', groups: [sales]}
                      sue: {key: 'the key of sue, the supervisor', name: Sue Pervisor, supervises: [sales]}
                      olaf: {key: 'the key of olaf, who is neither', groups: [support]}
                    groups: {sales: {}, support: {}}
                    """);
            exchange = Exchange.start(trial, config, port);
            far = trial.keep(new FarEnd());
            carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
            Map<String, Double> said = new LinkedHashMap<>();
            said.put(CUSTOMER, (double) Exchange.TELEPHONE_HZ);
            said.put(AGENT, kind.browser().microphoneHz());
            said.put(SUPERVISOR, SUPERVISOR_HZ);
            tones = new Tones(said);
            agent = client(kind, "ann");
            agent.start(Exchange.NUMBER);
            agent.awaitEstablished();
            far.awaitAudio(10);
            far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            supervisor = client(Browser.Kind.CHROMIUM, "sue");
        }

        /** A page of this user's. */
        RawClient client(Browser.Kind kind, String user) {
            RawClient client = RawClient.open(trial, kind.browser(), exchange.pages());
            String token = switch (user) {
                case "ann" -> "the key of ann, an agent";
                case "sue" -> "the key of sue, the supervisor";
                default -> "the key of olaf, who is neither";
            };
            client.evaluate("client.connect("
                    + JsonSocket.quote(exchange.gateway().socketUri().toString()) + ", {token: "
                    + JsonSocket.quote(token) + "})");
            return client;
        }

        /** This one wants to hear the agent's call; its microphone gives silence until it is made to sound. */
        void wants(RawClient who, String mode) {
            String call = agent.evaluate("client.call").asText();
            who.evaluate("client.offer(false).then((sdp) => (client.send({type: 'supervise', ref: 's', call: '" + call
                    + "', mode: '" + mode + "', sdp}), true))");
        }

        void supervise(String mode) {
            wants(supervisor, mode);
            supervisor.await("supervising", 15);
            supervisor.evaluate("(client.sound([" + SUPERVISOR_HZ + "], 120000), true)");
        }

        void change(String mode) {
            int before = supervisor.messages("supervising").size();
            supervisor.evaluate(
                    "(client.send({type: 'supervise', ref: 'm', call: client.call, mode: '" + mode + "'}), true)");
            Tools.await(
                    "the mode is " + mode,
                    10,
                    () -> supervisor.messages("supervising").size() > before,
                    () -> supervisor.messages().toString());
        }

        Tones.Ears customer(String... hears) {
            return Tones.Ears.of(
                    CUSTOMER,
                    () -> Ear.of(trial.directory(), "customer-" + ++heard, far.listenFor(LISTEN_MILLIS)),
                    hears);
        }

        Tones.Ears agent(String... hears) {
            return Tones.Ears.of(AGENT, () -> agent.hear(LISTEN_MILLIS), hears);
        }

        Tones.Ears supervisor(String... hears) {
            return Tones.Ears.of(SUPERVISOR, () -> supervisor.hear(LISTEN_MILLIS), hears);
        }
    }
}
