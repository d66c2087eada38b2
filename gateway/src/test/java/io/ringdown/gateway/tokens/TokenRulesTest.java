package io.ringdown.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.Destinations;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What a signed token has to be, told by what is refused. */
final class TokenRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
    private static final long T = NOW.getEpochSecond();
    private static final KeyPair ED = Forge.ed25519();
    private static final KeyPair EC = Forge.p256();
    private static final KeyPair RSA = Forge.rsa(2048);
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final String ALG = "{'alg':'EdDSA'}";
    private static final String GOOD = "{'sub':'visitor','exp':" + (T + 600) + "}";

    private final TokenRules rules = new TokenRules(settings(Optional.empty()));

    private static TokenSettings settings(Optional<String> audience) {
        TokenSettings usual = TokenSettings.defaults();
        return new TokenSettings(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                audience,
                usual.clockSkew(),
                usual.longestLife());
    }

    private static List<TokenKey> keys() {
        try {
            return List.of(
                    TokenKey.of(Optional.of("ed"), TokenAlgorithm.EDDSA, ED.getPublic(), Optional.empty()),
                    TokenKey.of(Optional.of("ec"), TokenAlgorithm.ES256, EC.getPublic(), Optional.empty()),
                    TokenKey.of(
                            Optional.empty(), TokenAlgorithm.RS256, RSA.getPublic(), Optional.of("https://id.example")),
                    TokenKey.of(
                            Optional.of("hs"),
                            TokenAlgorithm.HS256,
                            new SecretKeySpec(SECRET, "HmacSHA256"),
                            Optional.empty()));
        } catch (UnfitKeyException e) {
            throw new AssertionError(e);
        }
    }

    private Verdict judge(String token) {
        return rules.judge(token, keys(), NOW);
    }

    private static String ed(String payload) {
        return Forge.signed(ALG, payload, ED.getPrivate());
    }

    @Test
    void eachAlgorithmOpensWithItsOwnKey() {
        assertThat(List.of(
                        ed(GOOD),
                        Forge.signed("{'alg':'EdDSA','kid':'ed','typ':'JWT'}", GOOD, ED.getPrivate()),
                        Forge.signed("{'alg':'ES256','kid':'ec'}", GOOD, EC.getPrivate()),
                        Forge.signed(
                                "{'alg':'RS256','kid':'whatever'}",
                                "{'iss':'https://id.example','sub':'visitor','exp':" + (T + 600) + "}",
                                RSA.getPrivate()),
                        Forge.mac("{'alg':'HS256','kid':'hs'}", GOOD, SECRET)))
                .allSatisfy(token -> assertThat(judge(token)).isInstanceOf(Verdict.Good.class));
    }

    @Test
    void whatItSaysIsWhatItOpens() {
        Verdict verdict = judge(ed("{'sub':'visitor','jti':'7','iat':" + T + ",'exp':" + (T + 600)
                + ",'ringdown':{'to':{'numbers':['+493012345'],'prefixes':['+4989'],'countries':['AT']},'from':['+4930999'],"
                + "'user':'12','longest':90,'calls':2,'class':'cheap','once':true,'origin':['https://a.example']}}"));
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Good.class, good -> {
            assertThat(good.subject()).isEqualTo("visitor");
            assertThat(good.user()).hasValue("12");
            assertThat(good.isFor(Optional.of("https://a.example"))).isTrue();
            assertThat(good.isFor(Optional.of("https://b.example"))).isFalse();
            assertThat(good.isFor(Optional.empty())).isFalse();
            assertThat(good.grant())
                    .isEqualTo(new Grant(
                            Optional.of("7"),
                            true,
                            Optional.of(NOW.plusSeconds(630)),
                            Optional.of(new Destinations(
                                    List.of(new PhoneNumber("+493012345")),
                                    List.of(new Prefix("+4989")),
                                    Set.of(new Country("AT")))),
                            Optional.of(List.of(new PhoneNumber("+4930999"))),
                            OptionalInt.of(2),
                            Optional.of(Duration.ofSeconds(90)),
                            Optional.of("cheap")));
        });
        assertThat(judge(ed("{'sub':'visitor','exp':" + (T + 600) + ",'ringdown':{'to':{},'from':[]}}")))
                .isInstanceOfSatisfying(Verdict.Good.class, nowhere -> {
                    assertThat(nowhere.grant().destinations().orElseThrow().numbers())
                            .isEmpty();
                    assertThat(nowhere.grant().callerIds().orElseThrow()).isEmpty();
                });
    }

    @Test
    void forgedOnesAreRefusedForTheRightReason() {
        byte[] asSecret = Forge.pem(ED.getPublic()).getBytes(StandardCharsets.UTF_8);
        byte[] rsaAsSecret = Forge.pem(RSA.getPublic()).getBytes(StandardCharsets.UTF_8);
        KeyPair other = Forge.ed25519();
        Map<String, Refusal> forged = new LinkedHashMap<>();
        forged.put("", Refusal.FORM);
        forged.put("a.b", Refusal.FORM);
        forged.put("..", Refusal.FORM);
        forged.put(ed(GOOD) + ".more", Refusal.FORM);
        forged.put(ed(GOOD) + "=", Refusal.FORM);
        forged.put(" " + ed(GOOD), Refusal.FORM);
        forged.put("a".repeat(9000) + ".b.c", Refusal.FORM);
        forged.put(Forge.part("{'alg':'none'}") + "." + Forge.part(GOOD) + ".", Refusal.HEADER);
        forged.put(Forge.part("{'alg':'NonE'}") + "." + Forge.part(GOOD) + ".", Refusal.UNKNOWN_KEY);
        forged.put(Forge.part("[".repeat(500)) + "." + Forge.part(GOOD) + ".AA", Refusal.HEADER);
        forged.put(Forge.part("{'alg':['EdDSA']}") + "." + Forge.part(GOOD) + ".AA", Refusal.HEADER);
        forged.put(Forge.part(ALG) + "." + Forge.part(GOOD) + ".", Refusal.SIGNATURE);
        forged.put(Forge.signed(ALG, GOOD, other.getPrivate()), Refusal.SIGNATURE);
        forged.put(Forge.mac(ALG, GOOD, SECRET), Refusal.SIGNATURE);
        forged.put(Forge.mac("{'alg':'HS256'}", GOOD, asSecret), Refusal.SIGNATURE);
        forged.put(Forge.mac("{'alg':'HS256'}", GOOD, rsaAsSecret), Refusal.SIGNATURE);
        forged.put(Forge.mac("{'alg':'HS256'}", GOOD, new byte[32]), Refusal.SIGNATURE);
        forged.put(Forge.mac("{'alg':'HS512'}", GOOD, SECRET), Refusal.UNKNOWN_KEY);
        forged.put(Forge.signed("{'alg':'RS512'}", GOOD, RSA.getPrivate()), Refusal.UNKNOWN_KEY);
        forged.put(Forge.signed("{'alg':'ES256'}", GOOD, ED.getPrivate()), Refusal.SIGNATURE);
        forged.put(Forge.signed("{'alg':'EdDSA','kid':'ec'}", GOOD, ED.getPrivate()), Refusal.UNKNOWN_KEY);
        forged.put(
                Forge.signed("{'alg':'EdDSA','kid':'../../../../dev/null'}", GOOD, ED.getPrivate()),
                Refusal.UNKNOWN_KEY);
        forged.put(
                Forge.signed(
                        "{'alg':'EdDSA','jwk':" + Forge.jwk("ed", other.getPublic()) + "}", GOOD, other.getPrivate()),
                Refusal.HEADER);
        forged.put(
                Forge.signed("{'alg':'EdDSA','jku':'https://evil.example/jwks'}", GOOD, ED.getPrivate()),
                Refusal.HEADER);
        forged.put(
                Forge.signed("{'alg':'EdDSA','x5u':'https://evil.example/x'}", GOOD, ED.getPrivate()), Refusal.HEADER);
        forged.put(Forge.signed("{'alg':'EdDSA','crit':['exp'],'exp':1}", GOOD, ED.getPrivate()), Refusal.HEADER);
        forged.put(Forge.signed("{'alg':'EdDSA','b64':false,'crit':['b64']}", GOOD, ED.getPrivate()), Refusal.HEADER);
        forged.put(Forge.signed("{'alg':'EdDSA','typ':'dpop+jwt'}", GOOD, ED.getPrivate()), Refusal.HEADER);
        forged.put(Forge.signed("{'alg':'EdDSA','cty':'JWT'}", GOOD, ED.getPrivate()), Refusal.HEADER);
        forged.put(ed("{'sub':'visitor','exp':" + (T - 30) + "}"), Refusal.EXPIRED);
        forged.put(ed("{'sub':'visitor','exp':" + (T + 600) + ",'nbf':" + (T + 31) + "}"), Refusal.TOO_EARLY);
        forged.put(ed("{'sub':'visitor','exp':" + (T + 600) + ",'iat':" + (T + 31) + "}"), Refusal.TOO_EARLY);
        forged.put(ed("{'sub':'visitor','exp':" + (T + 86_401) + "}"), Refusal.TOO_LONG);
        forged.put(ed("{'sub':'visitor','iat':" + (T - 86_000) + ",'exp':" + (T + 600) + "}"), Refusal.TOO_LONG);
        forged.put(ed("{'sub':'visitor','exp':" + (T + 600) + ",'aud':'other'}"), Refusal.AUDIENCE);
        forged.put(Forge.signed("{'alg':'RS256'}", GOOD, RSA.getPrivate()), Refusal.ISSUER);
        forged.put(ed("{'sub':'visitor'}"), Refusal.CLAIMS);
        forged.put(ed("{'sub':'visitor','exp':'tomorrow'}"), Refusal.CLAIMS);
        forged.put(ed("{'exp':" + (T + 600) + "}"), Refusal.CLAIMS);
        forged.put(ed("{'sub':'a\\nb','exp':" + (T + 600) + "}"), Refusal.CLAIMS);
        forged.put(ed("no json"), Refusal.CLAIMS);
        forged.put(ed("[]"), Refusal.CLAIMS);
        forged.forEach((token, why) -> assertThat(judge(token))
                .as(token)
                .isInstanceOfSatisfying(
                        Verdict.Bad.class,
                        bad -> assertThat(bad.why()).as(token).isEqualTo(why)));
        assertThat(forged).hasSizeGreaterThan(40);
    }

    /** A restriction that is not understood must not be passed over. */
    @Test
    void aClaimOfOursThatIsNotUnderstoodRefusesTheToken() {
        for (String ours : List.of(
                "null",
                "[]",
                "'all'",
                "{'tto':{}}",
                "{'to':[]}",
                "{'to':{'number':['+49']}}",
                "{'to':{'numbers':'+49'}}",
                "{'to':{'numbers':[49]}}",
                "{'to':{'countries':['Germany']}}",
                "{'to':null}",
                "{'from':['nobody']}",
                "{'user':''}",
                "{'longest':0}",
                "{'longest':1.5}",
                "{'longest':'60'}",
                "{'calls':-1}",
                "{'calls':4294967297}",
                "{'class':7}",
                "{'once':'true'}",
                "{'once':true}", // without a jti
                "{'origin':'https://a.example'}")) {
            assertThat(judge(ed("{'sub':'visitor','exp':" + (T + 600) + ",'ringdown':" + ours + "}")))
                    .as(ours)
                    .isInstanceOfSatisfying(
                            Verdict.Bad.class, bad -> assertThat(bad.why()).isEqualTo(Refusal.CLAIMS));
        }
    }

    @Test
    void theAudienceIsOursWhereWeHaveOne() {
        TokenRules named = new TokenRules(settings(Optional.of("us")));
        String from = "{'sub':'visitor','exp':" + (T + 600) + ",'aud':";
        assertThat(named.judge(ed(from + "['other','us']}"), keys(), NOW)).isInstanceOf(Verdict.Good.class);
        assertThat(named.judge(ed(from + "'us'}"), keys(), NOW)).isInstanceOf(Verdict.Good.class);
        assertThat(named.judge(ed(from + "'US'}"), keys(), NOW)).isInstanceOf(Verdict.Bad.class);
        assertThat(named.judge(ed(GOOD), keys(), NOW)).isInstanceOf(Verdict.Bad.class);
    }

    /** Of the last characters of parts some bits mean nothing; all others count. */
    @Test
    void noTokenIsGoodWithACharacterChangedThatSaysSomething() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
        for (String token : List.of(
                ed(GOOD),
                Forge.signed("{'alg':'ES256'}", GOOD, EC.getPrivate()),
                Forge.mac("{'alg':'HS256'}", GOOD, SECRET))) {
            int signature = token.lastIndexOf('.');
            for (int at = 0; at < token.length() - 1; at++) {
                char other = alphabet.charAt(random.nextInt(alphabet.length()));
                String changed = token.substring(0, at) + other + token.substring(at + 1);
                if (other != token.charAt(at)) {
                    assertThat(judge(changed))
                            .as("seed %d at %d of %d", seed, at, signature)
                            .isInstanceOf(Verdict.Bad.class);
                }
                assertThat(judge(token.substring(0, at))).as("cut at %d", at).isInstanceOf(Verdict.Bad.class);
            }
        }
    }

    @Test
    void weakOrWrongKeysAreNotTaken() {
        assertThat(unfit(TokenAlgorithm.RS256, Forge.pem(Forge.rsa(1024).getPublic())))
                .contains("1024 bits");
        assertThat(unfit(TokenAlgorithm.ES256, Forge.pem(ED.getPublic()))).contains("no public key for ES256");
        assertThat(unfit(
                        TokenAlgorithm.EDDSA,
                        Forge.pem("PRIVATE KEY", ED.getPrivate().getEncoded())))
                .contains("-pubout");
        assertThat(unfit(TokenAlgorithm.HS256, "short")).contains("32 bytes");
        assertThat(unfit(TokenAlgorithm.HS256, Forge.pem(ED.getPublic()))).contains("is PEM");
        assertThat(unfit(TokenAlgorithm.EDDSA, "{\"keys\":[]}")).contains("no key for EdDSA");
        assertThat(unfit(TokenAlgorithm.EDDSA, "{\"kty\":")).contains("RFC 7517");
    }

    private static String unfit(TokenAlgorithm algorithm, String text) {
        TokenKeySettings settings = new TokenKeySettings(
                Optional.empty(), algorithm, Optional.of(java.nio.file.Path.of("key")), Optional.empty());
        try {
            return "taken: " + KeyText.configured(text, settings, Optional.empty());
        } catch (UnfitKeyException unfit) {
            return String.valueOf(unfit.getMessage());
        }
    }
}
