package io.ringdown.gateway.call;

import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.dtmf.Stroke;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaState;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.sdp.Direction;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The media of a {@link LiveCall}, from its first offer to its end: performs what is about them and answers what became of it. On
 * the call's {@link Serial}, except {@link #quality} and {@link #open()}, which any thread may call.
 */
final class LiveMedia {
    private static final Logger LOG = LoggerFactory.getLogger(LiveMedia.class);

    private final CallId call;
    private final CallRooms rooms;
    private final Consumer<CallEvent> result;
    private final MediaListener listener;
    private volatile @Nullable MediaSession media;
    private Optional<CallQuality> last = Optional.empty();

    /** What became of an action goes to {@code result} at once. */
    LiveMedia(CallId call, CallRooms rooms, Consumer<CallEvent> result, MediaListener listener) {
        this.call = call;
        this.rooms = rooms;
        this.result = result;
        this.listener = listener;
    }

    /** The session; IllegalStateException while none is open. */
    MediaSession session() {
        return open().orElseThrow(() -> new IllegalStateException("no media are open"));
    }

    /** The session, for whoever only lets others hear it; any thread may ask. Empty while none is open. */
    Optional<MediaSession> open() {
        return Optional.ofNullable(media);
    }

    /** How they do just now; empty while there are none. */
    Optional<CallQuality> quality() {
        return open().map(MediaSession::quality);
    }

    /** How they have done, once they are closed. */
    Optional<CallQuality> lastQuality() {
        return last;
    }

    /** What both parties say from now on; empty while there is nothing to be heard. */
    Optional<SoundMonitor> monitor() {
        return open().flatMap(MediaSession::monitor);
    }

    /** The first description opens them, as suits a call to or from this trunk. */
    void answerWeb(CallAction.AnswerWeb action, String trunk) {
        openFor(trunk);
        try {
            result.accept(new CallEvent.WebAnswered(action.ref(), session().answerWeb(action.offer())));
        } catch (SdpRejectedException rejected) {
            result.accept(new CallEvent.WebRefused(action.ref(), said(rejected)));
        }
    }

    /** The first description opens them, as suits a call to or from this trunk. */
    void offerWeb(CallAction.OfferWeb action, String trunk) {
        openFor(trunk);
        result.accept(new CallEvent.WebOffered(action.client(), session().offerWeb()));
    }

    void takeWebAnswer(CallAction.TakeWebAnswer action) {
        try {
            session().onWebAnswer(action.answer());
            result.accept(new CallEvent.WebAnswerTaken());
        } catch (SdpRejectedException rejected) {
            result.accept(new CallEvent.WebRefused(Optional.empty(), said(rejected)));
        }
    }

    /** Whose call it is may have gone meanwhile, or have lost its place to who was to come: then it has to offer anew. */
    void dropComingWeb() {
        if (!session().dropComingWeb()) {
            result.accept(new CallEvent.WebMediaWanted());
        }
    }

    private void openFor(String trunk) {
        if (media == null) {
            open(trunk);
        }
    }

    /** Opens those of a call without a client, as suits a call to this trunk. */
    void open(String trunk) {
        media = rooms.media().open(rooms.media().webCodecs(trunk), listener);
    }

    void answerWebWith(CallAction.AnswerWebWith action) {
        session()
                .answerWebWith(action.codec())
                .ifPresent(sdp -> result.accept(new CallEvent.WebCodecAnswered(action.codec(), sdp)));
    }

    void offerTrunk(CallAction.OfferTrunk action) {
        try {
            String offer = session().offerTrunk(rooms.media().trunk(action.trunk()));
            result.accept(new CallEvent.TrunkOffered(action.attempt(), offer));
        } catch (MediaUnavailableException unavailable) {
            result.accept(unavailable(unavailable));
        }
    }

    void offerAgain() {
        result.accept(new CallEvent.TrunkOfferAnswered(session().offerTrunkAgain()));
    }

    void offerAside(CallAction.OfferAside action) {
        try {
            String offer = session().offerAside(rooms.media().trunk(action.trunk()));
            result.accept(new CallEvent.TrunkOffered(action.attempt(), offer));
        } catch (MediaUnavailableException unavailable) {
            LOG.warn("call {}: {}", call, unavailable.getMessage());
            result.accept(new CallEvent.AsideUnavailable(action.attempt()));
        }
    }

    void takeAsideAnswer(CallAction.TakeAsideAnswer action) {
        try {
            session().onAsideAnswer(action.sdp());
            session().swapTrunks();
            result.accept(
                    new CallEvent.AsideAnswerTaken(action.attempt(), session().isHeldByTrunk()));
        } catch (SdpRejectedException rejected) {
            LOG.warn("call {}: the new trunk's answer does not fit: {}", call, said(rejected));
            result.accept(new CallEvent.AsideAnswerRefused(action.attempt()));
        }
    }

