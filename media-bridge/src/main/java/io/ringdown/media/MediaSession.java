package io.ringdown.media;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.dtmf.Stroke;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.sdp.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The media of one call: its web leg, its trunk leg and the bridge between them. Methods may be called from one thread at a
 * time; the packets run on the session's media loop. What happens is told to the {@link MediaListener}.
 */
public interface MediaSession extends Speaking, AutoCloseable {

    /**
     * Answers a browser's offer, the first or a later one (ICE restart, changed codecs). RFC 3264 §6, RFC 8829 §5.3.
     *
     * @throws SdpRejectedException if there is no audio in it that we can carry; an existing session goes on as it was
     */
    String answerWeb(String offer) throws SdpRejectedException;

    /**
     * Our offer to a client that is called and answers ({@code actpass}, ICE-lite, all codecs that it would be answered with): for
     * SIP, where the caller offers. The same each time until it is answered, so that several clients may have it and one of them
     * takes it. While a client is connected it is an offer to another peer connection, of that one or of another client: who is
     * connected serves until {@link #onWebAnswer} has led to a connection, as with a page that is loaded anew.
     */
    String offerWeb();

    /**
     * The client's answer to {@link #offerWeb}; it may be the DTLS client ({@code active}) or the server ({@code passive}).
     *
     * @throws SdpRejectedException if it answers with nothing that we offered; an existing session goes on as it was
     */
    void onWebAnswer(String answer) throws SdpRejectedException;

    /**
     * Nobody is at the web side any more, and nobody will be but after another {@link #answerWeb} or {@link #onWebAnswer}: its media
     * end at once, the trunk's go on. Its silence is not reported.
     */
    void closeWeb();

    /**
     * The client that was described to last does not come, though another one was connected before it: its peer connection is closed,
     * and what it still sends is nobody's. Answers whether that other one goes on as if nothing had been. It does not where its page
     * was closed meanwhile, or the new one was sooner and serves already: then this closes both, and the web side is watched for an
     * offer as after {@link #answerWeb}.
     */
    boolean dropComingWeb();

    /**
     * Our answer to the browser's last offer again, with this codec first, so that a browser which applies it to the same offer
     * sends the codec from then on; see {@link MediaEvent.WebCodecWanted}. Empty if the codec was not answered.
     */
    Optional<String> answerWebWith(AudioCodec codec);

    /**
     * Our offer for an INVITE to this trunk: its codecs in the trunk's order, each with a telephone-event of its clock. Opens the call's RTP
     * port pair on first use; called again for another trunk (crank-back) it forgets what the first had answered.
     *
     * @throws MediaUnavailableException if no port is free
     */
    String offerTrunk(TrunkMedia trunk) throws MediaUnavailableException;

    /**
     * The trunk's answer, from a 183 or a 200: media and digits flow both ways from here. The same answer again changes
     * nothing.
     *
     * @throws SdpRejectedException if it answers with nothing that we offered; an existing session goes on as it was
     */
    void onTrunkAnswer(String answer) throws SdpRejectedException;

    /**
     * Our offer anew for the trunk's re-INVITE without one: all that we can do, both ways. What was agreed holds until
     * {@link #onTrunkAnswer} takes the answer.
     */
    String offerTrunkAgain();

    /**
     * Our offer for a re-INVITE of ours, which changes the direction and nothing else (RFC 3264 §8.4): {@code sendonly} or {@code
     * inactive} to hold the trunk, {@code sendrecv} to end that. What was agreed holds until {@link
     * #onTrunkAnswer(String, Direction)} takes the answer; if none comes, it goes on to hold.
     */
    String offerTrunkAgain(Direction direction);

    /**
     * The trunk's answer to that offer.
     *
     * @param offered the direction that was offered
     * @throws SdpRejectedException if it answers with nothing that we offered; the session goes on as it was
     */
    void onTrunkAnswer(String answer, Direction offered) throws SdpRejectedException;

    /**
     * The trunk's answer to what we have agreed to last, said again to refresh the session (RFC 4028 §7.4): the direction of our
     * side is what it was.
     *
     * @throws SdpRejectedException if it answers with nothing that we said; the session goes on as it was
     */
    void onTrunkAnswerAgain(String answer) throws SdpRejectedException;

    /** Whether the trunk, as far as its descriptions say, has put us on hold. */
    boolean isHeldByTrunk();

    /**
     * Answers a trunk's offer: an inbound INVITE, or a re-INVITE.
     *
     * @throws SdpRejectedException if nothing in it can be carried; an existing session goes on as it was (488)
     * @throws MediaUnavailableException if no port is free
     */
    String answerTrunk(TrunkMedia trunk, String offer) throws SdpRejectedException, MediaUnavailableException;

