package io.ringdown.gateway.api;

import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.CallSnapshot;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.QualityView;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.call.TransferStage;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code calls} of the API: what there is, and what is done with it in the name of whose call it is. Thread-safe; may wait. */
final class CallPages {
    private static final Logger LOG = LoggerFactory.getLogger(CallPages.class);
    private static final int USUAL_LIMIT = 100;
    private static final int MOST_LIMIT = 1_000;
    // How long an answer waits for what came of a request; a trunk may take longer for a hold.
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final int SHORTEST_PRESS = 40; // ms
    private static final int LONGEST_PRESS = 6_000;

    private final Calls calls;
    private final SignedIn signedIn;
    private final Errands errands;
    private final EndedCalls ended;
    private final Starts starts;
    private final LongSupplier clock;

    CallPages(Calls calls, SignedIn signedIn, Errands errands, EndedCalls ended, LongSupplier clock) {
        this.calls = calls;
        this.signedIn = signedIn;
        this.errands = errands;
        this.ended = ended;
        this.starts = new Starts(clock);
        this.clock = clock;
    }

    // ---- looking

    ApiReply list(ApiRequest request) throws ApiProblemException {
        Optional<String> state = Optional.ofNullable(request.query().get("state"));
        Optional<String> agent = Optional.ofNullable(request.query().get("agent"));
        Optional<String> trunk = Optional.ofNullable(request.query().get("trunk"));
        if (state.isPresent()
                && Arrays.stream(Call.State.values())
                        .noneMatch(each -> each.code().equals(state.get()))) {
            throw Body.bad("The parameter state must be one of "
                    + Arrays.stream(Call.State.values()).map(Call.State::code).collect(Collectors.joining(", "))
                    + ".");
        }
        int limit = limit(request.query().get("limit"));
        Predicate<CallSnapshot> wanted =
                seen -> (state.isEmpty() || seen.state().code().equals(state.get()))
                        && (agent.isEmpty() || agentOf(seen).equals(agent))
                        && (trunk.isEmpty() || seen.trunk().equals(trunk));
        long now = clock.getAsLong();
        List<CallSnapshot> found = calls.snapshots().stream()
                .filter(seen -> seen.state() != Call.State.ENDED)
                .filter(wanted)
                .sorted(Comparator.comparingLong(seen -> seen.sinceNanos() - now))
                .toList();
        List<Object> shown = new ArrayList<>();
        found.stream().limit(limit).forEach(seen -> shown.add(show(seen, now)));
        return ApiReply.of(200, Map.of("calls", shown, "total", found.size()));
    }

    private static int limit(@Nullable String written) throws ApiProblemException {
        if (written == null) {
            return USUAL_LIMIT;
        }
        if (!written.matches("[1-9][0-9]{0,3}") || Integer.parseInt(written) > MOST_LIMIT) {
            throw Body.bad("The parameter limit must be 1 to " + MOST_LIMIT + ".");
        }
        return Integer.parseInt(written);
    }

    ApiReply look(ApiRequest request) throws ApiProblemException {
        String written = request.path().get(1);
        Optional<CallSnapshot> seen =
                CallId.of(written).flatMap(calls::snapshot).filter(call -> call.state() != Call.State.ENDED);
        if (seen.isPresent()) {
            return ApiReply.of(200, show(seen.get(), clock.getAsLong()));
        }
        Map<String, Object> over = new LinkedHashMap<>();
        over.put("call", written);
        over.put("state", Call.State.ENDED.code());
        over.put("record", ended.record(written).orElseThrow(CallPages::unknown));
        return ApiReply.of(200, over);
    }

