package io.ringdown.gateway.signaling;

import io.ringdown.sip.trace.MessageTrace;
import io.ringdown.sip.trace.TracePcap;
import io.ringdown.sip.trace.TraceText;
import io.ringdown.sip.trace.TracedMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * What was said with trunks: {@code /admin/trace} lists the calls that are kept, {@code ?call=ID} shows one, {@code ?trunk=NAME}
 * a trunk's latest messages; {@code &format=pcap} gives them as a capture file. On loopback only, as everything under
 * {@code /admin}.
 */
final class TracePages {
    private final MessageTrace trace;

    TracePages(MessageTrace trace) {
        this.trace = trace;
    }

    void handle(Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        String call = query.getValue("call");
        String trunk = query.getValue("trunk");
        String format = query.getValue("format");
        if (format != null && !format.equals("text") && !format.equals("pcap")) {
            Reply.problem(
                    response, callback, HttpStatus.BAD_REQUEST_400, "format", "format is text (the default) or pcap.");
        } else if (call != null) {
            show(trace.ofCall(call), trace.leftOut(call), "call", "pcap".equals(format), response, callback);
        } else if (trunk != null) {
            show(trace.ofTrunk(trunk), 0, "trunk", "pcap".equals(format), response, callback);
        } else {
            Reply.json(
                    response,
                    callback,
                    HttpStatus.OK_200,
                    Map.of("calls", trace.calls().stream().map(TracePages::line).toList()));
        }
    }

    private static Map<String, Object> line(MessageTrace.Summary call) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("sipCallId", call.callId());
        call.name().ifPresent(name -> line.put("call", name));
        call.trunk().ifPresent(trunk -> line.put("trunk", trunk));
        line.put("began", call.began().toString());
        line.put("messages", call.messages());
        line.put("first", call.firstLine());
        return line;
    }

    private static void show(
            List<TracedMessage> messages,
            int leftOut,
            String what,
            boolean pcap,
            Response response,
            Callback callback) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (messages.isEmpty()) {
            Reply.problem(
                    response,
                    callback,
                    HttpStatus.NOT_FOUND_404,
                    "not-kept",
                    "No message of this " + what + " is kept; /admin/trace lists the calls that are.");
        } else if (pcap) {
            response.getHeaders().put("Content-Disposition", "attachment; filename=\"" + what + ".pcap\"");
            Reply.bytes(response, callback, HttpStatus.OK_200, "application/vnd.tcpdump.pcap", TracePcap.of(messages));
        } else {
            Reply.text(
                    response,
                    callback,
                    HttpStatus.OK_200,
                    "text/plain; charset=utf-8",
                    TraceText.of(messages, leftOut));
        }
    }
}
