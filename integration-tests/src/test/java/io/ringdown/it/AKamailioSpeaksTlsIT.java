package io.ringdown.it;

import static io.ringdown.evidence.Row.IDENTITY;
import static io.ringdown.evidence.Row.ROUTING;
import static io.ringdown.evidence.Row.TRANSPORTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIP over TLS to Kamailio, whose certificate openssl has made; digest over it. */
@ExtendWith(Trial.Extension.class)
final class AKamailioSpeaksTlsIT {
    static final String DOMAIN = "sip.carrier.example";

    @ParameterizedTest
    @CsvSource({"TLSv1.2, TLSv1.2, MD5", "TLSv1.2+, TLSv1.3, SHA-256"})
    @Shows({TRANSPORTS, IDENTITY})
    void theCallPasses(String method, String version, String algorithm, Trial trial) {
        CertificateAuthority authority = new CertificateAuthority(trial);
        int proxyPort = Tools.freePort();
        int telephonePort = Tools.freePort();
        Kamailio.startTls(trial, proxyPort, telephonePort, algorithm, method, authority.sign(DOMAIN));
        GatewayConfig config = speakingTls(authority).trunk("carrier", trunk(proxyPort, authority, DOMAIN));
        theCallPasses(trial, Exchange.start(trial, config, telephonePort));
        assertThat(BrowserProcess.read(trial.file("kamailio.log"))).contains("spoken: " + version);
    }

    @Test
    @Shows({TRANSPORTS, ROUTING})
    void aCertificateWithTheWrongNameIsRefusedAndTheNextTrunkTakesTheCall(Trial trial) {
        CertificateAuthority authority = new CertificateAuthority(trial);
        int proxyPort = Tools.freePort();
        int telephonePort = Tools.freePort();
        Kamailio.startTls(trial, proxyPort, telephonePort, "MD5", "TLSv1.2+", authority.sign("evil.example"));
        GatewayConfig config = speakingTls(authority)
                .trunk("carrier", trunk(proxyPort, authority, DOMAIN))
                .trunk("second", trunk(proxyPort, authority, "evil.example"));
        Exchange exchange = Exchange.start(trial, config, telephonePort);
        theCallPasses(trial, exchange);
        assertThat(exchange.gateway().log()).contains("certificate is for evil.example, not for " + DOMAIN);
    }

    private static void theCallPasses(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp telephone = Sipp.start(trial, exchange.carrier("uas-behind-proxy", G711.PCMA, far));
        RawClient phone =
                RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        phone.hangUp();
        telephone.awaitSuccess(10);
    }

    /** A gateway that listens for TLS, without trunks. */
    static GatewayConfig speakingTls(CertificateAuthority authority) {
        CertificateAuthority.Files ours = authority.sign("gateway.example");
        return new GatewayConfig().sipListenTo("""
                - address: 127.0.0.1
                  port: %d
                  transports: [tls]
                  tls:
                    certificate: '%s'
                    key: '%s'
                """.formatted(Tools.freePort(), ours.certificate(), ours.key()));
    }

    /** A trunk by TLS, trusted where this authority has signed it for that name. */
    static String trunk(int port, CertificateAuthority authority, String name) {
        return """
            sip:
              address: 127.0.0.1:%d;transport=tls
              tls:
                ca: '%s'
                name: %s
              username: ringdown
              password: 'correct horse'
            media:
              listen: 127.0.0.1
            prefixes: ['+']
            """.formatted(port, authority.certificate(), name);
    }
}