    private Map<String, Object> show(CallSnapshot seen, long now) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("call", seen.id().hex());
        shown.put("direction", seen.direction().name().toLowerCase(Locale.ROOT));
        shown.put("state", seen.state().code());
        shown.put("inStateMillis", Duration.ofNanos(now - seen.sinceNanos()).toMillis());
        from(seen).ifPresent(number -> shown.put("from", number));
        seen.to().ifPresent(number -> shown.put("to", number.digits()));
        seen.trunk().ifPresent(trunk -> shown.put("trunk", trunk));
        agentOf(seen).ifPresent(agent -> shown.put("agent", agent));
        shown.put("held", seen.holder().code());
        seen.answeredNanos()
                .ifPresent(at ->
                        shown.put("answeredMillis", Duration.ofNanos(now - at).toMillis()));
        calls.quality(seen.id()).ifPresent(report -> shown.put("quality", QualityView.of(report)));
        return shown;
    }

    private static Optional<String> from(CallSnapshot seen) {
        return seen.face()
                .incoming()
                .flatMap(CallNews.Incoming::from)
                .or(() -> seen.face().from().map(PhoneNumber::digits));
    }

    private Optional<String> agentOf(CallSnapshot seen) {
        return seen.owner().flatMap(signedIn::askerOf).map(Asker::subject);
    }

    // ---- acting

    /** An agent is rung, and the number called when they have taken it. */
    ApiReply start(ApiRequest request) throws ApiProblemException {
        if (request.idempotencyKey().isPresent()) {
            Starts.check(request.idempotencyKey().get());
        }
        Body body = Body.read(request.body(), Set.of("agent", "to", "from", "name"));
        String agent = body.needed("agent");
        Optional<PhoneNumber> to = body.number("to");
        if (to.isEmpty()) {
            throw Body.bad("The field to is missing.");
        }
        boolean anonymous = body.text("from").filter(Caller.ANONYMOUS::equals).isPresent();
        Optional<PhoneNumber> from = anonymous ? Optional.empty() : body.number("from");
        Caller caller = new Caller(from, body.text("name"), anonymous, Map.of());
        Calls.Originate wanted =
                new Calls.Originate(agent, to.get(), caller, new Asker(agent, Grant.ALL, request.from()));
        return request.idempotencyKey().isEmpty()
                ? start(wanted)
                : starts.once(request.system(), request.idempotencyKey().get(), request.body(), () -> start(wanted));
    }

    private ApiReply start(Calls.Originate wanted) {
        CallId id = calls.newId();
        Optional<EndCause> refusal = calls.originate(id, wanted);
        if (refusal.isPresent()) {
            return refused(refusal.get(), wanted.agent());
        }
        LOG.info("call {} was begun for {} over the API", id, wanted.agent());
        return ApiReply.of(202, Map.of("call", id.hex())).withHeader("Location", Api.PATH + "calls/" + id.hex());
    }

    private static ApiReply refused(EndCause cause, String agent) {
        return switch (cause) {
            case UNAVAILABLE ->
                ApiReply.problem(
                        409,
                        "agent-unavailable",
                        agent + " is not signed in with any device; ask again when they are (GET agents).");
            case BUSY ->
                ApiReply.problem(
                        409,
                        "agent-busy",
                        agent
                                + " is busy, or has a call and lets no other wait; ask again when they are free (GET agents).");
            case BAD_NUMBER -> ApiReply.problem(400, cause.code(), cause.text());
            case FORBIDDEN -> ApiReply.problem(403, cause.code(), agent + " may not call this number.");
            case NO_ROUTE -> ApiReply.problem(422, cause.code(), cause.text());
            default -> ApiReply.problem(503, cause.code(), cause.text()).withHeader("Retry-After", "2");
        };
    }

    ApiReply hangUp(ApiRequest request) throws ApiProblemException {
        CallSnapshot seen = find(request.path().get(1));
        if (!calls.post(seen.id(), new CallEvent.EndedByOperator())) {
            throw unknown();
        }
        return ApiReply.of(202, Map.of("call", seen.id().hex()));
    }

    ApiReply hold(ApiRequest request) throws ApiProblemException {
        CallSnapshot seen = find(request.path().get(1));
        ClientId owner = owner(seen);
        return answer(seen, run(seen, ref -> calls.post(seen.id(), new CallEvent.Hold(owner, ref))));
    }

    ApiReply resume(ApiRequest request) throws ApiProblemException {
        CallSnapshot seen = find(request.path().get(1));
        ClientId owner = owner(seen);
        return answer(seen, run(seen, ref -> calls.post(seen.id(), new CallEvent.Resume(owner, ref))));
    }

    ApiReply digits(ApiRequest request) throws ApiProblemException {
        CallSnapshot seen = find(request.path().get(1));
        Body body = Body.read(request.body(), Set.of("digits", "durationMillis", "gapMillis"));
        Optional<List<Stroke>> strokes = Stroke.parse(body.needed("digits"));
        if (strokes.isEmpty()) {
            throw Body.bad("The field digits must be 1 to " + Stroke.MOST + " of 0-9 * # A-D and the comma.");
        }
        Duration length = Duration.ofMillis(
                body.whole("durationMillis", SHORTEST_PRESS, LONGEST_PRESS).orElse(100));
        Duration gap = Duration.ofMillis(
                body.whole("gapMillis", SHORTEST_PRESS, LONGEST_PRESS).orElse(70));
        ClientId owner = owner(seen);
        return answer(
                seen,
                run(seen, ref -> calls.post(seen.id(), new CallEvent.Press(owner, ref, strokes.get(), length, gap))));
    }

    ApiReply transfer(ApiRequest request) throws ApiProblemException {
        CallSnapshot seen = find(request.path().get(1));
        Body body = Body.read(request.body(), Set.of("to", "with"));
        if (body.has("to") == body.has("with")) {
            throw Body.bad(
                    "A transfer needs one of the fields to, a number, and with, another call of the same agent.");
        }
        Optional<PhoneNumber> to = body.number("to");
        Optional<CallId> with = to.isPresent()
                ? Optional.empty()
                : Optional.of(find(body.needed("with")).id());
        ClientId owner = owner(seen);
        Asker asker = signedIn.askerOf(owner, seen.id())
                .or(() -> calls.askerOf(seen.id()))
                .orElseGet(() -> new Asker(owner.session(), Grant.ALL, request.from()))
                .ordered();
        return answer(
                seen, run(seen, ref -> calls.transfer(seen.id(), new Calls.Transfer(owner, ref, asker, to, with))));
    }

    ApiReply conference(ApiRequest request) throws ApiProblemException {
        CallSnapshot seen = find(request.path().get(1));
        CallId with =
                find(Body.read(request.body(), Set.of("with")).needed("with")).id();
        ClientId owner = owner(seen);
        return answer(seen, run(seen, ref -> calls.post(seen.id(), new CallEvent.Conference(owner, ref, with))));
    }

    ApiReply endConference(ApiRequest request) throws ApiProblemException {
        CallSnapshot seen = find(request.path().get(1));
        ClientId owner = owner(seen);
        return answer(seen, run(seen, ref -> calls.post(seen.id(), new CallEvent.EndConference(owner, ref))));
    }

    private CallSnapshot find(String written) throws ApiProblemException {
        return CallId.of(written)
                .flatMap(calls::snapshot)
                .filter(seen -> seen.state() != Call.State.ENDED)
                .orElseThrow(CallPages::unknown);
    }

    private static ApiProblemException unknown() {
        return new ApiProblemException(
                404, "unknown-call", "There is no such call, or it ended more than ten minutes ago.");
    }

    private static ClientId owner(CallSnapshot seen) throws ApiProblemException {
        if (seen.owner().isEmpty()) {
            throw new ApiProblemException(ApiReply.problem(
                            409, "wrong-state", "Nobody has taken this call yet; until then it can only be hung up.")
                    .with("state", seen.state().code()));
        }
        return seen.owner().get();
    }

    private Optional<CallNews> run(CallSnapshot seen, Predicate<Optional<String>> ask) throws ApiProblemException {
        try {
            return errands.run(ask, WAIT);
        } catch (Errands.NoSuchCallException gone) {
            LOG.debug("call {} ended while something was asked of it", seen.id(), gone);
            throw unknown();
        }
    }

    /** What came of it: done, refused, or under way. */
    private ApiReply answer(CallSnapshot before, Optional<CallNews> word) {
        Optional<CallSnapshot> seen = calls.snapshot(before.id());
        String state = seen.map(now -> now.state().code()).orElse(Call.State.ENDED.code());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("call", before.id().hex());
        body.put("state", state);
        seen.ifPresent(now -> body.put("held", now.holder().code()));
        if (word.isEmpty()) {
            return ApiReply.of(202, body);
        }
        if (word.get() instanceof CallNews.Refused refused) {
            return ApiReply.problem(409, refused.code().code(), refused.text()).with("state", state);
        }
        if (word.get() instanceof CallNews.Transfer transfer) {
            if (transfer.stage() == TransferStage.FAILED) {
                EndCause cause = transfer.failure().map(Ending::cause).orElse(EndCause.REJECTED);
                return ApiReply.problem(409, cause.code(), cause.text()).with("state", state);
            }
            body.put("stage", transfer.stage().code());
            return ApiReply.of(202, body);
        }
        return ApiReply.of(word.get() instanceof CallNews.Receipt ? 202 : 200, body);
    }
}
