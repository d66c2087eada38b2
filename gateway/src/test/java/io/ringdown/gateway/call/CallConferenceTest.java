package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.TrunkEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two calls of one client in a conference: what each telephone hears of the other, and what the client is told. */
final class CallConferenceTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final ClientId BOB = new ClientId("bob", ClientId.Road.SOCKET);
    private static final Optional<String> REF = Optional.of("c");
    private static final int ROUNDS = 20_000;

    private World world = new World(new Random(1));

    @Test
    void bothTelephonesHearEachOtherAndTheClientIsToldForBothCalls() {
        world.want(0);
        world.deliverAll();
        assertThat(world.hears).containsExactly(true, true);
        assertThat(world.told.get(0)).containsExactly(new CallNews.Conference(REF, world.id(1), true));
        assertThat(world.told.get(1)).containsExactly(new CallNews.Conference(Optional.empty(), world.id(0), true));
    }

    @Test
    void itIsSeenInBothCallsFromWhenTheyHaveItToItsEnd() {
        world.want(0);
        assertThat(world.calls)
                .as("asked for")
                .allMatch(call -> call.face().conference().isEmpty());
        world.deliverAll();
        assertThat(world.calls.get(0).face().conference()).contains(world.id(1));
        assertThat(world.calls.get(1).face().conference()).contains(world.id(0));
        world.post(1, new CallEvent.EndConference(ANN, REF));
        world.deliverAll();
        assertThat(world.calls).allMatch(call -> call.face().conference().isEmpty());
    }

    @Test
    void whileOneIsHeldNeitherHearsTheOtherAndAfterwardsBothDo() {
        world.want(0);
        world.deliverAll();
        world.post(1, new CallEvent.Hold(ANN, Optional.empty()));
        world.deliverAll();
        assertThat(world.hears).containsExactly(false, false);
        world.post(1, new CallEvent.Resume(ANN, Optional.empty()));
        world.deliverAll();
        assertThat(world.hears).containsExactly(true, true);
        world.post(0, new CallEvent.TrunkHolds(true));
        world.deliverAll();
        assertThat(world.hears)
                .as("a telephone's own music is for the client alone")
                .containsExactly(false, false);
    }

    @Test
    void itEndsByTheClientForBothAndTheCallsGoOn() {
        world.want(0);
        world.deliverAll();
        world.post(1, new CallEvent.EndConference(ANN, REF));
        world.deliverAll();
        assertThat(world.hears).containsExactly(false, false);
        assertThat(world.told.get(1).getLast()).isEqualTo(new CallNews.Conference(REF, world.id(0), false));
        assertThat(world.told.get(0).getLast())
                .isEqualTo(new CallNews.Conference(Optional.empty(), world.id(1), false));
        assertThat(world.calls).allMatch(call -> call.state() == Call.State.ESTABLISHED);
        world.want(1);
        world.deliverAll();
        assertThat(world.hears).as("and begins anew").containsExactly(true, true);
    }

    @Test
    void theEndOfOneLeavesTheOtherWithTheClientAlone() {
        world.want(0);
        world.deliverAll();
        world.post(0, new CallEvent.Trunk(0, new TrunkEvent.Ended(OptionalInt.of(16), "")));
        world.deliverAll();
        assertThat(world.hears).containsExactly(false, false);
        assertThat(world.told.get(1).getLast().on()).isFalse();
        assertThat(world.calls.get(1).state()).isEqualTo(Call.State.ESTABLISHED);
    }

    @Test
    void aTransferOfOneEndsIt() {
        world.want(0);
        world.deliverAll();
        world.post(
                0,
                new CallEvent.Transfer(
                        ANN, Optional.empty(), new TransferTarget.Dialled(new PhoneNumber("+12025550111"))));
        world.deliverAll();
        assertThat(world.hears).containsExactly(false, false);
        assertThat(world.told.get(0).getLast().on()).isFalse();
        assertThat(world.told.get(1).getLast().on()).isFalse();
    }

    @Test
    void whatIsHeldIsInAnotherOrIsSomebodyElsesCannotJoin() {
        world.post(1, new CallEvent.Hold(ANN, Optional.empty()));
        world.want(0);
        world.deliverAll();
        assertThat(world.refused).containsEntry(REF, ErrorCode.WRONG_STATE);
        world.post(1, new CallEvent.Resume(ANN, Optional.empty()));
        world.post(
                0,
                new CallEvent.ConferenceAsked(
                        new CallConference.Name(new CallId("cccccccccccccccccccccccccccccccc"), 0), BOB));
        world.post(0, new CallEvent.Conference(ANN, Optional.of("self"), world.id(0)));
        world.post(0, new CallEvent.Conference(BOB, Optional.of("bob"), world.id(1)));
        assertThat(world.refused).containsKeys(Optional.of("self"), Optional.of("bob"));
        assertThat(world.told.get(0)).isEmpty();
        assertThat(world.calls.get(0).isSettled()).as("nothing is under way").isTrue();
    }

    @Test
    void aCallInAConferenceIsNotWrittenDown() {
        assertThat(world.calls.get(0).isSettled()).isTrue();
        world.want(0);
        assertThat(world.calls.get(0).isSettled()).isFalse();
        world.deliverAll();
        assertThat(world.calls.get(1).isSettled()).isFalse();
    }

    /** Whatever happens in whatever order, at last both know the same, hear the same, and every request has one answer. */
    @Test
    void bothCallsAlwaysComeToTheSame() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < ROUNDS; i++) {
            long one = seed + i;
            world = new World(new Random(one));
            try {
                world.live();
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + one + ": " + broken.getMessage() + " " + world.story, broken);
            }
        }
    }

    /** Two calls whose words for each other take their time. */
    private static final class World {
        private final Random random;
        private final List<Call> calls = new ArrayList<>();
        private final List<Deque<CallEvent>> mail = List.of(new ArrayDeque<>(), new ArrayDeque<>());
        private final List<List<CallNews.Conference>> told = List.of(new ArrayList<>(), new ArrayList<>());
        private final boolean[] hears = new boolean[2];
        private final boolean[] held = new boolean[2];
        private final Map<Optional<String>, ErrorCode> refused = new HashMap<>();
        private final Set<Optional<String>> open = new HashSet<>();
        private final List<String> story = new ArrayList<>();
        private int refs;

        World(Random random) {
            this.random = random;
            for (int i = 0; i < 2; i++) {
                calls.add(new Call(new CallId(Integer.toString(i).repeat(32)), CallSettings.defaults()));
                establish(i);
            }
            story.clear();
        }

        private void establish(int which) {
            post(
                    which,
                    new CallEvent.Dial(
                            ANN,
                            Optional.empty(),
                            new PhoneNumber("+12025550100"),
                            Caller.UNSAID,
                            "offer",
                            CallRoute.over(List.of("a"))));
            post(which, new CallEvent.WebAnswered(Optional.empty(), "answer"));
            post(which, new CallEvent.Media(new MediaEvent.WebConnected()));
            post(which, new CallEvent.ChannelTaken(0));
            post(which, new CallEvent.TrunkOffered(0, "offer"));
            post(which, new CallEvent.Trunk(0, new TrunkEvent.Answered(Optional.of("sdp"))));
            post(which, new CallEvent.TrunkAnswerTaken(0));
        }

        CallId id(int which) {
            return calls.get(which).id();
        }

        void want(int which) {
            post(which, new CallEvent.Conference(ANN, REF, id(1 - which)));
        }

        void live() {
            for (int step = 0; step < 30; step++) {
                int which = random.nextInt(2);
                if (random.nextInt(3) > 0 && !mail.get(which).isEmpty()) {
                    post(which, mail.get(which).poll());
                } else {
                    post(which, anything(which));
                }
            }
            deliverAll();
            boolean joined = hasConference(0);
            assertThat(hasConference(1)).as("both are told the same").isEqualTo(joined);
            boolean heard = joined && !held[0] && !held[1];
            assertThat(hears).containsExactly(heard, heard);
            assertThat(open).as("every request is answered").isEmpty();
        }

        /** As the client has been told; a call that is over is in none. */
        private boolean hasConference(int which) {
            return calls.get(which).state() != Call.State.ENDED
                    && !told.get(which).isEmpty()
                    && told.get(which).getLast().on();
        }

        private CallEvent anything(int which) {
            Optional<String> ref = Optional.of("r" + refs++);
            return switch (random.nextInt(16)) {
                case 0, 1, 2, 3, 4 -> asked(which, ref, new CallEvent.Conference(ANN, ref, id(1 - which)));
                case 5, 6 -> asked(which, ref, new CallEvent.EndConference(ANN, ref));
                case 7, 8 -> new CallEvent.Hold(ANN, ref);
                case 9, 10, 11 -> new CallEvent.Resume(ANN, ref);
                case 12 -> new CallEvent.TrunkHolds(random.nextBoolean());
                case 13 -> random.nextInt(4) > 0 ? new CallEvent.Tick() : new CallEvent.HangUp(ANN, ref);
                default -> new CallEvent.Tick();
            };
        }

        private CallEvent asked(int which, Optional<String> ref, CallEvent request) {
            if (calls.get(which).state() != Call.State.ENDED) {
                open.add(ref);
            }
            return request;
        }

        void deliverAll() {
            while (!mail.get(0).isEmpty() || !mail.get(1).isEmpty()) {
                int which = mail.get(0).isEmpty() || (!mail.get(1).isEmpty() && random.nextBoolean()) ? 1 : 0;
                post(which, mail.get(which).poll());
            }
        }

        void post(int which, CallEvent event) {
            story.add(which + " " + event);
            Call call = calls.get(which);
            if (call.state() == Call.State.ENDED) {
                // As a live call answers that is over.
                if (event instanceof CallEvent.ConferenceAsked asked) {
                    mail.get(1 - which).add(new CallEvent.ConferenceOver(asked.name()));
                } else if (event instanceof CallEvent.ConferenceJoined joined) {
                    mail.get(1 - which).add(new CallEvent.ConferenceOver(joined.name()));
                }
                return;
            }
            for (CallAction action : call.on(event, 0)) {
                perform(which, action);
            }
        }

        private void perform(int which, CallAction action) {
            switch (action) {
                case CallAction.TellCall tell -> {
                    if (tell.call().equals(id(1 - which))) {
                        mail.get(1 - which).add(tell.event());
                    }
                }
                case CallAction.HearOther _ -> {
                    assertThat(hears[which]).isFalse();
                    assertThat(held[which]).as("who is held hears nobody").isFalse();
                    hears[which] = true;
                }
                case CallAction.HearNoOther _ -> {
                    assertThat(hears[which]).isTrue();
                    hears[which] = false;
                }
                case CallAction.OfferHold _ -> post(which, new CallEvent.HoldNotOffered(0));
                case CallAction.Tell tell -> hear(which, tell.news());
                case CallAction.Finish _ -> {
                    open.clear(); // its end is the answer to what was asked of it
                    assertThat(hears[which]).isFalse();
                }
                default -> {}
            }
            held[which] = calls.get(which).holder() != Holder.NOBODY;
        }

        private void hear(int which, CallNews news) {
            switch (news) {
                case CallNews.Conference conference -> {
                    told.get(which).add(conference);
                    answered(conference.ref());
                }
                case CallNews.Refused no -> {
                    refused.put(no.ref(), no.code());
                    answered(no.ref());
                }
                default -> {}
            }
        }

        private void answered(Optional<String> ref) {
            if (ref.isPresent() && ref.get().startsWith("r") && !open.remove(ref)) {
                story.add("  answered: " + ref); // a hold's, or that of a call which is over
            }
        }
    }
}
