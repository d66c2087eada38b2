package io.ringdown.gateway.routing;

import io.ringdown.sip.CallerIdentity;
import io.ringdown.sip.Diverted;
import io.ringdown.sip.EmergencyCall;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.InviteForm;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.Referral;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What each trunk wants said, and how what it says is read. Immutable. */
public final class TrunkLines {
    private static final Line PLAIN = new Line(TrunkNumbers.defaults(), CallerSettings.defaults());

    private final Map<String, Spoken> lines = new HashMap<>();
    private final Spoken others;
    private final NumberPlan plan;
    private final EmergencySettings help;
    private final Optional<LocationDocument> place;

    /**
     * How one trunk is spoken to.
     *
     * @param refers whether it is asked to transfer calls
     */
    public record Line(TrunkNumbers numbers, CallerSettings caller, boolean refers) {
        /** One that is asked to. */
        public Line(TrunkNumbers numbers, CallerSettings caller) {
            this(numbers, caller, true);
        }
    }

    /** The same, with the plan that the trunk's numbers are read by. */
    private record Spoken(TrunkNumbers numbers, CallerSettings caller, NumberPlan plan, boolean refers) {}

    /**
     * A call that is to leave.
     *
     * @param to the number, as {@link Decision} has it
     * @param from who calls
     * @param emergency whether it calls for help
     */
    public record Leaving(PhoneNumber to, Caller from, boolean emergency) {}

    /** Lines by the names of their trunks; others are plain. Calls for help say no place but by reference. */
    public TrunkLines(Map<String, Line> lines, NumberPlan plan, EmergencySettings help) {
        this(lines, plan, help, Optional.empty());
    }

    /** The same, with the document that calls for help have with them. */
    public TrunkLines(
            Map<String, Line> lines, NumberPlan plan, EmergencySettings help, Optional<LocationDocument> place) {
        this.plan = plan;
        this.others = spoken(PLAIN);
        lines.forEach((trunk, line) -> this.lines.put(trunk, spoken(line)));
        this.help = help;
        this.place = place;
    }

    /** The INVITE of this call to this trunk. */
    public OutboundInvite invite(String trunk, Leaving call, String sdp) {
        if (trunk.equals(Extensions.HOUSE)) {
            return within(call, sdp);
        }
        Spoken line = line(trunk);
        Optional<PhoneNumber> caller = caller(call);
        return new OutboundInvite(
                trunk,
                called(trunk, call).digits(),
                caller.map(number -> line.numbers.caller(number, line.plan).digits()),
                call.from.name(),
                sdp,
                new InviteForm(
                        identity(line, call, caller),
                        line.numbers.phoneContext(),
                        line.numbers.userPhone(),
                        call.from.headers(),
                        call.emergency
                                ? Optional.of(new EmergencyCall(
                                        help.sosUrn(),
                                        help.location().map(URI::toString),
                                        place.map(LocationDocument::xml)))
                                : Optional.empty()));
    }

    /** Who is in the house is shown who calls as they are known there, and by what was dialled. */
    private static OutboundInvite within(Leaving call, String sdp) {
        Caller from = call.from;
        return new OutboundInvite(
                Extensions.HOUSE,
                call.to.digits(),
                from.number().filter(_ -> !from.anonymous()).map(PhoneNumber::digits),
                from.name().filter(_ -> !from.anonymous()),
                sdp,
                new InviteForm(CallerIdentity.IN_FROM, Optional.empty(), false, from.headers(), Optional.empty()));
    }

    /** The number as this trunk gets it. */
    public PhoneNumber called(String trunk, Leaving call) {
        Spoken line = line(trunk);
        // A number that calls for help is known by all as it is.
        return call.emergency ? call.to : line.numbers.called(call.to, line.plan);
    }

    private Optional<PhoneNumber> caller(Leaving call) {
        Optional<PhoneNumber> own = call.from.number().map(plan::canonical);
        return call.emergency ? help.callback().or(() -> own) : own;
    }

