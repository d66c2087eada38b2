package io.ringdown.gateway.signaling;

import io.ringdown.gateway.api.Api;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.tokens.TokenVerifier;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every request comes in here: security headers, then by path. Runs on virtual threads, so it may wait. */
final class FrontDoor extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final int RETRY_SECONDS = 1;

    private final SecurityHeaders headers;
    private final Connections connections;
    private final RtcDoor rtc;
    private final Optional<SipDoor> sip;
    private final HttpCalls httpCalls;
    private final StaticPages pages;
    private final ClientAddresses addresses;
    private final Operations operations;
    private final Calls calls;
    private final TracePages tracePages;
    private final ListenDoor listening;
    private final Optional<ApiDoor> api;

    FrontDoor(
            SecurityHeaders headers,
            Connections connections,
            RtcDoor rtc,
            Optional<SipDoor> sip,
            HttpCalls httpCalls,
            StaticPages pages,
            ClientAddresses addresses,
            Operations operations,
            Calls calls,
            TokenVerifier verifier) {
        this.headers = headers;
        this.connections = connections;
        this.rtc = rtc;
        this.sip = sip;
        this.httpCalls = httpCalls;
        this.pages = pages;
        this.addresses = addresses;
        this.operations = operations;
        this.calls = calls;
        this.tracePages = new TracePages(operations.trace());
        this.api = operations.api().map(open -> new ApiDoor(open, verifier, addresses, connections));
        this.listening = new ListenDoor(calls, operations.monitorKey(), verifier, addresses);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        headers.put(request, response);
        boolean hasBody = HttpCalls.hasBody(request);
        Request.addCompletionListener(request, _ -> connections.onAnswered(request, response));
        if (connections.isLast(request) && !request.getHeaders().contains(HttpHeader.UPGRADE)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        try {
            if (connections.onRequest(request, addresses.of(request), hasBody)) {
                route(request, response, callback);
            } else {
                tooFast(response, callback);
            }
        } catch (IOException gone) {
            callback.failed(gone);
        } catch (RuntimeException failed) {
            onFailure(request, response, callback, failed);
        }
        return true;
    }

    private static void onFailure(Request request, Response response, Callback callback, RuntimeException failed) {
        if (failed instanceof HttpException malformed) {
            // A query that cannot be decoded, for one: Jetty looks at it only when it is asked for.
            Reply.malformed(response, callback, malformed.getCode());
            return;
        }
        LOG.error("a request to {} failed by an error of ours", request.getMethod(), failed);
        Reply.problem(
                response,
                callback,
                HttpStatus.INTERNAL_SERVER_ERROR_500,
                "internal",
                "Something went wrong in the gateway; its log says what.");
    }

    private static void tooFast(Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
        // A body, if it has one, is not read.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        Reply.problem(
                response,
                callback,
                HttpStatus.TOO_MANY_REQUESTS_429,
                "too-many-requests",
                "This address asks too often (web.limits.requests-per-second-per-address).");
    }

    private void route(Request request, Response response, Callback callback) throws IOException {
        HttpURI uri = request.getHttpURI();
        String path = uri.getDecodedPath() == null ? "/" : uri.getDecodedPath();
        if (path.equals("/v1/rtc")) {
            rtc.handle(request, response, callback);
        } else if (path.equals(SipDoor.PATH) && sip.isPresent()) {
            sip.get().handle(request, response, callback);
        } else if (path.startsWith(HttpCalls.PATH) && path.endsWith(ListenDoor.SUFFIX)) {
            if (!listening.handle(
                    request,
                    response,
                    callback,
                    path.substring(HttpCalls.PATH.length(), path.length() - ListenDoor.SUFFIX.length()))) {
                nothing(response, callback);
            }
        } else if (path.startsWith(HttpCalls.PATH)) {
            httpCalls.handle(request, response, callback, path.substring(HttpCalls.PATH.length()));
        } else if (path.startsWith(Api.PATH) && api.isPresent()) {
            api.get().handle(request, response, callback, path.substring(Api.PATH.length()));
        } else if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            Reply.wrongMethod(response, callback, "GET, HEAD", "This is for reading.");
        } else if (path.equals("/v1/demo") && operations.demo().isPresent()) {
            Reply.json(response, callback, HttpStatus.OK_200, operations.demo().get());
        } else if (path.equals("/healthz")) {
            health(response, callback);
        } else if (path.equals("/metrics") || path.startsWith("/admin/")) {
            admin(request, response, callback, path);
        } else if (path.startsWith("/v1/")) {
            nothing(response, callback);
        } else {
            pages.handle(request, response, callback, path);
        }
    }

    /** Load balancers turn away from a gateway that takes no calls. */
    private void health(Response response, Callback callback) {
        Calls.Readiness ready = calls.readiness();
        int status = ready == Calls.Readiness.OK ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
        Reply.json(response, callback, status, Map.of("status", ready.code(), "calls", calls.count()));
    }

    private void admin(Request request, Response response, Callback callback, String path) {
        if (!addresses.local(request)) {
            nothing(response, callback);
        } else if (path.equals("/metrics")) {
            Reply.text(
                    response,
                    callback,
                    HttpStatus.OK_200,
                    "text/plain; version=0.0.4; charset=utf-8",
                    operations.metrics().get());
        } else if (path.equals("/admin/debug")) {
            Map<String, Object> state =
                    new LinkedHashMap<>(operations.debugState().get());
            state.put("web", connections.debugState());
            Reply.json(response, callback, HttpStatus.OK_200, state);
        } else if (path.equals("/admin/trace")) {
            tracePages.handle(request, response, callback);
        } else {
            nothing(response, callback);
        }
    }

    private static void nothing(Response response, Callback callback) {
        Reply.problem(response, callback, HttpStatus.NOT_FOUND_404, "not-found", "There is nothing here.");
    }
}
