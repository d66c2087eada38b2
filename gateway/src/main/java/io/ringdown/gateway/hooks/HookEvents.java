package io.ringdown.gateway.hooks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.gateway.agents.Colleague;
import io.ringdown.gateway.agents.GroupSeen;
import io.ringdown.gateway.agents.RosterListener;
import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.NewsWatcher;
import io.ringdown.gateway.call.QualityView;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.call.SupervisionMode;
import io.ringdown.gateway.journal.RecordLine;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What happens to calls, as hooks are told of it. Of a digit it is told that there was one, never which. Thread-safe: what happens to one
 * call comes from one thread at a time, in order.
 */
final class HookEvents implements NewsWatcher, CallBook, RosterListener {
    private final SignedIn signedIn;
    private final Supplier<String> newId;
    private final InstantSource time;
    private final Consumer<Happened> to;
    private final Map<CallId, Seen> calls = new ConcurrentHashMap<>();
    // By user: what was told last.
    private final Map<String, String> standings = new ConcurrentHashMap<>();

    /**
     * Something that happened.
     *
     * @param id of it
     * @param event what
     * @param line the call, mostly; what belongs together is told in order
     * @param atMillis when, in milliseconds since 1970
     * @param body all of it
     */
    record Happened(String id, HookEvent event, String line, long atMillis, ObjectNode body) {}

    /** What was told of a call that there is. */
    private static final class Seen {
        private int count;
        private Optional<String> verdict = Optional.empty();
    }

    /**
     * {@code to} takes what happens, and returns at once.
     *
     * @param newId 128 random bits in hexadecimal
     */
    HookEvents(SignedIn signedIn, Supplier<String> newId, InstantSource time, Consumer<Happened> to) {
        this.signedIn = signedIn;
        this.newId = newId;
        this.time = time;
        this.to = to;
    }

    // ---- the book

    @Override
    public void begun(Beginning call) {
        calls.put(call.id(), new Seen());
        ObjectNode more = JsonNodeFactory.instance.objectNode();
        more.put("direction", call.direction().name().toLowerCase(Locale.ROOT));
        call.from().ifPresent(from -> more.put("from", from));
        call.to().map(PhoneNumber::digits).ifPresent(number -> more.put("to", number));
        call.trunk().ifPresent(trunk -> more.put("trunk", trunk));
        call.asker().ifPresent(who -> more.put("user", who.subject()));
        if (call.emergency()) {
            more.put("emergency", true);
        }
        tell(call.id(), HookEvent.CALL_BEGUN, more);
    }

    @Override
    public void left(CallId call) {
        calls.remove(call);
    }

    @Override
    public void accept(CallRecord record) {
        ObjectNode more = JsonNodeFactory.instance.objectNode();
        more.set("record", RecordLine.of(record).object());
        tell(record.id(), HookEvent.CALL_ENDED, more);
        calls.remove(record.id());
    }

    /** One that the last process has left: its end is all that is known of it here. */
    void interrupted(RecordLine record) {
        ObjectNode more = JsonNodeFactory.instance.objectNode();
        more.set("record", record.object());
        happened(HookEvent.CALL_ENDED, record.call(), body -> body.put("call", record.call()), more);
    }

    // ---- the news

    @Override
    public void told(ClientId client, CallId call, CallNews news) {
        ObjectNode more = JsonNodeFactory.instance.objectNode();
        signedIn.askerOf(client).map(Asker::subject).ifPresent(user -> more.put("user", user));
        switch (news) {
            case CallNews.Progress progress -> {
                if (progress.stage() == CallNews.Progress.Stage.RINGING) {
                    progress.sip().ifPresent(sip -> more.put("sip", sip));
                    tell(call, HookEvent.CALL_RINGING, more.put("side", "telephone"));
                }
            }
            case CallNews.Incoming incoming -> {
                more.put("side", "agent");
                if (incoming.originated()) {
                    more.put("originated", true);
                }
                tell(call, HookEvent.CALL_RINGING, more);
            }
            case CallNews.Established _ -> tell(call, HookEvent.CALL_ANSWERED, more);
            case CallNews.Held held ->
                tell(call, HookEvent.CALL_HELD, more.put("by", held.by().code()));
            case CallNews.Resumed resumed ->
                tell(call, HookEvent.CALL_RESUMED, more.put("by", resumed.by().code()));
            case CallNews.Transfer transfer -> onTransfer(call, transfer, more);
            case CallNews.Pressed pressed ->
                onDigit(
                        call,
                        more.put("from", "telephone"),
                        pressed.length(),
                        pressed.road().code());
            case CallNews.Receipt receipt -> onReceipt(call, receipt.receipt(), more.put("from", "browser"));
            case CallNews.Quality quality -> onQuality(call, quality, more);
            case CallNews.Conference conference ->
                tell(
                        call,
                        HookEvent.CALL_CONFERENCE,
                        more.put("with", conference.with().hex()).put("on", conference.on()));
            case CallNews.Supervised told ->
                tell(
                        call,
                        HookEvent.CALL_SUPERVISED,
                        more.put("mode", told.mode().map(SupervisionMode::code).orElse("none"))
                                .put("by", told.by()));
            default -> {
                // What is said between a call and its client, and tells nobody else anything.
            }
        }
    }

