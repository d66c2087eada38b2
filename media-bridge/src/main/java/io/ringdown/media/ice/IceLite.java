package io.ringdown.media.ice;

import io.ringdown.media.sdp.IceParameters;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.ice4j.attribute.Attribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The ICE-lite side of one session (RFC 8445 §2.5, §7.3): answers authenticated checks and remembers where they came from.
 * Single-threaded and without sockets; {@code now} is in nanoseconds.
 *
 * <p>The browser is wherever its latest nomination came from, and before any nomination where its first check came from. An
 * address becomes the browser's only by a check with the right MESSAGE-INTEGRITY. After {@link #restart} both generations of
 * credentials are accepted and the old path stays until a check of the new generation nominates one.
 *
 * <p>A path that is silent is left before that: RFC 8445 §8.2 sends by what was nominated, but a browser that nominates regularly,
 * as Chromium does towards a lite agent, needs one more check for that. So once nothing authentic has come by the path for a
 * second, the first check of a new generation takes its place, and so does another path by which media, or checks again and again,
 * do come. Nobody gains by that who has no password: only places that have passed a check are sent to.
 */
public final class IceLite {
    private static final char[] ICE_CHARS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".toCharArray();
    private static final int UFRAG_LENGTH = StunRequest.LONGEST_UFRAG; // 48 bits; RFC 8445 §5.3 asks for 24
    private static final int PASSWORD_LENGTH = 24; // 144 bits; RFC 8445 §5.3 asks for 128
    private static final int MOST_PATHS = 16;
    private static final long SILENT_NANOS = 1_000_000_000L;
    private static final int ROLE_CONFLICT = 487; // RFC 8445 §7.3.1.1
    private static final int UNKNOWN_ATTRIBUTE = 420; // RFC 8489 §14.9

    private final List<Remote> remotes = new ArrayList<>();
    private Generation current;
    private @Nullable Generation previous;
    private @Nullable Remote selected;
    private boolean nominated;
    private boolean lost;

    /** {@code local}'s ufrag has at most 8 characters, so that it fits a number. */
    public IceLite(IceParameters local) {
        current = new Generation(local);
    }

    /** New credentials of ours. */
    public static IceParameters fresh(SecureRandom random) {
        return new IceParameters(text(random, UFRAG_LENGTH), text(random, PASSWORD_LENGTH));
    }

    /** The credentials to write into the next answer. */
    public IceParameters local() {
        return current.credentials;
    }

    /** Accepts checks with {@code next} from now on, beside the present ones until the restart is complete. */
    public void restart(IceParameters next) {
        if (previous == null) { // of several restarts in a row only the path that works is kept
            previous = current;
        }
        current = new Generation(next);
    }

    /** Every fragment by which checks for this session may come. */
    public List<Long> ufragKeys() {
        Generation old = previous;
        return old == null ? List.of(current.key) : List.of(current.key, old.key);
    }

    /** Where to send to, once a check has come; null while the only way there was is lost. */
    public @Nullable IcePath path() {
        Remote to = selected;
        return to == null ? null : to.path;
    }

    /** Whether the controlling side has nominated the path. */
    public boolean nominated() {
        return nominated;
    }

    /** Whether there was a way and is none any more. */
    public boolean lost() {
        return lost;
    }

    /** Every path that has passed a check. */
    public List<IcePath> paths() {
        return remotes.stream().map(remote -> remote.path).toList();
    }

    /** Whether a check has been passed from there. */
    public boolean has(InetSocketAddress from, int socket) {
        return find(from, socket) != null;
    }

    /** Authentic media have come from there. */
    public void onMedia(InetSocketAddress from, int socket, long now) {
        Remote present = selected;
        Remote remote = present != null && present.is(from, socket) ? present : find(from, socket);
        if (remote != null) {
            remote.heardNanos = now;
            if (present == null || isSilent(present, now)) {
                selected = remote;
            }
        }
    }

