package io.ringdown.media.bridge;

import io.ringdown.media.Side;
import org.jspecify.annotations.Nullable;

/** A bridge's part in other calls, and other calls' in it: who hears its sides, and whom they hear. Owned by one thread. */
final class SoundLinks {
    private final Mouth browser;
    private final Mouth telephone;
    private final Mixing toBrowser;
    private final Mixing toTelephone;

    SoundLinks(Mouth browser, Mouth telephone, Mixing toBrowser, Mixing toTelephone) {
        this.browser = browser;
        this.telephone = telephone;
        this.toBrowser = toBrowser;
        this.toTelephone = toTelephone;
    }

    /** This side hears one more. */
    void hear(Side ear, SoundRing link) {
        switch (ear) {
            case WEB -> toBrowser.add(link);
            case TRUNK -> toTelephone.add(link);
        }
    }

    /** This side is heard by one more. */
    void speak(Side mouth, SoundRing link) {
        switch (mouth) {
            case WEB -> browser.heardBy(link);
            case TRUNK -> telephone.heardBy(link);
        }
    }

    /**
     * Both directions as they are now. A telephone that is held hears nobody of other calls; the browser that holds it hears them,
     * and is heard by them, but hears nothing of the telephone.
     */
    void connect(@Nullable Direction fromBrowser, @Nullable Direction fromTelephone, boolean isHeld, long now) {
        browser.apart(isHeld);
        if (fromTelephone != null) {
            fromTelephone.mute(isHeld && isBrowserMixed());
        }
        join(fromBrowser, browser, toTelephone, !isHeld, now);
        join(fromTelephone, telephone, toBrowser, true, now);
    }

    /** Whether what the browser hears is mixed. */
    boolean isBrowserMixed() {
        return toBrowser.isWanted();
    }

    private static void join(@Nullable Direction direction, Mouth from, Mixing to, boolean isMixed, long now) {
        if (direction == null) {
            to.detach();
        } else {
            direction.mixedBy(to.isWanted() && isMixed ? to : null, now);
            direction.saidTo(from.isHeard() ? from : null);
        }
    }

    /** Lets what is due leave; whether somebody has gone: then {@link #connect} is due. */
    boolean onTime(long now) {
        boolean isBrowserAlone = toBrowser.onTime(now);
        boolean isTelephoneAlone = toTelephone.onTime(now);
        boolean isBrowserLeft = browser.isLeft();
        boolean isTelephoneLeft = telephone.isLeft();
        return isBrowserAlone || isTelephoneAlone || isBrowserLeft || isTelephoneLeft;
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        return Math.min(toBrowser.nextWakeup(), toTelephone.nextWakeup());
    }

    /** Whether digits are kept from who hears its sides. */
    void secure(boolean wanted) {
        browser.secure(wanted);
        telephone.secure(wanted);
    }

    /** The call is over. */
    void end() {
        toBrowser.end();
        toTelephone.end();
        browser.end();
        telephone.end();
    }
}
