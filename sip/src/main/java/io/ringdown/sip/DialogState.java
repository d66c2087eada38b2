package io.ringdown.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One dialog with a trunk, written down: all that is needed to go on with it, or to end it ({@link SipTrunks#restore}). Call-ID
 * and our tag name it. It holds numbers and, in its session descriptions, keys: {@link #toString} says neither.
 *
 * <p>What is under way at the moment of writing is not written: a request of ours that waits for its answer, INFO and offers that
 * wait to leave, an offer of the peer that our side thinks about, a transfer. {@link Course#settled} says whether there was any.
 *
 * @param name the application's own name of the call ({@link TrunkCall#knownAs})
 * @param trunk the configured name of the trunk
 * @param direction who has called
 * @param callId Call-ID
 * @param localTag our tag
 * @param local our address without tag: From of what we send
 * @param remote the peer's address without tag: To of what we send
 * @param contactUser the user of our Contact; empty for none
 * @param way where the peer is heard from
 * @param invite the INVITE that has begun it
 * @param course what it has come to
 * @param writtenAtMillis when it was written, in milliseconds since 1970
 */
public record DialogState(
        Optional<String> name,
        String trunk,
        Direction direction,
        String callId,
        String localTag,
        String local,
        String remote,
        String contactUser,
        Way way,
        Invite invite,
        Course course,
        long writtenAtMillis) {

    /** Who has called whom. */
    public enum Direction {
        OUTBOUND,
        INBOUND
    }

    /** RFC 3261 12: a dialog is early until a 2xx to its INVITE. */
    public enum Stage {
        EARLY,
        CONFIRMED
    }

    /**
     * Where requests go that no Contact and no route leads to a better address, and from which of our own addresses.
     *
     * @param address an IP address
     * @param port its port
     * @param transport what carries it
     * @param from the listening address that serves it, as an IP address
     */
    public record Way(String address, int port, SipTransport transport, String from) {}

    /**
     * The INVITE, as its CANCEL and the ACK to its refusal (RFC 3261 9.1, 17.1.1.3), or our response to it (8.2.6.2), repeat it.
     *
     * @param requestUri its Request-URI
     * @param routes the URIs of its Route headers
     * @param cseq its number
     * @param via the values of its Via headers, the topmost first: of ours it has one, with the branch
     */
    public record Invite(String requestUri, List<String> routes, long cseq, List<String> via) {
        public Invite {
            routes = List.copyOf(routes);
            via = List.copyOf(via);
        }

        @Override
        public String toString() {
            return "Invite(cseq " + cseq + ")";
        }
    }

    /**
     * What the dialog has come to.
     *
     * @param stage whether it is established
     * @param settled whether nothing was under way in it when it was written
     * @param remoteTag the peer's tag; empty where none is known yet
     * @param remoteTarget the URI of the peer's Contact, else the Request-URI
     * @param routeSet the URIs of its route set, in the order in which we use them
     * @param localCseq the number after which ours go on
     * @param remoteCseq the peer's last one; -1 for none
     * @param reinviteCseq that of our last re-INVITE, whose 2xx may come again
     * @param agreed what both sides have agreed
     */
    public record Course(
            Stage stage,
            boolean settled,
            String remoteTag,
            String remoteTarget,
            List<String> routeSet,
            long localCseq,
            long remoteCseq,
            OptionalLong reinviteCseq,
            Agreed agreed) {
        public Course {
            routeSet = List.copyOf(routeSet);
        }

        private Course reserving(long reserved) {
            return new Course(
                    stage,
                    settled,
                    remoteTag,
                    remoteTarget,
                    routeSet,
                    reserved,
                    remoteCseq,
                    reinviteCseq,
                    agreed.forTheEnd());
        }

        @Override
        public String toString() {
            return "Course(" + stage + ", cseq " + localCseq + "/" + remoteCseq + ", " + agreed + ")";
        }
    }

    /**
     * What both sides of the session have said.
     *
     * @param capabilities the peer's Allow and Accept
     * @param updateRefused whether it has refused an UPDATE in spite of them
     * @param localSdp our side of the session
     * @param remoteSdp the peer's
     * @param timer the session timer
     */
    public record Agreed(
            PeerCapabilities capabilities,
            boolean updateRefused,
            Optional<String> localSdp,
            Optional<String> remoteSdp,
            Timer timer) {

        // The timer would be that of the last change, and the session refreshed long since.
        private Agreed forTheEnd() {
            Timer none = new Timer(timer.minSe(), 0, false, Optional.empty(), Optional.empty());
            return new Agreed(capabilities, updateRefused, Optional.empty(), Optional.empty(), none);
        }

        @Override
        public String toString() {
            return "Agreed(" + timer + ")";
        }
    }

    /**
     * The session timer (RFC 4028), by what is left of it at the moment of writing.
     *
     * @param minSe the largest Min-SE that the peer has asked for, in seconds
     * @param interval the session interval in seconds; 0 where the session has no end
     * @param refreshing whether the refreshing is ours
     * @param refreshIn when we are to refresh; empty where we are not, or have a refresh under way
     * @param expiresIn when the session ends unless it is refreshed
     */
    public record Timer(
            long minSe,
            long interval,
            boolean refreshing,
            Optional<Duration> refreshIn,
            Optional<Duration> expiresIn) {}

    /** Whether it is established. */
    public Stage stage() {
        return course.stage();
    }

    /** As the journal has it: without session descriptions and timer, and with our numbers up to this one taken. */
    public DialogState reserving(long localCseq) {
        return new DialogState(
                name,
                trunk,
                direction,
                callId,
                localTag,
                local,
                remote,
                contactUser,
                way,
                invite,
                course.reserving(localCseq),
                writtenAtMillis);
    }

    @Override
    public String toString() {
        return "DialogState(" + callId + " on " + trunk + ", " + direction + " " + stage() + ")";
    }
}