    void answerAside(CallAction.AnswerAside action) {
        try {
            String answer = session().answerAside(rooms.media().trunk(action.trunk()), action.offer());
            session().swapTrunks();
            result.accept(new CallEvent.AsideAnswered(
                    action.attempt(), answer, session().isHeldByTrunk()));
        } catch (SdpRejectedException rejected) {
            LOG.info("call {}: the offer of the call in its place is refused: {}", call, said(rejected));
            result.accept(new CallEvent.AsideRefused(action.attempt()));
        } catch (MediaUnavailableException unavailable) {
            LOG.warn("call {}: {}", call, unavailable.getMessage());
            result.accept(new CallEvent.AsideUnavailable(action.attempt()));
        }
    }

    void hearFirst() {
        session().swapTrunks();
        session().dropAside();
    }

    void takeTrunkAnswer(CallAction.TakeTrunkAnswer action) {
        taken(action.attempt(), () -> session().onTrunkAnswer(action.sdp()));
    }

    void takeRefresh(CallAction.TakeRefresh action) {
        taken(action.attempt(), () -> session().onTrunkAnswerAgain(action.sdp()));
    }

    /** What media make of an answer. */
    private interface Taking {
        void take() throws SdpRejectedException;
    }

    private void taken(int attempt, Taking answer) {
        try {
            answer.take();
            result.accept(new CallEvent.TrunkAnswerTaken(attempt));
            tellHolds();
        } catch (SdpRejectedException rejected) {
            LOG.warn("call {}: the trunk's answer does not fit: {}", call, said(rejected));
            result.accept(new CallEvent.TrunkAnswerRefused(attempt, said(rejected)));
        }
    }

    void answerTrunk(CallAction.AnswerTrunk action) {
        TrunkMedia how = rooms.media().trunk(action.trunk());
        try {
            result.accept(new CallEvent.TrunkOfferAnswered(session().answerTrunk(how, action.offer())));
            tellHolds();
        } catch (SdpRejectedException rejected) {
            LOG.info("call {}: the trunk's offer is refused: {}", call, said(rejected));
            result.accept(new CallEvent.TrunkOfferRefused(said(rejected)));
        } catch (MediaUnavailableException unavailable) {
            result.accept(unavailable(unavailable));
        }
    }

    private void tellHolds() {
        result.accept(new CallEvent.TrunkHolds(session().isHeldByTrunk()));
    }

    private CallEvent unavailable(MediaUnavailableException unavailable) {
        LOG.warn("call {}: {}", call, unavailable.getMessage());
        return new CallEvent.MediaUnavailable("no port");
    }

    void chooseRoad(CallAction.ChooseRoad action) {
        DtmfSettings settings = rooms.media().trunk(action.trunk()).digits();
        DigitRoads.Choice choice =
                rooms.roads().choose(action.trunk(), settings, session().digitRoads(), action.peer());
        session().digitRoad(choice.road(), choice.hearTones());
        result.accept(new CallEvent.RoadChosen(choice));
    }

    void press(CallAction.Press action) {
        OptionalLong first = session().press(action.strokes(), action.length(), action.gap());
        int count = (int)
                action.strokes().stream().filter(Stroke.Press.class::isInstance).count();
        result.accept(
                first.isPresent()
                        ? new CallEvent.PressTaken(action.ref(), first.getAsLong(), count)
                        : new CallEvent.PressRefused(action.ref()));
    }

    /** Our offer by which the trunk of this name is told of a hold, or of its end; empty for one that is told nothing of holds. */
    Optional<String> holdOffer(String trunk, boolean held) {
        return holdDirection(trunk, held).map(session()::offerTrunkAgain);
    }

    void takeHoldAnswer(CallAction.TakeHoldAnswer action, int attempt, String trunk) {
        try {
            session()
                    .onTrunkAnswer(
                            action.sdp(), holdDirection(trunk, action.held()).orElseThrow());
            result.accept(new CallEvent.HoldAnswerTaken(attempt));
            tellHolds();
        } catch (SdpRejectedException rejected) {
            LOG.warn("call {}: the trunk's answer does not fit: {}", call, said(rejected));
            result.accept(new CallEvent.HoldAnswerRefused(attempt));
        }
    }

    private Optional<Direction> holdDirection(String trunk, boolean held) {
        return rooms.media().holdOffer(trunk).map(direction -> held ? direction : Direction.SENDRECV);
    }

    /** Goes on with media that were written down, of a call with this trunk. */
    void reopen(MediaState state, String trunk) throws MediaUnavailableException {
        media = rooms.media().reopen(state, trunk, listener);
    }

    /** Gives sockets and ports back, and tells nobody, since somebody else goes on with them. */
    void letGo() {
        open().ifPresent(MediaSession::letGo);
        media = null;
    }

    void close() {
        open().ifPresent(session -> {
            last = Optional.of(session.quality());
            session.close();
        });
        media = null;
    }

    private static String said(Exception exception) {
        return Optional.ofNullable(exception.getMessage()).orElse("no reason given");
    }
}
