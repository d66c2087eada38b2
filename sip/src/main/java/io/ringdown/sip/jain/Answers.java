package io.ringdown.sip.jain;

import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.dialog.Extensions;
import io.ringdown.sip.dialog.Methods;
import io.ringdown.sip.dialog.SessionTimer;
import io.ringdown.sip.dialog.SipHeader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javax.sip.address.SipURI;
import javax.sip.address.TelURL;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.message.Request;

/** Which requests are answered without any call being asked, and how (RFC 3261 8.2, 16.3). No state. */
final class Answers {
    private static final Set<String> KNOWN = Set.of(
            "INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "INFO", "PRACK", "NOTIFY", "REFER", "SUBSCRIBE");

    private static final Set<String> UNDERSTOOD = Set.of("timer", "100rel");

    private static final String OUTBOUND = "outbound"; // RFC 5626 11.1

    private static final Set<String> SDP_OR_WIDER = Set.of("application/sdp", "application/*", "*/*");

    private Answers() {}

    /**
     * An answer.
     *
     * @param status its status
     * @param headers what it needs to say
     */
    record Answer(int status, List<SipHeader> headers) {
        static Answer of(int status, SipHeader... headers) {
            return new Answer(status, List.of(headers));
        }
    }

    /**
     * The refusal that a request's form calls for; empty where it may go on.
     *
     * @param transfers whether its sender's calls may be transferred; only asked where that makes a difference
     */
    static Optional<Answer> refusal(Request request, BooleanSupplier transfers) {
        if (!KNOWN.contains(request.getMethod())) {
            return Optional.of(notAllowed(transfers.getAsBoolean()));
        }
        if (!(request.getRequestURI() instanceof SipURI) && !(request.getRequestURI() instanceof TelURL)) {
            return Optional.of(Answer.of(416));
        }
        boolean outside = Reading.toTag(request).isEmpty();
        if (outside
                && request.getMethod().equals(Request.INVITE)
                && request.getHeader(MaxForwardsHeader.NAME) instanceof MaxForwardsHeader hops
                && hops.getMaxForwards() == 0) {
            return Optional.of(Answer.of(483)); // we would call on
        }
        return unknownExtension(
                        request,
                        tag -> UNDERSTOOD.contains(tag)
                                || (Methods.OF_TRANSFERS.contains(tag) && transfers.getAsBoolean()))
                .or(() -> unknownBody(request))
                .or(() -> unacceptable(request));
    }

    /** The same of a REGISTER (RFC 3261 10.3). */
    static Optional<Answer> refusalOfRegister(Request register) {
        return unknownExtension(register, OUTBOUND::equals);
    }

    private static Optional<Answer> unknownExtension(Request request, Predicate<String> understood) {
        List<String> required = Reading.optionTags(request, "Require");
        if (required.isEmpty()
                || request.getMethod().equals("ACK")
                || request.getMethod().equals("CANCEL")) {
            return Optional.empty();
        }
        boolean asked = false;
        StringBuilder unsupported = new StringBuilder();
        for (String tag : required) {
            if (understood.test(tag)) {
                continue;
            }
            asked = true;
            // Only well-formed tokens are said again, and few.
            if (tag.matches("[a-z0-9.!%*_+`'~-]{1,32}") && unsupported.length() < 128) {
                unsupported.append(unsupported.isEmpty() ? "" : ", ").append(tag);
            }
        }
        if (!asked) {
            return Optional.empty();
        }
        return unsupported.isEmpty()
                ? Optional.of(Answer.of(400))
                : Optional.of(Answer.of(420, new SipHeader("Unsupported", unsupported.toString())));
    }

    private static Optional<Answer> unknownBody(Request request) {
        boolean described = request.getMethod().equals("INVITE")
                || request.getMethod().equals("UPDATE")
                || request.getMethod().equals("PRACK");
        if (described
                && Reading.hasBody(request)
                && Reading.sdp(request).isEmpty()
                && request.getHeader(ContentTypeHeader.NAME) != null) {
            return Optional.of(Answer.of(415, new SipHeader("Accept", "application/sdp")));
        }
        return Optional.empty();
    }

    /** What is refused of an INVITE that begins a call on a trunk with such session timers (RFC 4028 9). */
    static Optional<Answer> refusal(Request invite, SessionTimerSettings timer) {
        Extensions said = Reading.extensions(invite);
        if (timer.expires().isZero() && said.required().contains("timer")) {
            return Optional.of(Answer.of(420, new SipHeader("Unsupported", "timer")));
        }
        return SessionTimer.refusal(timer, said).map(minSe -> Answer.of(422, minSe));
    }

    // RFC 3261 20.1 and 21.4.7: whoever names what may be answered, and leaves SDP out, can take no answer of ours.
    private static Optional<Answer> unacceptable(Request request) {
        Optional<List<String>> accepted = Reading.accepted(request);
        if (request.getMethod().equals("INVITE")
                && accepted.isPresent()
                && accepted.get().stream().noneMatch(SDP_OR_WIDER::contains)) {
            return Optional.of(Answer.of(406));
        }
        return Optional.empty();
    }

    static Answer notAllowed(boolean transfers) {
        return Answer.of(405, Methods.allow(transfers));
    }

    static Answer options(InfoRules info, boolean transfers) {
        return new Answer(200, Methods.ofOptions(info, transfers));
    }

    /** Spread, so that the refused do not come back all at once. */
    static Answer overloaded() {
        int seconds = 2 + ThreadLocalRandom.current().nextInt(8);
        return Answer.of(503, new SipHeader("Retry-After", Integer.toString(seconds)));
    }
}
