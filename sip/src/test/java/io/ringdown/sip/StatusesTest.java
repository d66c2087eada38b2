package io.ringdown.sip;

import static io.ringdown.evidence.Row.HYGIENE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a request is refused by, and the header that belongs to it. What is not here: 421, for we require nothing; 489, for we
 * take no SUBSCRIBE (405); 501, for RFC 3261 8.2.1 has 405 for any method that is not taken; 485, for a number is one.
 */
@Shows(HYGIENE)
final class StatusesTest {
    private static final String SDP = "Content-Type: application/sdp";
    private static final String CONTACT = "Contact: <sip:a@127.0.0.1>";

    /** One row; {@code header} of the answer matches, where there is one. */
    record Row(String method, String uri, List<String> headers, String body, int status, String header) {
        static Row of(int status, String header, String method, String... headers) {
            return new Row(method, "sip:+4930123456@127.0.0.1", List.of(headers), "", status, header);
        }

        Row at(String target) {
            return new Row(method, target, headers, body, status, header);
        }

        Row with(String text) {
            return new Row(method, uri, headers, text, status, header);
        }

        @Override
        public String toString() {
            return status + " " + method + " " + uri + " " + headers;
        }
    }

    private static List<Row> rows() {
        return List.of(
                Row.of(400, "", "INVITE"),
                Row.of(400, "", "INVITE", CONTACT, "To: <sip:twice@127.0.0.1>"),
                Row.of(400, "", "INVITE", CONTACT, "Content-Length: 7"),
                Row.of(405, "Allow: INVITE, ?ACK, ?CANCEL, ?BYE.*", "REGISTER"),
                Row.of(405, "Allow: INVITE.*", "SUBSCRIBE", CONTACT, "Event: presence"),
                Row.of(405, "Allow: INVITE.*", "MESSAGE"),
                Row.of(405, "Allow: INVITE.*", "MADEUP"),
                Row.of(406, "", "INVITE", CONTACT, "Accept: text/plain"),
                Row.of(415, "Accept: application/sdp", "INVITE", CONTACT, "Content-Type: text/plain")
                        .with("hello"),
                Row.of(416, "", "OPTIONS").at("mailto:a@127.0.0.1"),
                Row.of(420, "Unsupported: moon-phase", "INVITE", CONTACT, "Require: moon-phase"),
                Row.of(420, "Unsupported: path", "OPTIONS", "Require: path"),
                Row.of(481, "", "BYE"),
                Row.of(481, "", "CANCEL"),
                Row.of(481, "", "NOTIFY", "Event: refer", "Subscription-State: active", CONTACT),
                Row.of(483, "", "INVITE", CONTACT, "Max-Forwards: 0"),
                Row.of(488, "Warning: 305 ringdown \"Incompatible media format\"", "INVITE", CONTACT, SDP)
                        .at("sip:488@127.0.0.1")
                        .with("v=0"),
                Row.of(503, "Retry-After: [0-9]+", "INVITE", CONTACT, SDP)
                        .at("sip:503@127.0.0.1")
                        .with("v=0"),
                Row.of(486, "", "INVITE", CONTACT, SDP, "Accept: application/sdp;level=1, text/html")
                        .at("sip:486@127.0.0.1")
                        .with("v=0"),
                Row.of(486, "", "INVITE", CONTACT, SDP, "Accept: */*")
                        .at("sip:486@127.0.0.1")
                        .with("v=0"),
                Row.of(603, "", "REFER", CONTACT, "Refer-To: <sip:+19005550100@127.0.0.1>"),
                Row.of(200, "Accept: application/sdp.*", "OPTIONS"));
    }

    private static Stream<Arguments> everywhere() {
        return Stream.of(SipTransport.UDP, SipTransport.TCP)
                .flatMap(transport -> rows().stream().map(row -> Arguments.of(transport, row)));
    }

