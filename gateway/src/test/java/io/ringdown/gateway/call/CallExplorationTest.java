package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.json.RecordJson;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.Diagnosis;
import io.ringdown.sip.Diverted;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Replacement;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Random events at random virtual times against one call after the other, with a model of the rooms that is as mean as the
 * contracts allow: results may come late, rooms may refuse, trunks may say anything in any order.
 */
final class CallExplorationTest {
    private static final int CALLS = 40_000;
    private static final int WRITTEN_CALLS = 3_000;
    private static final Duration RELOAD = Duration.ofSeconds(10);
    private static final QualityReport QUALITY =
            new QualityReport(CallQuality.NONE, CallQuality.NONE, new Diagnosis.Fine());
    private static final List<CallId> OTHERS =
            List.of(new CallId("00000000000000000000000000000001"), new CallId("00000000000000000000000000000002"));
    private static final List<ClientId> CLIENTS = List.of(
            new ClientId("a", ClientId.Road.SOCKET),
            new ClientId("s", ClientId.Road.SIP),
            new ClientId("h", ClientId.Road.HTTP));

    @Test
    void everyCallEndsOnceWithNothingLeftOpen() {
        explore(CALLS, World::live);
    }

    @Test
    void aCallThatIsWrittenDownAndReadBackBeforeEachEventDoesWhatItWouldHaveDone() {
        explore(WRITTEN_CALLS, world -> {
            world.twin();
            world.live();
        });
    }

