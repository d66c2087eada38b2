package io.ringdown.sip;

import static io.ringdown.evidence.Row.FINDING_THE_CARRIER;
import static io.ringdown.evidence.Row.HEALTH;
import static io.ringdown.evidence.Row.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A trunk that is found by the DNS (RFC 3263): dnsmasq answers, SIPp is at the other end. */
@Shows(FINDING_THE_CARRIER)
final class LocatedTrunkSippTest {
    private static final String NAPTR = "naptr-record=carrier.test,10,10,s,SIP+D2U,,_sip._udp.carrier.test";
    private static final String HOST = "host-record=a.carrier.test,127.0.0.1";

    private static String srv(int port, int priority, int weight) {
        return "srv-host=_sip._udp.carrier.test,a.carrier.test," + port + "," + priority + "," + weight;
    }

    private static TrunkSettings carrier() {
        return TrunkSettings.at(TrunkAddress.parse("carrier.test"));
    }

    private static void callAndHangUp(Gateway gateway) {
        Events events = new Events();
        TrunkCall call = gateway.call(events);
        events.until(TrunkEvent.Answered.class);
        call.hangUp(HangupReason.NORMAL);
        events.until(TrunkEvent.Ended.class);
        events.assertNothingMore();
    }

    private static Duration timed(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void callsAreSharedByWeightAmongTheLowestPriority() {
        try (Sipp heavy = Sipp.uas("uas-anything", "-m", "1000");
                Sipp light = Sipp.uas("uas-anything", "-m", "1000");
                Sipp spare = Sipp.uas("uas-anything", "-m", "1000");
                Dnsmasq dns = Dnsmasq.serving(
                        60, NAPTR, HOST, srv(heavy.port(), 1, 75), srv(light.port(), 1, 25), srv(spare.port(), 2, 99));
                Gateway gateway = Gateway.with(Gateway.askingDns(dns.address()), carrier())) {
            int calls = 200;
            for (int i = 0; i < calls; i++) {
                callAndHangUp(gateway);
            }
            int first = heavy.count("INVITE sip");
            int second = light.count("INVITE sip");
            // 150 expected, standard deviation 6.1: this bound is passed once in ten million runs.
            assertThat(first).as("%d and %d", first, second).isBetween(117, 183);
            assertThat(first + second).isEqualTo(calls);
            assertThat(spare.count("INVITE sip")).isZero();
        }
    }

    @Test
    void callsGoOnWhenTheDnsDies() {
        try (Sipp sipp = Sipp.uas("uas-anything", "-m", "2")) {
            Dnsmasq dns = Dnsmasq.serving(5, NAPTR, HOST, srv(sipp.port(), 1, 1));
            try (Gateway gateway = Gateway.with(Gateway.askingDns(dns.address()), carrier())) {
                callAndHangUp(gateway);
                dns.close();
                await(() -> String.valueOf(gateway.trunk("peer").get("dns")).contains("last-failure"));
                callAndHangUp(gateway);
                sipp.assertSuccess();
            } finally {
                dns.close();
            }
        }
    }

    @Test
    void theFirstCallWaitsForADnsThatDoesNotAnswerNoLongerThanTwoSeconds() throws IOException {
        try (DatagramSocket deaf = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = Gateway.with(
                        Gateway.askingDns(HostPort.parse("127.0.0.1:" + deaf.getLocalPort())), carrier())) {
            Events events = new Events();
            Duration waited = timed(() -> {
                gateway.call(events);
                assertThat(events.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Unreachable.class);
            });
            assertThat(waited).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void anAddressThatIsSilentDelaysACallByItsShareAndIsThenPassedOver() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, Sipp.LOOPBACK);
                Sipp sipp = Sipp.uas("uas-anything", "-m", "1000");
                Dnsmasq dns =
                        Dnsmasq.serving(60, NAPTR, HOST, srv(silent.getLocalPort(), 1, 1), srv(sipp.port(), 2, 1));
                Gateway gateway = Gateway.with(Gateway.askingDns(dns.address()), carrier())) {
            for (int i = 0; i < 3; i++) {
                // 2 s are its share of the trunk's 4 s
                assertThat(timed(() -> callAndHangUp(gateway))).isLessThan(Duration.ofMillis(4_500));
            }
            assertThat(gateway.health("peer").targets())
                    .containsEntry("127.0.0.1:" + silent.getLocalPort() + ";transport=udp", "down");
            assertThat(gateway.health("peer").reachable()).isTrue();
            int heard = drain(silent);
            assertThat(heard).isGreaterThanOrEqualTo(3);
            callAndHangUp(gateway);
            assertThat(drain(silent)).isZero();
        }
    }

    private static int drain(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(1);
        int packets = 0;
        try {
            while (true) {
                socket.receive(new DatagramPacket(new byte[4096], 4096));
                packets++;
            }
        } catch (SocketTimeoutException e) {
            return packets;
        }
    }

