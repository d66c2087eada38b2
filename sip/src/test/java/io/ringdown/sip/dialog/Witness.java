package io.ringdown.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.dialog.CallExplorationTest.Unacknowledged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all that a call does, and at all that its peer has done, and holds the rules: one final event and nothing after it; an
 * ACK for each 2xx; a BYE for each dialog with a 2xx that the peer has not ended itself; one final response to each request of the
 * peer; one INVITE of ours in a dialog, none beside one of the peer, one offer; rising CSeq; one reliable response at a time; one
 * event for each offer and each REFER of ours; and in the end nothing left.
 */
final class Witness {
    private static final long TRANSACTION_NANOS = 32_000_000_000L;

    /** A request of ours without a final response, and when its transaction ends without one. */
    private record Open(OutRequest request, long timeoutAt) {}

    /** A request of the peer. */
    private record Asked(String method, long cseq, String tag) {}

    private final CallCore core;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final Map<Long, Asked> unanswered = new HashMap<>();
    // An INVITE that comes again is answered again, and acknowledged once.
    private final Set<Unacknowledged> unacknowledged = new LinkedHashSet<>();
    private final Map<String, Long> lastCseq = new HashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final List<OutRequest> acks = new ArrayList<>();
    private final List<TrunkEvent> told = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private @Nullable OutRequest lastInvite;
    private long reoffers;
    private long referrals;
    private long rseq;
    private boolean rseqOpen;
    private boolean forgotten;

    Witness(CallCore core) {
        this.core = core;
    }

    private static String key(OutRequest request) {
        return request.toTag().orElse("") + " " + request.cseq();
    }

    /** What the call has come to do: events by name, requests within dialogs by method, responses by method and status. */
    Set<String> seen() {
        return seen;
    }

    boolean isForgotten() {
        return forgotten;
    }

    boolean isEnded() {
        return told.stream().anyMatch(CallExplorationTest::isFinal);
    }

    List<OutRequest> openRequests() {
        return open.values().stream().map(Open::request).toList();
    }

    Optional<OutRequest> nextTimeout() {
        return open.values().stream()
                .filter(one -> one.timeoutAt() != CallCore.NEVER)
                .min((a, b) -> Long.compare(a.timeoutAt(), b.timeoutAt()))
                .map(Open::request);
    }

    long timeoutOf(OutRequest request) {
        return Objects.requireNonNull(open.get(key(request))).timeoutAt();
    }

    void timedOut(OutRequest request) {
        open.remove(key(request));
    }

    /** The peer sends a request. */
    void asked(InRequest request) {
        unanswered.put(request.id(), new Asked(request.method(), request.cseq(), request.remoteTag()));
        if (request.extensions().rack().equals(Optional.of(new RAck(rseq, 1)))) {
            rseqOpen = false;
        }
        if (request.method().equals("BYE")) {
            ended.add(request.remoteTag());
        }
    }

    /** A 2xx of ours that the peer has not acknowledged yet. */
    Optional<Unacknowledged> unacknowledged() {
        return unacknowledged.stream().findFirst();
    }

    void acknowledges(Unacknowledged one) {
        unacknowledged.remove(one);
    }

    long rseqToAcknowledge() {
        return rseq;
    }

    void reoffered() {
        if (!isEnded()) {
            reoffers++;
        }
    }

    void referred() {
        if (!isEnded()) {
            referrals++;
        }
    }

    /** The peer responds. */
    void responds(InResponse response) {
        String inDialog = response.toTag().orElse("") + " " + response.cseq();
        String begins = " " + response.cseq();
        // A PRACK of an INVITE before may have the number that the INVITE has now.
        Open within = open.get(inDialog);
        boolean isWithin = within != null && within.request().method().equals(response.method());
        String key = isWithin ? inDialog : begins;
        Open one = open.get(key);
        if (one == null || !one.request().method().equals(response.method())) {
            return;
        }
        if (response.status() >= 200) {
            open.remove(key);
        } else if (response.method().equals("INVITE")) {
            open.put(key, new Open(one.request(), CallCore.NEVER)); // timer B has stopped
        }
        if (key.equals(begins) && response.status() >= 200 && response.status() < 300) {
            answered.add(response.toTag().orElse(""));
        }
    }

    /** Each 2xx to an INVITE is acknowledged there and then, whenever it comes. */
    void assertAcknowledged(InResponse response) {
        boolean success = response.status() >= 200 && response.status() < 300;
        OutRequest last = lastInvite;
        if (success
                && response.method().equals("INVITE")
                && last != null
                && response.cseq() == last.cseq()
                && !forgotten) {
            assertThat(acks)
                    .as("the 2xx to %s is acknowledged", response.cseq())
                    .anyMatch(
                            ack -> ack.cseq() == response.cseq() && ack.toTag().equals(response.toTag()));
        }
        acks.clear();
    }

