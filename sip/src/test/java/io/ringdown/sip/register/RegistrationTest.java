package io.ringdown.sip.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.DigestAuthorizer;
import io.ringdown.sip.dialog.NoCredentials;
import io.ringdown.sip.dialog.OutRequest;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.register.RegisterResponse.Binding;
import io.ringdown.sip.register.Registration.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registration over hours, in virtual time. */
final class RegistrationTest {
    private static final String CONTACT = "sip:alice@192.0.2.1:5060";

    private final List<RegisterAction> told = new ArrayList<>();
    private long now = Duration.ofHours(1).toNanos();
    private Registration registration = new Registration(
            "sip:example.net",
            List.of("sip:proxy.example.net;lr"),
            List.of(CONTACT, "sip:alice@192.0.2.2:5060;transport=tcp"),
            Duration.ofHours(1),
            new DigestAuthorizer("alice", new Secret("secret"), Optional.of("r"), new Random(1)),
            new Random(1));

    private static RegisterResponse response(int status) {
        return new RegisterResponse(
                status,
                List.of(),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of());
    }

    private static RegisterResponse granted(long seconds, String... route) {
        return new RegisterResponse(
                200,
                List.of(),
                List.of(
                        new Binding("sip:other@192.0.2.99:5060", OptionalLong.of(5)),
                        new Binding(CONTACT, OptionalLong.of(seconds))),
                OptionalLong.of(9999),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(route));
    }

    private static RegisterResponse challenge(int status, String nonce) {
        return new RegisterResponse(
                status,
                List.of("Digest realm=\"r\",nonce=\"" + nonce + "\",qop=\"auth\""),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of());
    }

    private RegisterAction.Send sent() {
        List<RegisterAction.Send> sends = new ArrayList<>();
        for (RegisterAction action : registration.takeActions()) {
            if (action instanceof RegisterAction.Send send) {
                sends.add(send);
            } else {
                told.add(action);
            }
        }
        assertThat(sends).hasSize(1);
        return sends.getFirst();
    }

    private void nothingSent() {
        told.addAll(registration.takeActions());
        assertThat(told).noneMatch(RegisterAction.Send.class::isInstance);
    }

    private static List<String> values(OutRequest request, String name) {
        return request.headers().stream()
                .filter(header -> header.name().equals(name))
                .map(SipHeader::value)
                .toList();
    }

    // Goes to the next wake-up and says how far it was.
    private Duration wake() {
        long at = registration.nextWakeup();
        assertThat(at).isLessThan(Registration.NEVER);
        Duration waited = Duration.ofNanos(at - now);
        now = at;
        registration.onTime(now);
        return waited;
    }

    @Test
    void theFirstRequestSaysWhereWeAreForHowLongAndThatWeKnowPath() {
        registration.start(now);
        OutRequest request = sent().request();
        assertThat(request.method()).isEqualTo("REGISTER");
        assertThat(request.target()).isEqualTo("sip:example.net");
        assertThat(request.routes()).containsExactly("sip:proxy.example.net;lr");
        assertThat(values(request, "Contact"))
                .containsExactly(
                        "<" + CONTACT + ">;expires=3600", "<sip:alice@192.0.2.2:5060;transport=tcp>;expires=3600");
        assertThat(values(request, "Supported")).containsExactly("path");
        assertThat(registration.isRegistered(now)).isFalse();
    }

    @Test
    void itIsRefreshedBetween70And80PercentOfWhatWasGrantedToUsAndNoOther() {
        registration.start(now);
        sent();
        for (int i = 0; i < 50; i++) {
            registration.onResponse(granted(600), now);
            nothingSent();
            assertThat(registration.isRegistered(now)).isTrue();
            assertThat(wake()).isBetween(Duration.ofMinutes(7), Duration.ofMinutes(8));
            assertThat(registration.isRegistered(now)).isTrue();
            sent();
        }
        assertThat(told).hasSize(1); // once, not at each refresh
    }

    @Test
    void aChallengeIsAnsweredOnceAndItsNonceUsedOn() {
        registration.start(now);
        sent();
        registration.onResponse(challenge(401, "a"), now);
        assertThat(values(sent().request(), "Authorization").getFirst()).contains("nonce=\"a\"", "nc=00000001");
        registration.onResponse(granted(600), now);
        nothingSent();
        wake();
        assertThat(values(sent().request(), "Authorization").getFirst()).contains("nonce=\"a\"", "nc=00000002");
        registration.onResponse(challenge(401, "b"), now);
        assertThat(values(sent().request(), "Authorization").getFirst()).contains("nonce=\"b\"", "nc=00000001");
        registration.onResponse(challenge(401, "c"), now);
        nothingSent();
        assertThat(registration.state()).isEqualTo(State.WAITING);
    }

    @Test
    void withoutCredentialsAChallengeIsAFailure() {
        registration = new Registration(
                "sip:example.net",
                List.of(),
                List.of(CONTACT),
                Duration.ofHours(1),
                new NoCredentials(),
                new Random(1));
        registration.start(now);
        sent();
        registration.onResponse(challenge(407, "a"), now);
        nothingSent();
        assertThat(registration.lastFailure()).contains("407");
    }

