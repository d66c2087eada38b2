package io.ringdown.it;

import static io.ringdown.evidence.Row.TRANSFER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * SIPp's customer talks to alice, who has him go to bob, or to a telephone of another trunk. Who hears whom is told by frequency; the
 * customer's trunk sees one INVITE and nothing else.
 */
@Shows(TRANSFER)
@ExtendWith(Trial.Extension.class)
final class TransfersInTheHouseIT {
    private static final String NUMBER = "+493055509999";
    private static final int OTHER_HZ = 1700;

    @Test
    void aColleagueTakesTheCustomerOverWhileHisTrunkNoticesNothing(Trial trial) {
        World world = new World(trial);
        world.alice.evaluate("client.send({type: 'transfer', call: client.call, ref: 't', to: '12'})");
        JsonNode incoming = world.bob.await("incoming", 10);
        assertThat(incoming.path("from").asText()).isEqualTo("+493012345678");
        assertThat(incoming.path("transferredBy").asText()).isEqualTo("11");
        Ear.hears("alice meanwhile", world.alice.hear(1000), Exchange.TELEPHONE_HZ);
        House.accept(world.bob, incoming);
        world.bob.awaitEstablished();
        assertThat(world.alice.awaitEnded(10).path("cause").asText()).isEqualTo("transferred");
        assertThat(House.stages(world.alice)).containsExactly("asked", "ringing", "done");
        Ear.hears("bob", world.bob.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the customer", world.customerHears("bob"), House.BOBS_HZ);
        world.bob.hangUp();
        world.awaitOneInvite();
    }

    @Test
    void aliceAsksBobFirstAndThenJoinsTheCustomerWithHim(Trial trial) {
        World world = new World(trial);
        world.alice.evaluate("(client.first = client.call, client.firstPc = client.pc,"
                + " client.send({type: 'hold', call: client.call}), true)");
        House.await(world.alice, "held", 1);
        House.start(world.alice, "12");
        House.accept(world.bob, world.bob.await("incoming", 10));
        House.await(world.alice, "established", 2);
        Ear.hears("alice, of bob", world.alice.hearOnceLoud(), House.BOBS_HZ);
        world.alice.evaluate("client.send({type: 'transfer', call: client.first, ref: 't', with: client.call})");
        House.await(world.alice, "ended", 2);
        assertThat(world.alice.messages("ended"))
                .extracting(message -> message.path("cause").asText())
                .containsExactly("transferred", "transferred");
        Ear.hears("bob", world.bob.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the customer", world.customerHears("bob"), House.BOBS_HZ);
        assertThat(world.exchange.gateway().debugState().findValues("chain")).hasSize(3);
        world.bob.hangUp();
        world.awaitOneInvite();
    }

    @Test
    void telephonesOfTwoTrunksAreJoinedAndEndTogether(Trial trial) {
        World world = new World(trial);
        FarEnd other = trial.keep(new FarEnd());
        Sipp second = world.second("uas-answer-then-bye", other);
        world.alice.evaluate("(client.first = client.call, client.firstPc = client.pc, true)");
        House.start(world.alice, "+441632960100");
        House.await(world.alice, "established", 2);
        other.awaitAudio(10);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        world.alice.evaluate("client.send({type: 'transfer', call: client.first, ref: 't', with: client.call})");
        House.await(world.alice, "ended", 2);
        world.eachHearsTheOther(other);
        second.awaitSuccess(30); // and it has hung up
        world.awaitOneInvite();
    }

    @Test
    void aNumberIsCalledForTheCustomerWhereHisTrunkIsNotAsked(Trial trial) {
        World world = new World(trial);
        FarEnd other = trial.keep(new FarEnd());
        Sipp second = world.second("uas-answer-then-bye", other);
        world.alice.evaluate("client.send({type: 'transfer', call: client.call, ref: 't', to: '+441632960100'})");
        assertThat(world.alice.awaitEnded(15).path("cause").asText()).isEqualTo("transferred");
        assertThat(House.stages(world.alice)).contains("asked", "ringing", "done");
        other.awaitAudio(10);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        world.eachHearsTheOther(other);
        second.awaitSuccess(30); // and it has hung up
        world.awaitOneInvite();
    }

    /** A customer, called by nobody, who talks to alice while bob waits. */
    private static final class World {
        final Trial trial;
        final Exchange exchange;
        final RawClient alice;
        final RawClient bob;
        final FarEnd customer;
        final Sipp caller;
        private final int secondPort = Tools.freePort();

        World(Trial trial) {
            this.trial = trial;
            int port = Tools.freePort();
            GatewayConfig config = new GatewayConfig()
                    .trunk("carrier", trunk(port, "+49"))
                    .trunk("second", trunk(secondPort, "+44"))
                    .lines(House.USERS.replace("extension: \"11\"", "extension: \"11\", numbers: ['" + NUMBER + "']"));
            exchange = Exchange.start(trial, config, port);
            alice = House.in(trial, Browser.Kind.CHROMIUM, exchange, "alice");
            bob = House.in(trial, Browser.Kind.FIREFOX, exchange, "bob");
            customer = trial.keep(new FarEnd());
            caller = Sipp.start(trial, exchange.caller("uac-called-hangs-up", NUMBER, G711.PCMU, customer, 0));
            JsonNode incoming = alice.await("incoming", 10);
            House.acceptAsAlice(alice, incoming);
            alice.awaitEstablished();
            customer.awaitAudio(10);
            customer.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            Ear.hears("alice at first", alice.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        }

        private static String trunk(int port, String prefix) {
            return """
                    sip:
                      address: 127.0.0.1:%d
                      transfer:
                        ask: false
                    media:
                      listen: 127.0.0.1
                      codecs: [pcmu]
                    prefixes: ['%s']
                    """.formatted(port, prefix);
        }

        Sipp second(String scenario, FarEnd far) {
            return Sipp.start(
                    trial,
                    Sipp.Run.of(scenario, secondPort)
                            .key("pt", 0)
                            .key("codec", "PCMU")
                            .key("rtp_ip", far.address())
                            .key("rtp_port", far.port())
                            .with("-d", "15000"));
        }

        Sound customerHears(String whom) {
            Tools.pause(500);
            return Ear.of(trial.directory(), "customer-hears-" + whom, customer.listenFor(1500));
        }

        void eachHearsTheOther(FarEnd other) {
            Ear.hears("the customer", customerHears("the other telephone"), OTHER_HZ);
            Ear.hears(
                    "the other telephone",
                    Ear.of(trial.directory(), "other-hears", other.listenFor(1500)),
                    Exchange.TELEPHONE_HZ);
        }

        /** SIPp fails of itself where a re-INVITE comes; its own one may have been sent again. */
        void awaitOneInvite() {
            caller.awaitSuccess(60);
            assertThat(caller.messages()).doesNotContainPattern("message received [^\\n]*\\s+INVITE ");
        }
    }
}