    /**
     * Our offer for an INVITE to a second trunk, beside the first, which goes on as it is: on ports and with keys of its own. Nothing
     * of it is heard before {@link #swapTrunks}. Called again, the one that was aside is let go.
     *
     * @throws MediaUnavailableException if no port is free
     */
    String offerAside(TrunkMedia trunk) throws MediaUnavailableException;

    /**
     * The answer to {@link #offerAside}.
     *
     * @throws SdpRejectedException if it answers with nothing that we offered; the first trunk goes on as it was
     */
    void onAsideAnswer(String answer) throws SdpRejectedException;

    /**
     * Answers the offer of a second trunk, as {@link #offerAside} makes one.
     *
     * @throws SdpRejectedException if nothing in it can be carried
     * @throws MediaUnavailableException if no port is free
     */
    String answerAside(TrunkMedia trunk, String offer) throws SdpRejectedException, MediaUnavailableException;

    /**
     * The trunk that was aside is the one that is heard from here on, and the other is aside: its sockets are deaf, what was agreed
     * with it holds. Presses that wait are dropped, as their trunk is gone.
     */
    void swapTrunks();

    /** Nothing more is wanted of the trunk aside: its ports rest. */
    void dropAside();

    /**
     * Which roads for presses lead to the trunk within its media; empty before it has answered. {@link DtmfRoad#INFO} is never one
     * of them.
     */
    List<DtmfRoad> digitRoads();

    /**
     * By which road presses go to the trunk from now on; empty if none leads there. Before this is said it is telephone-event
     * where that was agreed, and otherwise they wait.
     *
     * @param hearTones whether tones in the trunk's sound are told as presses
     */
    void digitRoad(Optional<DtmfRoad> road, boolean hearTones);

    /**
     * Sends strokes to the trunk, queued behind those under way. What is out of bounds becomes the next length or gap within
     * them. What becomes of each press is told by {@link MediaEvent.Press}, under its number, from {@link PressReceipt.Sent} on.
     *
     * @param length within the trunk's bounds
     * @param gap silence after each, up to 6 s; never less than the trunk's
     * @return the number of their first press, which the others follow; empty if no road leads to the trunk, it must not be sent
     *     to, or there is no room for all of them
     */
    OptionalLong press(List<Stroke> strokes, Duration length, Duration gap);

    /** Forgets the presses that wait; the one under way ends as it would. */
    void cancelPresses();

    /**
     * Whether what the trunk's line sounds like is told: {@link MediaEvent.SoundBegan}, {@link MediaEvent.SoundEnded} once it has
     * been silent for so long, {@link MediaEvent.Beeped}.
     */
    void listen(boolean wanted, Duration silence);

    /** Whether the trunk hears silence in place of the browser. */
    void muteWeb(boolean muted);

    /**
     * The trunk hears this from here on in place of the browser, every 20 ms, and the browser nothing of the trunk, until {@link
     * #resume}. Digits still go both ways, and the trunk's silence is not reported. Of what is agreed with the trunk nothing changes.
     */
    void hold(HoldMusic music);

    /** Both hear each other again. */
    void resume();

    /**
     * What both parties say from now on, for one more who listens beside the call; empty before there is a trunk. Close it when it
     * is not read any more: whoever falls behind costs nothing but what he misses.
     */
    Optional<SoundMonitor> monitor();

    /** Whether digits in the sound, whoever presses them, are kept from those who listen. */
    void secureInput(boolean wanted);

    /**
     * What the trunk hears while the browser sends nothing; {@link AwaySound#COMFORT_NOISE} before this is said. A trunk that is
     * held, or a browser that is muted, is heard as it was.
     */
    void whileAway(AwaySound sound);

    /**
     * The session as it is between two packets, for {@link MediaEngine#reopen}: the last that is asked of it but {@link #letGo} and
     * {@link #close}. A press under way leaves with its final packets, presses that wait are told as failed, and from then on
     * nothing leaves and nothing is heard. A second trunk that is aside is no part of it.
     *
     * @throws IllegalStateException if the session is closed, or its loop does not answer
     */
    MediaState state();

    /**
     * Gives sockets and ports back and says nothing to anybody, since another one goes on after {@link #state}; it may have the ports
     * once this returns. Idempotent.
     */
    void letGo();

    /** What has been counted so far; cheap enough for every second. Any thread may ask. */
    MediaStats stats();

    /** Everything that is measured, at this moment; cheap enough for every second. Any thread may ask. */
    CallQuality quality();

    /** Ends media on both legs at once; ports rest before they are used again. Idempotent. */
    @Override
    void close();
}