    @Test
    void tooBriefIsTriedLongerOnceAndRemembered() {
        registration.start(now);
        sent();
        RegisterResponse tooBrief = new RegisterResponse(
                423,
                List.of(),
                List.of(),
                OptionalLong.empty(),
                OptionalLong.of(7200),
                OptionalLong.empty(),
                List.of());
        registration.onResponse(tooBrief, now);
        assertThat(values(sent().request(), "Expires")).containsExactly("7200");
        registration.onResponse(granted(7200), now);
        nothingSent();
        wake();
        assertThat(values(sent().request(), "Expires")).containsExactly("7200");
        registration.onResponse(tooBrief, now);
        nothingSent();
        assertThat(registration.state()).isEqualTo(State.WAITING);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 403, 404, 500, 503, 600})
    void failuresAreTriedAgainAfter30SecondsTo30MinutesSeldomerEachTime(int status) {
        registration.start(now);
        sent();
        Duration most = Duration.ofMinutes(1);
        for (int i = 0; i < 12; i++) {
            registration.onResponse(response(status), now);
            nothingSent();
            assertThat(wake()).as("failure %d", i + 1).isBetween(most.dividedBy(2), most);
            sent();
            most = most.multipliedBy(2).compareTo(Duration.ofMinutes(30)) > 0
                    ? Duration.ofMinutes(30)
                    : most.multipliedBy(2);
        }
        assertThat(told).hasSize(1); // the same failure is told once
        registration.onResponse(granted(600), now);
        nothingSent();
        assertThat(registration.isRegistered(now)).isTrue();
        assertThat(told).hasSize(2);
    }

    @Test
    void retryAfterIsObeyedUpTo30Minutes() {
        registration.start(now);
        sent();
        RegisterResponse later = new RegisterResponse(
                503, List.of(), List.of(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(600), List.of());
        registration.onResponse(later, now);
        nothingSent();
        assertThat(wake()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void everyAddressIsTriedBeforeItWaits() {
        registration.start(now);
        assertThat(sent().elsewhere()).isFalse();
        registration.onUnreached("nobody answered", true, now);
        assertThat(sent().elsewhere()).isTrue();
        registration.onUnreached("nobody answered", false, now);
        nothingSent();
        assertThat(registration.state()).isEqualTo(State.WAITING);
    }

    @Test
    void theBindingStandsWhileItsRefreshFailsUntilItsTimeIsOver() {
        registration.start(now);
        sent();
        registration.onResponse(granted(600, "sip:edge.example.net;lr"), now);
        long end = now + Duration.ofMinutes(10).toNanos();
        nothingSent();
        wake();
        sent();
        registration.onUnreached("nobody answered", false, now);
        assertThat(registration.isRegistered(now)).isTrue();
        assertThat(registration.serviceRoute(now)).containsExactly("sip:edge.example.net;lr");
        assertThat(registration.isRegistered(end)).isFalse();
        assertThat(registration.serviceRoute(end)).isEmpty();
    }

    @Test
    void atTheEndTheContactsAreTakenAwayAlsoWithCredentials() {
        registration.start(now);
        sent();
        registration.onResponse(granted(600), now);
        nothingSent();
        registration.stop(now);
        OutRequest request = sent().request();
        assertThat(values(request, "Contact")).allMatch(contact -> contact.endsWith(";expires=0"));
        registration.onResponse(challenge(401, "z"), now);
        assertThat(values(sent().request(), "Authorization")).hasSize(1);
        registration.onResponse(response(200), now);
        nothingSent();
        assertThat(registration.state()).isEqualTo(State.GONE);
        assertThat(registration.isRegistered(now)).isFalse();
        assertThat(registration.nextWakeup()).isEqualTo(Registration.NEVER);
    }

    @Test
    void whatWasNeverRegisteredNeedsNoEnd() {
        registration.start(now);
        sent();
        registration.onUnreached("nobody answered", false, now);
        registration.stop(now);
        nothingSent();
        assertThat(registration.state()).isEqualTo(State.GONE);
    }

    @Test
    void whateverComesOneRequestIsOutstandingAtMostAndNumbersRise() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        long cseq = 0;
        registration.start(now);
        int outstanding = 0;
        for (int i = 0; i < 5000; i++) {
            for (RegisterAction action : registration.takeActions()) {
                if (action instanceof RegisterAction.Send send) {
                    outstanding++;
                    assertThat(send.request().cseq()).as("seed %d", seed).isGreaterThan(cseq);
                    cseq = send.request().cseq();
                }
            }
            assertThat(outstanding).as("seed %d", seed).isLessThanOrEqualTo(1);
            if (outstanding == 1) {
                outstanding = 0;
                switch (random.nextInt(5)) {
                    case 0 -> registration.onUnreached("x", random.nextBoolean(), now);
                    case 1 -> registration.onResponse(challenge(401, "n" + i), now);
                    case 2 -> registration.onResponse(granted(random.nextInt(100)), now);
                    default -> registration.onResponse(response(300 + random.nextInt(400)), now);
                }
            } else {
                assertThat(registration.nextWakeup()).as("seed %d", seed).isLessThan(Registration.NEVER);
                wake();
            }
        }
    }
}
