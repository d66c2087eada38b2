package io.ringdown.gateway.check;

import io.ringdown.media.sdp.DescribedAudio;
import io.ringdown.media.sdp.Direction;
import io.ringdown.sip.trace.TracedMessage;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads out of a call what a trunk can and does. Pure: a conversation and what was measured go in, findings come out. */
final class CallJudge {
    private static final Pattern REALM = Pattern.compile("realm=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern ALGORITHM = Pattern.compile("algorithm=\"?([A-Za-z0-9-]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SESSION_EXPIRES =
            Pattern.compile("(\\d+)(?:.*refresher=(uac|uas))?.*", Pattern.CASE_INSENSITIVE);

    private final Conversation said;

    CallJudge(Conversation said) {
        this.said = said;
    }

    /** By what the trunk was reached, and where; empty where nothing has left. */
    Optional<Finding> transport() {
        return said.messages().stream()
                .filter(TracedMessage::sent)
                .reduce((_, last) -> last)
                .map(message -> Finding.ok(
                        "transport",
                        message.transport() + " to "
                                + message.to().getAddress().getHostAddress() + " port "
                                + message.to().getPort()));
    }

    /** What a question for nothing in particular got (RFC 3261 11). */
    Finding options() {
        Optional<TracedMessage> answer = said.answer("OPTIONS", _ -> true);
        if (answer.isEmpty()) {
            return Finding.note(
                    "OPTIONS", "no answer", "some carriers answer none: leave health.ping at 0s for this trunk");
        }
        String line = answer.get().firstLine().substring("SIP/2.0 ".length());
        return Conversation.status(answer.get()).orElse(0) == 503
                ? Finding.bad("OPTIONS", line, "the carrier is not ready; try again, then ask them")
                : Finding.ok("OPTIONS", line + ": health.ping can be used");
    }

    /** What became of our registration, where we register. */
    Finding register(boolean configured) {
        if (!configured) {
            return Finding.skipped("REGISTER", "not configured");
        }
        Optional<TracedMessage> last = said.answers("REGISTER", _ -> true).reduce((_, next) -> next);
        if (last.isEmpty()) {
            return Finding.bad(
                    "REGISTER", "no answer", "is this the registrar? Compare sip.address with the carrier's");
        }
        int status = Conversation.status(last.get()).orElse(0);
        String line = last.get().firstLine().substring("SIP/2.0 ".length());
        if (status == 200) {
            return Finding.ok("REGISTER", line);
        }
        return Finding.bad(
                "REGISTER",
                line,
                status == 401 || status == 403 || status == 407
                        ? "compare username, password and realm with the carrier's"
                        : "compare register.uri with the carrier's, then ask them");
    }

    /** Whether and how the trunk asked who we are. */
    Finding credentials(boolean configured) {
        Optional<TracedMessage> asked = said.answer("INVITE", status -> status == 401 || status == 407);
        if (asked.isEmpty()) {
            return configured
                    ? Finding.note(
                            "credentials",
                            "it did not ask for them: it knows us by our address",
                            "username and password are not needed for calls, as it seems")
                    : Finding.ok("credentials", "it knows us by our address");
        }
        String challenge = Conversation.header(asked.get(), "WWW-Authenticate")
                .or(() -> Conversation.header(asked.get(), "Proxy-Authenticate"))
                .orElse("");
        String how = "it asked for realm " + first(REALM, challenge).orElse("?") + ", "
                + first(ALGORITHM, challenge).orElse("MD5");
        long times = said.answers("INVITE", status -> status == 401 || status == 407)
                .map(TracedMessage::text)
                .distinct()
                .count();
        boolean let = said.answer("INVITE", status -> status > 100 && status != 401 && status != 407)
                .isPresent();
        if (let) {
            return Finding.ok("credentials", how + ", and took ours");
        }
        return Finding.bad(
                "credentials",
                how + (times > 1 ? ", and refused ours" : ", and got none"),
                configured
                        ? "compare username and password with the carrier's, and realm, if it is set, with the realm above"
                        : "set username and password, or have the carrier allow the address above");
    }

    /** How the call was answered at all; BAD where it was not. */
    Finding call(Duration toFirstWord, Optional<Duration> toAnswer, Optional<String> failure) {
        Optional<TracedMessage> refusal =
                said.answer("INVITE", status -> status >= 300 && status != 401 && status != 407);
        if (toAnswer.isPresent()) {
            return Finding.ok(
                    "call", "first word after " + millis(toFirstWord) + ", answered after " + millis(toAnswer.get()));
        }
        String seen = refusal.map(TracedMessage::firstLine)
                .map(line -> line.substring("SIP/2.0 ".length()))
                .orElse(failure.orElse("no answer"));
        return Finding.bad(
                "call", seen, adviceFor(refusal.map(Conversation::status).orElse(OptionalInt.empty())));
    }

    private static String adviceFor(OptionalInt status) {
        return switch (status.orElse(0)) {
            case 0 -> "is the number one that answers by itself? Is RTP and SIP let through by every firewall?";
            case 403 -> "the carrier forbids it: the caller's number (from-user), the address, or the destination";
            case 404, 484, 604 ->
                "the number's form: compare what the carrier wants, and how it goes out, in the trace";
            case 480, 486, 600, 603 -> "the telephone is busy or off: take a number that answers by itself";
            case 488, 606 -> "no codec in common: compare the trunk's media.codecs with what the carrier takes";
            case 500, 502, 503, 504 -> "the carrier's side; try again, then ask them with the Call-ID below";
            default -> "ask the carrier with the Call-ID below";
        };
    }

    /** What was heard before the answer. */
    Finding earlyMedia(long packetsBeforeAnswer) {
        boolean described = said.answers("INVITE", status -> status > 100 && status < 200)
                .anyMatch(message -> Conversation.audio(message).isPresent());
        boolean rang = said.answer("INVITE", status -> status == 180).isPresent();
        boolean reliable = said.sent("PRACK");
        String acknowledged = reliable ? ", acknowledged by PRACK" : "";
        if (described && packetsBeforeAnswer > 0) {
            return Finding.ok("early media", packetsBeforeAnswer + " packets before the answer" + acknowledged);
        }
        if (described) {
            return Finding.note(
                    "early media",
                    "announced by a 18x with SDP, but no packet came before the answer" + acknowledged,
                    "if the answer came at once that is all right; else a firewall may drop RTP from the carrier");
        }
        return Finding.ok(
                "early media", (rang ? "180 without SDP: browsers play their own ringing" : "none") + acknowledged);
    }

    /** What the trunk's answer takes of what we offered. */
    Finding codecs() {
        Optional<DescribedAudio> audio = answered();
        if (audio.isEmpty() || audio.get().codecs().isEmpty()) {
            return Finding.bad("codecs", "the answer has no audio", "compare media.codecs with what the carrier takes");
        }
        OptionalInt ptime = audio.get().ptimeMillis();
        return Finding.ok(
                "codecs",
                String.join(", ", audio.get().codecs()) + (ptime.isPresent() ? ", " + ptime.getAsInt() + " ms" : ""));
    }

    /** Whether digits may go as telephone-events. */
    Finding telephoneEvent() {
        return answered().filter(DescribedAudio::hasEvents).isPresent()
                ? Finding.ok("telephone-event", "agreed (RFC 4733)")
                : Finding.note(
                        "telephone-event",
                        "not agreed: digits go as tones, or by INFO where the carrier allows it",
                        "ask the carrier for RFC 4733, or pin dtmf.road");
    }

    private Optional<DescribedAudio> answered() {
        return said.answers("INVITE", status -> status > 100 && status < 300)
                .flatMap(message -> Conversation.audio(message).stream())
                .reduce((_, last) -> last);
    }

    /** Whether sound came. */
    Finding sound(long packets, long lost, Duration in, Optional<InetAddress> ours) {
        if (packets > 0) {
            String seen = packets + " packets in " + millis(in) + (lost > 0 ? ", " + lost + " missing" : "");
            return lost * 100 > packets
                    ? Finding.note("sound", seen, "more than 1 % is missing on the way from the carrier")
                    : Finding.ok("sound", seen);
        }
        return Finding.bad(
                "sound",
                "no RTP came in " + millis(in),
                "does the carrier reach "
                        + ours.map(InetAddress::getHostAddress).orElse("us")
                        + "? Open media.trunk-ports (UDP) in the firewall, and set media.advertise behind NAT");
    }

    /** What became of a hold and its end by re-INVITE; empty for one that was not tried. */
    Finding hold(Optional<Integer> held, Optional<Integer> resumed) {
        if (held.isEmpty()) {
            return Finding.skipped("hold", "not tried");
        }
        if (held.get() == 200 && resumed.equals(Optional.of(200))) {
            String direction = said.answers("INVITE", status -> status == 200)
                    .flatMap(message -> Conversation.audio(message).stream())
                    .map(DescribedAudio::direction)
                    .filter(way -> !way.sends())
                    .findFirst()
                    .map(Direction::attribute)
                    .orElse("the direction not mentioned");
            return Finding.ok("hold, re-INVITE", "held (" + direction + ") and resumed");
        }
        return Finding.note(
                "hold, re-INVITE",
                held.get() == 200
                        ? "held, but not resumed: "
                                + resumed.map(CallJudge::outcome).orElse("no answer")
                        : outcome(held.get()),
                "hold locally: the trunk's media.hold: local sends no re-INVITE");
    }

    private static String outcome(int status) {
        return status == 0 ? "no answer" : "refused by " + status;
    }

    /** Whether the trunk watches that the call is alive (RFC 4028). */
    Finding sessionTimer() {
        Optional<String> expires = said.answers("INVITE", status -> status == 200)
                .flatMap(message -> Conversation.header(message, "Session-Expires").stream())
                .findFirst();
        if (expires.isEmpty()) {
            return Finding.note(
                    "session timer",
                    "none: a call whose end is lost is only noticed by its silence",
                    "nothing, unless the carrier offers RFC 4028");
        }
        Matcher value = SESSION_EXPIRES.matcher(expires.get());
        String who = value.matches() && value.group(2) != null
                ? value.group(2).equalsIgnoreCase("uac") ? ", refreshed by us" : ", refreshed by the trunk"
                : "";
        return Finding.ok("session timer", (value.matches() ? value.group(1) : expires.get()) + " s" + who);
    }

    /** Whether our BYE was answered. */
    Finding hangUpByUs() {
        Optional<TracedMessage> answered = said.answer("BYE", _ -> true);
        if (answered.isEmpty()) {
            return Finding.bad(
                    "hang-up by us",
                    "BYE was not answered",
                    "look at Contact and Record-Route of the 200 in the trace");
        }
        int status = Conversation.status(answered.get()).orElse(0);
        return status == 200
                ? Finding.ok("hang-up by us", "BYE answered by 200")
                : Finding.note("hang-up by us", "BYE answered by " + status, "ask the carrier with the Call-ID below");
    }

    /** Whether a hang-up of the telephone reached us; {@code waited} so long. */
    Finding hangUpByTrunk(Duration waited) {
        return said.requests("BYE").findAny().isPresent()
                ? Finding.ok("hang-up by them", "BYE came")
                : Finding.note(
                        "hang-up by them",
                        "no BYE in " + waited.toSeconds() + " s",
                        "if the telephone did hang up, BYE does not reach the address of our Contact: see sip.listen.advertise");
    }

    /** What the trunk calls itself. */
    Optional<String> software() {
        return said.messages().stream()
                .filter(message -> !message.sent())
                .flatMap(message ->
                        Conversation.header(message, "Server")
                                .or(() -> Conversation.header(message, "User-Agent"))
                                .stream())
                .findFirst();
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String millis(Duration duration) {
        return duration.toMillis() < 10_000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }
}