    /**
     * The TCP connection that this path was is gone (RFC 6544 §7.2 leaves it to the browser to connect again). What is sent goes by
     * the path that was heard of last, and if there is none, by the first that comes.
     */
    public void onLost(IcePath path) {
        Remote gone = find(path.remote(), path.socket());
        if (gone == null) {
            return;
        }
        remotes.remove(gone);
        if (gone == selected) {
            Remote freshest = null;
            for (Remote other : remotes) {
                if (freshest == null || other.heardNanos - freshest.heardNanos > 0) {
                    freshest = other;
                }
            }
            selected = freshest;
            nominated = false;
            lost = freshest == null;
        }
    }

    private static boolean isSilent(Remote path, long now) {
        return now - path.heardNanos >= SILENT_NANOS;
    }

    private @Nullable Remote find(InetSocketAddress from, int socket) {
        for (int i = 0; i < remotes.size(); i++) {
            if (remotes.get(i).is(from, socket)) {
                return remotes.get(i);
            }
        }
        return null;
    }

    /** Takes a check whose {@link StunRequest#ufragKey()} is one of ours. Never throws. */
    public IceVerdict onRequest(StunRequest request, IcePath from, long now) {
        Generation generation = authenticated(request);
        if (generation == null) {
            return new IceVerdict.Dropped(IceVerdict.Dropped.Reason.WRONG_INTEGRITY);
        }
        Message message = decoded(request);
        if (message == null) {
            return new IceVerdict.Dropped(IceVerdict.Dropped.Reason.MALFORMED);
        }
        StunResponse response = new StunResponse(request, generation.mac);
        if (message.containsAttribute(
                Attribute.ICE_CONTROLLED)) { // a full agent must control a lite one (RFC 8445 §6.1.1)
            return new IceVerdict.Refused(response.error(ROLE_CONFLICT, "Role Conflict"));
        }
        List<Character> unknown = StunResponse.unknownRequired(request);
        if (!unknown.isEmpty()) {
            return new IceVerdict.Refused(response.unknownAttributes(UNKNOWN_ATTRIBUTE, unknown));
        }
        boolean nominates = message.containsAttribute(Attribute.USE_CANDIDATE);
        return accept(generation, nominates, from, now, response.success(from.remote()));
    }

    private IceVerdict accept(Generation generation, boolean nominates, IcePath from, long now, byte[] response) {
        List<IcePath> forgotten = new ArrayList<>(0);
        Remote remote = remember(from, now, forgotten);
        remote.generation = generation;
        lost = false;
        boolean ofCurrent = generation == current;
        if (selected == null) {
            selected = remote;
        }
        if (nominates) {
            selected = remote;
            nominated = true;
        } else if (isBetter(remote, selected, now)) {
            selected = remote;
        }
        boolean restarted = nominates && ofCurrent && previous != null;
        if (restarted) {
            previous = null;
            remotes.removeIf(other -> {
                boolean gone = other.generation != current;
                if (gone) {
                    forgotten.add(other.path);
                }
                return gone;
            });
        }
        return new IceVerdict.Answered(response, forgotten, restarted);
    }

    /** Whether a path that is checked takes the place of one that is silent. */
    private boolean isBetter(Remote checked, Remote present, long now) {
        boolean isNewGeneration = checked.generation == current && present.generation != current;
        boolean isCheckedAgain = checked.hasEarlierCheck && checked.earlierCheckNanos - present.heardNanos > 0;
        return checked != present && isSilent(present, now) && (isNewGeneration || isCheckedAgain);
    }

    private Remote remember(IcePath from, long now, List<IcePath> forgotten) {
        Remote known = find(from.remote(), from.socket());
        if (known != null) {
            known.onCheck(now);
            return known;
        }
        if (remotes.size() >= MOST_PATHS) {
            Remote oldest = null;
            for (Remote remote : remotes) {
                if (remote != selected && (oldest == null || remote.lastCheckNanos - oldest.lastCheckNanos < 0)) {
                    oldest = remote;
                }
            }
            if (oldest != null) {
                remotes.remove(oldest);
                forgotten.add(oldest.path);
            }
        }
        Remote remote = new Remote(from, current, now);
        remotes.add(remote);
        return remote;
    }

