package io.ringdown.sip.tls;

import static io.ringdown.sip.Certificates.dns;
import static io.ringdown.sip.Certificates.ip;
import static io.ringdown.sip.Certificates.uri;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.Certificates;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

/** RFC 5922 7.1 and 7.2. */
final class PeerNamesTest {
    private static final Certificates CA = new Certificates();

    private static PeerNames names(String commonName, GeneralName... alternatives) {
        return PeerNames.of(CA.leaf(commonName, alternatives).certificate());
    }

    @Test
    void dnsNameIsTheDomainWhateverItsCase() {
        assertThat(names("x", dns("Sip.Example.NET")).fit("sip.example.net")).isTrue();
        assertThat(names("x", dns("sip.example.net")).fit("SIP.example.net.")).isTrue();
        assertThat(names("x", dns("sip.example.net")).fit("example.net")).isFalse();
        assertThat(names("x", dns("example.net")).fit("sip.example.net")).isFalse();
    }

    @Test
    void wildcardFitsNothing() {
        assertThat(names("x", dns("*.example.net")).fit("sip.example.net")).isFalse();
    }

    @Test
    void sipUriIsADomainAndLeavesDnsNamesToOtherServices() {
        PeerNames names = names("x", uri("sip:example.net"), dns("www.example.net"));
        assertThat(names.fit("example.net")).isTrue();
        assertThat(names.fit("www.example.net")).isFalse();
    }

    @Test
    void uriOfAUserOrOfAnotherSchemeIsNoDomain() {
        PeerNames names = names("x", uri("sip:alice@example.net"), uri("https://example.net"), dns("sip.example.net"));
        assertThat(names.fit("example.net")).isFalse();
        assertThat(names.fit("sip.example.net")).isTrue();
    }

    @Test
    void commonNameCountsOnlyWhereNoAlternativeIs() {
        assertThat(names("sip.example.net").fit("sip.example.net")).isTrue();
        assertThat(names("sip.example.net", dns("other.example")).fit("sip.example.net"))
                .isFalse();
        assertThat(names("sip.example.net", uri("https://example.net")).fit("sip.example.net"))
                .isFalse();
    }

    @Test
    void addressFitsAnAddressEntryOnly() {
        PeerNames names = names("127.0.0.1", ip("2001:db8::1"), dns("192.0.2.1"));
        assertThat(names.fit("2001:DB8:0::1")).isTrue();
        assertThat(names.fit("192.0.2.1")).isFalse();
        assertThat(names.fit("127.0.0.1")).isFalse();
    }

    @Test
    void whatTheLogSaysOfThemIsShortAndPlain() {
        assertThat(names("x", dns("evil\r\nname"), dns("b"), dns("c"), dns("d")))
                .hasToString("evil??name, b, c");
        assertThat(names("x", dns("a".repeat(500))).toString()).hasSize(64);
    }
}