    private static String text(Row row, Wire wire, SipTransport transport, String branch) {
        StringBuilder text = new StringBuilder(row.method() + " " + row.uri() + " SIP/2.0\n");
        text.append("Via: SIP/2.0/" + transport + " " + wire.address().getHostAddress() + ";branch=z9hG4bK" + branch
                        + "\n")
                .append("From: <sip:a@127.0.0.1>;tag=f\nTo: <sip:b@127.0.0.1>\nCall-ID: c\nCSeq: 1 " + row.method()
                        + "\n");
        if (row.headers().stream().noneMatch(header -> header.startsWith("Max-Forwards"))) {
            text.append("Max-Forwards: 70\n");
        }
        row.headers().forEach(header -> text.append(header).append("\n"));
        return text.append("Content-Length: " + row.body().length() + "\n\n")
                        .toString()
                        .replace("\n", "\r\n")
                + row.body();
    }

    // What a call comes to is its called number.
    private static SipTrunks gateway(Wire wire, SipTransport transport, int maxCalls) throws SipStartException {
        return SipTrunks.start(
                Gateway.settings().withMaxCalls(maxCalls),
                Map.of("peer", TrunkSettings.at(new TrunkAddress(wire.address().getHostAddress(), 5060, transport))),
                (invite, call) -> {
                    if (!invite.calledNumber().startsWith("+")) {
                        call.reject(new Rejection(
                                Integer.parseInt(invite.calledNumber()), new HangupReason(127, "as dialled")));
                    } else {
                        call.ring();
                    }
                    return _ -> {};
                });
    }

    private static String answer(Row row, Wire wire, SipTrunks trunks, SipTransport transport, String branch)
            throws Exception {
        wire.send(
                text(row, wire, transport, branch).getBytes(StandardCharsets.US_ASCII),
                trunks.boundAddresses().getFirst().getPort());
        return wire.next(row.toString());
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void requestIsRefusedByItsStatusWithTheHeaderThatBelongsToIt(SipTransport transport, Row row) throws Exception {
        try (Wire wire = Wire.over(transport);
                SipTrunks trunks = gateway(wire, transport, 10)) {
            String answer = answer(row, wire, trunks, transport, "one");
            assertThat(answer).startsWith("SIP/2.0 " + row.status() + " ");
            if (!row.header().isEmpty()) {
                assertThat(answer).containsPattern("\r\n" + row.header() + "\r\n");
            }
            assertThat(answer).containsPattern("\r\nTo: <sip:b@127.0.0.1>;tag=[0-9a-f]{32}\r\n");
        }
    }

    // RFC 3261 8.2.2.2, and 21.5.4 with a time to come back.
    @ParameterizedTest
    @MethodSource("transports")
    void sameRequestByAnotherWayIs482AndOneCallTooMany503(SipTransport transport) throws Exception {
        Row rings = Row.of(482, "", "INVITE", CONTACT);
        try (Wire wire = Wire.over(transport);
                SipTrunks trunks = gateway(wire, transport, 1)) {
            wire.send(
                    text(rings, wire, transport, "one").getBytes(StandardCharsets.US_ASCII),
                    trunks.boundAddresses().getFirst().getPort());
            assertThat(answer(rings, wire, trunks, transport, "two")).startsWith("SIP/2.0 482 ");
            Row other = Row.of(503, "", "INVITE", CONTACT, "X: y");
            wire.send(
                    text(other, wire, transport, "three")
                            .replace("Call-ID: c", "Call-ID: other")
                            .getBytes(StandardCharsets.US_ASCII),
                    trunks.boundAddresses().getFirst().getPort());
            assertThat(wire.next("one call too many"))
                    .startsWith("SIP/2.0 503 ")
                    .containsPattern("\r\nRetry-After: [0-9]+\r\n");
        }
    }

    private static Stream<SipTransport> transports() {
        return Stream.of(SipTransport.UDP, SipTransport.TCP);
    }
}
