package io.ringdown.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoorkeeperTest {
    private static final Instant START = Instant.parse("2026-11-26T10:00:00Z");
    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.7");
    private static final InetAddress THERE = InetAddress.ofLiteral("192.0.2.8");
    private static final String KEY = "0123456789abcdef0123";

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong(7);
    private final UsedTokens used = new UsedTokens();
    private final KeyPair pair = Forge.ed25519();

    private Instant now() {
        return START.plusNanos(nanos.get());
    }

    private Doorkeeper doorkeeper() throws IOException, UnfitKeyException {
        TokenSettings settings = new TokenSettings(
                Optional.of(Secret.parse(KEY)),
                Optional.empty(),
                List.of(Forge.file(TokenAlgorithm.EDDSA, folder.resolve("key.pub"), Forge.pem(pair.getPublic()))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Duration.ofHours(1));
        User alice = new User(Optional.empty(), List.of(), Optional.of(new PhoneNumber("12")), List.of());
        return Doorkeeper.open(settings, Map.of("alice", alice), used, this::now, nanos::get);
    }

    private String token(String ours) {
        return token(pair, ours);
    }

    private static String token(KeyPair by, String ours) {
        return Forge.signed(
                "{'alg':'EdDSA'}",
                "{'sub':'visitor','jti':'j','exp':" + (START.getEpochSecond() + 600) + ",'ringdown':" + ours + "}",
                by.getPrivate());
    }

    private static Presented shown(String token) {
        return shown(token, HERE);
    }

    private static Presented shown(String token, InetAddress from) {
        return new Presented(Optional.of(token), Optional.of("https://a.example"), from);
    }

    @Test
    void aTokenStandsForAUserByNameOrExtensionAndForNobodyWhoIsNot() throws Exception {
        try (Doorkeeper door = doorkeeper()) {
            assertThat(who(door, "{}")).hasValue("visitor");
            assertThat(who(door, "{'user':'alice'}")).hasValue("alice");
            assertThat(who(door, "{'user':'12'}")).hasValue("alice");
            assertThat(who(door, "{'user':'bob'}")).isEmpty();
            assertThat(who(door, "{'origin':['https://a.example']}")).hasValue("visitor");
            assertThat(who(door, "{'origin':['https://b.example']}")).isEmpty();
            assertThat(door.refused()).containsEntry("user", 1L).containsEntry("origin", 1L);
        }
    }

    private Optional<String> who(Doorkeeper door, String ours) {
        return door.verify(shown(token(ours)))
                .map(admission -> admission.identity().subject());
    }

    @Test
    void aTokenForOneCallOpensNoOtherButStillNamesItsBearer() throws Exception {
        try (Doorkeeper door = doorkeeper()) {
            Presented once = shown(token("{'once':true}"));
            Grant grant = door.verify(once).orElseThrow().grant();
            assertThat(door.isSpent(grant)).isFalse();
            assertThat(used.use("j", now().plusSeconds(9), now())).isTrue();
            assertThat(door.isSpent(grant)).isTrue();
            assertThat(door.verify(once)).isEmpty();
            assertThat(door.identify(once)).hasValue(new Identity("visitor"));
        }
    }

    @Test
    void issuersGiveTheirTokensNamesOfTheirOwn() throws Exception {
        try (Doorkeeper door = doorkeeper()) {
            Presented one = shown(of("https://one.example"));
            Presented two = shown(of("https://two.example"));
            String name = door.verify(one).orElseThrow().grant().token().orElseThrow();
            assertThat(used.use(name, now().plusSeconds(9), now())).isTrue();
            assertThat(door.verify(one)).isEmpty();
            assertThat(door.verify(two)).isPresent();
        }
    }

    private String of(String issuer) {
        return Forge.signed(
                "{'alg':'EdDSA'}",
                "{'iss':'" + issuer + "','sub':'visitor','jti':'j','exp':" + (START.getEpochSecond() + 600)
                        + ",'ringdown':{'once':true}}",
                pair.getPrivate());
    }

    @Test
    void aTokenRunsOutWhileItsSessionStands() throws Exception {
        try (Doorkeeper door = doorkeeper()) {
            Grant grant = door.verify(shown(token("{}"))).orElseThrow().grant();
            assertThat(door.lasts(grant).orElseThrow().toSeconds()).isEqualTo(599);
            nanos.addAndGet(Duration.ofMinutes(10).toNanos());
            assertThat(door.isSpent(grant)).isTrue();
            assertThat(door.lasts(grant)).hasValue(Duration.ZERO);
            assertThat(door.verify(shown(token("{}")))).isEmpty();
            assertThat(door.identify(shown(token("{}")))).isEmpty();
        }
    }

    @Test
    void whoGuessesKeysIsHeldOffAndWhoHasAGoodTokenIsNot() throws Exception {
        try (Doorkeeper door = doorkeeper()) {
            assertThat(door.verify(shown(KEY))).isPresent();
            for (int guess = 0; guess < 11; guess++) {
                assertThat(door.heldOff(HERE)).as("after " + guess).isEmpty();
                assertThat(door.verify(shown("guess number " + guess))).isEmpty();
            }
            assertThat(door.heldOff(HERE)).isPresent();
            assertThat(door.verify(shown(KEY))).as("not looked at").isEmpty();
            assertThat(door.verify(shown(KEY, THERE))).as("from elsewhere").isPresent();
            assertThat(door.verify(shown(token("{}")))).as("signed").isPresent();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(door.verify(shown(KEY))).as("a second later").isPresent();
        }
    }

    @Test
    void aKeyIsReplacedByItsFileAndABrokenFileReplacesNone() throws Exception {
        KeyPair next = Forge.ed25519();
        try (Doorkeeper door = doorkeeper()) {
            Files.writeString(folder.resolve("key.pub"), "half of a k");
            Files.writeString(folder.resolve("other"), Forge.pem(next.getPublic()));
            assertThat(door.verify(shown(token("{}")))).isPresent();
            Files.move(
                    folder.resolve("other"),
                    folder.resolve("key.pub"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Presented byNext = new Presented(Optional.of(token(next, "{}")), Optional.empty(), THERE);
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (door.verify(byNext).isEmpty() && System.nanoTime() < end) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(door.verify(byNext)).isPresent();
            assertThat(door.verify(shown(token("{}")))).as("by the old one").isEmpty();
        }
    }

    @Test
    void everybodyComesInWhereThereIsNoKeyAtAll() throws Exception {
        try (Doorkeeper door = Doorkeeper.open(TokenSettings.defaults(), Map.of(), used, this::now, nanos::get)) {
            assertThat(door.required()).isFalse();
            assertThat(door.verify(new Presented(Optional.empty(), Optional.empty(), HERE)))
                    .isPresent();
        }
        try (Doorkeeper door = doorkeeper()) {
            assertThat(door.required()).isTrue();
            assertThat(door.verify(new Presented(Optional.empty(), Optional.empty(), HERE)))
                    .isEmpty();
        }
    }
}
