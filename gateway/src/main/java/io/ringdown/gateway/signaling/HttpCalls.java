package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.CallSnapshot;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.call.QualityView;
import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Identity;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.TokenVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Calls by plain HTTP, in the shape of WHIP (RFC 9725): {@code POST /v1/calls/{number}} with an offer, {@code GET} and
 * {@code DELETE /v1/calls/{id}}. Thread-safe; requests run on virtual threads and may wait.
 */
final class HttpCalls {
    static final String PATH = "/v1/calls/";
    private static final String HOLD = "/hold";
    private static final String SDP = "application/sdp";
    private static final String ALLOWED = "POST, GET, HEAD, DELETE, OPTIONS";
    private static final String ALLOWED_OF_HOLD = "PUT, DELETE, OPTIONS";
    private static final int LONGEST_OFFER = 64 * 1024;
    private static final int MOST_SKIPPED = 1024 * 1024;
    // Of a call the answer is made at once; this only bounds a machine in trouble. A trunk may need as long for a hold.
    private static final Duration ANSWER = Duration.ofSeconds(10);
    // How long GET tells how a call ended.
    private static final Duration REMEMBERED = Duration.ofSeconds(60);

    private final Map<CallId, HttpCall> calls = new ConcurrentHashMap<>();
    private final LastEnded ended = new LastEnded(20_000);
    private final Calls all;
    private final TokenVerifier verifier;
    private final Origins origins;
    private final ClientAddresses addresses;
    private final Connections connections;
    private final Timers timers;

    /** One call of an HTTP client. */
    private static final class HttpCall {
        private final Identity owner;
        private final ClientId client;
        private final CompletableFuture<CallNews> first = new CompletableFuture<>();
        private final HoldRequests holds = new HoldRequests();
        private volatile @Nullable Ending ending;

        HttpCall(Identity owner, CallId id) {
            this.owner = owner;
            this.client = new ClientId(id.hex(), ClientId.Road.HTTP);
        }
    }

    HttpCalls(
            Calls all,
            TokenVerifier verifier,
            Origins origins,
            ClientAddresses addresses,
            Connections connections,
            Timers timers) {
        this.all = all;
        this.verifier = verifier;
        this.origins = origins;
        this.addresses = addresses;
        this.connections = connections;
        this.timers = timers;
    }

    /** What happened to a call; HTTP has nobody to tell but the one who waits for the answer. */
    boolean tell(CallId id, CallNews news) {
        HttpCall call = calls.get(id);
        if (call == null) {
            return false;
        }
        call.holds.onNews(news);
        if (news instanceof CallNews.Answer) {
            call.first.complete(news);
        } else if (news instanceof CallNews.Over over) {
            call.ending = over.ending();
            call.first.complete(news);
            ended.add(id).ifPresent(calls::remove);
            timers.after(REMEMBERED.toNanos(), () -> calls.remove(id));
        }
        return true;
    }

