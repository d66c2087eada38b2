package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.web.Registrar.Answer;
import io.ringdown.sip.web.Registrar.Change;
import io.ringdown.sip.web.Registrar.Contact;
import io.ringdown.sip.web.Registrar.Register;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RegistrarTest {
    private final Registrar registrar = new Registrar(WebSipSettings.defaults());
    private long now = 5;
    private long cseq;
    private Optional<Long> proofLasts = Optional.empty();

    private static Contact contact(String instance, OptionalLong expires) {
        return new Contact(
                "sip:x@" + instance + ".invalid;transport=ws",
                "x@" + instance + ".invalid",
                Optional.of("<urn:uuid:" + instance + ">"),
                OptionalInt.of(1),
                expires);
    }

    private Answer register(String user, String instance, long expires) {
        return registrar.register(
                new Register(
                        user,
                        "c-" + instance,
                        ++cseq,
                        List.of(contact(instance, OptionalLong.of(expires))),
                        false,
                        OptionalLong.empty(),
                        true,
                        proofLasts),
                now);
    }

    private static PhoneId phone(String user, String instance) {
        return new PhoneId(user, "<urn:uuid:" + instance + ">");
    }

    private static List<String> contacts(Answer answer) {
        return answer.headers().stream()
                .filter(header -> header.name().equals("Contact"))
                .map(SipHeader::value)
                .toList();
    }

    @Test
    void severalPhonesOfAUserAreToldOfEachOther() {
        register("alice", "one", 600);
        Answer answer = register("alice", "two", 300);
        register("bob", "three", 300);

        assertThat(contacts(answer))
                .containsExactly(
                        "<sip:x@one.invalid;transport=ws>;+sip.instance=\"<urn:uuid:one>\";reg-id=1;expires=600",
                        "<sip:x@two.invalid;transport=ws>;+sip.instance=\"<urn:uuid:two>\";reg-id=1;expires=300");
        assertThat(answer.changes())
                .containsExactly(new Change.Registered(
                        phone("alice", "two"), "sip:x@two.invalid;transport=ws", Duration.ofMinutes(5)));
    }

    @Test
    void tooShortIsRefusedWithTheLeastAndTooLongIsCut() {
        Answer tooShort = register("alice", "one", 59);
        assertThat(tooShort.status()).isEqualTo(423);
        assertThat(tooShort.headers()).containsExactly(new SipHeader("Min-Expires", "60"));

        assertThat(contacts(register("alice", "one", 1_000_000)).getFirst()).endsWith(";expires=3600");
    }

    @Test
    void noneLastsLongerThanWhatWasShownForIt() {
        proofLasts = Optional.of(20L);
        assertThat(contacts(register("alice", "one", 600)).getFirst()).endsWith(";expires=20");

        proofLasts = Optional.of(0L);
        assertThat(contacts(register("alice", "one", 600)).getFirst()).endsWith(";expires=1");
        assertThat(register("alice", "one", 0).changes())
                .containsExactly(new Change.Unregistered(phone("alice", "one")));
        assertThat(register("alice", "one", 20).status())
                .as("too short by itself")
                .isEqualTo(423);
    }

    @Test
    void aRegisterThatIsOvertakenChangesNothing() {
        register("alice", "one", 600);
        cseq -= 1;

        assertThat(register("alice", "one", 0).status()).isEqualTo(500);
        assertThat(registrar.isRegistered(phone("alice", "one"))).isTrue();
    }

    @Test
    void zeroTakesOneAwayAndTheStarAllOfTheUser() {
        register("alice", "one", 600);
        register("alice", "two", 600);
        register("bob", "three", 600);
        assertThat(register("alice", "one", 0).changes())
                .containsExactly(new Change.Unregistered(phone("alice", "one")));

        Answer star = registrar.register(
                new Register("alice", "c", ++cseq, List.of(), true, OptionalLong.of(0), false, Optional.empty()), now);
        assertThat(star.changes()).containsExactly(new Change.Unregistered(phone("alice", "two")));
        assertThat(registrar.isRegistered(phone("bob", "three"))).isTrue();
        assertThat(registrar
                        .register(
                                new Register(
                                        "bob",
                                        "c",
                                        ++cseq,
                                        List.of(),
                                        true,
                                        OptionalLong.of(60),
                                        false,
                                        Optional.empty()),
                                now)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void itIsOverWhenItsTimeIs() {
        register("alice", "one", 60);
        now = registrar.nextWakeup();

        assertThat(registrar.onTime(now - 1)).isEmpty();
        assertThat(registrar.onTime(now)).containsExactly(new Change.Unregistered(phone("alice", "one")));
        assertThat(registrar.nextWakeup()).isEqualTo(Registrar.NEVER);
    }

    @Test
    void onePhoneThatIsAwayStaysRegisteredUntilItIsWaitedForNoMore() {
        register("alice", "one", 60);
        now += TimeUnit.SECONDS.toNanos(50);
        registrar.onAway(phone("alice", "one"), now);
        now += TimeUnit.SECONDS.toNanos(63);

        assertThat(registrar.onTime(now)).isEmpty();
        assertThat(contacts(register("alice", "two", 60)).getFirst()).endsWith(";expires=0");
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(registrar.nextWakeup()).isEqualTo(now);
        assertThat(registrar.onTime(now)).containsExactly(new Change.Unregistered(phone("alice", "one")));
    }

    @Test
    void onePhoneThatIsBackAndDoesNotRegisterIsRegisteredForNoLongerThanItWas() {
        register("alice", "one", 60);
        now += TimeUnit.SECONDS.toNanos(50);
        registrar.onAway(phone("alice", "one"), now);
        registrar.onBack(phone("alice", "one"));
        now += TimeUnit.SECONDS.toNanos(10);

        assertThat(registrar.onTime(now)).containsExactly(new Change.Unregistered(phone("alice", "one")));
    }

    @Test
    void oneTooManyTakesThePlaceOfTheOneThatHasBeenAwayLongest() {
        for (int i = 0; i < 10; i++) {
            register("alice", "p" + i, 600);
        }
        assertThat(register("alice", "more", 600).status()).isEqualTo(403);
        registrar.onAway(phone("alice", "p4"), 10);
        registrar.onAway(phone("alice", "p2"), 20);

        assertThat(register("alice", "more", 600).changes())
                .first()
                .isEqualTo(new Change.Unregistered(phone("alice", "p4")));
        assertThat(registrar.size()).isEqualTo(10);
    }

    @Test
    void whatItTellsIsAlwaysWhatItHas() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Map<PhoneId, Long> told = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            now += TimeUnit.SECONDS.toNanos(random.nextInt(60));
            List<Change> changes = random.nextInt(3) == 0
                    ? registrar.onTime(now)
                    : register("u" + random.nextInt(3), "p" + random.nextInt(14), 30L * random.nextInt(10))
                            .changes();
            if (random.nextInt(4) == 0) {
                registrar.onAway(phone("u" + random.nextInt(3), "p" + random.nextInt(14)), now);
            }
            for (Change change : changes) {
                switch (change) {
                    case Change.Registered(PhoneId phone, String _, Duration expires) ->
                        told.put(phone, now + expires.toNanos());
                    case Change.Unregistered(PhoneId phone) ->
                        assertThat(told.remove(phone)).as("seed %d", seed).isNotNull();
                }
            }
            assertThat(registrar.size())
                    .as("seed %d", seed)
                    .isEqualTo(told.size())
                    .isLessThanOrEqualTo(30);
            told.keySet()
                    .forEach(phone -> assertThat(registrar.isRegistered(phone))
                            .as("seed %d", seed)
                            .isTrue());
        }
    }
}
