package io.ringdown.sip.jain;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.dialog.CallCore;
import io.ringdown.sip.dialog.InboundCall;
import io.ringdown.sip.dialog.Opening;
import io.ringdown.sip.dialog.OutboundCall;
import io.ringdown.sip.locate.Target;
import java.net.InetAddress;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;

/**
 * A call that was written down, made again.
 *
 * @param call the call
 * @param waiting where it is one of theirs that has no final response yet: what finds it by its CANCEL
 */
record Restored(JainCall call, Optional<Waiting> waiting) {
    // Written longer ago than any session lasts.
    private static final Duration MAX_AGE = Duration.ofDays(2);

    /**
     * An INVITE that waits for its final response.
     *
     * @param core the call's state
     * @param invite as far as a response repeats it
     */
    record Waiting(InboundCall core, Request invite) {}

    /**
     * Makes it; IllegalArgumentException where what was written makes no sense.
     *
     * @param id names the INVITE for its response
     */
    static Restored of(DialogState dialog, Trunk trunk, TrunkListener listener, long id, JainCall.Surroundings around) {
        try {
            return made(dialog, trunk, listener, id, around);
        } catch (ParseException e) {
            throw new IllegalArgumentException("what was written of " + dialog + " makes no sense", e);
        }
    }

    private static Restored made(
            DialogState dialog, Trunk trunk, TrunkListener listener, long id, JainCall.Surroundings around)
            throws ParseException {
        long now = System.nanoTime();
        long age = Math.clamp(System.currentTimeMillis() - dialog.writtenAtMillis(), 0, MAX_AGE.toMillis());
        long writtenAt = now - TimeUnit.MILLISECONDS.toNanos(age);
        DialogState.Way way = dialog.way();
        Target target = reachable(dialog, trunk, around);
        CallCore core = switch (dialog.direction()) {
            case OUTBOUND -> OutboundCall.of(dialog.invite(), dialog.course(), trunk.terms(), writtenAt, now);
            case INBOUND -> InboundCall.of(id, dialog.invite(), dialog.course(), trunk.terms(), writtenAt, now);
        };
        Writing.Identity identity = new Writing.Identity(
                dialog.callId(), dialog.local(), dialog.localTag(), dialog.remote(), dialog.contactUser());
        JainCall call = new JainCall(
                trunk,
                listening(trunk, target, way.from()),
                way.transport(),
                identity,
                core,
                listener,
                "restored on " + trunk.name(),
                Opening.written(),
                around);
        call.peer(target.address(), target.port());
        call.goOnFrom(dialog);
        if (!(core instanceof InboundCall theirs) || dialog.stage() != DialogState.Stage.EARLY) {
            return new Restored(call, Optional.empty());
        }
        Request invite = invite(dialog, identity, around.writing());
        call.asked(id, new JainCall.Asked(invite, null));
        return new Restored(call, Optional.of(new Waiting(theirs, invite)));
    }

    // What comes from a trunk over a connection comes from a port that nobody listens on once the connection is gone:
    // what
    // has no better address goes to where the trunk is.
    private static Target reachable(DialogState dialog, Trunk trunk, JainCall.Surroundings around) {
        DialogState.Way way = dialog.way();
        SipTransport transport = way.transport();
        Target heard = new Target(InetAddress.ofLiteral(way.address()), way.port(), transport);
        if (dialog.direction() == DialogState.Direction.OUTBOUND
                || transport == SipTransport.UDP
                || around.isConnected(heard)) {
            return heard;
        }
        return trunk.targets()
                .best()
                .filter(target -> target.transport() == transport)
                .orElseGet(() -> new Target(heard.address(), transport.defaultPort(), transport));
    }

    private static Listening listening(Trunk trunk, Target target, String from) {
        return trunk.serving().stream()
                .filter(one -> one.speaks(target.transport()))
                .filter(one -> one.settings().address().getHostAddress().equals(from))
                .findFirst()
                .orElseGet(() -> trunk.listening(target));
    }

    // RFC 3261 18.2.2: the connection is gone, so the port that it came from is nobody's; a new one goes to where the
    // caller listens.
    private static Request invite(DialogState dialog, Writing.Identity identity, Writing writing)
            throws ParseException {
        Request invite =
                writing.received(dialog.invite(), identity, dialog.course().remoteTag());
        if (dialog.way().transport() != SipTransport.UDP) {
            ((ViaHeader) invite.getHeader(ViaHeader.NAME)).removeParameter("rport");
        }
        return invite;
    }
}
