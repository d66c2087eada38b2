package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.DigestAuthorizer;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.web.DigestDoor.Verdict;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DigestDoorTest {
    private static final Secret PASSWORD = new Secret("open sesame");
    private static final String URI = "sip:pbx.example";

    private final DigestDoor door = new DigestDoor("pbx.example", new SecureRandom());
    private long now = 1000;

    private String shown(List<String> challenges, String password) {
        return new DigestAuthorizer("alice", new Secret(password), Optional.empty(), new SecureRandom())
                .answer(401, challenges, "REGISTER", URI)
                .map(SipHeader::value)
                .orElseThrow();
    }

    private Verdict judge(String shown, Optional<Secret> password, String socket) {
        return door.judge(door.read(shown).orElseThrow(), "REGISTER", password, socket, "203.0.113.9", now);
    }

    @Test
    void eachAlgorithmThatIsOfferedOpens() {
        for (String challenge : door.challenges("s", false, now)) {
            assertThat(judge(shown(List.of(challenge), "open sesame"), Optional.of(PASSWORD), "s"))
                    .isEqualTo(Verdict.PROVED);
        }
    }

    @Test
    void aReplayDoesNotOpenAgain() {
        String shown = shown(door.challenges("s", false, now), "open sesame");

        assertThat(judge(shown, Optional.of(PASSWORD), "s")).isEqualTo(Verdict.PROVED);
        assertThat(judge(shown, Optional.of(PASSWORD), "s")).isEqualTo(Verdict.STALE);
    }

    @Test
    void theNextCountOfANonceOpens() {
        DigestAuthorizer alice = new DigestAuthorizer("alice", PASSWORD, Optional.empty(), new SecureRandom());
        String first = alice.answer(401, door.challenges("s", false, now), "REGISTER", URI)
                .orElseThrow()
                .value();
        String second = alice.ahead("REGISTER", URI).orElseThrow().value();

        assertThat(judge(second, Optional.of(PASSWORD), "s")).isEqualTo(Verdict.PROVED);
        assertThat(judge(first, Optional.of(PASSWORD), "s"))
                .as("overtaken by its successor")
                .isEqualTo(Verdict.STALE);
    }

    @Test
    void aNonceIsOfItsSocketAndOfItsTime() {
        String shown = shown(door.challenges("s", false, now), "open sesame");
        assertThat(judge(shown, Optional.of(PASSWORD), "another")).isEqualTo(Verdict.STALE);
        now += TimeUnit.MINUTES.toNanos(6);
        assertThat(judge(shown, Optional.of(PASSWORD), "s")).isEqualTo(Verdict.STALE);
    }

    @Test
    void aNonceThatIsNotOursIsStaleWhateverItIs() {
        for (String nonce : List.of("", "x", "AAAA", "%%%", "A".repeat(43))) {
            String challenge = "Digest realm=\"pbx.example\",nonce=\"n" + nonce + "\",algorithm=MD5,qop=\"auth\"";
            assertThat(judge(shown(List.of(challenge), "open sesame"), Optional.of(PASSWORD), "s"))
                    .isEqualTo(Verdict.STALE);
        }
    }

    @Test
    void wrongPasswordAndUnknownUserAreRefusedAlikeAndNotForEver() {
        assertThat(judge(shown(door.challenges("s", false, now), "wrong"), Optional.of(PASSWORD), "s"))
                .isEqualTo(Verdict.REFUSED);
        assertThat(judge(shown(door.challenges("s", false, now), "wrong"), Optional.empty(), "s"))
                .isEqualTo(Verdict.REFUSED);
        Verdict last = Verdict.REFUSED;
        for (int i = 0; i < 10; i++) {
            last = judge(shown(door.challenges("s", false, now), "wrong"), Optional.of(PASSWORD), "s");
        }
        assertThat(last).isEqualTo(Verdict.TOO_MANY);
        assertThat(judge(shown(door.challenges("s", false, now), "open sesame"), Optional.of(PASSWORD), "s"))
                .as("the right one, while too many were wrong")
                .isEqualTo(Verdict.TOO_MANY);
        now += TimeUnit.MINUTES.toNanos(1);
        assertThat(judge(shown(door.challenges("s", false, now), "open sesame"), Optional.of(PASSWORD), "s"))
                .isEqualTo(Verdict.PROVED);
    }

    @Test
    void mutilatedCredentialsNeverOpen() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            String whole = shown(door.challenges("s", false, now), "open sesame");
            int start = whole.indexOf("response=\"") + 10;
            int at = start + random.nextInt(32);
            char flipped = whole.charAt(at) == '0' ? '1' : '0';
            String broken = whole.substring(0, at) + flipped + whole.substring(at + 1);
            now += TimeUnit.MINUTES.toNanos(1);
            assertThat(judge(broken, Optional.of(PASSWORD), "s"))
                    .as("seed %d", seed)
                    .isEqualTo(Verdict.REFUSED);
            int cut = random.nextInt(whole.length());
            assertThat(door.read(whole.substring(0, cut))
                            .map(shown ->
                                    door.judge(shown, "REGISTER", Optional.of(PASSWORD), "s", "198.51.100.1", now)))
                    .as("seed %d cut at %d of %s", seed, cut, whole)
                    .isNotEqualTo(Optional.of(Verdict.PROVED));
        }
    }
}
