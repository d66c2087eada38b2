package io.ringdown.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.Destinations;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberType;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.routing.Zone;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.UsedTokens;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.7");

    @TempDir
    private Path folder;

    private Instant time = NOON;
    private long clock;
    private final UsedTokens used = new UsedTokens();

    // ---- where to

    @ParameterizedTest
    @CsvSource({
        "+4930123456, ",
        "+491701234567, ",
        "+498001234567, ",
        "+33123456789, COUNTRY",
        "+12025550100, COUNTRY",
        "+4990012345678, NUMBER_TYPE",
        "+49900123456, NUMBER_TYPE",
        "+49900123456789012, NUMBER_TYPE",
        "+490900123456, NUMBER_TYPE",
        "+49004990012345678, NOT_IN_PLAN",
        "+4900881612345678, NOT_IN_PLAN",
        "+49030123456, NOT_IN_PLAN",
        "+491801234567, NUMBER_TYPE",
        "+49700123456, NUMBER_TYPE",
        "+881612345678, NO_COUNTRY",
        "+88213300655, NO_COUNTRY",
        "+870773123456, NO_COUNTRY",
        "+979123456789, NO_COUNTRY",
        "+999123456789, NO_COUNTRY",
        "*21*00881612345678#, LOCAL_NUMBER",
        "0090012345, LOCAL_NUMBER",
        "011881612345678, LOCAL_NUMBER",
        "115, LOCAL_NUMBER"
    })
    void onlyTheHomeCountryAndItsUsualLinesAreCalledWhereNothingElseIsSaid(String number, String reason) {
        Guard guard = guard(GuardSettings.defaults(), "DE");
        assertThat(reasonOf(guard.admit(wish(number)))).isEqualTo(Optional.ofNullable(reason));
    }

    @Test
    void withoutAnyCountryNothingIsCalledAndItIsSaidWhatToWrite() {
        Guard guard = guard(GuardSettings.defaults(), "");
        assertThat(guard.isOpen()).isFalse();
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).hasValue("COUNTRY");
        assertThat(guard.describe().getFirst()).contains("guard.countries");
        assertThat(guard.explain(wish("+4930123456"))).contains("not-permitted").contains("guard.countries");
    }

    @ParameterizedTest
    @CsvSource({
        "+88161, +881612345678, ",
        "+88161, +881712345678, NO_COUNTRY",
        "any, +33123456789, ",
        "any, +4990012345678, NUMBER_TYPE",
        "any, +881612345678, NO_COUNTRY",
        "any, 115, ",
        "any, 0090012345, LOCAL_NUMBER",
        "any, 011881612345678, LOCAL_NUMBER",
        "any, *21*00881612345678#, LOCAL_NUMBER",
        "+49900, +4990012345678, ",
        "115, 115, ",
        "+4930666, +493066612345, DENIED_PREFIX",
        "+49306661, +493066612345, ",
    })
    void whatIsAllowedByItsBeginningIsAndTheLongestBeginningDecides(String allow, String number, String reason) {
        GuardSettings settings = with(
                GuardSettings.allowing(List.of(Prefix.parse(allow))),
                List.of(Prefix.parse("+4930666")),
                Optional.empty());
        assertThat(reasonOf(guard(settings, "DE").admit(wish(number)))).isEqualTo(Optional.ofNullable(reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00881612345678", "00449012345678", "011881612345678", "115"})
    void whereThereIsNoHomeCountryAnyOpensNoLocalNumber(String number) {
        Guard guard = guard(GuardSettings.allowing(List.of(Prefix.parse("any"))), "");
        assertThat(reasonOf(guard.admit(wish(number)))).hasValue("LOCAL_NUMBER");
    }

    @Test
    void beginningsWithoutAPlusAreToldOf() {
        GuardSettings settings = with(
                GuardSettings.allowing(List.of(Prefix.parse("115"))),
                List.of(Prefix.parse("49137"), Prefix.parse("+49138")),
                Optional.empty());
        assertThat(guard(settings, "DE").describe())
                .anyMatch(line -> line.contains("guard.deny [49137] have no +"))
                .anyMatch(line -> line.contains("guard.allow [115] have no +"));
    }

    /** Whatever way a dearer number is spelled in, it is none that may be called, or no number at all. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noSpellingOfADisallowedNumberGetsThrough(boolean hasHome) {
        Guard guard = guard(
                with(GuardSettings.defaults(), List.of(), Optional.empty(), List.of(new Country("DE"))),
                hasHome ? "DE" : "");
        NumberPlan plan = plan(hasHome ? "DE" : "");
        List<String> through = Spellings.all().stream()
                .filter(spelling -> PhoneNumber.of(spelling)
                        .map(number -> plan.read(number, false))
                        .flatMap(reading -> switch (reading) {
                            case NumberPlan.Reading.Global global -> Optional.of(global.number());
                            case NumberPlan.Reading.Local local -> Optional.of(local.number());
                            case NumberPlan.Reading.None _ -> Optional.empty();
                        })
                        .filter(number -> guard.admit(wish(number.digits())) instanceof Guard.Verdict.Allowed)
                        .isPresent())
                .toList();
        assertThat(Spellings.all()).hasSizeGreaterThanOrEqualTo(500);
        assertThat(through).isEmpty();
    }

    @Test
    void rangesKnownForFraudAreReadAgainWhenTheirFileChanges() throws Exception {
        Path file = Files.writeString(folder.resolve("ranges.csv"), "# ours\n+4930666, pumped in 2025 # seen twice\n");
        Guard guard = guard(with(GuardSettings.defaults(), List.of(), Optional.of(file)), "DE");
        assertThat(reasonOf(guard.admit(wish("+493066612345")))).hasValue("KNOWN_RANGE");
        assertThat(guard.explain(wish("+493066612345"))).contains("pumped in 2025");
        Files.writeString(file, "+4930777,\n+4930778,\n");
        guard.refresh();
        assertThat(reasonOf(guard.admit(wish("+493066612345")))).isEmpty();
        assertThat(reasonOf(guard.admit(wish("+493077712345")))).hasValue("KNOWN_RANGE");
        Files.writeString(file, "what?\n");
        guard.refresh();
        assertThat(reasonOf(guard.admit(wish("+493077712345"))))
                .as("what was read before")
                .hasValue("KNOWN_RANGE");
        assertThatThrownBy(() -> open(with(GuardSettings.defaults(), List.of(), Optional.of(file)), "DE"))
                .hasMessageContaining("line 1");
    }

    @Test
    void aRangeWithoutItsPlusIsToldWithItsLine() throws Exception {
        Path file = Files.writeString(folder.resolve("ranges.csv"), "+4930666,\n4930777,\n");
        assertThatThrownBy(() -> open(with(GuardSettings.defaults(), List.of(), Optional.of(file)), "DE"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("+4930777");
    }

    @Test
    void rangesThatCouldNotBeReadAreReadOnceTheyCanThoughTheFileHasNotChanged() throws Exception {
        Path file = Files.writeString(folder.resolve("ranges.csv"), "+4930666,\n");
        Guard guard = guard(with(GuardSettings.defaults(), List.of(), Optional.of(file)), "DE");
        Path elsewhere = Files.move(file, folder.resolve("elsewhere.csv"));
        Files.createDirectory(file);
        guard.refresh(); // which is there, has a time and a size, and cannot be read
        FileTime then = Files.getLastModifiedTime(file);
        long size = Files.size(file);
        Files.delete(file);
        Files.writeString(elsewhere, ("+4930777," + " ".repeat(8192)).substring(0, (int) size));
        Files.move(elsewhere, file);
        Files.setLastModifiedTime(file, then);
        guard.refresh();
        assertThat(reasonOf(guard.admit(wish("+493077712345")))).hasValue("KNOWN_RANGE");
    }

    // ---- who

    @Test
    void aTokenOpensItsOwnDestinationsOnlyAndNothingOnceItHasRunOut() {
        Guard guard = guard(GuardSettings.defaults(), "DE");
        Destinations berlin = new Destinations(List.of(), List.of(Prefix.parse("+4930")), Set.of());
        Grant grant = grant(Optional.of(berlin), Optional.empty(), OptionalInt.empty(), false, Optional.empty());
        assertThat(reasonOf(guard.admit(wish("+4930123456", grant)))).isEmpty();
        assertThat(reasonOf(guard.admit(wish("+4989123456", grant)))).hasValue("TOKEN_DESTINATION");
        time = NOON.plusSeconds(3600);
        assertThat(reasonOf(guard.admit(wish("+4930123456", grant)))).hasValue("TOKEN_EXPIRED");
    }

    @Test
    void aTokenForOneCallLetsOneThrough() {
        Guard guard = guard(GuardSettings.defaults(), "DE");
        Grant once = grant(Optional.empty(), Optional.empty(), OptionalInt.empty(), true, Optional.empty());
        assertThat(reasonOf(guard.admit(wish("+33123456789", once))))
                .as("uses up nothing")
                .hasValue("COUNTRY");
        assertThat(reasonOf(guard.admit(wish("+4930123456", once)))).isEmpty();
        assertThat(reasonOf(guard.admit(wish("+4930123456", once)))).hasValue("TOKEN_USED");
        assertThat(reasonOf(guard.admitHandOver(wish("+4930123456", once)))).isPresent();
    }

    @Test
    void aCallerShowsTheNumbersOfTheirTokenElseTheirOwnElseThoseOfTheHouse() {
        GuardSettings ofTheHouse = with(
                GuardSettings.defaults(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.of(List.of(Prefix.parse("+493099"))));
        Guard guard = guard(ofTheHouse, "DE");
        assertThat(reasonOf(guard.admit(showing("alice", "+493012341", Grant.ALL))))
                .isEmpty();
        assertThat(reasonOf(guard.admit(showing("alice", "03012341", Grant.ALL))))
                .isEmpty();
        assertThat(reasonOf(guard.admit(showing("alice", "+4930990", Grant.ALL))))
                .isEmpty();
        assertThat(reasonOf(guard.admit(showing("bob", "+493012341", Grant.ALL))))
                .hasValue("CALLER_ID");
        Grant grant = grant(
                Optional.empty(),
                Optional.of(List.of(new PhoneNumber("+4930555"))),
                OptionalInt.empty(),
                false,
                Optional.empty());
        assertThat(reasonOf(guard.admit(showing("alice", "+4930555", grant)))).isEmpty();
        int through = 0;
        for (int i = 0; i < 50; i++) {
            through += guard.admit(showing("alice", "+49305550" + i, grant)) instanceof Guard.Verdict.Allowed ? 1 : 0;
        }
        assertThat(through).as("forged caller ids").isZero();
        Guard unset = guard(GuardSettings.defaults(), "DE");
        assertThat(reasonOf(unset.admit(showing("bob", "+4477", Grant.ALL)))).isEmpty();
        assertThat(reasonOf(unset.admit(showing("alice", "+4477", Grant.ALL)))).hasValue("CALLER_ID");
    }

    @Test
    void aTokenIsBoundToItsClassOfTariffs() {
        Guard guard = guard(priced(List.of()), "DE");
        assertThat(reasonOf(guard.admit(wish("+4930123456", ofClass("cheap"))))).isEmpty();
        assertThat(reasonOf(guard.admit(wish("+491701234567", ofClass("cheap")))))
                .hasValue("COST_CLASS");
        assertThat(reasonOf(guard.admit(wish("+4930123456", ofClass("unheard-of")))))
                .hasValue("COST_CLASS");
    }

    // ---- how many

    /** S5: of 1000 who dial at the same moment exactly as many get through as may. */
    @Test
    void ofAThousandAtOnceExactlyAsManyAsMay() throws Exception {
        int most = 17;
        Guard guard = guard(
                GuardSettings.defaults()
                        .withLimits(List.of(
                                Limit.of(new Per(Per.What.TOTAL, 0)).withAtOnce(most),
                                Limit.of(new Per(Per.What.USER, 0)).withAtOnce(1_000))),
                "DE");
        CountDownLatch go = new CountDownLatch(1);
        ConcurrentLinkedQueue<Hold> through = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(64)) {
            List<Future<?>> dials = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                dials.add(threads.submit(() -> {
                    go.await();
                    if (guard.admit(wish("+4930123456")) instanceof Guard.Verdict.Allowed allowed) {
                        through.add(allowed.hold());
                    }
                    return true;
                }));
            }
            go.countDown();
            for (Future<?> dial : dials) {
                dial.get();
            }
        }
        assertThat(through).hasSize(most);
        through.forEach(hold -> hold.end(Duration.ZERO));
        through.forEach(hold -> hold.end(Duration.ZERO));
        assertThat(Stream.generate(() -> guard.admit(wish("+4930123456")))
                        .limit(most + 1)
                        .filter(Guard.Verdict.Allowed.class::isInstance))
                .hasSize(most);
        assertThat(guard.refused().get(Refusal.Reason.CAP)).isEqualTo(1_000 - most + 1);
    }

    @Test
    void aTokenHasAsManyCallsAtOnceAsItSays() {
        Guard guard = guard(GuardSettings.defaults(), "DE");
        Grant two = grant(Optional.empty(), Optional.empty(), OptionalInt.of(2), false, Optional.empty());
        assertThat(reasonOf(guard.admit(wish("+4930123456", two)))).isEmpty();
        Guard.Verdict second = guard.admit(wish("+4930123457", two));
        assertThat(reasonOf(guard.admit(wish("+4930123458", two)))).hasValue("CAP");
        ((Guard.Verdict.Allowed) second).hold().end(Duration.ofSeconds(3));
        assertThat(reasonOf(guard.admit(wish("+4930123458", two)))).isEmpty();
    }

    /** Nobody pays for it, but somebody is rung. */
    @Test
    void callsWithinTheHouseAreCountedByTheirTokenAndTheirAddress() {
        Guard guard = guard(GuardSettings.defaults(), "DE");
        Grant one = grant(Optional.empty(), Optional.empty(), OptionalInt.of(1), false, Optional.empty());
        Guard.Verdict first = guard.admitWithin(wish("800", one));
        assertThat(reasonOf(first)).isEmpty();
        assertThat(reasonOf(guard.admitWithin(wish("801", one)))).hasValue("CAP");
        assertThat(reasonOf(guard.admit(wish("+4930123456", one)))).hasValue("CAP");
        ((Guard.Verdict.Allowed) first).hold().end(Duration.ofSeconds(3));
        assertThat(reasonOf(guard.admitWithin(wish("801", one)))).isEmpty();
        Wish ofAVisitor = new Wish("visitor", Grant.ALL, HERE, new PhoneNumber("800"), Caller.UNSAID);
        for (int i = 0; i < 50; i++) {
            assertThat(reasonOf(guard.admitWithin(ofAVisitor))).as("call %d", i).isEmpty();
        }
        assertThat(reasonOf(guard.admitWithin(ofAVisitor))).hasValue("CAP");
        assertThat(reasonOf(guard.admit(ofAVisitor.withTo(new PhoneNumber("+4930123456")))))
                .hasValue("CAP");
        assertThat(reasonOf(guard.admitWithin(wish("800")))).as("a colleague").isEmpty();
    }

    @Test
    void aTokenForOneCallWithinTheHouseLetsOneThrough() {
        Guard guard = guard(GuardSettings.defaults(), "DE");
        Grant once = grant(Optional.empty(), Optional.empty(), OptionalInt.empty(), true, Optional.empty());
        assertThat(reasonOf(guard.admitWithin(wish("800", once)))).isEmpty();
        assertThat(reasonOf(guard.admitWithin(wish("800", once)))).hasValue("TOKEN_USED");
        assertThat(reasonOf(guard.admitWithin(wish("800", once.lasting())))).isEmpty();
    }

    @Test
    void addressesOfOneNetworkOfVersion6AreOne() {
        Guard guard = guard(
                GuardSettings.defaults()
                        .withLimits(
                                List.of(Limit.of(new Per(Per.What.ADDRESS, 0)).withPerHour(1))),
                "DE");
        assertThat(reasonOf(guard.admit(from("2001:db8:1:2::1")))).isEmpty();
        assertThat(reasonOf(guard.admit(from("2001:db8:1:2:ffff::9")))).hasValue("CAP");
        assertThat(reasonOf(guard.admit(from("2001:db8:1:3::1")))).isEmpty();
        assertThat(reasonOf(guard.admit(from("192.0.2.1")))).isEmpty();
        assertThat(reasonOf(guard.admit(from("192.0.2.2")))).isEmpty();
    }

    @Test
    void whatHasNoPriceIsNotCalledWhereSomebodyCountsIt() {
        Guard guard = guard(priced(List.of(spend("1"))), "DE");
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).isEmpty();
        assertThat(reasonOf(guard.admit(wish("+4989123456")))).hasValue("NO_RATE");
    }

    @Test
    void aRedirectIsJudgedAsADialAndMayNotBeDearer() {
        Guard guard = guard(priced(List.of(spend("1"))), "DE");
        Hold hold = ((Guard.Verdict.Allowed) guard.admit(wish("+4930123456"))).hold();
        assertThat(guard.mayRedirect(hold, wish("+4930123457"))).isTrue();
        assertThat(guard.mayRedirect(hold, wish("+491701234567"))).as("dearer").isFalse();
        assertThat(guard.mayRedirect(hold, wish("+4990012345678")))
                .as("premium")
                .isFalse();
        assertThat(guard.mayRedirect(hold, wish("+33123456789"))).as("abroad").isFalse();
        time = NOON.plusSeconds(3600);
        Grant over = grant(Optional.empty(), Optional.empty(), OptionalInt.empty(), false, Optional.empty());
        assertThat(guard.mayRedirect(hold, wish("+4930123457", over)))
                .as("a call that was let through is no new one")
                .isTrue();
    }

    @Test
    void aRedirectLeadsToNoLimitOfTalkThatDoesNotCountTheCall() {
        Limit germany = minutes(Set.of(new Country("DE")));
        Limit austria = minutes(Set.of(new Country("AT")));
        GuardSettings settings = with(
                GuardSettings.defaults().withLimits(List.of(germany, austria)),
                List.of(),
                Optional.empty(),
                List.of(new Country("DE"), new Country("AT")));
        Guard guard = guard(settings, "DE");
        Hold hold = ((Guard.Verdict.Allowed) guard.admit(wish("+4930123456"))).hold();
        assertThat(guard.mayRedirect(hold, wish("+4989123456"))).isTrue();
        assertThat(guard.mayRedirect(hold, wish("+4312345678"))).isFalse();
    }

    @Test
    void callsThatAreRedirectedCountAtOnceWhereTheyGoUntilTheyAreOver() {
        Guard guard = withAustria(atOnce(2));
        Hold first = allowed(guard, "+4930123456");
        Hold second = allowed(guard, "+4930123457");
        Hold third = allowed(guard, "+4930123458");
        assertThat(guard.mayRedirect(first, wish("+4312345671"))).isTrue();
        assertThat(guard.mayRedirect(second, wish("+4312345672"))).isTrue();
        assertThat(guard.mayRedirect(third, wish("+4312345673"))).isFalse();
        assertThat(reasonOf(guard.admit(wish("+4312345673")))).as("a dial").hasValue("CAP");
        assertThat(guard.mayRedirect(first, wish("+4312345674")))
                .as("it is counted there already")
                .isTrue();
        first.end(Duration.ofSeconds(3));
        assertThat(guard.mayRedirect(third, wish("+4312345673"))).isTrue();
        assertThat(reasonOf(guard.admit(wish("+4312345673")))).hasValue("CAP");
        second.end(Duration.ZERO);
        third.end(Duration.ZERO);
        allowed(guard, "+4312345675");
        allowed(guard, "+4312345676");
    }

    @Test
    void redirectsBeginCallsWhereTheyGo() {
        OptionalInt any = OptionalInt.empty();
        OptionalInt one = OptionalInt.of(1);
        for (Limit cap :
                List.of(austria(any, one, any, any), austria(any, any, one, any), austria(any, any, any, one))) {
            Guard guard = withAustria(cap);
            Hold first = allowed(guard, "+4930123456");
            assertThat(guard.mayRedirect(first, wish("+4312345671"))).isTrue();
            first.end(Duration.ZERO);
            assertThat(guard.mayRedirect(allowed(guard, "+4930123457"), wish("+4312345672")))
                    .isFalse();
        }
    }

    @Test
    void nothingIsRedirectedToWhereNoCallMayBegin() {
        OptionalInt any = OptionalInt.empty();
        OptionalInt never = OptionalInt.of(0);
        for (Limit cap :
                List.of(austria(any, never, any, any), austria(any, any, never, any), austria(any, any, any, never))) {
            Guard guard = withAustria(cap);
            assertThat(guard.mayRedirect(allowed(guard, "+4930123456"), wish("+4312345671")))
                    .isFalse();
        }
    }

    @Test
    void aCallThatIsOverIsRedirectedNowhereAndCountedNowhere() {
        Guard guard = withAustria(atOnce(1));
        Hold over = allowed(guard, "+4930123456");
        over.end(Duration.ZERO);
        assertThat(guard.mayRedirect(over, wish("+4312345671"))).isFalse();
        allowed(guard, "+4312345671");
    }

    @Test
    void whatWasRedirectedAndHandedOverIsCountedWhereItWent() {
        Guard guard = withAustria(atOnce(1));
        Hold hold = allowed(guard, "+4930123456");
        assertThat(guard.mayRedirect(hold, wish("+4312345671"))).isTrue();
        hold.handOver(Duration.ofMinutes(1));
        assertThat(reasonOf(guard.admit(wish("+4312345672")))).hasValue("CAP");
        clock += Duration.ofHours(4).toNanos();
        allowed(guard, "+4312345672");
    }

    @Test
    void ofRedirectsAtTheSameMomentAsManyAreFollowedAsMayBe() throws Exception {
        Guard guard = withAustria(atOnce(2));
        List<Hold> holds =
                Stream.generate(() -> allowed(guard, "+4930123456")).limit(20).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> followed = threads.invokeAll(holds.stream()
                    .<Callable<Boolean>>map(hold -> () -> guard.mayRedirect(hold, wish("+4312345671")))
                    .toList());
            assertThat(followed.stream().filter(Future::resultNow)).hasSize(2);
        }
    }

    private Guard withAustria(Limit cap) {
        List<Country> countries = List.of(new Country("DE"), new Country("AT"));
        return guard(
                with(GuardSettings.defaults().withLimits(List.of(cap)), List.of(), Optional.empty(), countries), "DE");
    }

    private static Limit atOnce(int most) {
        OptionalInt any = OptionalInt.empty();
        return austria(OptionalInt.of(most), any, any, any);
    }

    private static Limit austria(OptionalInt atOnce, OptionalInt perMinute, OptionalInt perHour, OptionalInt perDay) {
        return new Limit(
                Optional.of("Austria"),
                new Per(Per.What.TOTAL, 0),
                new Limit.Where(List.of(), List.of(), Set.of(new Country("AT")), List.of(), Set.of(), List.of()),
                atOnce,
                perMinute,
                perHour,
                perDay,
                OptionalInt.empty(),
                Optional.empty());
    }

    private static Hold allowed(Guard guard, String number) {
        return allowed(guard, wish(number));
    }

    private static Hold allowed(Guard guard, Wish wish) {
        return ((Guard.Verdict.Allowed) guard.admit(wish)).hold();
    }

    @Test
    void whatIsCountedIsNotHandedOver() {
        assertThat(reasonOf(guard(priced(List.of(spend("1"))), "DE").admitHandOver(wish("+4930123456"))))
                .hasValue("NOT_METERED");
        Guard guard = guard(GuardSettings.defaults(), "DE");
        assertThat(reasonOf(guard.admitHandOver(wish("+4930123456")))).isEmpty();
        assertThat(reasonOf(guard.admitHandOver(wish("+4990012345678")))).isPresent();
        Grant two = grant(Optional.empty(), Optional.empty(), OptionalInt.of(2), false, Optional.empty());
        assertThat(reasonOf(guard.admitHandOver(wish("+4930123456", two)))).hasValue("NOT_METERED");
    }

    @Test
    void whatWasHandedOverIsCountedForAsLongAsCallsMayLast() {
        Guard guard = guard(
                GuardSettings.defaults()
                        .withLimits(List.of(Limit.of(new Per(Per.What.USER, 0)).withAtOnce(1))),
                "DE");
        ((Guard.Verdict.Allowed) guard.admit(wish("+4930123456"))).hold().handOver(Duration.ofMinutes(1));
        clock += Duration.ofHours(4).toNanos() - 1;
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).hasValue("CAP");
        clock += 1;
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).isEmpty();
    }

    @Test
    void whatWasHandedOverIsCountedForCallsWithinTheHouseForNoLongerThanThat() {
        Guard guard = guard(
                GuardSettings.defaults()
                        .withLimits(
                                List.of(Limit.of(new Per(Per.What.ADDRESS, 0)).withAtOnce(1))),
                "DE");
        Wish within = new Wish("visitor", Grant.ALL, HERE, new PhoneNumber("800"), Caller.UNSAID);
        Guard.Verdict out = guard.admit(within.withTo(new PhoneNumber("+4930123456")));
        ((Guard.Verdict.Allowed) out).hold().handOver(Duration.ofMinutes(1));
        clock += Duration.ofHours(4).toNanos() - 1;
        assertThat(reasonOf(guard.admitWithin(within))).hasValue("CAP");
        clock += 1;
        assertThat(reasonOf(guard.admitWithin(within))).isEmpty();
    }

    @Test
    void aCallThatWasNeverSentIsCountedByNoLimitAndIsNotUnusual() {
        GuardSettings settings = GuardSettings.defaults()
                .withLimits(List.of(Limit.of(new Per(Per.What.USER, 0)).withPerHour(1)));
        Guard guard = guard(settings, "DE");
        for (int i = 0; i < 200; i++) {
            Guard.Verdict verdict = guard.admit(wish("+4930123456"));
            assertThat(reasonOf(verdict)).isEmpty();
            ((Guard.Verdict.Allowed) verdict).hold().withdraw();
        }
        assertThat(guard.alarms()).isZero();
    }

    /** What a stranger can do with the limits that are there unless others are written. */
    @Test
    void whoeverCallsANumberAsOftenAsTheyCanShutsItForNobodyElse() {
        Guard guard = guard(GuardSettings.defaults(), "DE");
        for (int i = 0; i < 1_000; i++) {
            guard.admit(wish("+4930123456"));
        }
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).hasValue("CAP");
        assertThat(reasonOf(guard.admit(from("192.0.2.99"))))
                .as("of the same user, as visitors of one page may be")
                .isEmpty();
    }

    @Test
    void callsOfTodayThatAreOverCountAfterARestart() {
        Guard guard = guard(GuardSettings.defaults().withLimits(List.of(minutes(Set.of()))), "DE");
        PastCall.Who alice = new PastCall.Who("alice", Optional.empty(), Optional.empty(), HERE);
        PhoneNumber to = new PhoneNumber("+4930123456");
        guard.recall(List.of(
                new PastCall(alice, to, NOON.minusSeconds(60), Duration.ofMinutes(10)),
                new PastCall(
                        new PastCall.Who("bob", Optional.empty(), Optional.empty(), HERE),
                        to,
                        NOON.minus(Duration.ofDays(1)),
                        Duration.ofMinutes(10))));
        assertThat(guard.midnight()).isEqualTo(Instant.parse("2026-11-26T00:00:00Z"));
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).hasValue("CAP");
        assertThat(reasonOf(guard.admit(showing("bob", "+4930", Grant.ALL)))).isEmpty();
        time = NOON.plus(Duration.ofDays(1));
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).isEmpty();
    }

    @Test
    void unusuallyManyCallsAreToldOnceAndRefusedForAWhile() {
        Guard guard = alarmedByFive(List.of());
        for (int i = 0; i < 6; i++) {
            assertThat(reasonOf(guard.admit(wish("+4930123456")))).isEmpty();
        }
        assertThat(guard.alarms()).as("of the user, and of the country").isEqualTo(2);
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).hasValue("ALARM");
        clock += Duration.ofMinutes(31).toNanos();
        assertThat(reasonOf(guard.admit(wish("+4930123456")))).isEmpty();
    }

    @Test
    void redirectsCountForTheAlarmOfTheCountryThatTheyLeadToAndStopAtIt() {
        Guard guard = alarmedByFive(List.of(new Country("DE"), new Country("AT")));
        Hold first = allowed(guard, by("user 0", "+4930123456"));
        assertThat(guard.mayRedirect(first, by("user 0", "+4312345671"))).isTrue();
        assertThat(guard.mayRedirect(first, by("user 0", "+4312345672"))).isTrue();
        Hold second = allowed(guard, by("user 1", "+4930123456"));
        for (int i = 2; i < 6; i++) {
            allowed(guard, by("user " + i, "+4312345671"));
        }
        assertThat(guard.alarms()).as("the redirected call counts once").isZero();
        assertThat(guard.mayRedirect(second, by("user 1", "+4312345671"))).isTrue();
        assertThat(guard.alarms()).isEqualTo(1);
        Hold third = allowed(guard, by("user 6", "+4930123456"));
        assertThat(guard.mayRedirect(third, by("user 6", "+4312345671"))).isFalse();
        assertThat(guard.mayRedirect(third, by("user 6", "+4930123457"))).isTrue();
        assertThat(reasonOf(guard.admit(by("user 7", "+4312345671")))).hasValue("ALARM");
        clock += Duration.ofMinutes(31).toNanos();
        assertThat(guard.mayRedirect(third, by("user 6", "+4312345671"))).isTrue();
    }

    private Guard alarmedByFive(List<Country> countries) {
        GuardSettings usual = GuardSettings.defaults();
        return guard(
                new GuardSettings(
                        countries,
                        usual.allow(),
                        usual.deny(),
                        usual.refuseTypes(),
                        usual.rangesFile(),
                        usual.callerIds(),
                        usual.longest(),
                        usual.zone(),
                        usual.rates(),
                        usual.classes(),
                        List.of(),
                        new GuardSettings.Alarm(OptionalInt.of(5), 3, Duration.ofMinutes(30))),
                "DE");
    }

    // ---- what they are made of

    private Guard guard(GuardSettings settings, String home) {
        try {
            return open(settings, home);
        } catch (GuardException unfit) {
            throw new AssertionError(unfit);
        }
    }

    private Guard open(GuardSettings settings, String home) throws GuardException {
        NumberPlan plan = plan(home);
        User alice =
                new User(Optional.empty(), List.of(new PhoneNumber("+493012341")), Optional.empty(), List.of("sales"));
        return Guard.open(settings, plan, new Users(Map.of("alice", alice), plan), used::use, () -> time, () -> clock);
    }

    private static NumberPlan plan(String home) {
        return new NumberPlan(Optional.of(home).filter(code -> !code.isEmpty()).map(Country::new));
    }

    private static Optional<String> reasonOf(Guard.Verdict verdict) {
        return verdict instanceof Guard.Verdict.Refused refused
                ? Optional.of(refused.why().reason().name())
                : Optional.empty();
    }

    private static Wish wish(String to) {
        return wish(to, Grant.ALL);
    }

    private static Wish wish(String to, Grant grant) {
        return new Wish("alice", grant, HERE, new PhoneNumber(to), Caller.UNSAID);
    }

    private static Wish by(String subject, String to) {
        return new Wish(subject, Grant.ALL, HERE, new PhoneNumber(to), Caller.UNSAID);
    }

    private static Wish from(String address) {
        return new Wish(
                "alice", Grant.ALL, InetAddress.ofLiteral(address), new PhoneNumber("+4930123456"), Caller.UNSAID);
    }

    private static Wish showing(String subject, String shown, Grant grant) {
        return new Wish(
                subject,
                grant,
                HERE,
                new PhoneNumber("+4930123456"),
                Caller.of(Optional.of(new PhoneNumber(shown)), Optional.empty()));
    }

    private static Grant ofClass(String name) {
        return grant(Optional.empty(), Optional.empty(), OptionalInt.empty(), false, Optional.of(name));
    }

    private static Grant grant(
            Optional<Destinations> to,
            Optional<List<PhoneNumber>> shown,
            OptionalInt calls,
            boolean once,
            Optional<String> costClass) {
        return new Grant(
                Optional.of("t-1"),
                once,
                Optional.of(NOON.plusSeconds(1800)),
                to,
                shown,
                calls,
                Optional.empty(),
                costClass);
    }

    /** Ten a day of one user to these countries. */
    private static Limit minutes(Set<Country> countries) {
        return new Limit(
                Optional.empty(),
                new Per(Per.What.USER, 0),
                new Limit.Where(List.of(), List.of(), countries, List.of(), Set.of(), List.of()),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.of(10),
                Optional.empty());
    }

    private static Limit spend(String most) {
        return new Limit(
                Optional.of("budget"),
                new Per(Per.What.TOTAL, 0),
                Limit.Where.defaults(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(Money.parse(most)));
    }

    private static GuardSettings priced(List<Limit> limits) {
        Rate usual = Rate.defaults();
        GuardSettings settings = GuardSettings.defaults();
        return new GuardSettings(
                settings.countries(),
                settings.allow(),
                settings.deny(),
                settings.refuseTypes(),
                settings.rangesFile(),
                settings.callerIds(),
                settings.longest(),
                settings.zone(),
                new GuardSettings.RateSettings(
                        "EUR",
                        Optional.empty(),
                        List.of(
                                new Rate(
                                        Prefix.parse("+4930"),
                                        Money.parse("0.01"),
                                        Money.NONE,
                                        usual.first(),
                                        usual.next()),
                                new Rate(
                                        Prefix.parse("+4917"),
                                        Money.parse("0.10"),
                                        Money.NONE,
                                        usual.first(),
                                        usual.next()))),
                Map.of("cheap", new CostClass(Optional.of(Money.parse("0.02")), List.of(), Set.of())),
                limits,
                settings.alarm());
    }

    private static GuardSettings with(GuardSettings settings, List<Prefix> deny, Optional<Path> ranges) {
        return with(settings, deny, ranges, settings.countries());
    }

    private static GuardSettings with(
            GuardSettings settings, List<Prefix> deny, Optional<Path> ranges, List<Country> countries) {
        return with(settings, deny, ranges, countries, settings.callerIds());
    }

    private static GuardSettings with(
            GuardSettings settings,
            List<Prefix> deny,
            Optional<Path> ranges,
            List<Country> countries,
            Optional<List<Prefix>> callerIds) {
        return new GuardSettings(
                countries,
                settings.allow(),
                deny,
                Set.of(NumberType.PREMIUM, NumberType.SHARED_COST, NumberType.PERSONAL),
                ranges,
                callerIds,
                settings.longest(),
                Zone.parse("UTC"),
                settings.rates(),
                settings.classes(),
                settings.limits(),
                settings.alarm());
    }
}