    /** Takes what the call wants done. */
    void look(long now) {
        List<CallAction> actions = core.takeActions();
        assertThat(actions).as("nothing after it is forgotten").satisfies(all -> {
            if (forgotten) {
                assertThat(all).isEmpty();
            }
        });
        for (CallAction action : actions) {
            assertThat(forgotten).as("nothing after Forget: %s", action).isFalse();
            switch (action) {
                case CallAction.SendInvite(OutRequest request) -> sends(request, now);
                case CallAction.Send(OutRequest request) -> sends(request, now);
                case CallAction.SendAck(OutRequest ack) -> acks.add(ack);
                case CallAction.Respond response -> responds(response);
                case CallAction.ForgetInvite() ->
                    Optional.ofNullable(lastInvite).ifPresent(i -> open.remove(key(i)));
                case CallAction.Tell(TrunkEvent event) -> tells(event);
                case CallAction.Forget() -> forgotten = true;
                case CallAction.SendCancel _, CallAction.StopRepeating _, CallAction.ResendAnswer _ -> {
                    // Nothing of these is counted.
                }
            }
        }
    }

    private void sends(OutRequest request, long now) {
        String tag = request.toTag().orElse("");
        if (tag.isEmpty()) {
            // The INVITE before was refused, and its early dialogs are gone: a peer that takes a tag again begins anew.
            lastCseq.keySet().removeIf(dialog -> !dialog.isEmpty());
        }
        Long before = lastCseq.put(tag, request.cseq());
        assertThat(before == null || before < request.cseq())
                .as("CSeq rises in %s: %s", tag, request)
                .isTrue();
        boolean invite = request.method().equals("INVITE");
        seen.add(
                request.method() + (request.sdp().isPresent() ? " with offer" : "") + (tag.isEmpty() ? "" : " within"));
        for (Open other : open.values()) {
            boolean here = other.request().toTag().orElse("").equals(tag);
            assertThat(here && invite && other.request().method().equals("INVITE"))
                    .as("two INVITEs of ours in %s", tag)
                    .isFalse();
            assertThat(here
                            && request.sdp().isPresent()
                            && other.request().sdp().isPresent())
                    .as("two offers of ours in %s", tag)
                    .isFalse();
        }
        if (invite && !tag.isEmpty()) {
            assertThat(unanswered.values())
                    .as("no INVITE of ours beside one of the peer")
                    .noneMatch(one -> one.method().equals("INVITE") && one.tag().equals(tag));
            assertThat(unacknowledged)
                    .as("nor before its ACK")
                    .noneMatch(one -> one.tag().equals(tag));
        }
        if (invite) {
            lastInvite = request;
        }
        if (request.method().equals("BYE")) {
            ended.add(tag);
            unacknowledged.removeIf(one -> one.tag().equals(tag));
        }
        open.put(key(request), new Open(request, now + TRANSACTION_NANOS));
    }

    private void responds(CallAction.Respond response) {
        if (response.status() < 200) {
            reliable(response);
            return;
        }
        Asked to = unanswered.remove(response.id());
        assertThat(to)
                .as("one final response to %d: %s", response.id(), response)
                .isNotNull();
        Asked request = Objects.requireNonNull(to);
        seen.add(response.status() + " to " + request.method());
        if (request.method().equals("INVITE") && response.status() < 300) {
            unacknowledged.add(new Unacknowledged(request.tag(), request.cseq()));
            answered.add(request.tag());
        }
    }

    private void reliable(CallAction.Respond response) {
        List<String> said = Performed.values(response.headers(), "RSeq");
        if (said.isEmpty()) {
            return;
        }
        long number = Long.parseLong(said.getFirst());
        if (number != rseq) {
            assertThat(rseqOpen).as("one reliable response at a time").isFalse();
            assertThat(rseq == 0 || number == rseq + 1).as("RSeq rises by one").isTrue();
        }
        rseq = number;
        rseqOpen = true;
    }

    private void tells(TrunkEvent event) {
        assertThat(isEnded()).as("nothing is told after the end: %s", event).isFalse();
        told.add(event);
        seen.add(
                event instanceof TrunkEvent.Ended ended
                        ? ended.reason()
                        : event.getClass().getSimpleName());
        long outcomes = told.stream()
                .filter(one -> one instanceof TrunkEvent.ReofferAnswered || one instanceof TrunkEvent.ReofferRefused)
                .count();
        assertThat(outcomes).as("one outcome for each offer of ours").isLessThanOrEqualTo(reoffers);
        assertThat(referralsEnded()).as("one end for each REFER of ours").isLessThanOrEqualTo(referrals);
    }

    private long referralsEnded() {
        return told.stream().filter(TrunkEvent.ReferEnded.class::isInstance).count();
    }

    /** At the end of all things. */
    void assertOver() {
        assertThat(told.stream().filter(CallExplorationTest::isFinal).count())
                .as("one final event in %s", told)
                .isEqualTo(1);
        assertThat(referralsEnded()).as("one end for each REFER of ours").isEqualTo(referrals);
        assertThat(forgotten).as("forgotten in the end").isTrue();
        assertThat(core.nextWakeup()).as("nothing is waited for").isEqualTo(CallCore.NEVER);
        assertThat(unanswered).as("each request of the peer is answered").isEmpty();
        assertThat(ended).as("each dialog with a 2xx is ended by BYE").containsAll(answered);
    }
}