    private static void explore(int calls, Consumer<World> life) {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < calls; i++) {
            long one = seed + i;
            try {
                life.accept(new World(one));
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + one + ": " + broken.getMessage(), broken);
            }
        }
    }

    /** The same call, in another process with another clock after each event. */
    private static final class Twin {
        private final CallSettings settings;
        private final Random clocks;
        private Call call;
        private long ahead;

        Twin(Call call, CallSettings settings, Random clocks) {
            this.call = call;
            this.settings = settings;
            this.clocks = clocks;
        }

        List<CallAction> on(CallEvent event, long now) {
            try {
                String written = RecordJson.write(1, call.state(now + ahead));
                ahead = clocks.nextLong();
                call = Call.of(RecordJson.read(1, CallState.class, written), settings, now + ahead);
            } catch (BadJsonException unfit) {
                throw new IllegalStateException(unfit);
            }
            return call.on(event, now + ahead);
        }

        OptionalLong nextWakeup() {
            OptionalLong when = call.nextWakeup();
            return when.isPresent() ? OptionalLong.of(when.getAsLong() - ahead) : when;
        }
    }

    /** One call and everything around it. */
    private static final class World {
        private static final CallId ID = new CallId("0123456789abcdef0123456789abcdef");
        private static final CallId OTHER = new CallId("abcdef0123456789abcdef0123456789");

        private final Random random;
        private final CallSettings settings;
        private final Call call;
        private Optional<Twin> twin = Optional.empty();
        private final List<String> story = new ArrayList<>();
        private final Deque<CallEvent> results = new ArrayDeque<>();
        private final Set<Integer> invitesOpen = new HashSet<>();
        private final Set<Integer> invitesEver = new HashSet<>();
        private final Set<ClientId> toldOver = new HashSet<>();
        private final Set<ClientId> over = new HashSet<>();
        private final Set<ClientId> toldAnything = new HashSet<>();
        private final DigitRoads roads = new DigitRoads();
        private final Set<Long> openPresses = new HashSet<>();
        private long presses;
        private long now;
        private boolean mediaOpen;
        private boolean mediaSecure;
        private boolean toldSecure;
        private boolean finished;
        private boolean held;
        private int holdOffers;
        private int holdLeg;
        private final Set<Integer> owed = new HashSet<>();
        private int referrals;
        private int replacing;
        private boolean hasAside;
        private boolean isWaiting;
        private boolean isOtherBusy;
        // What the other call believes, once it has taken what was said to it: in a conference with us, or about to be.
        private boolean isOtherJoint;
        private CallConference.Name conference = new CallConference.Name(OTHER, 0);
        private boolean hears;
        // The calls that wait for a word of this one, or are joined with it.
        private final Set<CallId> joining = new HashSet<>();

        World(long seed) {
            random = new Random(seed);
            now = random.nextLong();
            CallSettings usual = CallSettings.defaults();
            settings = random.nextBoolean()
                    ? usual
                    : usual.withDial(CallSettings.Dial.AT_ONCE).withSecureInput(CallSettings.SecureInput.ALWAYS);
            call = new Call(ID, settings);
        }

        /** From here on every event is taken by a twin too, which must do the same. */
        void twin() {
            twin = Optional.of(new Twin(new Call(ID, settings), settings, new Random(now)));
        }

        private List<CallAction> on(CallEvent event) {
            List<CallAction> actions = call.on(event, now);
            twin.ifPresent(other -> {
                assertThat(other.on(event, now))
                        .as("the same after it was read back: %s", story)
                        .isEqualTo(actions);
                assertThat(other.nextWakeup()).isEqualTo(call.nextWakeup());
            });
            return actions;
        }

        void live() {
            take(first());
            for (int step = 0; step < 60 && !finished; step++) {
                if (!results.isEmpty() && random.nextInt(4) != 0) {
                    take(results.poll());
                } else {
                    pass();
                    take(anything());
                }
            }
            if (isTalkingOverASocket()) {
                absence(call.owner().orElseThrow());
            }
            endForSure();
            assertThat(finished).as("it terminates: %s", story).isTrue();
            assertThat(mediaOpen).as("media are closed: %s", story).isFalse();
            assertThat(invitesOpen).as("every INVITE is over: %s", story).isEmpty();
            assertThat(owed).as("who has asked has a last word: %s", story).isEmpty();
            assertThat(isOtherBusy).as("the other call is told: %s", story).isFalse();
            assertThat(isOtherJoint || hears)
                    .as("the conference is over for both: %s", story)
                    .isFalse();
            assertThat(joining)
                    .as("the call that it is joined with is told: %s", story)
                    .isEmpty();
            assertThat(toldOver)
                    .as("everybody is told that it is over: %s", story)
                    .containsAll(toldAnything);
            for (int i = 0; i < 5; i++) {
                assertThat(on(anything()))
                        .as("nothing after the end: %s", story)
                        .isEmpty();
            }
            assertThat(call.nextWakeup()).isEmpty();
        }

        private boolean isTalkingOverASocket() {
            drain();
            if (call.state() == Call.State.ESTABLISHED) {
                // What has never run cannot fall silent, and has a time limit of its own.
                take(new CallEvent.Media(new MediaEvent.WebConnected()));
                drain();
            }
            return call.state() == Call.State.ESTABLISHED
                    && call.owner()
                            .filter(owner -> owner.road() == ClientId.Road.SOCKET)
                            .isPresent();
        }

        private void drain() {
            while (!results.isEmpty()) {
                take(results.poll());
            }
        }

        /** Who is back keeps the call, whatever became of its media meanwhile; who is gone and silent has none. */
        private void absence(ClientId owner) {
            take(new CallEvent.ClientBack(owner));
            take(new CallEvent.Media(new MediaEvent.WebHeard()));
            take(new CallEvent.ClientAway(owner, RELOAD));
            if (random.nextBoolean()) {
                take(new CallEvent.Media(new MediaEvent.WebClosed()));
            }
            take(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
            now += random.nextLong(RELOAD.toNanos());
            take(new CallEvent.Tick());
            assertThat(finished).as("who is away is waited for: %s", story).isFalse();
            if (random.nextBoolean()) {
                take(new CallEvent.ClientGone(owner));
                assertThat(finished).as("nobody is there any more: %s", story).isTrue();
                return;
            }
            take(new CallEvent.ClientBack(owner));
            now += RELOAD.toNanos() / 2;
            take(new CallEvent.Tick());
            take(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(30), true)));
            assertThat(finished)
                    .as("who is back has time to be heard: %s", story)
                    .isFalse();
            take(new CallEvent.Media(new MediaEvent.WebHeard()));
            now += 10 * RELOAD.toNanos();
            take(new CallEvent.Tick());
            assertThat(finished).as("who is back and heard is there: %s", story).isFalse();
        }

        /** The environment's own guarantees: results come, timers fire, a trunk's call ends at last, silence is told. */
        private void endForSure() {
            for (int round = 0; round < 10 && !finished; round++) {
                while (!results.isEmpty()) {
                    take(results.poll());
                }
                call.nextWakeup().ifPresent(when -> now = when);
                take(new CallEvent.Tick());
                call.joinedWith().ifPresent(other -> take(new CallEvent.NotJoined(other, Ending.of(EndCause.NORMAL))));
                if (!finished && call.state() == Call.State.ESTABLISHED) {
                    take(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(10), false)));
                    take(new CallEvent.Media(new MediaEvent.WebSilent(Duration.ofSeconds(30), true)));
                }
            }
        }

        private void pass() {
            now += (long) (random.nextDouble() * random.nextInt(5) * 1_000_000_000L);
            if (call.nextWakeup().isPresent() && call.nextWakeup().getAsLong() - now <= 0) {
                take(new CallEvent.Tick());
            }
        }

        private void take(CallEvent event) {
            story.add(event.toString());
            if (event instanceof CallEvent.Trunk trunk
                    && (trunk.event() instanceof TrunkEvent.ReofferAnswered
                            || trunk.event() instanceof TrunkEvent.ReofferRefused)) {
                holdOffers = Math.max(0, holdOffers - 1); // a trunk may also answer what it was not asked
            }
            if (event instanceof CallEvent.ClientGone gone) {
                toldOver.add(gone.client());
            }
            if (event instanceof CallEvent.NotJoined not) {
                joining.remove(not.with());
            }
            for (CallAction action : on(event)) {
                assertThat(finished).as("nothing after the end: %s", story).isFalse();
                story.add("  " + action);
                perform(action);
            }
            assertThat(mediaSecure || !mediaOpen || !toldSecure)
                    .as("digits are kept where it was said: %s", story)
                    .isTrue();
        }

        private void perform(CallAction action) {
            switch (action) {
                case CallAction.Tell tell -> {
                    if (tell.news() instanceof CallNews.Incoming) { // who had it may be rung for it again
                        over.remove(tell.client());
                        toldOver.remove(tell.client());
                    }
                    if (!(tell.news() instanceof CallNews.Refused)) {
                        assertThat(over).as("told after the end: %s", story).doesNotContain(tell.client());
                        toldAnything.add(tell.client());
                    }
                    if (tell.news() instanceof CallNews.SecureInput told) {
                        toldSecure = told.on();
                    }
                    if (tell.news() instanceof CallNews.Receipt told) {
                        switch (told.receipt()) {
                            case PressReceipt.Accepted _, PressReceipt.Sent _, PressReceipt.Signalled _ ->
                                openPresses.add(told.press());
                            case PressReceipt.Confirmed _, PressReceipt.Unconfirmable _, PressReceipt.Failed _ ->
                                openPresses.remove(told.press());
                        }
                    }
                    if (tell.news() instanceof CallNews.Over && call.owner().equals(Optional.of(tell.client()))) {
                        assertThat(openPresses)
                                .as("every press has its last word: %s", story)
                                .isEmpty();
                    }
                    if (tell.news() instanceof CallNews.Over) {
                        toldOver.add(tell.client());
                        over.add(tell.client());
                    }
                }
                case CallAction.AnswerWeb web -> {
                    mediaOpen = true;
                    results.add(
                            random.nextInt(5) > 0
                                    ? new CallEvent.WebAnswered(web.ref(), "answer")
                                    : new CallEvent.WebRefused(web.ref(), "no"));
                }
                case CallAction.OfferWeb web -> {
                    mediaOpen = true;
                    results.add(new CallEvent.WebOffered(web.client(), "offer"));
                }
                case CallAction.TakeWebAnswer _ -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(
                            random.nextInt(5) > 0
                                    ? new CallEvent.WebAnswerTaken()
                                    : new CallEvent.WebRefused(Optional.empty(), "no"));
                }
                case CallAction.AnswerWebWith web -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(new CallEvent.WebCodecAnswered(web.codec(), "answer"));
                }
                case CallAction.RouteDial dial ->
                    results.add(
                            random.nextInt(5) > 0
                                    ? new CallEvent.DialRouted(dial.to(), route())
                                    : new CallEvent.DialRefused(EndCause.FORBIDDEN));
                case CallAction.TakeChannel take ->
                    results.add(
                            take.anyway() || random.nextInt(6) > 0
                                    ? new CallEvent.ChannelTaken(take.attempt())
                                    : new CallEvent.TrunkFull(take.attempt()));
                case CallAction.RestTrunk _ -> {}
                case CallAction.OfferTrunk offer -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(
                            random.nextInt(8) > 0
                                    ? new CallEvent.TrunkOffered(offer.attempt(), "offer")
                                    : new CallEvent.MediaUnavailable("no port"));
                }
                case CallAction.Invite invite -> {
                    assertThat(invitesOpen)
                            .as("one INVITE at a time: %s", story)
                            .isEmpty();
                    assertThat(invitesEver.add(invite.attempt()))
                            .as("each trunk once: %s", story)
                            .isTrue();
                    invitesOpen.add(invite.attempt());
                }
                case CallAction.TakeTrunkAnswer take -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(
                            random.nextInt(5) > 0
                                    ? new CallEvent.TrunkAnswerTaken(take.attempt())
                                    : new CallEvent.TrunkAnswerRefused(take.attempt(), "no"));
                }
                case CallAction.TakeRefresh take -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(
                            random.nextBoolean()
                                    ? new CallEvent.TrunkAnswerTaken(take.attempt())
                                    : new CallEvent.TrunkAnswerRefused(take.attempt(), "no"));
                }
                case CallAction.OfferAgain _ -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(new CallEvent.TrunkOfferAnswered("offer"));
                }
                case CallAction.AnswerTrunk _ -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(
                            random.nextInt(4) > 0
                                    ? new CallEvent.TrunkOfferAnswered("answer")
                                    : random.nextBoolean()
                                            ? new CallEvent.TrunkOfferRefused("no")
                                            : new CallEvent.MediaUnavailable("no port"));
                }
                case CallAction.WaitInGroup _ -> isWaiting = true;
                case CallAction.RingTrunk _, CallAction.AcceptTrunk _ ->
                    assertThat(invitesOpen).as("the INVITE is open: %s", story).containsExactly(0);
                case CallAction.RejectTrunk _ -> endInvite(0);
                case CallAction.HangUpTrunk hangUp -> endInvite(hangUp.attempt());
                case CallAction.AcceptReoffer accept -> assertOpen(accept.attempt());
                case CallAction.RejectReoffer reject -> assertOpen(reject.attempt());
                case CallAction.Refer refer -> {
                    assertOpen(refer.attempt());
                    if (refer.target() instanceof TransferTarget.Consulted && random.nextInt(4) == 0) {
                        results.add(new CallEvent.OtherCallGone());
                    }
                }
                case CallAction.HearOther hear -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    assertThat(held).as("who is held hears nobody: %s", story).isFalse();
                    assertThat(hears).as("hears one other: %s", story).isFalse();
                    assertThat(hear.call()).isEqualTo(OTHER);
                    hears = true;
                }
                case CallAction.HearNoOther _ -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    assertThat(hears).as("heard another: %s", story).isTrue();
                    hears = false;
                }
                case CallAction.TellOtherEnd _ -> assertOpen(call.attempt());
                case CallAction.DialAlong dial -> joining.add(dial.as());
                case CallAction.OpenMedia _ -> {
                    assertThat(mediaOpen).as("media are opened once: %s", story).isFalse();
                    mediaOpen = true;
                }
                case CallAction.CloseWeb _ ->
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                case CallAction.DropComingWeb _ -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    if (random.nextInt(3) == 0) {
                        results.add(new CallEvent.WebMediaWanted());
                    }
                }
                case CallAction.JoinSound join -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    assertThat(call.owner())
                            .as("nobody else is there: %s", story)
                            .isEmpty();
                    if (random.nextInt(8) == 0) {
                        results.add(new CallEvent.NotJoined(join.with(), Ending.of(EndCause.UNAVAILABLE)));
                    }
                }
                case CallAction.TellCall tell
                when tell.event() instanceof CallEvent.JoinWanted || tell.event() instanceof CallEvent.Joined ->
                    joining.add(tell.call());
                case CallAction.TellCall tell
                when tell.event() instanceof CallEvent.NotJoined -> joining.remove(tell.call());
                case CallAction.TellCall tell
                when tell.event() instanceof CallEvent.JoinProgress || tell.event() instanceof CallEvent.PressAlong ->
                    assertThat(call.joinedWith())
                            .as("there is another: %s", story)
                            .hasValue(tell.call());
                case CallAction.TellCall tell
                when !(tell.event() instanceof CallEvent.BeingReplaced || tell.event() instanceof CallEvent.Replaced) ->
                    conference(tell);
                case CallAction.TellCall tell -> {
                    boolean isBegun = tell.event().equals(new CallEvent.BeingReplaced(true));
                    assertThat(isOtherBusy)
                            .as("the other call is told of the end of what it was told of: %s", story)
                            .isNotEqualTo(isBegun);
                    isOtherBusy = isBegun;
                }
                case CallAction.RouteReferral _ -> {
                    referrals++;
                    results.add(
                            random.nextInt(4) > 0
                                    ? new CallEvent.ReferralRouted(
                                            new PhoneNumber("+12025550199"),
                                            CallRoute.over(List.of("t0", "t1").subList(0, 1 + random.nextInt(2))))
                                    : new CallEvent.ReferralRefused(403));
                }
                case CallAction.AcceptRefer accept -> {
                    assertOpen(accept.attempt());
                    referrals--;
                    owed.add(accept.attempt());
                }
                case CallAction.RejectRefer reject -> {
                    assertOpen(reject.attempt());
                    referrals = Math.max(0, referrals - 1);
                }
                case CallAction.TellReferrer tell -> {
                    assertThat(owed).as("who has asked is told: %s", story).contains(tell.attempt());
                    if (tell.status() >= 200) {
                        owed.remove(tell.attempt());
                    }
                }
                case CallAction.OfferAside offer -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    hasAside = true;
                    results.add(
                            random.nextInt(8) > 0
                                    ? new CallEvent.TrunkOffered(offer.attempt(), "offer")
                                    : new CallEvent.AsideUnavailable(offer.attempt()));
                }
                case CallAction.InviteReferred invite -> {
                    assertThat(invitesOpen)
                            .as("at most one more INVITE: %s", story)
                            .hasSizeLessThan(2);
                    assertThat(invitesEver.add(invite.attempt()))
                            .as("each leg once: %s", story)
                            .isTrue();
                    invitesOpen.add(invite.attempt());
                }
                case CallAction.TakeAsideAnswer take -> {
                    assertThat(hasAside).as("there is a second leg: %s", story).isTrue();
                    results.addFirst(
                            random.nextInt(5) > 0
                                    ? new CallEvent.AsideAnswerTaken(take.attempt(), random.nextBoolean())
                                    : new CallEvent.AsideAnswerRefused(take.attempt()));
                }
                case CallAction.AnswerAside answer -> {
                    hasAside = true;
                    results.addFirst(
                            random.nextInt(4) > 0
                                    ? new CallEvent.AsideAnswered(answer.attempt(), "answer", random.nextBoolean())
                                    : random.nextBoolean()
                                            ? new CallEvent.AsideRefused(answer.attempt())
                                            : new CallEvent.AsideUnavailable(answer.attempt()));
                }
                case CallAction.AcceptLeg accept -> assertOpen(accept.attempt());
                case CallAction.RejectLeg reject -> endInvite(reject.attempt());
                case CallAction.HearFirst _ -> {
                    assertThat(hasAside).as("there is a second leg: %s", story).isTrue();
                    hasAside = false;
                }
                case CallAction.DropAside _ -> hasAside = false;
                case CallAction.ForgetLeg forget ->
                    assertThat(invitesOpen)
                            .as("a leg is over before it is forgotten: %s", story)
                            .doesNotContain(forget.attempt());
                case CallAction.Press press -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    if (random.nextInt(4) == 0) {
                        results.add(new CallEvent.PressRefused(press.ref()));
                    } else {
                        results.add(new CallEvent.PressTaken(press.ref(), presses, 3));
                        presses += 3;
                    }
                }
                case CallAction.ChooseRoad choose -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(new CallEvent.RoadChosen(
                            roads.choose(choose.trunk(), DtmfSettings.defaults(), List.of(), choose.peer())));
                }
                case CallAction.SignalPress _ -> assertOpen(call.heardLeg());
                case CallAction.LearnOfTrunk _, CallAction.NoteDigit _ -> {}
                case CallAction.MuteWeb _, CallAction.CancelPresses _, CallAction.Listen _ ->
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                case CallAction.HoldMedia _, CallAction.ResumeMedia _ -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    boolean isHold = action instanceof CallAction.HoldMedia;
                    assertThat(held).as("hold and resume alternate: %s", story).isNotEqualTo(isHold);
                    held = isHold;
                }
                case CallAction.OfferHold _ -> {
                    assertOpen(call.attempt());
                    if (call.attempt() != holdLeg) {
                        holdLeg = call.attempt();
                        holdOffers = 0;
                    }
                    assertThat(holdOffers)
                            .as("one offer of ours at a time: %s", story)
                            .isZero();
                    if (random.nextInt(4) == 0) {
                        results.add(new CallEvent.HoldNotOffered(call.attempt()));
                    } else {
                        holdOffers++;
                        results.add(new CallEvent.Trunk(
                                call.attempt(),
                                random.nextInt(3) > 0
                                        ? new TrunkEvent.ReofferAnswered("answer")
                                        : new TrunkEvent.ReofferRefused(
                                                random.nextBoolean() ? OptionalInt.of(491) : OptionalInt.empty())));
                    }
                }
                case CallAction.TakeHoldAnswer _ -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    results.add(
                            random.nextInt(4) > 0
                                    ? new CallEvent.HoldAnswerTaken(call.attempt())
                                    : new CallEvent.HoldAnswerRefused(call.attempt()));
                }
                case CallAction.SecureInput secure -> {
                    assertThat(mediaOpen).as("media are open: %s", story).isTrue();
                    mediaSecure = secure.wanted();
                }
                case CallAction.CloseMedia _ -> {
                    assertThat(mediaOpen).as("media are closed once: %s", story).isTrue();
                    mediaOpen = false;
                }
                case CallAction.Finish finish -> {
                    finished = true;
                    // Where the trunk has hung up in the middle of a transfer, the other call is left to it.
                    isOtherBusy &= finish.ending().cause() != EndCause.TRANSFERRED;
                }
            }
        }

        /** The other call as it answers: it joins, or cannot; it may be told of more than it has. */
        private void conference(CallAction.TellCall tell) {
            assertThat(tell.call()).isEqualTo(OTHER);
            switch (tell.event()) {
                case CallEvent.ConferenceAsked asked -> {
                    assertThat(asked.name().by()).isEqualTo(ID);
                    conference = asked.name();
                    isOtherJoint = random.nextInt(4) > 0;
                    results.add(
                            isOtherJoint
                                    ? new CallEvent.ConferenceJoined(conference, OTHER)
                                    : new CallEvent.ConferenceOver(conference));
                }
                case CallEvent.ConferenceJoined joined ->
                    isOtherJoint = joined.name().equals(conference);
                case CallEvent.ConferenceHeld _ -> {}
                case CallEvent.ConferenceOver over ->
                    isOtherJoint &= !over.name().equals(conference);
                default -> fail("nothing else is told another call: " + story);
            }
        }

        private CallEvent conference(ClientId client, Optional<String> ref) {
            return switch (random.nextInt(8)) {
                case 0, 1 -> new CallEvent.Conference(client, ref, random.nextInt(8) > 0 ? OTHER : ID);
                case 2 -> new CallEvent.EndConference(client, ref);
                case 3, 4 -> {
                    if (isOtherJoint) {
                        yield new CallEvent.Tick(); // it has one, and asks for no other
                    }
                    conference = new CallConference.Name(OTHER, conference.number() + 1);
                    yield new CallEvent.ConferenceAsked(conference, client);
                }
                case 5 -> new CallEvent.ConferenceHeld(conference, random.nextBoolean());
                case 6 -> {
                    isOtherJoint = false;
                    yield new CallEvent.ConferenceOver(conference);
                }
                default ->
                    random.nextBoolean()
                            ? new CallEvent.ConferenceJoined(conference, OTHER)
                            : new CallEvent.Supervised(Optional.of(SupervisionMode.BARGE), "sue");
            };
        }

        private void assertOpen(int leg) {
            assertThat(invitesOpen).as("the leg is open: %s", story).contains(leg);
        }

        private void endInvite(int attempt) {
            assertThat(invitesOpen.remove(attempt))
                    .as("each INVITE is ended exactly once: %s", story)
                    .isTrue();
        }

        private CallEvent first() {
            PhoneNumber number = new PhoneNumber("+12025550100");
            if (random.nextInt(4) == 0) {
                return new CallEvent.Originated(number, Caller.of(Optional.of(number), Optional.empty()), plan());
            }
            if (random.nextInt(5) == 0) {
                List<String> trunks = List.of("t0", "t1", "t2").subList(0, random.nextInt(4));
                joining.add(OTHERS.getFirst());
                return new CallEvent.DialAlong(OTHERS.getFirst(), number, Caller.UNSAID, CallRoute.over(trunks));
            }
            if (random.nextBoolean()) {
                return new CallEvent.Dial(
                        CLIENTS.get(random.nextInt(3)),
                        Optional.of("r"),
                        number,
                        new Caller(Optional.of(number), Optional.of("n"), random.nextBoolean(), Map.of("X-A", "b")),
                        "offer",
                        route());
            }
            invitesOpen.add(0);
            Optional<String> offer = random.nextInt(4) > 0 ? Optional.of("offer") : Optional.empty();
            return new CallEvent.Invited(
                    new InboundInvite(
                            "t0",
                            "+1",
                            Optional.of("+44"),
                            random.nextBoolean() ? Optional.of("Zoë \"Z\"") : Optional.empty(),
                            offer,
                            Map.of("X-Account", "7"),
                            Optional.of(new Diverted(Optional.of("+1202"), Optional.empty(), Diverted.Why.USER_BUSY)),
                            Optional.empty()),
                    number,
                    plan());
        }

        private CallRoute route() {
            List<String> trunks = List.of("t0", "t1", "t2").subList(0, random.nextInt(4));
            return new CallRoute(trunks, Set.of(403, 404), Optional.empty(), random.nextInt(8) == 0, Optional.empty());
        }

        /** Everybody at once, or one after the other, or those of a group as they get free. */
        private RingPlan plan() {
            if (random.nextInt(4) == 0) {
                return RingPlan.waiting("sales", Duration.ofSeconds(1 + random.nextInt(60)));
            }
            List<ClientId> rung = CLIENTS.subList(0, random.nextInt(4));
            if (random.nextBoolean()) {
                return RingPlan.together(new LinkedHashSet<>(rung));
            }
            List<SequencedSet<ClientId>> stages = new ArrayList<>();
            rung.forEach(client -> stages.add(new LinkedHashSet<>(List.of(client))));
            return new RingPlan(stages, Duration.ofSeconds(1 + random.nextInt(10)), Optional.empty());
        }

        /** What a waiting room says, which rings nobody again who was told that it is over. */
        private CallEvent ofGroup() {
            List<ClientId> some = CLIENTS.stream()
                    .filter(one -> !over.contains(one) && random.nextBoolean())
                    .toList();
            return switch (random.nextInt(isWaiting ? 5 : 3)) {
                case 0 -> new CallEvent.RingNoMore(Set.copyOf(some));
                case 1 -> new CallEvent.NobodyTakes(EndCause.BUSY);
                default ->
                    new CallEvent.RingToo(
                            new LinkedHashSet<>(some), new CallNews.Incoming.OfGroup("sales", Duration.ofSeconds(2)));
            };
        }

        private CallEvent anything() {
            if (random.nextInt(isWaiting && call.owner().isEmpty() ? 3 : 30) == 0) {
                return ofGroup();
            }
            ClientId client = CLIENTS.get(random.nextInt(3));
            Optional<String> ref = Optional.of("r" + random.nextInt(100));
            return switch (random.nextInt(27)) {
                case 21 -> new CallEvent.WebOfferWanted(client);
                case 22 -> new CallEvent.AcceptWithAnswer(client, "answer");
                case 23 -> joined(client);
                case 24 -> new CallEvent.Accept(client, ref, "offer");
                case 25, 26 -> conference(client, ref);
                case 18 -> new CallEvent.Transfer(client, ref, transferTarget());
                case 19 -> replacing();
                case 20 ->
                    random.nextInt(8) > 0
                            ? new CallEvent.BeingReplaced(random.nextBoolean())
                            : new CallEvent.Replaced();
                case 0 -> new CallEvent.Accept(client, ref, "offer");
                case 1 ->
                    random.nextInt(3) > 0 ? new CallEvent.Tick() : new CallEvent.Reject(client, Optional.empty(), true);
                case 2 -> new CallEvent.Update(client, ref, "offer");
                case 3 ->
                    switch (random.nextInt(20)) {
                        case 0, 1, 2, 3 -> new CallEvent.HangUp(client, Optional.empty());
                        case 4 -> new CallEvent.EndedByOperator();
                        default -> new CallEvent.Tick();
                    };
                case 4 ->
                    new CallEvent.Press(
                            client,
                            ref,
                            Stroke.parse(",1,2#").orElseThrow(),
                            Duration.ofMillis(100),
                            Duration.ofMillis(70));
                case 12 -> new CallEvent.CancelPresses(client, ref);
                case 17 -> new CallEvent.SecureInput(client, ref, random.nextBoolean());
                case 13 -> new CallEvent.Listen(client, ref, random.nextBoolean(), Duration.ofMillis(700));
                case 5 -> new CallEvent.Mute(client, Optional.empty(), random.nextBoolean());
                case 6 -> presence(client);
                case 7 -> new CallEvent.Media(media());
                case 8 -> random.nextBoolean() ? new CallEvent.Media(media()) : new CallEvent.Measured(QUALITY);
                case 9, 10, 11 -> trunk();
                case 14 -> new CallEvent.Hold(client, ref);
                case 15 -> new CallEvent.Resume(client, ref);
                case 16 -> new CallEvent.TrunkHolds(random.nextBoolean());
                default -> throw new IllegalStateException();
            };
        }

        private CallEvent joined(ClientId client) {
            CallId other = OTHERS.get(random.nextInt(OTHERS.size()));
            return switch (random.nextInt(5)) {
                case 0 -> new CallEvent.JoinWanted(other, client, Caller.UNSAID);
                case 1 ->
                    random.nextBoolean()
                            ? new CallEvent.Joined(other, Caller.UNSAID)
                            : new CallEvent.OtherEndIs(Caller.UNSAID);
                case 2 -> new CallEvent.NotJoined(other, Ending.of(EndCause.BUSY));
                case 3 -> new CallEvent.JoinProgress(other, TransferStage.RINGING, OptionalInt.of(180));
                default -> new CallEvent.PressAlong(other, Digit.of('7').orElseThrow(), Duration.ofMillis(90));
            };
        }

        private CallEvent presence(ClientId client) {
            return switch (random.nextInt(6)) {
                case 0 -> new CallEvent.ClientGone(client);
                case 1, 2 -> new CallEvent.ClientAway(client, RELOAD);
                case 3, 4 -> new CallEvent.ClientBack(client);
                default -> new CallEvent.WebMediaWanted();
            };
        }

        private TransferTarget transferTarget() {
            return switch (random.nextInt(9)) {
                case 4 -> new TransferTarget.Joined(OTHERS.get(random.nextInt(OTHERS.size())));
                case 5 ->
                    new TransferTarget.Along(
                            OTHERS.get(random.nextInt(OTHERS.size())),
                            new PhoneNumber("+12025550112"),
                            Caller.UNSAID,
                            CallRoute.over(List.of("t0")));
                case 6, 7, 8 -> new TransferTarget.Colleague(new PhoneNumber("12"), plan(), "11");
                case 0 -> new TransferTarget.Impossible("no");
                case 1 -> new TransferTarget.Refused(EndCause.FORBIDDEN);
                case 2 -> new TransferTarget.Dialled(new PhoneNumber("+12025550111"));
                default -> new TransferTarget.Consulted(OTHER);
            };
        }

        private ReferTarget referTarget() {
            return random.nextBoolean()
                    ? ReferTarget.of("+12025550199")
                    : new ReferTarget(
                            "+12025550199",
                            Optional.of(new Replacement("call@host", "to", "from", false)),
                            Optional.empty(),
                            Optional.of("+44"));
        }

        private CallEvent replacing() {
            int leg = --replacing;
            if (!finished) {
                invitesOpen.add(leg);
            }
            return new CallEvent.Replacing(
                    leg,
                    random.nextInt(5) > 0 ? call.attempt() : 77,
                    "t0",
                    random.nextInt(4) > 0 ? Optional.of("offer") : Optional.empty(),
                    Optional.of("+44"),
                    Optional.empty());
        }

        private MediaEvent media() {
            return switch (random.nextInt(16)) {
                case 15 -> new MediaEvent.FlashFromTrunk();
                case 14 -> new MediaEvent.WebCodecWanted(AudioCodec.PCMA);
                case 0 -> new MediaEvent.WebFailed(MediaEvent.WebFailed.Cause.HANDSHAKE_FAILED);
                case 1 -> new MediaEvent.WebClosed();
                case 2 -> new MediaEvent.WebSilent(Duration.ofSeconds(10), false);
                case 3 -> new MediaEvent.WebHeard();
                case 4 -> new MediaEvent.TrunkSilent();
                case 5 -> new MediaEvent.Press(random.nextLong(Math.max(1, presses)), receipt());
                case 6 ->
                    new MediaEvent.PressToSignal(
                            random.nextLong(Math.max(1, presses)), Digit.of('1').orElseThrow(), Duration.ofMillis(100));
                case 7 ->
                    new MediaEvent.DigitFromTrunk(
                            Digit.of('5').orElseThrow(), Duration.ofMillis(100), DtmfRoad.IN_BAND);
                default -> new MediaEvent.WebConnected();
            };
        }

        /** As media tell them, in any order. */
        private PressReceipt receipt() {
            return switch (random.nextInt(4)) {
                case 0 -> new PressReceipt.Sent(DtmfRoad.RTP, Duration.ofMillis(100), 8, 160);
                case 1 -> new PressReceipt.Signalled(Duration.ofMillis(100));
                case 2 -> new PressReceipt.Confirmed();
                default -> new PressReceipt.Failed(PressReceipt.Failure.CANCELLED);
            };
        }

        private CallEvent trunk() {
            List<Integer> legs = List.copyOf(invitesOpen);
            int attempt = legs.isEmpty() || random.nextInt(4) == 0
                    ? Math.max(0, call.attempt() - (random.nextInt(5) == 0 ? 1 : 0))
                    : legs.get(random.nextInt(legs.size()));
            Optional<String> sdp = random.nextBoolean() ? Optional.of("sdp") : Optional.empty();
            TrunkEvent event = switch (random.nextInt(22)) {
                case 17 -> new TrunkEvent.ReferProgress(100 + random.nextInt(100));
                case 18 ->
                    new TrunkEvent.ReferEnded(
                            random.nextInt(3) > 0
                                    ? OptionalInt.of(200 + 100 * random.nextInt(5))
                                    : OptionalInt.empty());
                case 19, 20 -> new TrunkEvent.Referred(referTarget());
                case 12 -> new TrunkEvent.InfoReceived(new InfoBody("application/dtmf-relay", "Signal=5"));
                case 13 ->
                    new TrunkEvent.InfoAnswered(
                            random.nextLong(Math.max(1, presses)),
                            new InfoOutcome.Answered(random.nextBoolean() ? 200 : 415));
                case 14 ->
                    new TrunkEvent.Capabilities(
                            new PeerCapabilities(Optional.of(List.of("INVITE", "INFO")), Optional.empty()));
                case 15 -> new TrunkEvent.ReofferAnswered("sdp");
                case 21 -> new TrunkEvent.RefreshAnswered("sdp");
                case 16 -> new TrunkEvent.ReofferRefused(OptionalInt.of(488));
                case 0 -> new TrunkEvent.Trying();
                case 1, 2 -> new TrunkEvent.Progress(180 + random.nextInt(4), sdp);
                case 3, 4 -> new TrunkEvent.Answered(sdp);
                case 5 -> new TrunkEvent.Confirmed(sdp);
                case 6, 7 -> new TrunkEvent.Failed(failure());
                case 8 -> new TrunkEvent.Ended(OptionalInt.of(16), "bye");
                case 9 -> new TrunkEvent.AnswerInAck("sdp");
                case 10 -> new TrunkEvent.OfferWanted();
                default -> new TrunkEvent.Reoffer("sdp");
            };
            boolean last = event instanceof TrunkEvent.Failed || event instanceof TrunkEvent.Ended;
            if (last) {
                invitesOpen.remove(attempt);
            }
            return new CallEvent.Trunk(attempt, event);
        }

        private TrunkFailure failure() {
            return switch (random.nextInt(5)) {
                case 0 -> new TrunkFailure.Silent();
                case 1 -> new TrunkFailure.Unreachable("refused");
                case 2 -> new TrunkFailure.Unanswered();
                case 3 -> new TrunkFailure.Refused(500 + random.nextInt(5), OptionalInt.empty());
                default ->
                    new TrunkFailure.Refused(
                            400 + random.nextInt(300),
                            OptionalInt.of(random.nextInt(1, 128)),
                            OptionalInt.of(random.nextInt(100)));
            };
        }
    }
}
