package io.ringdown.gateway.check;

import io.ringdown.media.MediaEngine;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.sdp.Direction;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.SipTrunks;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.trace.TracedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls a test number through one trunk, tries what calls need, and says point by point what was seen. Runs on its caller's
 * thread and takes as long as the call does; tell it of a trunk that nothing else uses at the time.
 */
public final class TrunkCheck {
    private static final Duration OUTSIDE = Duration.ofSeconds(5);
    private static final Duration LISTEN = Duration.ofSeconds(3);
    private static final Duration ANSWER_TO_REQUEST = Duration.ofSeconds(34); // 64*T1, and the way there and back
    private static final Duration ANSWER_TO_BYE = Duration.ofSeconds(5);
    private static final int NOT_ACCEPTABLE = 488; // for an answer that does not fit, too
    private static final HangupReason DONE = HangupReason.NORMAL;

    private final SipTrunks sip;
    private final MediaEngine media;
    private final Consumer<Finding> out;
    private final LongSupplier nanoTime;

    /**
     * What is tried.
     *
     * @param trunk its configured name
     * @param media how RTP runs with it
     * @param credentials whether it has some
     * @param register whether we register there
     * @param invite makes the INVITE with this offer, to a number that answers by itself
     * @param answerWithin how long it may ring
     * @param hangUpThere how long to wait for the telephone to hang up, in a second call; zero for no such call
     */
    public record Plan(
            String trunk,
            TrunkMedia media,
            boolean credentials,
            boolean register,
            Function<String, OutboundInvite> invite,
            Duration answerWithin,
            Duration hangUpThere) {}

    /** Findings are told to {@code out} as soon as they are known. */
    public TrunkCheck(SipTrunks sip, MediaEngine media, Consumer<Finding> out, LongSupplier nanoTime) {
        this.sip = sip;
        this.media = media;
        this.out = out;
        this.nanoTime = nanoTime;
    }

    /**
     * Makes the call, and if it was answered the second one; answers the Call-ID of the first.
     *
     * @throws MediaUnavailableException if no port is free for RTP
     * @throws InterruptedException if the thread is
     */
    public String run(Plan plan) throws MediaUnavailableException, InterruptedException {
        outsideOfCalls(plan);
        Attempt first = call(plan, false);
        if (first.answered && !plan.hangUpThere().isZero()) {
            call(plan, true);
        }
        return first.call.callId();
    }

