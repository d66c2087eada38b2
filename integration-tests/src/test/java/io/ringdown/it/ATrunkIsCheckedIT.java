package io.ringdown.it;

import static io.ringdown.evidence.Row.CHECK;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code ./ringdown check --trunk}: what it says of trunks that work, and of such that do not. */
@Shows(CHECK)
@ExtendWith(Trial.Extension.class)
final class ATrunkIsCheckedIT {

    /** What it printed, and how it ended. */
    private record Verdict(int status, String printed) {
        void says(String grade, String subject, String seen) {
            assertThat(printed).containsPattern("(?m)^  " + grade + " +" + subject + " .*" + seen);
        }
    }

    private static Verdict check(Trial trial, int port, String... more) throws InterruptedException {
        return check(trial, new GatewayConfig().trunk("carrier", Exchange.carrier(port)), more);
    }

    private static Verdict check(Trial trial, GatewayConfig config, String... more) throws InterruptedException {
        Path file = trial.file("checked.yaml");
        trial.write("checked.yaml", config.yaml());
        Path printed = trial.file("verdict.txt");
        List<String> words = new ArrayList<>(
                List.of("check", "--config", file.toString(), "--trunk", "carrier", "--number", Exchange.NUMBER));
        words.addAll(List.of(more));
        Process process = Gateway.launch(printed, words);
        trial.keep(() -> Tools.end(process));
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Verdict(process.exitValue(), BrowserProcess.read(printed));
    }

    @Test
    void eachPointOfATrunkThatWorksIsSaid(Trial trial) throws InterruptedException {
        int port = Tools.freePort();
        ABaresipIsTheFarEndIT.baresip(trial, port, ABaresipIsTheFarEndIT.Speaks.G711);
        Verdict verdict = check(trial, port);
        verdict.says("ok", "OPTIONS", "health.ping can be used");
        verdict.says("skipped", "REGISTER", "not configured");
        verdict.says("ok", "transport", "UDP to 127.0.0.1 port " + port);
        verdict.says("ok", "call", "answered after");
        verdict.says("ok", "software", "baresip");
        verdict.says("ok", "codecs", "PCM[AU]");
        verdict.says("ok", "sound", "packets in 3000 ms");
        verdict.says("ok", "hold, re-INVITE", "held .*and resumed");
        verdict.says("ok", "hang-up by us", "BYE answered by 200");
        assertThat(verdict.printed()).contains("The trunk works.").containsPattern("(?m)^Call-ID [0-9a-f]{32}@");
        assertThat(verdict.status()).as(verdict.printed()).isZero();
    }

    @Test
    void theTlsOfATrunkIsShownWithItsChainAndWhatToChangeWhereItIsForAnotherName(Trial trial)
            throws InterruptedException {
        CertificateAuthority authority = new CertificateAuthority(trial);
        int port = Tools.freePort();
        Kamailio.startTls(
                trial, port, Tools.freePort(), "MD5", "TLSv1.2+", authority.sign(AKamailioSpeaksTlsIT.DOMAIN));
        Verdict right = checkTls(trial, port, authority, AKamailioSpeaksTlsIT.DOMAIN);
        right.says("ok", "TLS", "TLSv1.3, TLS_");
        right.says("ok", "certificate", "CN=sip.carrier.example, by CN=authority, until .*, 29 days left");
        right.says("ok", "its name", "sip.carrier.example is on it \\(RFC 5922\\)");
        right.says("ok", "OPTIONS", "");
        right.says("ok", "transport", "TLS to 127.0.0.1 port " + port);
        Verdict wrong = checkTls(trial, port, authority, "other.example");
        wrong.says("bad", "TLS", "certificate is for sip.carrier.example, not for other.example");
        assertThat(wrong.printed()).contains("set tls.name to it");
        assertThat(wrong.status()).isOne();
    }

    // Nobody is behind the proxy: of the call only its beginning is looked at.
    private static Verdict checkTls(Trial trial, int port, CertificateAuthority authority, String name)
            throws InterruptedException {
        GatewayConfig config = AKamailioSpeaksTlsIT.speakingTls(authority)
                .trunk("carrier", AKamailioSpeaksTlsIT.trunk(port, authority, name));
        return check(trial, config, "--wait", "3");
    }

    @Test
    void aTrunkThatIsNotThereIsToldWithWhatMayHelp(Trial trial) throws InterruptedException {
        Verdict verdict = check(trial, Tools.freePort());
        verdict.says("note", "OPTIONS", "no answer");
        verdict.says("bad", "call", "not even a 100");
        assertThat(verdict.printed()).contains("-> ", "one point does not work");
        assertThat(verdict.status()).as(verdict.printed()).isOne();
    }

    @Test
    void whatIsMissingOnTheCommandLineIsNamed(Trial trial) throws InterruptedException {
        Verdict verdict = check(trial, Tools.freePort(), "--wait", "long");
        assertThat(verdict.printed()).contains("--wait: 'long' is not a number of seconds");
        assertThat(verdict.status()).isEqualTo(2);
    }
}