    void handle(Request request, Response response, Callback callback, String rest) throws IOException {
        // First of all, and whatever the answer will be: a connection with an unread body cannot be used again.
        Optional<String> offer = hasBody(request) ? body(request) : Optional.empty();
        connections.onBody(request);
        Optional<String> origin = Origins.of(request);
        if (origin.isPresent() && !origins.allows(origin.get())) {
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.FORBIDDEN_403,
                    "origin",
                    "This origin is not on the gateway's list (web.origins).");
            return;
        }
        origin.ifPresent(allowed -> Cors.allow(response, allowed));
        if (HttpMethod.OPTIONS.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, rest.endsWith(HOLD) ? ALLOWED_OF_HOLD : ALLOWED);
            Cors.preflight(response, SDP);
            Reply.empty(response, callback, HttpStatus.NO_CONTENT_204);
            return;
        }
        InetAddress from = addresses.of(request);
        Presented shown = new Presented(Bearer.of(request), origin, from);
        boolean begins = HttpMethod.POST.is(request.getMethod());
        Optional<Admission> admitted = begins ? verifier.verify(shown) : Optional.empty();
        Optional<Identity> bearer = begins ? admitted.map(Admission::identity) : verifier.identify(shown);
        if (bearer.isEmpty()) {
            Reply.unauthorized(response, callback, verifier.heldOff(from));
            return;
        }
        Identity who = bearer.get();
        if (rest.endsWith(HOLD)) {
            hold(request, response, callback, rest.substring(0, rest.length() - HOLD.length()), who);
            return;
        }
        switch (request.getMethod()) {
            case "POST" ->
                create(
                        request,
                        response,
                        callback,
                        rest,
                        offer,
                        new Asker(who.subject(), admitted.orElseThrow().grant(), from));
            case "GET", "HEAD" -> tellState(response, callback, rest, who);
            case "DELETE" -> hangUp(response, callback, rest, who);
            default -> Reply.wrongMethod(response, callback, ALLOWED, "POST to a number; GET or DELETE a call.");
        }
    }

    /** Whether a body of this request is read. */
    static boolean hasBody(Request request) {
        return HttpMethod.POST.is(request.getMethod()) || HttpMethod.PUT.is(request.getMethod());
    }

    private void create(
            Request request, Response response, Callback callback, String number, Optional<String> offer, Asker who) {
        Optional<PhoneNumber> to = PhoneNumber.of(number);
        if (to.isEmpty()) {
            badNumber(response, callback, "The path names no number");
            return;
        }
        Fields query = Request.extractQueryParameters(request);
        Optional<String> written = Optional.ofNullable(query.getValue("from"));
        boolean anonymous = written.filter(Caller.ANONYMOUS::equals).isPresent();
        Optional<PhoneNumber> from = written.flatMap(PhoneNumber::of);
        if (written.isPresent() && from.isEmpty() && !anonymous) {
            badNumber(response, callback, "The parameter from is no number");
            return;
        }
        Optional<Map<String, String>> headers = headers(query);
        if (headers.isEmpty()) {
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    ErrorCode.BAD_MESSAGE.code(),
                    "The parameter header, of which there may be " + ClientHeaders.MOST + ", is NAME:VALUE. "
                            + ClientHeaders.RULE);
            return;
        }
        if (!isSdp(request)) {
            response.getHeaders().put("Accept-Post", SDP);
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
                    "media-type",
                    "The body must be an offer, Content-Type " + SDP + ".");
            return;
        }
        if (offer.isEmpty()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.PAYLOAD_TOO_LARGE_413,
                    "too-large",
                    "The offer is larger than " + LONGEST_OFFER + " bytes.");
            return;
        }
        Optional<String> name = Optional.ofNullable(query.getValue("name")).flatMap(DisplayName::clean);
        boolean secureInput = "true".equals(query.getValue("secure-input"));
        Caller caller = new Caller(from, name, anonymous, headers.get());
        begin(response, callback, who, to.get(), caller, offer.get(), secureInput);
    }

    /** The headers that the INVITE is to have; empty if one of them may not be there. */
    private static Optional<Map<String, String>> headers(Fields query) {
        List<String> written = query.getValuesOrEmpty("header");
        ClientHeaders headers = new ClientHeaders();
        for (String header : written) {
            int colon = header.indexOf(':');
            if (colon < 0
                    || !headers.add(
                            header.substring(0, colon).strip(),
                            header.substring(colon + 1).strip())) {
                return Optional.empty();
            }
        }
        return written.size() > ClientHeaders.MOST ? Optional.empty() : Optional.of(headers.all());
    }

    private void begin(
            Response response,
            Callback callback,
            Asker who,
            PhoneNumber to,
            Caller from,
            String offer,
            boolean secureInput) {
        CallId id = all.newId();
        HttpCall call = new HttpCall(new Identity(who.subject()), id);
        calls.put(id, call);
        all.dial(id, new Calls.Request(call.client, Optional.empty(), who, to, from, offer));
        if (secureInput) { // nothing can be heard before this is done: ICE and DTLS come later
            all.post(id, new CallEvent.SecureInput(call.client, Optional.empty(), true));
        }
        CallNews first = call.first
                .completeOnTimeout(
                        new CallNews.Over(Optional.empty(), Ending.of(EndCause.INTERNAL)),
                        ANSWER.toNanos(),
                        TimeUnit.NANOSECONDS)
                .join();
        if (first instanceof CallNews.Over) {
            // Where the answer came too late, nobody would know the id of the call that goes on.
            all.post(id, new CallEvent.HangUp(call.client, Optional.empty()));
        }
        answer(response, callback, id, first);
    }

    private static void answer(Response response, Callback callback, CallId id, CallNews first) {
        if (first instanceof CallNews.Answer answer) {
            response.getHeaders().put(HttpHeader.LOCATION, PATH + id.hex());
            response.getHeaders().put(HttpHeader.ETAG, '"' + id.hex() + '"');
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Reply.text(response, callback, HttpStatus.CREATED_201, SDP, answer.sdp());
        } else if (first instanceof CallNews.Over over) {
            refuse(response, callback, over.ending());
        } else {
            throw new IllegalStateException("a call begins with an answer or ends");
        }
    }

    private void tellState(Response response, Callback callback, String written, Identity who) {
        Optional<CallId> id = CallId.of(written);
        Optional<HttpCall> call = id.flatMap(known -> find(known, who));
        if (call.isEmpty()) {
            unknown(response, callback);
            return;
        }
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("call", written);
        Optional<CallSnapshot> now = id.flatMap(all::snapshot);
        Optional<Ending> ending = Optional.ofNullable(call.get().ending).or(() -> now.flatMap(CallSnapshot::ending));
        state.put(
                "state",
                ending.isPresent()
                        ? "ended"
                        : now.map(seen -> seen.state().code()).orElse("connecting"));
        ending.ifPresent(how -> describe(how, state));
        now.ifPresent(seen -> state.put("held", seen.holder().code()));
        id.ifPresent(known -> state.put("secureInput", all.secureInput(known)));
        id.flatMap(all::quality).ifPresent(report -> state.put("quality", QualityView.of(report)));
        Reply.json(response, callback, HttpStatus.OK_200, state);
    }

    private void hangUp(Response response, Callback callback, String written, Identity who) {
        Optional<CallId> id = CallId.of(written);
        Optional<HttpCall> call = id.flatMap(known -> find(known, who));
        if (call.isEmpty()) {
            unknown(response, callback);
            return;
        }
        all.post(id.get(), new CallEvent.HangUp(call.get().client, Optional.empty()));
        Reply.empty(response, callback, HttpStatus.OK_200);
    }

    private void hold(Request request, Response response, Callback callback, String written, Identity who) {
        boolean isHold = HttpMethod.PUT.is(request.getMethod());
        if (!isHold && !HttpMethod.DELETE.is(request.getMethod())) {
            Reply.wrongMethod(response, callback, ALLOWED_OF_HOLD, "PUT to hold the call; DELETE to resume it.");
            return;
        }
        Optional<CallId> id = CallId.of(written);
        Optional<HttpCall> call = id.flatMap(known -> find(known, who));
        if (call.isEmpty()) {
            unknown(response, callback);
            return;
        }
        ClientId client = call.get().client;
        Optional<CallNews> news = call.get()
                .holds
                .ask(
                        ref -> {
                            CallEvent event =
                                    isHold ? new CallEvent.Hold(client, ref) : new CallEvent.Resume(client, ref);
                            if (!all.post(id.get(), event)) {
                                call.get().holds.onNews(new CallNews.Over(ref, Ending.of(EndCause.NORMAL)));
                            }
                        },
                        ANSWER);
        if (news.isEmpty()) {
            Reply.empty(response, callback, HttpStatus.ACCEPTED_202);
        } else if (news.get() instanceof CallNews.Refused refused) {
            Reply.problem(
                    response, callback, HttpStatus.CONFLICT_409, refused.code().code(), refused.text());
        } else if (news.get() instanceof CallNews.Over) {
            unknown(response, callback);
        } else {
            Reply.empty(response, callback, HttpStatus.OK_200);
        }
    }

    private Optional<HttpCall> find(CallId id, Identity who) {
        return Optional.ofNullable(calls.get(id)).filter(call -> call.owner.equals(who));
    }

    private static boolean isSdp(Request request) {
        String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT)
                .equals(SDP);
    }

    /** The body, if it is not too long. */
    private static Optional<String> body(Request request) throws IOException {
        try (InputStream input = Content.Source.asInputStream(request)) {
            byte[] bytes = input.readNBytes(LONGEST_OFFER + 1);
            if (bytes.length > LONGEST_OFFER) {
                // A client that is still sending would not read our answer: some of the rest is taken in for that.
                input.skip(MOST_SKIPPED);
                return Optional.empty();
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static void badNumber(Response response, Callback callback, String what) {
        Reply.problem(
                response,
                callback,
                HttpStatus.BAD_REQUEST_400,
                EndCause.BAD_NUMBER.code(),
                what + ": digits, with + and the country code in front.");
    }

    private static void unknown(Response response, Callback callback) {
        Reply.problem(response, callback, HttpStatus.NOT_FOUND_404, "unknown-call", "There is no such call.");
    }

    private static void refuse(Response response, Callback callback, Ending ending) {
        EndCause cause = ending.cause();
        int status = switch (cause) {
            case MEDIA_REFUSED -> HttpStatus.UNPROCESSABLE_ENTITY_422;
            case NO_ROUTE, EMERGENCY_NOT_AVAILABLE -> HttpStatus.NOT_FOUND_404;
            case FORBIDDEN, NOT_PERMITTED -> HttpStatus.FORBIDDEN_403;
            case BAD_NUMBER -> HttpStatus.BAD_REQUEST_400;
            case TOO_MANY_CALLS, LIMIT_REACHED -> HttpStatus.TOO_MANY_REQUESTS_429;
            case OVERLOADED, SHUTDOWN -> HttpStatus.SERVICE_UNAVAILABLE_503;
            case NORMAL,
                    CANCELLED,
                    DECLINED,
                    ANSWERED_ELSEWHERE,
                    BUSY,
                    NO_ANSWER,
                    REJECTED,
                    UNKNOWN_NUMBER,
                    NUMBER_CHANGED,
                    UNAVAILABLE,
                    CONGESTION,
                    MEDIA_NOT_ACCEPTABLE,
                    MEDIA_UNREACHABLE,
                    MEDIA_LOST,
                    TRUNK_SILENT,
                    TRUNK_UNREACHABLE,
                    TRUNK_UNAUTHORIZED,
                    TRANSFERRED,
                    TIME_IS_UP,
                    INTERRUPTED,
                    SOCKET_LOST,
                    INTERNAL -> HttpStatus.INTERNAL_SERVER_ERROR_500;
        };
        if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 2);
        }
        Map<String, Object> more = new LinkedHashMap<>();
        describe(ending, more);
        Reply.problem(response, callback, status, cause.code(), cause.text(), more);
    }

    /** The fields of {@code ended}, as in the browser protocol. */
    private static void describe(Ending ending, Map<String, Object> into) {
        EndCause cause = ending.cause();
        into.put("cause", cause.code());
        into.put("text", cause.text());
        ending.sip().ifPresent(status -> into.put("sip", status));
        ending.q850().ifPresent(q850 -> into.put("q850", q850));
        into.put("blame", cause.blame().code());
        into.put("retry", cause.retry());
        ending.hint().ifPresent(hint -> into.put("hint", hint));
    }
}
