package io.ringdown.gateway.check;

import io.ringdown.sip.tls.TlsFailure;
import io.ringdown.sip.tls.TlsHandshake;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Says of a trunk's TLS what was agreed, whom its certificates are for and how long they last. Pure. */
final class TlsJudge {
    private static final long WARN_BELOW_DAYS = 14;

    private final TlsHandshake handshake;
    private final Instant now;

    TlsJudge(TlsHandshake handshake, Instant now) {
        this.handshake = handshake;
        this.now = now;
    }

    /** The outcome first, then each certificate of the chain, then the name and ours. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(handshake
                .failure()
                .map(failure -> Finding.bad("TLS", failure.reason(), advice(failure.kind())))
                .orElseGet(() -> Finding.ok("TLS", agreed())));
        handshake.chain().forEach(link -> findings.add(certificate(link)));
        handshake.matched().ifPresent(name -> findings.add(name(name)));
        if (handshake.failure().isEmpty()) {
            switch (handshake.ours()) {
                case NOT_ASKED_FOR -> {}
                case SHOWN -> findings.add(Finding.ok("our certificate", "it asks for one, and took ours"));
                case MISSING ->
                    findings.add(Finding.note(
                            "our certificate",
                            "it asks for one, and does without",
                            "nothing; if it shall know us by one, set tls.certificate and tls.key"));
            }
        }
        return findings;
    }

    private String agreed() {
        return handshake
                .session()
                .map(session -> session.protocol() + ", " + session.cipher())
                .orElse("");
    }

    private Finding certificate(TlsHandshake.Link link) {
        long days = Duration.between(now, link.notAfter()).toDays();
        boolean over = link.notAfter().isBefore(now);
        String seen = link.subject() + ", by " + link.issuer() + ", until "
                + link.notAfter().atZone(ZoneOffset.UTC).toLocalDate()
                + (over ? ", which is over" : ", " + days + (days == 1 ? " day left" : " days left"));
        return days < WARN_BELOW_DAYS
                ? Finding.note(
                        "certificate",
                        seen,
                        over
                                ? "the carrier has to renew it; is the clock here right?"
                                : "see that the carrier renews it: no call passes when it is over")
                : Finding.ok("certificate", seen);
    }

    private Finding name(String matched) {
        return Finding.ok(
                "its name",
                handshake.expected() + (matched.equals(handshake.expected()) ? "" : " by " + matched)
                        + " is on it (RFC 5922)");
    }

    private String advice(TlsFailure.Kind kind) {
        return switch (kind) {
            case NO_CONNECTION -> "is this the address and port? Does a firewall let TCP through to there?";
            case EXPIRED -> "the carrier has to renew the certificate below; is the clock here right?";
            case NOT_YET_VALID -> "is the clock here right? Else the carrier shows its next certificate too early";
            case UNKNOWN_CA ->
                "if the issuer below is the carrier's, put its certificate into a file and name it in tls.ca";
            case BROKEN_CHAIN ->
                "ask the carrier: each certificate below must be signed by the next, by a key that may sign";
            case WRONG_NAME ->
                "the certificate is for " + handshake.names()
                        + ": if one of these is the carrier's domain, set tls.name to it, or if it is a wildcard, tls.wildcards";
            case SLOW -> "does TLS listen on this port? A firewall may let the connection through and nothing else";
            case REFUSED -> refused();
            case OTHER -> "does TLS listen on this port? SIP without it has another, 5060 as a rule";
        };
    }

    private String refused() {
        return switch (handshake.ours()) {
            case MISSING ->
                "it asks for our certificate: set tls.certificate and tls.key to what the carrier has signed or knows";
            case SHOWN -> "it does not take our certificate: compare tls.certificate with what the carrier has signed";
            case NOT_ASKED_FOR ->
                "it wants another TLS than 1.2 or 1.3, or does not know the name " + handshake.expected()
                        + ": see tls.name";
        };
    }
}
