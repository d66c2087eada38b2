package io.ringdown.gateway.call;

import io.ringdown.media.SoundMonitor;
import io.ringdown.media.quality.Signalled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is seen of a {@link LiveCall} from outside: where it stands and since when, how its media do, who listens. Any thread may ask,
 * {@link #onLook} one at a time; what changes it comes on the call's {@link Serial}.
 */
final class LiveView {
    private static final Logger LOG = LoggerFactory.getLogger(LiveView.class);

    private final Call call;
    private final CallRooms rooms;
    private final LiveMedia media;
    private final QualityWatch watch = new QualityWatch();
    private final long startedNanos;
    private OptionalLong answeredNanos;
    private volatile CallSnapshot snapshot;
    private volatile boolean secureInput;
    private final AtomicInteger listeningNow = new AtomicInteger();
    private final AtomicInteger listeners = new AtomicInteger();
    private volatile Supervisors supervised = Supervisors.NONE;
    private volatile List<HandedOver> handedOver = List.of();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;

    /** That of a new call. */
    LiveView(Call call, CallRooms rooms, LiveMedia media) {
        this.call = call;
        this.rooms = rooms;
        this.media = media;
        this.startedNanos = rooms.clock().getAsLong();
        this.answeredNanos = OptionalLong.empty();
        this.snapshot = look(startedNanos);
    }

    /** That of a call that was written down at a moment on the clock of this process. */
    LiveView(Call call, CallRooms rooms, LiveMedia media, LiveCallState state, long writtenNanos) {
        this.call = call;
        this.rooms = rooms;
        this.media = media;
        this.startedNanos = writtenNanos - state.lasted().toNanos();
        this.answeredNanos = OptionalLong.of(writtenNanos - state.talked().toNanos());
        this.secureInput = call.face().secureInput();
        this.listeners.set(state.listeners());
        this.supervised = state.supervised();
        this.handedOver = state.handedOver();
        this.snapshot = look(writtenNanos - state.inState().toNanos());
    }

    CallSnapshot snapshot() {
        return snapshot;
    }

    /** For how long there has been the call. */
    Duration lasted(long now) {
        return Duration.ofNanos(now - startedNanos);
    }

    /** For how long it was answered; empty if it never was. */
    Optional<Duration> talked(long now) {
        return answeredNanos.isPresent()
                ? Optional.of(Duration.ofNanos(now - answeredNanos.getAsLong()))
                : Optional.empty();
    }

    /** The call has taken an event in this state. */
    void onEvent(Call.State before, long now) {
        if (call.state() != before) {
            onState(now);
        }
        CallSnapshot seen = snapshot;
        if (call.holder() != seen.holder()) {
            LOG.info("call {} held by {}", call.id(), call.holder().code());
        }
        if (call.attempt() != seen.attempt()) {
            LOG.info("call {} is on trunk {}", call.id(), call.trunk().orElse("-"));
        }
        CallSnapshot after = look(seen.sinceNanos());
        if (!after.equals(seen)) {
            snapshot = after;
            watchers.forEach(Runnable::run);
        }
    }

    private void onState(long now) {
        if (call.state() == Call.State.ESTABLISHED) {
            answeredNanos = OptionalLong.of(now);
        }
        snapshot = look(now);
        LOG.info(
                "call {} {} {} trunk {} after {} ms",
                call.id(),
                call.state().code(),
                call.to().map(Object::toString).orElse("-"),
                call.trunk().orElse("-"),
                lasted(now).toMillis());
    }

    private CallSnapshot look(long since) {
        return new CallSnapshot(
                call.id(),
                call.direction(),
                call.state(),
                since,
                call.to(),
                call.trunk(),
                call.attempt(),
                call.owner(),
                call.ending(),
                call.holder(),
                answeredNanos,
                call.face(),
                call.conferenceWith());
    }

    // ---- media

    /** How media do just now; empty while there are none. */
    Optional<QualityReport> quality() {
        return media.quality().map(quality -> watch.report(quality, signalled()));
    }

    /** Looks at how media do, and answers what the owner is to be told, where that is due. */
    Optional<QualityReport> onLook(long now) {
        String before = watch.toldCode();
        Optional<QualityReport> due = media.quality().flatMap(quality -> watch.onLook(quality, signalled(), now));
        due.filter(report -> !report.verdict().about().code().equals(before))
                .ifPresent(report -> LOG.info("call {} sounds: {}", call.id(), report.verdict()));
        return due;
    }

    private Signalled signalled() {
        CallSnapshot seen = snapshot;
        boolean isTalking = seen.state() == Call.State.EARLY_MEDIA || seen.state() == Call.State.ESTABLISHED;
        return new Signalled(
                isTalking,
                seen.trunk().flatMap(name -> rooms.media().trunk(name).peers().trunk()));
    }

    /** Whether digits are kept from those who listen. */
    boolean secureInput() {
        return secureInput;
    }

    void onSecureInput(boolean wanted) {
        secureInput = wanted;
        LOG.info("call {} secure input {}", call.id(), wanted ? "on" : "off");
    }

    // ---- who listens

    /** How many listen beside the call just now. */
    int listeningNow() {
        return listeningNow.get();
    }

    /** How many have listened so far. */
    int listeners() {
        return listeners.get();
    }

    /** Whether one more may listen; who has been let in says {@link #leave} when it has gone. */
    boolean admit(int most) {
        boolean isAdmitted = listeningNow.incrementAndGet() <= most;
        if (!isAdmitted) {
            listeningNow.decrementAndGet();
        }
        return isAdmitted;
    }

    void leave() {
        listeningNow.decrementAndGet();
    }

    /** Who has supervised the call so far. */
    Supervisors supervised() {
        return supervised;
    }

    /** On the call's serial. */
    void onSupervised(String by) {
        supervised = supervised.with(by);
    }

    /** To whom the call has gone within the house, in order. */
    List<HandedOver> handedOver() {
        return handedOver;
    }

    /** On the call's serial. */
    void onHandedOver(String to, long now) {
        handedOver = HandedOver.with(handedOver, new HandedOver(to, lasted(now)));
    }

    /**
     * Runs this after each change of the call, at once and on its serial: it only hands over. What changed before is not told, so look
     * afterwards.
     *
     * @return to be run by who wants no more
     */
    Runnable watch(Runnable watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Whether the call is over, or not here any more. */
    boolean isOver() {
        return isOver;
    }

    /** The call is over, or not here any more. */
    void over() {
        isOver = true;
        watchers.forEach(Runnable::run);
    }

    /** What both parties say from now on, on the call's serial; empty while there is nothing to be heard. */
    Optional<SoundMonitor> monitor() {
        Optional<SoundMonitor> monitor = media.monitor();
        monitor.ifPresent(_ -> listeners.incrementAndGet());
        return monitor;
    }
}
