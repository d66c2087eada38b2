package io.ringdown.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.ice.IceVerdict.Answered;
import io.ringdown.media.ice.IceVerdict.Dropped;
import io.ringdown.media.ice.IceVerdict.Refused;
import io.ringdown.media.sdp.IceParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IceLiteTest {
    private static final IceParameters OURS = new IceParameters("ourUfrag", "ourpasswordourpasswordou");
    private static final IceParameters NEXT = new IceParameters("nextUfra", "nextpasswordnextpassword");
    private static final IcePath WIFI = path("192.0.2.7", 5000);
    private static final IcePath MOBILE = path("198.51.100.9", 6000);

    private static final long SECOND = 1_000_000_000L;

    private final StunRequest request = new StunRequest();
    private final IceLite ice = new IceLite(OURS);

    @Test
    void anAuthenticCheckIsAnsweredWithTheAddressItCameFrom() throws Exception {
        Answered answered = (Answered) on(check(OURS).signed(OURS.password()), WIFI, 0);
        ByteBuffer response = ByteBuffer.wrap(answered.response());
        assertThat(response.getShort(0)).isEqualTo((short) 0x0101);
        assertThat(response.getShort(20)).isEqualTo((short) 0x0020); // XOR-MAPPED-ADDRESS
        assertThat(response.getShort(26) & 0xffff).isEqualTo(5000 ^ 0x2112);
        assertThat(response.getInt(28)).isEqualTo(0xC0000207 ^ 0x2112A442);
        assertThat(Checks.isSigned(answered.response(), OURS.password())).isTrue();
        assertThat(ice.path()).isEqualTo(WIFI);
        assertThat(ice.nominated()).isFalse();
    }

    @Test
    void afterALostConnectionItIsSentByThePathHeardOfLast() throws Exception {
        IcePath office = new IcePath(WIFI.remote(), -5);
        on(check(OURS).signed(OURS.password()), MOBILE, 0);
        on(check(OURS).signed(OURS.password()), WIFI, SECOND);
        on(check(OURS).nominate().signed(OURS.password()), office, 2 * SECOND);
        assertThat(ice.path()).isEqualTo(office);
        assertThat(ice.nominated()).isTrue();
        ice.onLost(office);
        assertThat(ice.path()).isEqualTo(WIFI);
        assertThat(ice.nominated()).as("it was another that was").isFalse();
        assertThat(ice.lost()).isFalse();
        assertThat(ice.has(office.remote(), office.socket())).isFalse();
        ice.onLost(WIFI);
        ice.onLost(MOBILE);
        assertThat(ice.path()).isNull();
        assertThat(ice.lost()).isTrue();
        IcePath again = new IcePath(WIFI.remote(), -6);
        on(check(OURS).signed(OURS.password()), again, 3 * SECOND);
        assertThat(ice.path()).as("without waiting for a nomination").isEqualTo(again);
        assertThat(ice.lost()).isFalse();
    }

    @Test
    void theResponseToIpv6CarriesIpv6() throws Exception {
        IcePath six = path("2001:db8::1", 5000);
        Answered answered = (Answered) on(check(OURS).signed(OURS.password()), six, 0);
        assertThat(answered.response()[25]).isEqualTo((byte) 2);
        assertThat(Checks.isSigned(answered.response(), OURS.password())).isTrue();
    }

    @Test
    void theSampleOfRfc5769PassesWithItsPasswordAlone() {
        IceLite sample = new IceLite(new IceParameters("evtj", "VOkJxbRl1RmTxUk/WvJxBt"));
        IceLite other = new IceLite(new IceParameters("evtj", "VOkJxbRl1RmTxUk/WvJxBu"));
        byte[] bytes = StunRequestTest.SAMPLE_REQUEST;
        assertThat(request.read(bytes, 0, bytes.length)).isTrue();
        // the sample speaks for a controlled agent, and so do we: authentic, but in conflict
        assertThat(sample.onRequest(request, WIFI, 0)).isInstanceOf(Refused.class);
        assertThat(other.onRequest(request, WIFI, 0)).isEqualTo(new Dropped(Dropped.Reason.WRONG_INTEGRITY));
        assertThat(other.path()).isNull();
    }

    @Test
    void aWrongPasswordChangesNothing() {
        assertThat(on(check(OURS).nominate().signed(NEXT.password()), WIFI, 0))
                .isEqualTo(new Dropped(Dropped.Reason.WRONG_INTEGRITY));
        assertThat(ice.path()).isNull();
        assertThat(ice.paths()).isEmpty();
    }

    @Test
    void aControlledPeerIsToldToSwitch() throws Exception {
        Refused refused =
                (Refused) on(check(OURS).attribute(0x8029, new byte[8]).signed(OURS.password()), WIFI, 0);
        assertThat(errorCode(refused.response())).isEqualTo(487);
        assertThat(Checks.isSigned(refused.response(), OURS.password())).isTrue();
        assertThat(ice.path()).isNull();
    }

    @Test
    void anUnknownAttributeThatMustBeUnderstoodIsRefusedAndOthersAreNot() throws Exception {
        Refused refused =
                (Refused) on(check(OURS).attribute(0x7777, new byte[3]).signed(OURS.password()), WIFI, 0);
        assertThat(errorCode(refused.response())).isEqualTo(420);
        assertThat(Checks.isSigned(refused.response(), OURS.password())).isTrue();
        assertThat(on(check(OURS).attribute(0xC057, new byte[4]).signed(OURS.password()), WIFI, 0))
                .isInstanceOf(Answered.class);
    }

    @Test
    void theLatestNominationWinsAndAMereCheckDoesNot() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        on(check(OURS).signed(OURS.password()), MOBILE, 1);
        assertThat(ice.path()).isEqualTo(WIFI);
        on(check(OURS).nominate().signed(OURS.password()), MOBILE, 2);
        assertThat(ice.path()).isEqualTo(MOBILE);
        assertThat(ice.paths()).containsExactlyInAnyOrder(WIFI, MOBILE);
    }

    @Test
    void afterARestartTheOldPathStaysUntilTheNewGenerationNominates() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        ice.restart(NEXT);
        assertThat(ice.local()).isEqualTo(NEXT);
        assertThat(ice.ufragKeys()).containsExactly(StunRequest.key("nextUfra"), StunRequest.key("ourUfrag"));
        assertThat(on(check(OURS).signed(OURS.password()), WIFI, 1)).isInstanceOf(Answered.class);
        on(check(NEXT).signed(NEXT.password()), MOBILE, 2);
        assertThat(ice.path()).isEqualTo(WIFI);

        Answered last = (Answered) on(check(NEXT).nominate().signed(NEXT.password()), MOBILE, 3);
        assertThat(last.restarted()).isTrue();
        assertThat(last.forgotten()).containsExactly(WIFI);
        assertThat(ice.path()).isEqualTo(MOBILE);
        assertThat(ice.ufragKeys()).containsExactly(StunRequest.key("nextUfra"));
        assertThat(on(check(OURS).signed(OURS.password()), WIFI, 4)).isInstanceOf(Dropped.class);
    }

    @Test
    void aRestartOnTheSamePathForgetsNothing() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        ice.restart(NEXT);
        Answered answered = (Answered) on(check(NEXT).nominate().signed(NEXT.password()), WIFI, 1);
        assertThat(answered.restarted()).isTrue();
        assertThat(answered.forgotten()).isEmpty();
        assertThat(ice.paths()).containsExactly(WIFI);
    }

    @Test
    void afterARestartTheFirstCheckTakesADeadPathsPlaceAtOnce() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        ice.onMedia(WIFI.remote(), WIFI.socket(), 2 * SECOND);
        ice.restart(NEXT);
        on(check(NEXT).signed(NEXT.password()), MOBILE, 3 * SECOND - 1);
        assertThat(ice.path()).as("heard within the last second").isEqualTo(WIFI);
        on(check(NEXT).signed(NEXT.password()), MOBILE, 3 * SECOND);
        assertThat(ice.path()).isEqualTo(MOBILE);
        assertThat(ice.paths()).as("nothing is nominated yet").contains(WIFI);
    }

    @Test
    void whatADeadPathWasLeftForIsLeftInTurnIfItComesToNothing() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        ice.restart(NEXT);
        on(check(NEXT).signed(NEXT.password()), MOBILE, 2 * SECOND);
        assertThat(ice.path()).isEqualTo(MOBILE);
        ice.onMedia(WIFI.remote(), WIFI.socket(), 3 * SECOND);
        assertThat(ice.path()).as("the old one was not dead after all").isEqualTo(WIFI);
    }

    @Test
    void aPathThatIsCheckedAgainOrHeardTakesTheSilentOnesPlace() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        on(check(OURS).signed(OURS.password()), MOBILE, 2 * SECOND);
        assertThat(ice.path()).as("one check may be of a spare").isEqualTo(WIFI);
        on(check(OURS).signed(OURS.password()), WIFI, 3 * SECOND);
        on(check(OURS).signed(OURS.password()), MOBILE, 5 * SECOND);
        assertThat(ice.path()).as("the path has shown itself in between").isEqualTo(WIFI);
        on(check(OURS).signed(OURS.password()), MOBILE, 6 * SECOND);
        assertThat(ice.path()).isEqualTo(MOBILE);
        ice.onMedia(WIFI.remote(), WIFI.socket(), 7 * SECOND - 1);
        assertThat(ice.path()).isEqualTo(MOBILE);
        ice.onMedia(WIFI.remote(), WIFI.socket(), 7 * SECOND);
        assertThat(ice.path()).isEqualTo(WIFI);
    }

    @Test
    void mediaFromWhereNoCheckWasPassedMoveNothing() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        ice.onMedia(MOBILE.remote(), MOBILE.socket(), 100 * SECOND);
        assertThat(ice.path()).isEqualTo(WIFI);
        assertThat(ice.has(MOBILE.remote(), MOBILE.socket())).isFalse();
    }

    /** Any order of checks of both generations, media, restarts and pauses. */
    @Test
    void whateverComesItIsSentOnlyWhereACheckWasPassedAndAPathThatIsHeardIsLeftForANominationAlone() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        IcePath[] places = {WIFI, MOBILE, path("203.0.113.5", 7000)};
        for (int round = 0; round < 300; round++) {
            IceLite agent = new IceLite(OURS);
            List<IceParameters> ours = new ArrayList<>(List.of(OURS));
            Set<IcePath> passed = new HashSet<>();
            long[] heard = new long[places.length];
            long now = 0;
            for (int step = 0; step < 60; step++) {
                now += random.nextLong(random.nextBoolean() ? SECOND / 10 : 2 * SECOND);
                int at = random.nextInt(places.length);
                IcePath before = agent.path();
                boolean isNominating = false;
                switch (random.nextInt(8)) {
                    case 0 -> {
                        ours.add(new IceParameters("ufrag" + step, "passwordpasswordpassword" + step));
                        agent.restart(ours.getLast());
                    }
                    case 1, 2 -> {
                        agent.onMedia(places[at].remote(), places[at].socket(), now);
                        heard[at] = agent.paths().contains(places[at]) ? now : heard[at];
                    }
                    default -> {
                        IceParameters by = ours.get(random.nextInt(ours.size()));
                        isNominating = random.nextInt(3) == 0;
                        Checks check = check(by);
                        byte[] bytes = (isNominating ? check.nominate() : check).signed(by.password());
                        assertThat(request.read(bytes, 0, bytes.length)).isTrue();
                        if (agent.onRequest(request, places[at], now) instanceof Answered answered) {
                            passed.add(places[at]);
                            passed.removeAll(answered.forgotten());
                            heard[at] = now;
                        }
                    }
                }
                assertThat(agent.paths()).as("-Dseed=%d", seed).containsExactlyInAnyOrderElementsOf(passed);
                IcePath after = agent.path();
                if (after != null) {
                    assertThat(passed).as("-Dseed=%d", seed).contains(after);
                }
                if (before != null && !before.equals(after) && !isNominating) {
                    int left = Arrays.asList(places).indexOf(before);
                    assertThat(now - heard[left]).as("-Dseed=%d", seed).isGreaterThanOrEqualTo(SECOND);
                    assertThat(after).as("-Dseed=%d", seed).isEqualTo(places[at]);
                }
            }
        }
    }

    @Test
    void pathsAreBoundedAndTheSelectedOneIsKept() {
        on(check(OURS).nominate().signed(OURS.password()), WIFI, 0);
        int forgotten = 0;
        for (int port = 1; port <= 100; port++) {
            Answered answered = (Answered) on(check(OURS).signed(OURS.password()), path("192.0.2.7", port), port);
            forgotten += answered.forgotten().size();
        }
        assertThat(ice.paths()).hasSize(16).contains(WIFI);
        assertThat(forgotten).isEqualTo(101 - 16);
    }

    @Test
    void freshCredentialsDiffer() {
        SecureRandom random = new SecureRandom();
        assertThat(IceLite.fresh(random)).isNotEqualTo(IceLite.fresh(random));
        assertThat(IceLite.fresh(random).toString()).doesNotContain(OURS.password());
    }

    /** Authentic nonsense: attributes of every length with a right signature reach ice4j's decoder. */
    @Test
    void authenticMutantsNeverThrow() {
        long seed = 8445;
        Random random = new Random(seed);
        int[] types = {0x0001, 0x0009, 0x000A, 0x0020, 0x0024, 0x0025, 0x8022, 0x8023, 0x8029, 0x802A, 0x0014, 0x0015};
        for (int i = 0; i < 20_000; i++) {
            Checks check = check(OURS);
            for (int k = random.nextInt(4); k >= 0; k--) {
                byte[] value = new byte[random.nextInt(24)];
                random.nextBytes(value);
                check.attribute(
                        random.nextBoolean() ? types[random.nextInt(types.length)] : random.nextInt(65536), value);
            }
            byte[] bytes = check.signed(OURS.password());
            if (request.read(bytes, 0, bytes.length)) {
                assertThat(ice.onRequest(request, WIFI, i)).as("seed %d", seed).isNotNull();
            }
        }
    }

    private static Checks check(IceParameters to) {
        return Checks.request().username(to.ufrag() + ":them").attribute(0x0024, new byte[4]);
    }

    private IceVerdict on(byte[] bytes, IcePath from, long now) {
        assertThat(request.read(bytes, 0, bytes.length)).isTrue();
        assertThat(ice.ufragKeys()).hasSizeBetween(1, 2);
        return ice.onRequest(request, from, now);
    }

    private static int errorCode(byte[] response) {
        assertThat(Arrays.copyOf(response, 2)).containsExactly(0x01, 0x11);
        return response[26] * 100 + response[27];
    }

    private static IcePath path(String address, int port) {
        return new IcePath(new InetSocketAddress(InetAddress.ofLiteral(address), port), 0);
    }
}