    // Both are under way since the trunk was opened.
    private void outsideOfCalls(Plan plan) throws InterruptedException {
        long until = nanoTime.getAsLong() + OUTSIDE.toNanos();
        while (nanoTime.getAsLong() - until < 0 && !isAnswered(plan)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        sip.handshake(plan.trunk())
                .ifPresent(handshake ->
                        new TlsJudge(handshake, Instant.now()).findings().forEach(out));
        CallJudge judge = new CallJudge(new Conversation(sip.trace().ofTrunk(plan.trunk())));
        out.accept(judge.options());
        out.accept(judge.register(plan.register()));
    }

    private boolean isAnswered(Plan plan) {
        Conversation said = new Conversation(sip.trace().ofTrunk(plan.trunk()));
        return said.answer("OPTIONS", _ -> true).isPresent()
                && (!plan.register()
                        || said.answer("REGISTER", status -> status == 200).isPresent());
    }

    private Attempt call(Plan plan, boolean hangUpThere) throws MediaUnavailableException, InterruptedException {
        try (MediaSession session = media.open(WebCodecs.one(plan.media().codecs()), _ -> {})) {
            BlockingQueue<TrunkEvent> events = new LinkedBlockingQueue<>();
            long began = nanoTime.getAsLong();
            String offer = session.offerTrunk(plan.media());
            TrunkCall call = sip.invite(plan.invite().apply(offer), events::add);
            Attempt attempt = new Attempt(session, call, events, began);
            Optional<Duration> answered = attempt.untilAnswered(plan.answerWithin());
            if (hangUpThere) {
                answered.ifPresent(_ -> attempt.untilEnded(plan.hangUpThere()));
                call.hangUp(DONE);
                out.accept(judge(call).hangUpByTrunk(plan.hangUpThere()));
            } else {
                CallJudge judge = judge(call);
                judge.transport().ifPresent(out);
                out.accept(judge.credentials(plan.credentials()));
                out.accept(judge.call(attempt.firstWord(), answered, attempt.failure));
                if (answered.isPresent()) {
                    talk(plan, attempt);
                }
            }
            return attempt;
        }
    }

    private void talk(Plan plan, Attempt attempt) throws InterruptedException {
        CallJudge judge = judge(attempt.call);
        judge.software().ifPresent(name -> out.accept(Finding.ok("software", name)));
        out.accept(judge.earlyMedia(attempt.packetsBeforeAnswer));
        out.accept(judge.codecs());
        out.accept(judge.telephoneEvent());
        // The telephone hears something, as it would of a browser.
        attempt.session.hold(HoldMusic.chime());
        attempt.pause(LISTEN);
        var heard = attempt.session.stats().trunk();
        out.accept(judge.sound(
                heard.received(), heard.lost(), LISTEN, Optional.of(plan.media().advertised())));
        Optional<Integer> held = attempt.reoffer(Direction.SENDONLY);
        Optional<Integer> resumed =
                held.equals(Optional.of(200)) ? attempt.reoffer(Direction.SENDRECV) : Optional.empty();
        CallJudge later = judge(attempt.call);
        out.accept(later.hold(held, resumed));
        out.accept(later.sessionTimer());
        attempt.call.hangUp(DONE);
        attempt.untilByeIsAnswered();
        out.accept(judge(attempt.call).hangUpByUs());
    }

    private CallJudge judge(TrunkCall call) {
        return new CallJudge(new Conversation(sip.trace().ofCall(call.callId())));
    }

    /** One call under way. */
    private final class Attempt {
        private final MediaSession session;
        private final TrunkCall call;
        private final BlockingQueue<TrunkEvent> events;
        private final long began;
        private Optional<Duration> firstWord = Optional.empty();
        private Optional<String> failure = Optional.empty();
        private long packetsBeforeAnswer;
        private boolean answered;
        private boolean over;

        Attempt(MediaSession session, TrunkCall call, BlockingQueue<TrunkEvent> events, long began) {
            this.session = session;
            this.call = call;
            this.events = events;
            this.began = began;
        }

        Duration firstWord() {
            return firstWord.orElse(sinceBegin());
        }

        private Duration sinceBegin() {
            return Duration.ofNanos(nanoTime.getAsLong() - began);
        }

        /** How long it took; empty where it was not answered, and then it is over. */
        Optional<Duration> untilAnswered(Duration limit) throws InterruptedException {
            long until = nanoTime.getAsLong() + limit.toNanos();
            while (true) {
                TrunkEvent event = events.poll(Math.max(0, until - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
                if (event == null) {
                    failure = Optional.of("not answered within " + limit.toSeconds() + " s");
                    call.hangUp(DONE);
                    over = true;
                    return Optional.empty();
                }
                firstWord = firstWord.or(() -> Optional.of(sinceBegin()));
                switch (event) {
                    case TrunkEvent.Progress progress -> progress.sdp().ifPresent(this::take);
                    case TrunkEvent.Answered answer -> {
                        packetsBeforeAnswer = session.stats().trunk().received();
                        answer.sdp().ifPresent(this::take);
                        answered = true;
                        return Optional.of(sinceBegin());
                    }
                    case TrunkEvent.Failed failed -> {
                        failure = Optional.of(describe(failed.failure()));
                        over = true;
                        return Optional.empty();
                    }
                    case TrunkEvent.Ended _ -> {
                        over = true;
                        return Optional.empty();
                    }
                    case TrunkEvent.Trying _,
                            TrunkEvent.Capabilities _,
                            TrunkEvent.Confirmed _,
                            TrunkEvent.AnswerInAck _,
                            TrunkEvent.RefreshAnswered _,
                            TrunkEvent.Reoffer _,
                            TrunkEvent.OfferWanted _,
                            TrunkEvent.ReofferAnswered _,
                            TrunkEvent.ReofferRefused _,
                            TrunkEvent.InfoReceived _,
                            TrunkEvent.InfoAnswered _,
                            TrunkEvent.ReferProgress _,
                            TrunkEvent.ReferEnded _,
                            TrunkEvent.Referred _ -> {}
                }
            }
        }

        private void take(String sdp) {
            try {
                session.onTrunkAnswer(sdp);
            } catch (SdpRejectedException rejected) {
                failure = Optional.of("its SDP does not fit: " + rejected.getMessage());
            }
        }

        /** Lets time pass; what the trunk asks meanwhile gets its answer. */
        void pause(Duration length) throws InterruptedException {
            long until = nanoTime.getAsLong() + length.toNanos();
            for (long left = length.toNanos(); left > 0 && !over; left = until - nanoTime.getAsLong()) {
                onTalk(events.poll(left, TimeUnit.NANOSECONDS));
            }
        }

        private void onTalk(@Nullable TrunkEvent event) {
            if (event instanceof TrunkEvent.Ended) {
                over = true;
            } else if (event instanceof TrunkEvent.Reoffer || event instanceof TrunkEvent.OfferWanted) {
                call.rejectReoffer();
            }
        }

        /** The status that a re-INVITE with this direction got; 0 for none. */
        Optional<Integer> reoffer(Direction direction) throws InterruptedException {
            if (over) {
                return Optional.empty();
            }
            call.reoffer(session.offerTrunkAgain(direction));
            long until = nanoTime.getAsLong() + ANSWER_TO_REQUEST.toNanos();
            for (long left = until - nanoTime.getAsLong(); left > 0 && !over; left = until - nanoTime.getAsLong()) {
                TrunkEvent event = events.poll(left, TimeUnit.NANOSECONDS);
                if (event instanceof TrunkEvent.ReofferAnswered answer) {
                    try {
                        session.onTrunkAnswer(answer.sdp(), direction);
                        return Optional.of(200);
                    } catch (SdpRejectedException rejected) {
                        return Optional.of(NOT_ACCEPTABLE);
                    }
                }
                if (event instanceof TrunkEvent.ReofferRefused refused) {
                    return Optional.of(refused.status().orElse(0));
                }
                onTalk(event);
            }
            return Optional.of(0);
        }

        void untilEnded(Duration limit) {
            try {
                pause(limit);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void untilByeIsAnswered() throws InterruptedException {
            long until = nanoTime.getAsLong() + ANSWER_TO_BYE.toNanos();
            while (new Conversation(messages()).answer("BYE", _ -> true).isEmpty()
                    && nanoTime.getAsLong() - until < 0) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        private List<TracedMessage> messages() {
            return sip.trace().ofCall(call.callId());
        }
    }

    private static String describe(TrunkFailure failure) {
        return switch (failure) {
            case TrunkFailure.Refused refused -> "refused by " + refused.status();
            case TrunkFailure.Unauthorized _ -> "our credentials were not taken";
            case TrunkFailure.Silent _ -> "nothing came back, not even a 100";
            case TrunkFailure.Unreachable unreachable -> "it cannot be reached: " + unreachable.detail();
            case TrunkFailure.Unanswered _ -> "nobody answered";
            case TrunkFailure.Cancelled _ -> "cancelled";
        };
    }
}
