package io.ringdown.sip.locate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 3263 4.1 and 4.2, case by case. */
final class LocatingTest {
    private final Zone zone = new Zone();

    private List<String> targets(String address, Reach reach) {
        Locating.Step step = Locating.with(TrunkAddress.parse(address), reach, zone::known);
        assertThat(step.missing()).isEmpty();
        return step.location().order(new Random(1)).stream()
                .map(Target::toString)
                .toList();
    }

    private List<String> targets(String address) {
        return targets(address, Zone.BOTH);
    }

    @Test
    void anAddressIsNotLookedUp() {
        assertThat(targets("192.0.2.7")).containsExactly("192.0.2.7:5060;transport=udp");
        assertThat(targets("192.0.2.7:5070;transport=tcp")).containsExactly("192.0.2.7:5070;transport=tcp");
        assertThat(zone.asked()).isEmpty();
    }

    @Test
    void aPortMeansNoSrv() {
        zone.a("sip.example.net", "192.0.2.1").srv("_sip._udp.sip.example.net", 0, 0, 9, "other.example.net");
        assertThat(targets("sip.example.net:5070")).containsExactly("192.0.2.1:5070;transport=udp");
        assertThat(zone.asked()).extracting(Question::type).containsOnly(Question.Type.A);
    }

    @Test
    void aTransportMeansItsSrvAndNoNaptr() {
        zone.naptr("example.net", 1, 1, "SIP+D2U", "_sip._udp.example.net")
                .srv("_sip._tcp.example.net", 0, 0, 5090, "a.example.net")
                .a("a.example.net", "192.0.2.1");
        assertThat(targets("example.net;transport=tcp")).containsExactly("192.0.2.1:5090;transport=tcp");
        assertThat(zone.asked()).extracting(Question::type).doesNotContain(Question.Type.NAPTR);
    }

    @Test
    void aTransportWithoutSrvMeansTheNameItself() {
        zone.a("example.net", "192.0.2.1");
        assertThat(targets("example.net;transport=tcp")).containsExactly("192.0.2.1:5060;transport=tcp");
    }

    @Test
    void naptrChoosesTheTransportByOrderThenPreference() {
        zone.naptr("example.net", 20, 1, "SIP+D2U", "late.example.net")
                .naptr("example.net", 10, 50, "SIP+D2U", "_sip._udp.pool.example.net")
                .naptr("example.net", 10, 20, "SIP+D2T", "_sip._tcp.pool.example.net")
                .naptr("example.net", 5, 1, "E2U+sip", "enum.example.net")
                .srv("_sip._udp.pool.example.net", 0, 0, 5062, "u.example.net")
                .srv("_sip._tcp.pool.example.net", 0, 0, 5063, "t.example.net")
                .srv("late.example.net", 0, 0, 5064, "u.example.net")
                .a("u.example.net", "192.0.2.1")
                .a("t.example.net", "192.0.2.2");
        assertThat(targets("example.net"))
                .containsExactly("192.0.2.2:5063;transport=tcp", "192.0.2.1:5062;transport=udp");
    }

    @Test
    void naptrOfATransportThatWeDoNotSpeakIsPassedOver() {
        zone.naptr("example.net", 10, 10, "SIP+D2T", "_sip._tcp.example.net")
                .naptr("example.net", 20, 10, "SIP+D2U", "_sip._udp.example.net")
                .srv("_sip._tcp.example.net", 0, 0, 5063, "t.example.net")
                .srv("_sip._udp.example.net", 0, 0, 5062, "t.example.net")
                .a("t.example.net", "192.0.2.2");
        Reach udp = new Reach(List.of(new Reach.Line(SipTransport.UDP, Reach.Family.IPV4)));
        assertThat(targets("example.net", udp)).containsExactly("192.0.2.2:5062;transport=udp");
    }

    @Test
    void withoutNaptrEachTransportsSrvIsAskedUdpFirst() {
        zone.srv("_sip._tcp.example.net", 0, 0, 5063, "t.example.net")
                .srv("_sip._udp.example.net", 10, 0, 5062, "t.example.net")
                .a("t.example.net", "192.0.2.2");
        assertThat(targets("example.net"))
                .containsExactly("192.0.2.2:5062;transport=udp", "192.0.2.2:5063;transport=tcp");
    }

    @Test
    void withoutSrvTheNameItselfOnTheUsualPort() {
        zone.a("example.net", "192.0.2.1").a("example.net", "192.0.2.2");
        assertThat(targets("example.net"))
                .containsExactly("192.0.2.1:5060;transport=udp", "192.0.2.2:5060;transport=udp");
    }

    @Test
    void srvThatOffersNothingOrLeadsNowhereIsPassedOver() {
        zone.srv("_sip._udp.example.net", 0, 0, 0, "")
                .srv("_sip._tcp.example.net", 0, 0, 5060, "gone.example.net")
                .a("example.net", "192.0.2.1");
        assertThat(targets("example.net")).containsExactly("192.0.2.1:5060;transport=udp");
    }

    @Test
    void familiesAreThoseOfOurListeningAddressesInTheirOrder() {
        zone.a("example.net", "192.0.2.1").aaaa("example.net", "2001:db8::1");
        Reach six = new Reach(List.of(
                new Reach.Line(SipTransport.UDP, Reach.Family.IPV6),
                new Reach.Line(SipTransport.UDP, Reach.Family.IPV4)));
        assertThat(targets("example.net:5060", six))
                .containsExactly("[2001:db8:0:0:0:0:0:1]:5060;transport=udp", "192.0.2.1:5060;transport=udp");
        assertThat(targets("example.net:5060")).containsExactly("192.0.2.1:5060;transport=udp");
        assertThat(targets("[2001:db8::1]")).isEmpty();
    }
}