    // ---- people and groups

    /** What people do is told when it has changed, and how many calls wait for a group. */
    @Override
    public void onChange(List<Colleague> people, List<GroupSeen> groups) {
        for (Colleague one : people) {
            String now = one.standing().code() + " " + one.reason().orElse("");
            if (!now.equals(standings.put(one.person().user(), now))) {
                ObjectNode more = JsonNodeFactory.instance.objectNode();
                more.put("user", one.person().user());
                more.put("state", one.standing().code());
                one.reason().ifPresent(reason -> more.put("reason", reason));
                happened(HookEvent.AGENT_AVAILABILITY, "agent " + one.person().user(), _ -> {}, more);
            }
        }
        for (GroupSeen one : groups) {
            ObjectNode more = JsonNodeFactory.instance.objectNode();
            more.put("group", one.group());
            more.put("waiting", one.waiting());
            one.longestWait().ifPresent(wait -> more.put("longestWaitMillis", wait.toMillis()));
            happened(HookEvent.GROUP_WAITING, "group " + one.group(), _ -> {}, more);
        }
    }

    private void onTransfer(CallId call, CallNews.Transfer transfer, ObjectNode more) {
        more.put("by", transfer.by().code());
        more.put("stage", transfer.stage().code());
        transfer.sip().ifPresent(sip -> more.put("sip", sip));
        transfer.failure().map(Ending::cause).map(EndCause::code).ifPresent(cause -> more.put("cause", cause));
        transfer.number().ifPresent(called -> more.put("to", called));
        tell(call, HookEvent.CALL_TRANSFER, more);
    }

    private void onReceipt(CallId call, PressReceipt receipt, ObjectNode more) {
        switch (receipt) {
            case PressReceipt.Sent sent ->
                onDigit(call, more, sent.length(), sent.road().code());
            case PressReceipt.Signalled sent -> onDigit(call, more, sent.length(), "info");
            case PressReceipt.Accepted _,
                    PressReceipt.Confirmed _,
                    PressReceipt.Unconfirmable _,
                    PressReceipt.Failed _ -> {}
        }
    }

    private void onDigit(CallId call, ObjectNode more, Duration length, String road) {
        tell(
                call,
                HookEvent.CALL_DIGIT,
                more.put("durationMillis", length.toMillis()).put("road", road));
    }

    /** Of what is measured, what there is to say of it changes seldom. */
    private void onQuality(CallId call, CallNews.Quality quality, ObjectNode more) {
        QualityView.Verdict verdict = QualityView.of(quality.report()).verdict();
        Seen seen = calls.get(call);
        if (seen != null && !seen.verdict.equals(Optional.of(verdict.code()))) {
            seen.verdict = Optional.of(verdict.code());
            more.put("verdict", verdict.code()).put("text", verdict.text()).put("fault", verdict.fault());
            tell(call, HookEvent.CALL_QUALITY, more);
        }
    }

    /** Of calls that were refused before they began there is nothing to tell. */
    private void tell(CallId call, HookEvent event, ObjectNode more) {
        Seen seen = calls.get(call);
        if (seen != null) {
            seen.count++;
            happened(event, call.hex(), body -> body.put("call", call.hex()).put("number", seen.count), more);
        }
    }

    private void happened(HookEvent event, String line, Consumer<ObjectNode> about, ObjectNode more) {
        Instant now = time.instant();
        String id = newId.get();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", id);
        body.put("event", event.code());
        body.put("at", now.truncatedTo(ChronoUnit.MILLIS).toString());
        about.accept(body);
        body.setAll(more);
        to.accept(new Happened(id, event, line, now.toEpochMilli(), body));
    }

    /** For how many calls there is something to be told still. */
    int calls() {
        return calls.size();
    }
}
