package io.ringdown.media.quality;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Why somebody does not hear somebody, or that all is well. {@code toString} is for the operator and may name addresses; what
 * {@link #about} says is for everybody. To add one: a record here, and a rule in {@link OneWayAudio}.
 */
public sealed interface Diagnosis {

    /** Where a cause is. */
    enum Side {
        NONE,
        BROWSER,
        TRUNK
    }

    /** Who hears nothing. */
    enum Deaf {
        NOBODY,
        TELEPHONE,
        BROWSER,
        BOTH
    }

    /**
     * What there is to tell.
     *
     * @param code stable, for programs
     * @param side where the cause is
     * @param deaf who hears nothing because of it
     * @param isFault whether something is broken; all well, and the wish of one of the two, are none
     * @param text in plain words, for the one at the browser
     */
    record About(String code, Side side, Deaf deaf, boolean isFault, String text) {
        private static About fault(String code, Side side, Deaf deaf, String text) {
            return new About(code, side, deaf, true, text);
        }

        private static About noFault(String code, Side side, Deaf deaf, String text) {
            return new About(code, side, deaf, false, text);
        }
    }

    /** What there is to tell. */
    About about();

    /** Sound flows both ways, as far as can be seen. */
    record Fine() implements Diagnosis {
        private static final About ABOUT = About.noFault("fine", Side.NONE, Deaf.NOBODY, "Sound flows both ways.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** Nothing is wrong so far, but there has been no time to tell. */
    record TooEarly() implements Diagnosis {
        private static final About ABOUT =
                About.noFault("too-early", Side.NONE, Deaf.NOBODY, "It is too early to tell.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** One side has put the other on hold (RFC 3264 §8.4). */
    record OnHold(Side by) implements Diagnosis {
        private static final About BY_TRUNK =
                About.noFault("on-hold", Side.TRUNK, Deaf.NOBODY, "The other side has put the call on hold.");
        private static final About BY_BROWSER =
                About.noFault("on-hold", Side.BROWSER, Deaf.NOBODY, "The call is on hold.");

        @Override
        public About about() {
            return by == Side.TRUNK ? BY_TRUNK : BY_BROWSER;
        }
    }

    /** The telephone hears silence because our client has asked for it. */
    record BrowserMuted() implements Diagnosis {
        private static final About ABOUT =
                About.noFault("browser-muted", Side.BROWSER, Deaf.TELEPHONE, "They cannot hear you: you are muted.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** ICE has never connected: no authentic check has come from the browser. */
    record BrowserUnreachable(long forMillis) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "browser-unreachable",
                Side.BROWSER,
                Deaf.BOTH,
                "This browser has not reached the gateway; a firewall or VPN may be blocking UDP.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** ICE was up, and nothing authentic comes any more. */
    record BrowserPathLost(long silentMillis) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "browser-path-lost",
                Side.BROWSER,
                Deaf.BOTH,
                "The connection between this browser and the gateway is broken.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** Nothing comes from the browser just now, neither media nor checks: its page reloads, or its network changes. */
    record BrowserAway(long silentMillis) implements Diagnosis {
        private static final About ABOUT = About.noFault(
                "browser-away",
                Side.BROWSER,
                Deaf.BOTH,
                "Nothing comes from this browser just now; its page may be reloading, or its network changing.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** The DTLS handshake came to nothing, or does not come to an end. */
    record BrowserDtlsFailed(WebPath.Dtls dtls) implements Diagnosis {
        private static final About WRONG_CERTIFICATE = About.fault(
                "browser-wrong-certificate",
                Side.BROWSER,
                Deaf.BOTH,
                "The secure connection was refused: the certificate is not the one that the browser announced.");
        private static final About FAILED = About.fault(
                "browser-dtls-failed",
                Side.BROWSER,
                Deaf.BOTH,
                "The secure connection between this browser and the gateway could not be set up.");

        @Override
        public About about() {
            return dtls == WebPath.Dtls.WRONG_CERTIFICATE ? WRONG_CERTIFICATE : FAILED;
        }
    }

    /** The browser has closed DTLS: its page is gone. */
    record BrowserClosed() implements Diagnosis {
        private static final About ABOUT =
                About.fault("browser-closed", Side.BROWSER, Deaf.BOTH, "The browser has closed the connection.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** The browser sends media, but has not completed the handshake that they need. */
    record BrowserMediaBeforeKeys(long packets) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "browser-media-before-keys",
                Side.BROWSER,
                Deaf.BOTH,
                "This browser sends sound before the secure connection is complete.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** Media come from the address of the browser, and none of them open. */
    record BrowserMediaRefused(long packets) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "browser-media-refused",
                Side.BROWSER,
                Deaf.TELEPHONE,
                "They cannot hear you: what this browser sends cannot be decrypted.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** The browser is there, but sends no media. */
    record BrowserSendsNothing(long silentMillis) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "browser-sends-nothing",
                Side.BROWSER,
                Deaf.TELEPHONE,
                "They cannot hear you: this browser sends no sound.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** The browser sends packets without a sound: a microphone that is off, or that was never loud enough to be heard. */
    record BrowserSendsSilence(boolean digital, long silentMillis) implements Diagnosis {
        private static final About DIGITAL = About.fault(
                "browser-sends-silence",
                Side.BROWSER,
                Deaf.TELEPHONE,
                "They cannot hear you: your microphone is silent. It may be muted or switched off.");
        private static final About QUIET = About.fault(
                "browser-is-quiet",
                Side.BROWSER,
                Deaf.TELEPHONE,
                "They may not hear you: nothing loud enough has come from your microphone.");

        @Override
        public About about() {
            return digital ? DIGITAL : QUIET;
        }
    }

    /** We send, and the reports of the browser say that nothing arrives. */
    record BrowserReceivesNothing(long reports) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "browser-receives-nothing",
                Side.BROWSER,
                Deaf.BROWSER,
                "You cannot hear them: what the gateway sends does not reach this browser.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** The machine of the trunk says that nobody listens at the port of its own description (ICMP port unreachable). */
    record TrunkPortUnreachable(InetSocketAddress target, long times) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "trunk-port-unreachable",
                Side.TRUNK,
                Deaf.TELEPHONE,
                "They cannot hear you: nobody listens at the port that the telephone network has announced.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** SRTP comes from the trunk, but none of it opens: its keys are not those of its description. */
    record TrunkMediaRefused(long packets) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "trunk-media-refused",
                Side.TRUNK,
                Deaf.BROWSER,
                "You cannot hear them: what the telephone network sends does not fit the keys it has announced.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /**
     * Nothing comes from where the description of the trunk says, but RTP comes from elsewhere; {@code media.latch} of the trunk
     * would take it from there, if that is the trunk.
     */
    record TrunkSendsFromElsewhere(InetSocketAddress expected, InetSocketAddress seen) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "trunk-sends-from-elsewhere",
                Side.TRUNK,
                Deaf.BROWSER,
                "You cannot hear them: the telephone network sends from another address than it has announced.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** Nothing comes, and the description of the trunk names a private address, while the trunk itself has a public one. */
    record TrunkAddressPrivate(InetAddress described, InetAddress trunk) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "trunk-address-private",
                Side.TRUNK,
                Deaf.BOTH,
                "Neither side hears the other: the telephone network has announced an address that is valid only inside it.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** The trunk should send, and nothing comes. */
    record TrunkSendsNothing(long silentMillis) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "trunk-sends-nothing",
                Side.TRUNK,
                Deaf.BROWSER,
                "You cannot hear them: no sound comes from the telephone network.");

        @Override
        public About about() {
            return ABOUT;
        }
    }

    /** The trunk sends packets without a sound. */
    record TrunkSendsSilence(boolean digital, long silentMillis) implements Diagnosis {
        private static final About DIGITAL = About.fault(
                "trunk-sends-silence",
                Side.TRUNK,
                Deaf.BROWSER,
                "You hear nothing: the telephone network sends silence. They may be muted.");
        private static final About QUIET = About.fault(
                "trunk-is-quiet",
                Side.TRUNK,
                Deaf.BROWSER,
                "You may not hear them: nothing loud enough has come from the telephone.");

        @Override
        public About about() {
            return digital ? DIGITAL : QUIET;
        }
    }

    /** We send, and the reports of the trunk say that nothing arrives. */
    record TrunkReceivesNothing(long reports) implements Diagnosis {
        private static final About ABOUT = About.fault(
                "trunk-receives-nothing",
                Side.TRUNK,
                Deaf.TELEPHONE,
                "They cannot hear you: what the gateway sends does not reach the telephone network.");

        @Override
        public About about() {
            return ABOUT;
        }
    }
}
