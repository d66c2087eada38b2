package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.DigestAuthorizer;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.web.DigestDoor.Verdict;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DigestDoorTest {
    private static final DigestSecret PASSWORD = DigestSecret.of("open sesame");
    private static final String URI = "sip:pbx.example";

    private final DigestDoor door = new DigestDoor("pbx.example", new SecureRandom());
    private long now = 1000;

    private String shown(List<String> challenges, String password) {
        return shown(challenges, "alice", password);
    }

    private static String shown(List<String> challenges, String user, String password) {
        return new DigestAuthorizer(user, new Secret(password), Optional.empty(), new SecureRandom())
                .answer(401, challenges, "REGISTER", URI)
                .map(SipHeader::value)
                .orElseThrow();
    }

    private Verdict judge(String shown, Optional<DigestSecret> secret, String socket) {
        return judge(shown, secret, socket, "203.0.113.9");
    }

    private Verdict judge(String shown, Optional<DigestSecret> secret, String socket, String from) {
        return door.judge(door.read(shown).orElseThrow(), "REGISTER", secret, socket, InetAddress.ofLiteral(from), now);
    }

    private Verdict tries(String password, String from) {
        return judge(shown(door.challenges("s", false, now), password), Optional.of(PASSWORD), "s", from);
    }

    @Test
    void eachAlgorithmThatIsOfferedOpens() {
        for (String challenge : door.challenges("s", false, now)) {
            assertThat(judge(shown(List.of(challenge), "open sesame"), Optional.of(PASSWORD), "s"))
                    .isEqualTo(Verdict.PROVED);
        }
    }

    @Test
    void aHashOpensAsItsPasswordDoesForItsAlgorithmItsRealmAndItsNameAlone() {
        // printf %s 'alice:pbx.example:open sesame' | md5sum, and sha256sum
        Secret md5 = new Secret("1aa6b67e2039432701070a4666d9527e");
        Secret sha256 = new Secret("4ad223828c41529f817ecf0729341ee37b79e97eaea67664074711489aca4d75");
        Ha1 both = new Ha1("pbx.example", Optional.of(md5), Optional.of(sha256));
        Ha1 old = new Ha1("pbx.example", Optional.of(md5), Optional.empty());
        Ha1 elsewhere = new Ha1("pbx.example.net", Optional.of(md5), Optional.of(sha256));

        assertThat(byAlgorithm("alice", "open sesame", both)).containsExactly(Verdict.PROVED, Verdict.PROVED);
        assertThat(byAlgorithm("alice", "open sesame", old))
                .as("SHA-256 is offered, and not to be judged")
                .containsExactly(Verdict.REFUSED, Verdict.PROVED);
        assertThat(byAlgorithm("alice", "wrong", both)).containsExactly(Verdict.REFUSED, Verdict.REFUSED);
        assertThat(byAlgorithm("101", "open sesame", both)).containsExactly(Verdict.REFUSED, Verdict.REFUSED);
        assertThat(byAlgorithm("alice", "open sesame", elsewhere)).containsExactly(Verdict.REFUSED, Verdict.REFUSED);
        assertThat(both.toString()).doesNotContain(md5.value(), sha256.value());
    }

    private List<Verdict> byAlgorithm(String user, String password, DigestSecret secret) {
        now += TimeUnit.MINUTES.toNanos(10);
        return door.challenges("s", false, now).stream()
                .map(challenge -> judge(shown(List.of(challenge), user, password), Optional.of(secret), "s"))
                .toList();
    }

    @Test
    void aHashThatIsNoneIsRefusedAndNotShown() {
        Optional<Secret> none = Optional.empty();
        assertThatThrownBy(() -> new Ha1("pbx.example", Optional.of(new Secret("open sesame")), none))
                .hasMessageStartingWith("md5: is not 32 hexadecimal digits; write what ")
                .hasMessageNotContaining("sesame");
        assertThatThrownBy(() -> new Ha1("pbx.example", none, Optional.of(new Secret("a".repeat(32)))))
                .hasMessageStartingWith("sha256: is not 64 hexadecimal digits; write what ");
        assertThatThrownBy(() -> new Ha1("pbx.example", none, none)).hasMessageContaining("give both");
    }

    @Test
    void aReplayDoesNotOpenAgain() {
        String shown = shown(door.challenges("s", false, now), "open sesame");

        assertThat(judge(shown, Optional.of(PASSWORD), "s")).isEqualTo(Verdict.PROVED);
        assertThat(judge(shown, Optional.of(PASSWORD), "s")).isEqualTo(Verdict.STALE);
    }

    @Test
    void theNextCountOfANonceOpens() {
        DigestAuthorizer alice =
                new DigestAuthorizer("alice", new Secret("open sesame"), Optional.empty(), new SecureRandom());
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
    void guessesOfOneSiteCountTogetherWhateverAddressesOfItTheyComeFrom() {
        Verdict last = Verdict.REFUSED;
        for (int i = 1; i <= 11; i++) {
            last = tries("wrong", "2001:db8:1:2::" + i);
        }
        assertThat(last).isEqualTo(Verdict.TOO_MANY);
        assertThat(tries("wrong", "2001:db8:1:3::1")).as("of another site").isEqualTo(Verdict.REFUSED);

        for (int i = 1; i <= 10; i++) {
            door.wrongToken(InetAddress.ofLiteral("2001:db8:9:9::" + i), now);
        }
        assertThat(door.mayShowToken(InetAddress.ofLiteral("2001:db8:9:9:1::"), now))
                .isFalse();
        assertThat(door.mayShowToken(InetAddress.ofLiteral("2001:db8:9:8:1::"), now))
                .isTrue();
    }

    @Test
    void aNameThatIsGuessedFromManySourcesIsHeldOffButNotWhereItsUserHasBeen() {
        assertThat(tries("open sesame", "203.0.113.9")).isEqualTo(Verdict.PROVED);
        for (int i = 0; i < 21; i++) {
            assertThat(tries("wrong", "198.51.100." + i)).isEqualTo(Verdict.REFUSED);
        }
        assertThat(tries("open sesame", "198.51.100.200")).as("from elsewhere").isEqualTo(Verdict.TOO_MANY);
        assertThat(tries("open sesame", "203.0.113.9"))
                .as("from where they were")
                .isEqualTo(Verdict.PROVED);
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(tries("open sesame", "198.51.100.200"))
                .as("when the hold is over")
                .isEqualTo(Verdict.PROVED);
    }

    @Test
    void theHoldOfANameGrowsAndHasAnEnd() {
        long held = 0;
        for (int i = 0; i < 200; i++) {
            String source = "198.51.100." + i;
            while (!door.mayTry("alice", InetAddress.ofLiteral(source), now)) {
                now += TimeUnit.SECONDS.toNanos(1);
                held++;
            }
            assertThat(tries("wrong", source)).isEqualTo(Verdict.REFUSED);
        }
        assertThat(held).isEqualTo(1 + 2 + 4 + 8 + 16 + 32 + (200 - 27) * 64);
    }

    @Test
    void aNameThatThereIsNotIsHeldOffAsOneThatThereIs() {
        for (int i = 0; i < 21; i++) {
            String shown = shown(door.challenges("s", false, now), "wrong");
            assertThat(judge(shown, Optional.empty(), "s", "198.51.100." + i)).isEqualTo(Verdict.REFUSED);
        }
        assertThat(judge(shown(door.challenges("s", false, now), "wrong"), Optional.empty(), "s", "203.0.113.1"))
                .isEqualTo(Verdict.TOO_MANY);
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
            now += TimeUnit.MINUTES.toNanos(2);
            assertThat(judge(broken, Optional.of(PASSWORD), "s"))
                    .as("seed %d", seed)
                    .isEqualTo(Verdict.REFUSED);
            int cut = random.nextInt(whole.length());
            assertThat(door.read(whole.substring(0, cut))
                            .map(shown -> door.judge(
                                    shown,
                                    "REGISTER",
                                    Optional.of(PASSWORD),
                                    "s",
                                    InetAddress.ofLiteral("198.51.100.1"),
                                    now)))
                    .as("seed %d cut at %d of %s", seed, cut, whole)
                    .isNotEqualTo(Optional.of(Verdict.PROVED));
        }
    }
}
