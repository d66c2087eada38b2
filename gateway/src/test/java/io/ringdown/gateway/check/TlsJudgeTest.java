package io.ringdown.gateway.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.check.Finding.Grade;
import io.ringdown.sip.tls.TlsFailure;
import io.ringdown.sip.tls.TlsHandshake;
import io.ringdown.sip.tls.TlsHandshake.Link;
import io.ringdown.sip.tls.TlsHandshake.OurCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a trunk's TLS. */
final class TlsJudgeTest {
    private static final Instant NOW = Instant.parse("2027-01-01T12:00:00Z");
    private static final Link CA = new Link("CN=A CA", "CN=A CA", NOW.plus(Duration.ofDays(2000)));

    private static TlsHandshake handshake(Duration left, String matched, OurCertificate ours) {
        return new TlsHandshake(
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 5061),
                "sip.example.net",
                Optional.of(new TlsHandshake.Session("TLSv1.3", "TLS_AES_128_GCM_SHA256")),
                List.of(new Link("CN=leaf", "CN=A CA", NOW.plus(left)), CA),
                "sip.example.net",
                Optional.of(matched),
                ours,
                Optional.empty());
    }

    private static List<String> lines(TlsHandshake handshake) {
        return new TlsJudge(handshake, NOW)
                .findings().stream()
                        .map(finding -> finding.grade() + " " + finding.subject() + ": " + finding.seen())
                        .toList();
    }

    @Test
    void wholeChainIsToldWithItsDaysAndTheNameThatFits() {
        assertThat(lines(handshake(Duration.ofDays(30), "sip.example.net", OurCertificate.NOT_ASKED_FOR)))
                .containsExactly(
                        "OK TLS: TLSv1.3, TLS_AES_128_GCM_SHA256",
                        "OK certificate: CN=leaf, by CN=A CA, until 2027-01-31, 30 days left",
                        "OK certificate: CN=A CA, by CN=A CA, until 2032-06-23, 2000 days left",
                        "OK its name: sip.example.net is on it (RFC 5922)");
        assertThat(lines(handshake(Duration.ofDays(30), "*.example.net", OurCertificate.NOT_ASKED_FOR)))
                .contains("OK its name: sip.example.net by *.example.net is on it (RFC 5922)");
    }

    @Test
    void certificateThatEndsWithinTwoWeeksIsWarnedOf() {
        assertThat(lines(handshake(Duration.ofDays(14), "sip.example.net", OurCertificate.NOT_ASKED_FOR)))
                .contains("OK certificate: CN=leaf, by CN=A CA, until 2027-01-15, 14 days left");
        TlsHandshake soon = handshake(Duration.ofDays(14).minusSeconds(1), "sip.example.net", OurCertificate.SHOWN);
        assertThat(lines(soon)).contains("NOTE certificate: CN=leaf, by CN=A CA, until 2027-01-15, 13 days left");
        assertThat(new TlsJudge(soon, NOW).findings().get(1).change()).contains("the carrier renews it");
        assertThat(lines(handshake(Duration.ofHours(-1), "sip.example.net", OurCertificate.SHOWN)))
                .contains("NOTE certificate: CN=leaf, by CN=A CA, until 2027-01-01, which is over");
    }

    @Test
    void whatBecameOfOursIsToldWhereItWasAskedFor() {
        assertThat(lines(handshake(Duration.ofDays(30), "sip.example.net", OurCertificate.SHOWN)))
                .contains("OK our certificate: it asks for one, and took ours");
        assertThat(new TlsJudge(handshake(Duration.ofDays(30), "sip.example.net", OurCertificate.MISSING), NOW)
                        .findings())
                .last()
                .returns(Grade.NOTE, Finding::grade)
                .extracting(Finding::change)
                .asString()
                .contains("tls.certificate");
    }

    private static Finding refused(TlsFailure.Kind kind, OurCertificate ours) {
        TlsHandshake handshake = new TlsHandshake(
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 5061),
                "sip.example.net",
                Optional.empty(),
                List.of(CA),
                "evil.example, other.example",
                Optional.empty(),
                ours,
                Optional.of(new TlsHandshake.Failure(kind, "in words")));
        List<Finding> findings = new TlsJudge(handshake, NOW).findings();
        assertThat(findings).as("what it has shown is told all the same").hasSize(2);
        return findings.getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "NO_CONNECTION, NOT_ASKED_FOR, firewall",
        "EXPIRED, NOT_ASKED_FOR, renew",
        "NOT_YET_VALID, NOT_ASKED_FOR, clock",
        "UNKNOWN_CA, NOT_ASKED_FOR, tls.ca",
        "BROKEN_CHAIN, NOT_ASKED_FOR, signed by the next",
        "WRONG_NAME, NOT_ASKED_FOR, 'evil.example, other.example: if one of these is the carrier''s domain, set tls.name'",
        "SLOW, NOT_ASKED_FOR, port",
        "REFUSED, MISSING, set tls.certificate and tls.key",
        "REFUSED, SHOWN, does not take our certificate",
        "REFUSED, NOT_ASKED_FOR, 1.2 or 1.3",
        "OTHER, NOT_ASKED_FOR, 5060"
    })
    void eachRefusalSaysWhatToChange(TlsFailure.Kind kind, OurCertificate ours, String advice) {
        Finding finding = refused(kind, ours);
        assertThat(finding.grade()).isEqualTo(Grade.BAD);
        assertThat(finding.seen()).isEqualTo("in words");
        assertThat(finding.change()).contains(advice);
    }
}
