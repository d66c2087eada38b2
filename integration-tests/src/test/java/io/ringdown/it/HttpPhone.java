package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A device that calls by plain HTTP and has no media: enough where {@code dial: at-once} lets the INVITE leave. */
final class HttpPhone {
    static final String OFFER = """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            m=audio 9 UDP/TLS/RTP/SAVPF 111 110
            c=IN IP4 0.0.0.0
            a=ice-ufrag:phone
            a=ice-pwd:0123456789abcdef01234567
            a=fingerprint:sha-256 %s
            a=setup:actpass
            a=mid:0
            a=sendrecv
            a=rtcp-mux
            a=rtpmap:111 opus/48000/2
            a=rtpmap:110 telephone-event/48000
            """.formatted("AB:".repeat(31) + "AB").replace("\n", "\r\n");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Gateway gateway;

    HttpPhone(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Calls over a connection of its own; {@code path} as it stands in the request. The whole answer; empty if there is none. */
    static String callOnce(int port, String path) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(20_000);
            String request = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                    + "Content-Type: application/sdp\r\nContent-Length: " + OFFER.length() + "\r\n\r\n" + OFFER;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the gateway said to a call. */
    record Reply(int status, String body, URI call) {
        JsonNode json() {
            return JsonSocket.parse(body);
        }
    }

    /** Calls; {@code query} as it stands in the URI. */
    Reply call(String number, String query) {
        String path =
                "/v1/calls/" + URLEncoder.encode(number, StandardCharsets.UTF_8).replace("+", "%20");
        HttpResponse<String> answer = send(HttpRequest.newBuilder(gateway.uri(path + query))
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(OFFER)));
        URI at = gateway.uri(answer.headers().firstValue("Location").orElse("/"));
        return new Reply(answer.statusCode(), answer.body(), at);
    }

    /** How the call ended; waits until it has. */
    JsonNode ending(Reply call) {
        assertThat(call.status).as(call.body).isEqualTo(201);
        Tools.await(
                "the call ends",
                20,
                () -> state(call).path("state").asText().equals("ended"),
                () -> state(call).toString());
        return state(call);
    }

    JsonNode state(Reply call) {
        return JsonSocket.parse(send(HttpRequest.newBuilder(call.call)).body());
    }

    /** The gateway's counters. */
    String metrics() {
        return send(HttpRequest.newBuilder(gateway.uri("/metrics"))).body();
    }

    void hangUp(Reply call) {
        send(HttpRequest.newBuilder(call.call).DELETE());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
