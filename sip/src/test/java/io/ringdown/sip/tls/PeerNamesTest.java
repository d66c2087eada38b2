package io.ringdown.sip.tls;

import static io.ringdown.sip.Certificates.dns;
import static io.ringdown.sip.Certificates.ip;
import static io.ringdown.sip.Certificates.uri;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.Certificates;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5922 7.1 and 7.2, and RFC 6125 6.4.3 where it is asked for. */
final class PeerNamesTest {
    private static final Certificates CA = new Certificates();

    private static PeerNames names(String commonName, GeneralName... alternatives) {
        return PeerNames.of(CA.leaf(commonName, alternatives).certificate());
    }

    @Test
    void dnsNameIsTheDomainWhateverItsCase() {
        assertThat(names("x", dns("Sip.Example.NET")).fit("sip.example.net", false))
                .isTrue();
        assertThat(names("x", dns("sip.example.net")).fit("SIP.example.net.", false))
                .isTrue();
        assertThat(names("x", dns("sip.example.net")).fit("example.net", false)).isFalse();
        assertThat(names("x", dns("example.net")).fit("sip.example.net", false)).isFalse();
    }

    @Test
    void wildcardFitsNothing() {
        assertThat(names("x", dns("*.example.net")).fit("sip.example.net", false))
                .isFalse();
    }

    /** RFC 6125 6.4.3. */
    @ParameterizedTest
    @CsvSource({
        "*.example.net, sip.example.net, true",
        "*.Example.NET, SIP.example.net., true",
        "*.example.net, example.net, false",
        "*.example.net, a.sip.example.net, false",
        "*.example.net, .example.net, false",
        "*.example.net, sip.example.org, false",
        "*.net, example.net, false",
        "*, localhost, false",
        "*., localhost, false",
        "*.*.net, sip.example.net, false",
        "s*.example.net, sip.example.net, false",
        "sip.*.net, sip.example.net, false",
        "sip.example.net, sip.example.net, true",
        "*.0.2.1, 192.0.2.1, false",
    })
    void wildcardThatIsAllowedStandsForTheLeftMostLabelAlone(String certified, String expected, boolean fits) {
        assertThat(names("x", dns(certified)).fit(expected, true)).isEqualTo(fits);
    }

    @Test
    void wildcardOfOtherServicesIsNoneOfASipDomain() {
        PeerNames names = names("x", uri("sip:other.example"), dns("*.example.net"));
        assertThat(names.fit("sip.example.net", true)).isFalse();
    }

    @Test
    void sipUriIsADomainAndLeavesDnsNamesToOtherServices() {
        PeerNames names = names("x", uri("sip:example.net"), dns("www.example.net"));
        assertThat(names.fit("example.net", false)).isTrue();
        assertThat(names.fit("www.example.net", false)).isFalse();
    }

    @Test
    void uriOfAUserOrOfAnotherSchemeIsNoDomain() {
        PeerNames names = names("x", uri("sip:alice@example.net"), uri("https://example.net"), dns("sip.example.net"));
        assertThat(names.fit("example.net", false)).isFalse();
        assertThat(names.fit("sip.example.net", false)).isTrue();
    }

    @Test
    void commonNameCountsOnlyWhereNoAlternativeIs() {
        assertThat(names("sip.example.net").fit("sip.example.net", false)).isTrue();
        assertThat(names("sip.example.net", dns("other.example")).fit("sip.example.net", false))
                .isFalse();
        assertThat(names("sip.example.net", uri("https://example.net")).fit("sip.example.net", false))
                .isFalse();
    }

    @Test
    void addressFitsAnAddressEntryOnly() {
        PeerNames names = names("127.0.0.1", ip("2001:db8::1"), dns("192.0.2.1"));
        assertThat(names.fit("2001:DB8:0::1", false)).isTrue();
        assertThat(names.fit("192.0.2.1", false)).isFalse();
        assertThat(names.fit("127.0.0.1", false)).isFalse();
    }

    @Test
    void whatTheLogSaysOfThemIsShortAndPlain() {
        assertThat(names("x", dns("evil\r\nname"), dns("b"), dns("c"), dns("d")))
                .hasToString("evil??name, b, c");
        assertThat(names("x", dns("a".repeat(500))).toString()).hasSize(64);
    }
}