    @Test
    void anOverloadedAddressIsLeftForTheNextAndTheCallerHearsOfOneCall() {
        try (Sipp full = Sipp.uas("uas-503");
                Sipp sipp = Sipp.uas("uas-anything");
                Dnsmasq dns = Dnsmasq.serving(60, NAPTR, HOST, srv(full.port(), 1, 1), srv(sipp.port(), 2, 1));
                Gateway gateway = Gateway.with(Gateway.askingDns(dns.address()), carrier())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Trying.class);
            events.next(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            events.assertNothingMore();
            full.assertSuccess();
            sipp.assertSuccess();
        }
    }

    @Test
    void callsComeInFromEveryAddressThatIsFound() {
        int elsewhere = Sipp.freePort();
        try (Dnsmasq dns = Dnsmasq.serving(
                        60,
                        NAPTR,
                        HOST,
                        "host-record=b.carrier.test,127.0.0.2",
                        srv(elsewhere, 1, 1),
                        "srv-host=_sip._udp.carrier.test,b.carrier.test,5060,9,1");
                Gateway gateway = Gateway.with(Gateway.askingDns(dns.address()), carrier())) {
            await(() -> gateway.health("peer").targets().size() == 2);
            try (Sipp sipp = Sipp.uac("uac-answer", gateway.port(), "-i", "127.0.0.2")) {
                Gateway.Incoming in = gateway.incoming();
                in.call().ring();
                in.call().progress(Gateway.OFFER);
                in.call().answer(Gateway.OFFER);
                in.events().until(TrunkEvent.Ended.class);
                sipp.assertSuccess();
            }
        }
    }

    @Test
    void anOutboundProxyGetsTheRequestsAndTheCarriersDomainStaysInThem() {
        try (Sipp proxy = Sipp.uas("uas-behind-outbound-proxy");
                Dnsmasq dns = Dnsmasq.serving(60, "host-record=proxy.test,127.0.0.1");
                Gateway gateway = Gateway.with(
                        Gateway.askingDns(dns.address()),
                        carrier().withOutboundProxy(TrunkAddress.parse("proxy.test:" + proxy.port())))) {
            callAndHangUp(gateway);
            proxy.assertSuccess();
        }
    }

    @Test
    @Shows(HEALTH)
    void aTrunkThatIsDownIsPassedOverAtOnceUnlessAllAre() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, Sipp.LOOPBACK);
                Sipp sipp = Sipp.uas("uas-anything", "-m", "1000")) {
            TrunkSettings dead = TrunkSettings.at(
                            new TrunkAddress("127.0.0.1", silent.getLocalPort(), SipTransport.UDP))
                    .withSilentAfter(Duration.ofSeconds(1));
            TrunkSettings alive = TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), SipTransport.UDP));
            try (Gateway gateway = Gateway.with(Gateway.settings(), Map.of("dead", dead, "alive", alive))) {
                failThrice(gateway);
                Events events = new Events();
                gateway.call("dead", events);
                assertThat(events.next(TrunkEvent.Failed.class).failure())
                        .isEqualTo(new TrunkFailure.Unreachable("all its addresses are down"));
                assertThat(gateway.health("dead").reachable()).isFalse();
            }
            try (Gateway gateway = Gateway.with(Gateway.settings(), Map.of("dead", dead))) {
                failThrice(gateway);
                Events events = new Events();
                gateway.call("dead", events);
                assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Silent());
            }
        }
    }

    private static void failThrice(Gateway gateway) {
        for (int i = 0; i < 3; i++) {
            Events events = new Events();
            gateway.call("dead", events);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Silent());
        }
    }

    @Test
    @Shows(IDENTITY)
    void whereOnlyAuthIntIsOfferedTheBodyIsProtectedToo() {
        try (Sipp sipp = Sipp.uas("uas-auth-int");
                Gateway gateway = Gateway.towards(Gateway.withPassword(sipp.port(), "pass"))) {
            callAndHangUp(gateway);
            sipp.assertSuccess();
        }
    }

    @Test
    void aHangUpThatCrossesTheChangeOfAddressesEndsTheCall() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, Sipp.LOOPBACK);
                DatagramSocket other = new DatagramSocket(0, Sipp.LOOPBACK);
                Dnsmasq dns = Dnsmasq.serving(
                        60, NAPTR, HOST, srv(silent.getLocalPort(), 1, 1), srv(other.getLocalPort(), 2, 1));
                Gateway gateway = Gateway.with(
                        Gateway.askingDns(dns.address()), carrier().withSilentAfter(Duration.ofSeconds(1)))) {
            for (int i = 0; i < 20; i++) {
                Events events = new Events();
                TrunkCall call = gateway.call(events);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(995 + i)); // around the change
                call.hangUp(HangupReason.NORMAL);
                assertThat(events.next(TrunkEvent.Failed.class).failure())
                        .isInstanceOfAny(TrunkFailure.Cancelled.class, TrunkFailure.Silent.class);
                events.assertNothingMore();
            }
            await(() -> Optional.of(0)
                    .equals(Optional.ofNullable(gateway.trunks().debugState().get("active-calls"))));
        }
    }

    static void await(java.util.function.BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited a minute").isLessThan(until);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