    private @Nullable Generation authenticated(StunRequest request) {
        Generation old = previous;
        if (request.ufragKey() == current.key) {
            return current.signed(request) ? current : null;
        }
        return old != null && request.ufragKey() == old.key && old.signed(request) ? old : null;
    }

    private static @Nullable Message decoded(StunRequest request) {
        try {
            return Message.decode(request.buffer(), request.offset(), request.length());
        } catch (Exception e) { // its decoder throws what it likes on malformed attributes
            return null;
        }
    }

    private static String text(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = ICE_CHARS[bytes[i] & 0x3f];
        }
        return new String(chars);
    }

    private static final class Remote {
        private final IcePath path;
        private Generation generation;
        private long lastCheckNanos;
        private long earlierCheckNanos;
        private boolean hasEarlierCheck;
        private long heardNanos; // a check or media

        private Remote(IcePath path, Generation generation, long now) {
            this.path = path;
            this.generation = generation;
            this.lastCheckNanos = now;
            this.heardNanos = now;
        }

        private boolean is(InetSocketAddress from, int socket) {
            return path.socket() == socket && path.remote().equals(from);
        }

        private void onCheck(long now) {
            earlierCheckNanos = lastCheckNanos;
            hasEarlierCheck = true;
            lastCheckNanos = now;
            heardNanos = now;
        }
    }

    /** One set of credentials with its keyed MAC. */
    private static final class Generation {
        private final IceParameters credentials;
        private final long key;
        private final StunMac mac;

        private Generation(IceParameters credentials) {
            this.credentials = credentials;
            this.key = StunRequest.key(credentials.ufrag());
            this.mac = new StunMac(credentials.password());
        }

        private boolean signed(StunRequest request) {
            return mac.signed(request);
        }
    }

    /** HMAC-SHA1 keyed with a short-term password (RFC 8489 §9.1.1, §14.5). */
    static final class StunMac {
        private static final String ALGORITHM = "HmacSHA1";
        private final Mac mac;
        private final byte[] digest = new byte[StunRequest.INTEGRITY_LENGTH];
        private final byte[] lengthField = new byte[2];

        StunMac(String password) {
            try {
                mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            } catch (InvalidKeyException e) {
                throw new IllegalArgumentException("the password cannot be a key", e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(ALGORITHM + " is in every Java", e);
            }
        }

        private boolean signed(StunRequest request) {
            int at = request.integrityOffset();
            compute(request.buffer(), request.offset(), at);
            int difference = 0;
            int value = request.offset() + at + StunRequest.ATTRIBUTE_HEADER;
            for (int i = 0; i < StunRequest.INTEGRITY_LENGTH; i++) {
                difference |= digest[i] ^ request.buffer()[value + i];
            }
            return difference == 0;
        }

        /** The MAC of a message whose MESSAGE-INTEGRITY starts at {@code integrityOffset}; valid until the next call. */
        byte[] compute(byte[] message, int offset, int integrityOffset) {
            // the length field must count up to and including MESSAGE-INTEGRITY, whatever follows it
            int counted = integrityOffset
                    + StunRequest.ATTRIBUTE_HEADER
                    + StunRequest.INTEGRITY_LENGTH
                    - StunRequest.HEADER_LENGTH;
            lengthField[0] = (byte) (counted >> 8);
            lengthField[1] = (byte) counted;
            try {
                mac.update(message, offset, 2);
                mac.update(lengthField);
                mac.update(message, offset + 4, integrityOffset - 4);
                mac.doFinal(digest, 0);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a MAC of 20 bytes fits into 20 bytes", e);
            }
            return digest;
        }
    }
}