    private CallerIdentity identity(Spoken line, Leaving call, Optional<PhoneNumber> caller) {
        return new CallerIdentity(
                // Help must be able to call back.
                call.from.anonymous() && !call.emergency,
                line.caller.assertedIdentity(),
                line.caller.remotePartyId(),
                forwarding(line.caller.diversion(), line, call, caller),
                forwarding(line.caller.historyInfo(), line, call, caller));
    }

    // Only beside another number; and a call for help was forwarded by nobody.
    private Optional<String> forwarding(
            Optional<PhoneNumber> configured, Spoken line, Leaving call, Optional<PhoneNumber> caller) {
        return configured
                .map(plan::canonical)
                .filter(own -> !call.emergency
                        && caller.filter(shown -> !shown.equals(own)).isPresent())
                .map(own -> line.numbers.caller(own, line.plan).digits());
    }

    /** Whether this trunk is asked to transfer calls. */
    public boolean refers(String trunk) {
        return !trunk.equals(Extensions.HOUSE) && line(trunk).refers;
    }

    /** The REFER by which this trunk is asked to call somebody else, on behalf of this number (RFC 3892). */
    public Referral.Blind referral(String trunk, PhoneNumber to, Optional<PhoneNumber> by) {
        Spoken line = line(trunk);
        return new Referral.Blind(
                line.numbers.called(to, line.plan).digits(),
                new InviteForm(
                        CallerIdentity.IN_FROM,
                        line.numbers.phoneContext(),
                        line.numbers.userPhone(),
                        Map.of(),
                        Optional.empty()),
                by.map(number -> shown(trunk, number)));
    }

    /** A number of ours as this trunk is shown it. */
    public String shown(String trunk, PhoneNumber ours) {
        Spoken line = line(trunk);
        return line.numbers.caller(plan.canonical(ours), line.plan).digits();
    }

    /** The number that a trunk calls; empty if that is none. */
    public Optional<PhoneNumber> called(InboundInvite invite) {
        return read(invite.trunk(), invite.calledNumber());
    }

    /** A number as a trunk writes it; empty if it is none. */
    public Optional<PhoneNumber> read(String trunk, String written) {
        return PhoneNumber.of(written).map(number -> read(trunk, number));
    }

    /** The same, with who calls and who sent it on as numbers of the world where they are such, else as the trunk says them. */
    public InboundInvite read(InboundInvite said) {
        return new InboundInvite(
                said.trunk(),
                said.calledNumber(),
                worldly(said.trunk(), said.callerNumber()),
                said.callerName(),
                said.sdp(),
                said.headers(),
                said.diverted()
                        .map(before -> new Diverted(
                                worldly(said.trunk(), before.last()),
                                worldly(said.trunk(), before.first()),
                                before.why())),
                said.place(),
                said.replaces());
    }

    private Optional<String> worldly(String trunk, Optional<String> written) {
        return written.map(said ->
                PhoneNumber.of(said).map(number -> read(trunk, number).digits()).orElse(said));
    }

    /**
     * The number that a trunk redirects a call to, written as it is written to it; empty if that is none, or calls for help in the
     * trunk's country.
     */
    public Optional<PhoneNumber> redirected(String trunk, String number) {
        Spoken line = line(trunk);
        return PhoneNumber.of(number)
                .map(line.numbers::withoutPrefix)
                .filter(bare -> !line.plan.isEmergency(bare.digits()))
                .map(bare -> line.numbers.in().read(bare, line.plan));
    }

    private PhoneNumber read(String trunk, PhoneNumber written) {
        if (trunk.equals(Extensions.HOUSE)) {
            return written;
        }
        Spoken line = line(trunk);
        return line.numbers.in().read(written, line.plan);
    }

    private Spoken spoken(Line line) {
        return new Spoken(line.numbers, line.caller, line.numbers.plan(plan), line.refers);
    }

    private Spoken line(String trunk) {
        return lines.getOrDefault(trunk, others);
    }
}
