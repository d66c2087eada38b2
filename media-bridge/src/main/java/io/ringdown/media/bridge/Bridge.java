package io.ringdown.media.bridge;

import io.ringdown.dtmf.Digit;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaStats;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;

/**
 * Carries sound, digits and reports between the two legs of one call. Single-threaded: every method runs on the call's media
 * loop, except {@link #stats()} and {@link #debugState()}, which any thread may call. Pure: packets leave through the
 * {@link BridgeOutput} from within the inputs; after each input ask {@link #nextWakeup()} and call {@link #onTime} then.
 * All times are {@code System.nanoTime()}'s kind of nanoseconds. What cannot be understood is counted and dropped.
 */
public final class Bridge implements AutoCloseable {

    /** A bridge with no leg yet; it sends nothing before {@link #trunk} or {@link #web}. */
    public Bridge(
            Codecs codecs,
            BridgeSettings settings,
            BridgeIdentity identity,
            BridgeOutput output,
            MediaListener listener,
            long now) {}

    /** The browser's leg carries this from now on: the first answer, or a changed one. */
    public void web(WebFormat format, long now) {}

    /** The trunk's leg carries this from now on; sending starts at once, with silence where there is no browser yet. */
    public void trunk(TrunkFormat format, long now) {}

    /** The trunk that answered is no longer ours (crank-back): nothing goes there until {@link #trunk} is called again. */
    public void forgetTrunk(long now) {}

    /** Takes RTP from the browser, already opened by SRTP. The buffer is the bridge's until this returns, headroom included. */
    public void onWebRtp(byte[] buffer, int offset, int length, long now) {}

    /** Takes RTCP from the browser, already opened by SRTCP. */
    public void onWebRtcp(byte[] buffer, int offset, int length, long now) {}

    /** Takes RTP from the trunk's right address. The buffer is the bridge's until this returns, headroom included. */
    public void onTrunkRtp(byte[] buffer, int offset, int length, long now) {}

    /** Takes RTCP from the trunk's right address. */
    public void onTrunkRtcp(byte[] buffer, int offset, int length, long now) {}

    /** Does what is due: fillers, digits, reports. Calling it early or late is harmless. */
    public void onTime(long now) {}

    /** When {@link #onTime} wants to be called next; {@code Long.MAX_VALUE} for never. */
    public long nextWakeup() {
        return Long.MAX_VALUE;
    }

    /**
     * Queues a press towards the trunk behind those under way.
     *
     * @return false if the trunk has no telephone-event or the queue is full
     */
    public boolean press(Digit digit, long lengthNanos, long gapNanos, long now) {
        return false;
    }

    /** Whether the trunk hears silence in place of the browser; digits still go through. */
    public void muteWeb(boolean muted) {}

    /** What has been measured so far. Any thread may ask. */
    public MediaStats stats() {
        MediaStats.Leg none = new MediaStats.Leg(0, 0, 0, 0, 0, 0, -1, 0);
        return new MediaStats(none, none);
    }

    /** The chains and the state of both directions, as JSON. Any thread may ask. */
    public String debugState() {
        return "{}";
    }

    /** Says RTCP BYE on both legs and gives the codecs back. Idempotent. */
    @Override
    public void close() {}
}
