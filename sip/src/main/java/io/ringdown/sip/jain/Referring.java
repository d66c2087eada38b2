package io.ringdown.sip.jain;

import io.ringdown.sip.InviteForm;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.Referral;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.dialog.ReferTo;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.dialog.SipText;
import io.ringdown.sip.dialog.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a REFER of ours says (RFC 3515 2.1, RFC 5589). No state. */
final class Referring {

    /** A call of this stack, as others of it see it from any thread. */
    interface Sibling extends TrunkCall {

        /** What both have in common if they are of one stack. */
        Object family();

        /** Refer-To that asks to take the place of its peer's dialog; empty where it is not established. */
        Optional<String> referTo();
    }

    private Referring() {}

    /** Throws IllegalArgumentException for what can never be referred to. */
    static void require(Referral referral, Object family) {
        switch (referral) {
            case Referral.Blind blind -> {
                if (!SipText.isNumber(blind.calledNumber())) {
                    throw new IllegalArgumentException("not a number to dial");
                }
            }
            case Referral.Attended attended -> {
                if (!(attended.other() instanceof Sibling sibling)
                        || !sibling.family().equals(family)) {
                    throw new IllegalArgumentException("the other call is not one of these trunks");
                }
            }
        }
    }

    /** What is said; empty where the other call is not established. */
    static Optional<List<SipHeader>> headers(Trunk trunk, Referral referral) {
        return referTo(trunk, referral).map(to -> {
            List<SipHeader> headers = new ArrayList<>();
            headers.add(new SipHeader("Refer-To", to));
            referral.referredBy().ifPresent(number -> headers.add(referredBy(trunk, number)));
            return List.copyOf(headers);
        });
    }

    private static Optional<String> referTo(Trunk trunk, Referral referral) {
        return switch (referral) {
            case Referral.Blind blind -> {
                OutboundInvite asIfOurs = plain(trunk, blind.calledNumber(), blind.form());
                yield Optional.of(ReferTo.of(InviteHeaders.target(trunk, asIfOurs)));
            }
            case Referral.Attended attended ->
                attended.other() instanceof Sibling sibling ? sibling.referTo() : Optional.empty();
        };
    }

    private static OutboundInvite plain(Trunk trunk, String number, InviteForm form) {
        InviteForm noHelp =
                new InviteForm(form.caller(), form.phoneContext(), form.userPhone(), form.headers(), Optional.empty());
        return new OutboundInvite(trunk.name(), number, Optional.empty(), Optional.empty(), "", noHelp);
    }

    private static SipHeader referredBy(Trunk trunk, String number) {
        return new InviteHeaders(trunk, plain(trunk, "", InviteForm.PLAIN)).referredBy(number);
    }

    /** Refer-To for the dialog that stands so, in a call with this identity. */
    static Optional<String> referTo(List<Standing> standings, Writing.Identity identity) {
        return confirmed(standings)
                .flatMap(one -> one.seenByPeer(identity.callId(), identity.localTag())
                        .map(replaces -> ReferTo.of(one.remoteTarget(), replaces)));
    }

    /** The dialog that is established, and that Replaces can name. */
    static Optional<Standing> confirmed(List<Standing> standings) {
        return standings.stream()
                .filter(one -> one.phase() == Standing.Phase.CONFIRMED)
                .filter(one -> !one.remoteTag().isEmpty()) // a peer of RFC 2543, which knows no Replaces either
                .findFirst();
    }
}
