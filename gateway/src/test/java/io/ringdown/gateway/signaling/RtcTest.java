package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.Durations;
import io.ringdown.media.quality.LegQuality;
import io.ringdown.media.quality.TrunkPath;
import io.ringdown.media.quality.WebPath;
import io.ringdown.media.sdp.Direction;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.TrunkListener;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The browser protocol over real sockets on loopback. */
final class RtcTest {
    private static final String PAGE = "https://example.com";
    private static final Map<String, String> FROM_PAGE = Map.of("Origin", PAGE);
    private static final String KEY = "a development key";
    private static final String NO_CALL = "0123456789abcdef0123456789abcdef";

    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(Rooms.settings(PAGE), new TokenVerifier.Everybody());
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    @Test
    void qualityIsToldToWhoHasAskedAtOnceWhenTheVerdictChanges() throws Exception {
        try (Rooms hasty = new Rooms(Rooms.settings(PAGE), new TokenVerifier.Everybody(), 4);
                Client asks = new Client(hasty.web.port(), "ringdown.v1", FROM_PAGE)) {
            asks.say("{'type':'hello','quality':true}").next("welcome");
            asks.say("{'type':'start','to':'+12025550100','sdp':'v=0'}");
            String call = asks.next("answer").get("call").asText();
            Rooms.FakeSession media = hasty.media.take();
            JsonNode first = asks.next("quality");
            assertThat(first.get("call").asText()).isEqualTo(call);
            assertThat(first.at("/verdict/code").asText()).isEqualTo("too-early");
            media.quality = withoutDtls(WebPath.Dtls.WRONG_CERTIFICATE);
            JsonNode next = asks.next("quality");
            assertThat(next.at("/verdict/code").asText()).isEqualTo("browser-wrong-certificate");
            assertThat(next.at("/verdict/fault").asBoolean()).isTrue();
            assertThat(next.at("/verdict/side").asText()).isEqualTo("browser");
            assertThat(next.at("/verdict/deaf").asText()).isEqualTo("both");
            assertThat(next.at("/browser/roundTripMillis").isNull()).isTrue();
            assertThat(next.at("/toBrowser/p99").isNumber()).isTrue();
        }
    }

    @Test
    void secureInputIsAskedForWithTheCallOrInItAndFlashesAreTold() throws Exception {
        try (Client client = new Client(rooms.web.port(), "ringdown.v1", FROM_PAGE)) {
            client.say("{'type':'hello'}").next("welcome");
            client.say("{'type':'start','to':'+12025550100','sdp':'v=0','secureInput':true}");
            String call = client.next("answer").get("call").asText();
            assertThat(client.next("secure-input").get("on").asBoolean()).isTrue();
            Rooms.FakeSession media = rooms.media.take();
            assertThat(media.secure.poll(10, TimeUnit.SECONDS)).isTrue();
            client.say("{'type':'secure-input','call':'" + call + "','on':false,'ref':'7'}");
            JsonNode told = client.next("secure-input");
            assertThat(told.get("on").asBoolean()).isFalse();
            assertThat(told.get("ref").asText()).isEqualTo("7");
            assertThat(media.secure.poll(10, TimeUnit.SECONDS)).isFalse();
            media.listener.onEvent(new MediaEvent.FlashFromTrunk());
            assertThat(client.next("flash").get("road").asText()).isEqualTo("rtp");
        }
    }

    @Test
    void whoHasNotAskedIsNotToldOfQuality() throws Exception {
        try (Rooms hasty = new Rooms(Rooms.settings(PAGE), new TokenVerifier.Everybody(), 4);
                Client client = new Client(hasty.web.port(), "ringdown.v1", FROM_PAGE)) {
            client.say("{'type':'hello'}").next("welcome");
            client.say("{'type':'start','to':'+12025550100','sdp':'v=0'}").next("answer");
            hasty.media.take().quality = withoutDtls(WebPath.Dtls.FAILED);
            Thread.sleep(1_500); // of three looks at least two
            assertThat(client.rest()).isEmpty();
        }
    }

    private static CallQuality withoutDtls(WebPath.Dtls dtls) {
        WebPath path = new WebPath(
                WebPath.Ice.NOMINATED, dtls, OptionalLong.of(20), OptionalLong.of(20), 0, 0, false, true, true);
        return new CallQuality(LegQuality.NONE, LegQuality.NONE, path, TrunkPath.NONE, Durations.NONE, Durations.NONE);
    }

    @Test
    void callGoesFromStartToEnd() throws Exception {
        try (Client client = greeted()) {
            client.say("{'type':'start','ref':'r1','to':'+1 (202) 555-0100','sdp':'v=0','unknown':[{}]}");
            JsonNode answer = client.next("answer");
            assertThat(answer.get("ref").asText()).isEqualTo("r1");
            assertThat(answer.get("call").asText()).matches("[0-9a-f]{32}");
            assertThat(answer.get("sdp").asText()).isEqualTo("v=0 web answer");
            assertThat(rooms.invites).isEmpty();
            rooms.media.take().connect();
            Rooms.FakeTrunkCall trunk = rooms.invited();
            assertThat(trunk.invite.name()).contains(answer.get("call").asText());
            assertThat(trunk.invite.calledNumber()).isEqualTo("+12025550100");
            trunk.tell(new TrunkEvent.Trying());
            assertThat(client.next("progress").get("state").asText()).isEqualTo("trying");
            trunk.tell(new TrunkEvent.Progress(180, Optional.empty()));
            assertThat(client.next("progress").get("sip").asInt()).isEqualTo(180);
            trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
            client.next("established");
            client.say("{'type':'hangup','call':'" + answer.get("call").asText() + "'}");
            JsonNode ended = client.next("ended");
            assertThat(ended.get("cause").asText()).isEqualTo("normal");
            assertThat(ended.get("blame").asText()).isEqualTo("none");
            assertThat(ended.has("sip")).isFalse();
            assertThat(trunk.asked()).isEqualTo("hangUp 16");
        }
    }

    @Test
    void callIsHeldAndResumedAndTheClientIsToldWhatBecameOfIt() throws Exception {
        rooms.media.holdOffer = Optional.of(Direction.SENDONLY);
        try (Client client = greeted()) {
            client.say("{'type':'start','to':'+12025550100','sdp':'v=0'}");
            String call = client.next("answer").get("call").asText();
            Rooms.FakeSession media = rooms.media.take();
            media.connect();
            Rooms.FakeTrunkCall trunk = rooms.invited();
            client.say("{'type':'hold','call':'" + call + "','ref':'h0'}");
            assertThat(client.next("error").get("code").asText()).isEqualTo("wrong-state");
            trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
            client.next("established");
            client.next("dtmf-road");
            client.say("{'type':'hold','call':'" + call + "','ref':'h1'}");
            JsonNode held = client.next("held");
            assertThat(held.get("call").asText()).isEqualTo(call);
            assertThat(held.get("ref").asText()).isEqualTo("h1");
            assertThat(held.get("by").asText()).isEqualTo("browser");
            assertThat(trunk.asked()).isEqualTo("reoffer v=0 sendonly");
            trunk.tell(new TrunkEvent.ReofferAnswered("v=0"));
            media.isHeldByTrunk = true;
            trunk.tell(new TrunkEvent.Reoffer("v=0"));
            assertThat(trunk.asked()).isEqualTo("acceptReoffer");
            assertThat(client.next("held").get("by").asText()).isEqualTo("telephone");
            assertThat(media.held).isTrue();
            client.say("{'type':'resume','call':'" + call + "','ref':'h2'}");
            assertThat(trunk.asked()).isEqualTo("reoffer v=0 sendrecv");
            trunk.tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
            JsonNode refused = client.next("error");
            assertThat(refused.get("code").asText()).isEqualTo("hold-refused");
            assertThat(refused.get("ref").asText()).isEqualTo("h2");
            client.say("{'type':'resume','call':'" + call + "','ref':'h3'}");
            assertThat(trunk.asked()).isEqualTo("reoffer v=0 sendrecv");
            trunk.tell(new TrunkEvent.ReofferAnswered("v=0"));
            assertThat(client.next("resumed").get("ref").asText()).isEqualTo("h3");
            assertThat(media.held).isFalse();
        }
    }

    @Test
    void failureCarriesStatusCauseAndWords() throws Exception {
        try (Client client = greeted()) {
            client.say("{'type':'start','to':'+1202','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            rooms.invited().tell(new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.of(17))));
            JsonNode ended = client.next("ended");
            assertThat(ended.get("cause").asText()).isEqualTo("busy");
            assertThat(ended.get("sip").asInt()).isEqualTo(486);
            assertThat(ended.get("q850").asInt()).isEqualTo(17);
            assertThat(ended.get("retry").asBoolean()).isTrue();
            assertThat(ended.get("text").asText()).isEqualTo("The number is busy.");
        }
    }

    @Test
    void incomingCallRingsEverySessionOfTheNumberAndTheFirstAcceptWins() throws Exception {
        try (Client one = greeted("'+12025550199'");
                Client other = greeted("'+12025550199'");
                Client third = greeted("'+12025550198'")) {
            Rooms.FakeTrunkCall trunk =
                    new Rooms.FakeTrunkCall(new OutboundInvite("", "", none(), none(), ""), _ -> {});
            // The trunk writes the number without its plus.
            rooms.calls.onInvite(
                    new InboundInvite(
                            "carrier", "12025550199", Optional.of("+44"), Optional.of("A\r\nB"), Optional.of("v=0")),
                    trunk);
            JsonNode incoming = one.next("incoming");
            assertThat(incoming.get("from").asText()).isEqualTo("+44");
            assertThat(incoming.get("name").asText()).isEqualTo("AB");
            assertThat(incoming.has("diverted")).isFalse();
            other.next("incoming");
            assertThat(trunk.asked()).isEqualTo("ring");
            String call = incoming.get("call").asText();
            one.say("{'type':'accept','call':'" + call + "','ref':'a','sdp':'v=0'}")
                    .next("answer");
            assertThat(other.next("ended").get("cause").asText()).isEqualTo("answered-elsewhere");
            rooms.media.take().connect();
            one.next("established");
            assertThat(trunk.asked()).isEqualTo("answer");
            third.say("{'type':'hangup','call':'" + call + "'}");
            assertThat(third.next("error").get("code").asText()).isEqualTo("unknown-call");
        }
    }

    @Test
    void offerThatCannotBeAnsweredIsRefusedBeforeAnybodyIsRung() throws Exception {
        try (Client client = greeted("'+12025550199'")) {
            Rooms.FakeTrunkCall trunk =
                    new Rooms.FakeTrunkCall(new OutboundInvite("", "", none(), none(), ""), _ -> {});
            rooms.calls.onInvite(
                    new InboundInvite("carrier", "+12025550199", none(), none(), Optional.of("m=video")), trunk);
            assertThat(trunk.asked()).isEqualTo("reject 488");
            client.say("{'type':'ping','ref':'p'}").next("pong");
            assertThat(rooms.calls.count()).isZero();
        }
    }

    @Test
    void whenMediaAreFullNewCallsAreRefusedBothWaysAndTheOthersGoOn() throws Exception {
        try (Client client = greeted("'+12025550199'")) {
            client.say("{'type':'start','to':'+1202','sdp':'v=0'}");
            String call = client.next("answer").path("call").asText();
            rooms.media.full = true;
            client.say("{'type':'start','ref':'late','to':'+1203','sdp':'v=0'}");
            JsonNode over = client.next("ended");
            assertThat(over.path("ref").asText()).isEqualTo("late");
            assertThat(over.path("cause").asText()).isEqualTo("overloaded");
            assertThat(over.path("retry").asBoolean()).isTrue();
            Rooms.FakeTrunkCall trunk =
                    new Rooms.FakeTrunkCall(new OutboundInvite("", "", none(), none(), ""), _ -> {});
            rooms.calls.onInvite(
                    new InboundInvite("carrier", "+12025550199", none(), none(), Optional.of("v=0")), trunk);
            assertThat(trunk.asked()).isEqualTo("reject 503");
            client.say("{'type':'hangup','call':'" + call + "'}");
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("cancelled");
        }
    }

    @Test
    void callToANumberThatNobodyIsSignedInForIsUnavailable() throws Exception {
        Client gone = greeted("'+12025550199'");
        gone.close();
        Rooms.FakeTrunkCall trunk = new Rooms.FakeTrunkCall(new OutboundInvite("", "", none(), none(), ""), _ -> {});
        TrunkListener listener = rooms.calls.onInvite(
                new InboundInvite("carrier", "+12025550197", none(), none(), Optional.of("v=0")), trunk);
        assertThat(trunk.asked()).isEqualTo("reject 480");
        listener.onEvent(new TrunkEvent.Ended(OptionalInt.empty(), ""));
    }

    @Test
    void ringingStopsWhenTheOnlySocketGoesAndNobodyIsToBeWaitedFor() throws Exception {
        Rooms.FakeTrunkCall trunk = new Rooms.FakeTrunkCall(new OutboundInvite("", "", none(), none(), ""), _ -> {});
        try (Client client = new Client(rooms.web.port(), "ringdown.v1", FROM_PAGE)) {
            client.say("{'type':'hello','numbers':['+12025550199'],'resumable':false}")
                    .next("welcome");
            rooms.calls.onInvite(
                    new InboundInvite("carrier", "+12025550199", none(), none(), Optional.of("v=0")), trunk);
            client.next("incoming");
        }
        assertThat(trunk.asked()).isEqualTo("ring");
        assertThat(trunk.asked()).isEqualTo("reject 480");
    }

    /** A call under way. */
    private record Talking(String call, Rooms.FakeSession media) {}

    private Talking talk(Client client) throws Exception {
        client.say("{'type':'start','to':'+1202','sdp':'v=0'}");
        String call = client.next("answer").get("call").asText();
        Rooms.FakeSession media = rooms.media.take();
        media.connect();
        rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
        client.next("established");
        return new Talking(call, media);
    }

    @Test
    void digitsGoToTheTrunkAndComeFromIt() throws Exception {
        try (Client client = greeted()) {
            Talking talking = talk(client);
            String call = talking.call;
            Rooms.FakeSession media = talking.media;
            client.say("{'type':'dtmf','call':'" + call + "','digits':'1#','duration':40,'gap':30}");
            assertThat(media.pressed.take().character()).isEqualTo('1');
            assertThat(media.pressed.take().character()).isEqualTo('#');
            client.next("dtmf-receipt");
            client.next("dtmf-receipt");
            for (String wrong : List.of(
                    "'digits':''",
                    "'digits':'1x'",
                    "'digits':'1','duration':39",
                    "'digits':'1','duration':6001",
                    "'digits':'1','duration':'100'",
                    "'digits':'1','gap':29",
                    "'digits':'" + "1".repeat(65) + "'")) {
                client.say("{'type':'dtmf','ref':'d','call':'" + call + "'," + wrong + "}");
                JsonNode error = client.next("error");
                assertThat(error.get("code").asText()).as(wrong).isEqualTo("bad-digits");
                assertThat(error.get("ref").asText()).isEqualTo("d");
            }
            media.listener.onEvent(
                    new MediaEvent.DigitFromTrunk(Digit.of('5').orElseThrow(), Duration.ofMillis(120), DtmfRoad.RTP));
            JsonNode digit = client.next("dtmf");
            assertThat(digit.get("digit").asText()).isEqualTo("5");
            assertThat(digit.get("duration").asInt()).isEqualTo(120);
            assertThat(digit.get("road").asText()).isEqualTo("rtp");
            media.listener.onEvent(
                    new io.ringdown.media.MediaEvent.WebCodecWanted(io.ringdown.media.codec.AudioCodec.PCMA));
            JsonNode codec = client.next("codec");
            assertThat(codec.get("call").asText()).isEqualTo(call);
            assertThat(codec.get("codec").asText()).isEqualTo("PCMA");
            assertThat(codec.get("sdp").asText()).isEqualTo("v=0 web answer with PCMA");
        }
    }

    @Test
    void whatBecomesOfAPressIsToldUnderItsNumberAndItsRef() throws Exception {
        try (Client client = greeted()) {
            Talking talking = talk(client);
            String call = talking.call;
            Rooms.FakeSession media = talking.media;
            JsonNode road = client.next("dtmf-road");
            assertThat(road.get("road").asText()).isEqualTo("rtp");
            assertThat(road.get("why").asText()).isEqualTo("agreed");
            client.say("{'type':'dtmf','ref':'pin','call':'" + call + "','digits':'4,2'}");
            for (int i = 0; i < 2; i++) {
                JsonNode accepted = client.next("dtmf-receipt");
                assertThat(accepted.get("press").asLong()).isEqualTo(i);
                assertThat(accepted.get("ref").asText()).isEqualTo("pin");
                assertThat(accepted.get("index").asInt()).isEqualTo(i);
                assertThat(accepted.get("state").asText()).isEqualTo("accepted");
            }
            media.listener.onEvent(new MediaEvent.Press(
                    0, new PressReceipt.Sent(DtmfRoad.RTP, Duration.ofMillis(100), 8, 0x80000000)));
            JsonNode sent = client.next("dtmf-receipt");
            assertThat(sent.toString())
                    .as("nothing but what is said of it")
                    .isEqualTo("{\"type\":\"dtmf-receipt\",\"call\":\"" + call
                            + "\",\"press\":0,\"ref\":\"pin\",\"index\":0,\"state\":\"sent\",\"road\":\"rtp\","
                            + "\"duration\":100,\"packets\":8,\"timestamp\":2147483648,\"seq\":"
                            + sent.get("seq").asLong() + "}");
            media.listener.onEvent(new MediaEvent.Press(
                    1, new PressReceipt.Failed(PressReceipt.Failure.REFUSED, OptionalInt.of(415))));
            JsonNode failed = client.next("dtmf-receipt");
            assertThat(failed.get("reason").asText()).isEqualTo("refused");
            assertThat(failed.get("sip").asInt()).isEqualTo(415);
            client.say("{'type':'hangup','call':'" + call + "'}");
            JsonNode last = client.next("dtmf-receipt");
            assertThat(last.get("press").asLong()).isZero();
            assertThat(last.get("state").asText()).isEqualTo("unconfirmable");
            assertThat(last.get("reason").asText()).isEqualTo("call-ended");
            client.next("ended");
        }
    }

    @Test
    void whatTheLineSoundsLikeIsToldToWhoListens() throws Exception {
        try (Client client = greeted()) {
            Talking talking = talk(client);
            String call = talking.call;
            Rooms.FakeSession media = talking.media;
            media.listener.onEvent(new MediaEvent.SoundBegan()); // nobody listens yet
            client.say("{'type':'listen','call':'" + call + "','on':true,'silence':1500}");
            assertThat(media.listening.take()).isEqualTo(Duration.ofMillis(1_500));
            media.listener.onEvent(new MediaEvent.Beeped(999.7, Duration.ofMillis(400)));
            JsonNode beep = client.next("heard");
            assertThat(beep.get("what").asText()).isEqualTo("beep");
            assertThat(beep.get("hertz").asInt()).isEqualTo(1_000);
            assertThat(beep.get("duration").asInt()).isEqualTo(400);
            for (String wrong : List.of("'on':'yes'", "'on':true,'silence':199", "'on':true,'silence':'700'")) {
                client.say("{'type':'listen','ref':'l','call':'" + call + "'," + wrong + "}");
                assertThat(client.next("error").get("code").asText()).as(wrong).isEqualTo("bad-message");
            }
        }
    }

    @Test
    void ourOwnBugEndsThatCallAndNoOther() throws Exception {
        try (Client client = greeted()) {
            client.say("{'type':'start','ref':'good','to':'+1202','sdp':'v=0'}").next("answer");
            rooms.media.broken = true;
            client.say("{'type':'start','ref':'bad','to':'+1202','sdp':'v=0'}");
            assertThat(client.next("ended").get("cause").asText()).isEqualTo("internal");
            rooms.media.broken = false;
            rooms.media.take().connect();
            rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
            client.next("established");
        }
    }

    @Test
    void hostileMessagesAreAnsweredAndTheSessionLives() throws Exception {
        try (Client client = greeted()) {
            Map<String, String> cases = Map.ofEntries(
                    Map.entry("", "bad-message"),
                    Map.entry("null", "bad-message"),
                    Map.entry("[]", "bad-message"),
                    Map.entry("{", "bad-message"),
                    Map.entry("{'type':'ping'} {}", "bad-message"),
                    Map.entry("{'type':7}", "bad-message"),
                    Map.entry("{'type':'constructor'}", "unknown-type"),
                    Map.entry("{'type':'ping','x':" + "[".repeat(17) + "]".repeat(17) + "}", "bad-message"),
                    Map.entry("{'type':'start','to':'+1202'}", "bad-message"),
                    Map.entry("{'type':'start','to':'+1202\\r\\nX: y','sdp':'v=0'}", "bad-number"),
                    Map.entry("{'type':'start','to':'+1202%0d%0a','sdp':'v=0'}", "bad-number"),
                    Map.entry("{'type':'start','to':'\uff11\uff12','sdp':'v=0'}", "bad-number"),
                    Map.entry("{'type':'start','to':'+1;phone-context=x','sdp':'v=0'}", "bad-number"),
                    Map.entry("{'type':'start','to':'" + "1".repeat(33) + "','sdp':'v=0'}", "bad-number"),
                    Map.entry("{'type':'hangup','call':'../../etc'}", "unknown-call"),
                    Map.entry("{'type':'hello'}", "not-greeted"));
            for (Map.Entry<String, String> entry : cases.entrySet()) {
                client.say(entry.getKey());
                assertThat(client.next("error").get("code").asText())
                        .as(entry.getKey())
                        .isEqualTo(entry.getValue());
            }
            client.say("{'type':'ping','ref':'still here'}");
            assertThat(client.next("pong").get("ref").asText()).isEqualTo("still here");
            assertThat(rooms.invites).isEmpty();
        }
    }

    @Test
    void namesReachTheTrunkWithoutControlCharacters() throws Exception {
        try (Client client = greeted()) {
            client.say("{'type':'start','to':'+1202','sdp':'v=0','name':'Ann\\r\\nX-Evil: 1\\u0000\\u0085\\u2028\\ud800"
                    + "x".repeat(100) + "'}");
            client.next("answer");
            rooms.media.take().connect();
            String name = rooms.invited().invite.callerName().orElseThrow();
            assertThat(name).startsWith("AnnX-Evil: 1x").hasSize(64);
        }
    }

    @Test
    void messageLargerThanSixteenKibibytesClosesTheSocket() {
        try (Client client = greeted()) {
            client.say("{'type':'ping','ref':'" + "x".repeat(16 * 1024) + "'}");
            assertThat(client.closed()).isEqualTo(1009);
        }
    }

    @Test
    void binaryMessageClosesTheSocket() {
        try (Client client = greeted()) {
            client.sendBinary("{}".getBytes(StandardCharsets.UTF_8), true);
            assertThat(client.closed()).isEqualTo(1003);
        }
    }

    @Test
    void floodIsToldOnceAndThenCut() throws Exception {
        try (Client client = greeted()) {
            for (int i = 0; i < 60 && !client.isClosed(); i++) {
                client.trySay("{'type':'ping'}");
            }
            assertThat(client.closed()).isEqualTo(1008);
            int tooFast = 0;
            for (JsonNode message : client.rest()) {
                tooFast += message.path("code").asText().equals("too-fast") ? 1 : 0;
            }
            assertThat(tooFast).isEqualTo(1);
        }
    }

    @Test
    void ninthCallOfASocketIsRefused() throws Exception {
        try (Client client = greeted()) {
            for (int i = 0; i < 8; i++) {
                client.say("{'type':'start','to':'+1202','sdp':'v=0'}").next("answer");
            }
            client.say("{'type':'start','ref':'nine','to':'+1202','sdp':'v=0'}");
            assertThat(client.next("error").get("code").asText()).isEqualTo("too-many-calls");
        }
    }

    @Test
    void offerThatCannotBeAnsweredEndsTheCallWithItsRef() throws Exception {
        try (Client client = greeted()) {
            client.say("{'type':'start','ref':'r','to':'+1202','sdp':'rubbish'}");
            JsonNode ended = client.next("ended");
            assertThat(ended.get("cause").asText()).isEqualTo("media-refused");
            assertThat(ended.get("ref").asText()).isEqualTo("r");
            assertThat(ended.get("hint").asText()).contains("v=0");
        }
    }

    @Test
    void everyAnswerRepeatsTheRefOfItsRequest() throws Exception {
        try (Client client = new Client(rooms.web.port(), "ringdown.v1", FROM_PAGE)) {
            for (String request : List.of(
                    "'type':'ping'", // before hello
                    "'type':'hello','numbers':['x']",
                    "'type':'hello'",
                    "'type':'hello'", // again
                    "'type':'ping'",
                    "'type':'nonsense'",
                    "'type':'start','to':'+1202'",
                    "'type':'start','to':'x','sdp':'v=0'",
                    "'type':'start','to':'+1202','sdp':'rubbish'",
                    "'type':'accept','call':'" + NO_CALL + "','sdp':'v=0'",
                    "'type':'update','call':'" + NO_CALL + "','sdp':'v=0'",
                    "'type':'reject','call':'" + NO_CALL + "'",
                    "'type':'reject','call':'" + NO_CALL + "','reason':'bored'",
                    "'type':'hangup','call':'" + NO_CALL + "'",
                    "'type':'hangup'",
                    "'type':'dtmf','call':'" + NO_CALL + "','digits':'1'")) {
                assertRefComesBack(client, request);
            }
        }
        try (Client client = greeted()) { // another one: no client may say so much at once
            for (String request : List.of(
                    "'type':'hold','call':'" + NO_CALL + "'",
                    "'type':'resume','call':'" + NO_CALL + "'",
                    "'type':'secure-input','call':'" + NO_CALL + "','on':true",
                    "'type':'secure-input','call':'" + NO_CALL + "'",
                    "'type':'mute','call':'" + NO_CALL + "','muted':true",
                    "'type':'mute','call':'" + NO_CALL + "','muted':1")) {
                assertRefComesBack(client, request);
            }
        }
    }

    private static void assertRefComesBack(Client client, String request) throws Exception {
        String ref = "ref " + request.hashCode();
        client.say("{" + request + ",'ref':'" + ref + "'}");
        assertThat(client.next().path("ref").asText()).as(request).isEqualTo(ref);
    }

    @Test
    void shutdownTellsTheEndOfTheCallAndThenThatWeGoAway() throws Exception {
        try (Client client = greeted();
                Client silent = new Client(rooms.web.port(), "ringdown.v1", FROM_PAGE)) {
            client.say("{'type':'start','to':'+1202','sdp':'v=0'}").next("answer");
            rooms.close();
            assertThat(client.next("ended").get("cause").asText()).isEqualTo("shutdown");
            assertThat(client.closed()).isEqualTo(1001);
            assertThat(silent.closed()).isEqualTo(1001);
        }
    }

    @Test
    void refusedHandshakesSayWhatWouldDo() throws Exception {
        assertThat(RawHandshake.headers(rooms.web.port(), PAGE, "Authorization: Bearer wrong"))
                .as("nobody is asked for a token here, so any does")
                .contains(" 101 ");
        assertThat(RawHandshake.exchange(
                        rooms.web.port(),
                        "GET /v1/rtc HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + PAGE
                                + "\r\nSec-WebSocket-Protocol: ringdown.v1\r\n\r\n"))
                .contains(" 426 ")
                .containsIgnoringCase("Upgrade: websocket");
        rooms.close();
        rooms = new Rooms(Rooms.settings(PAGE), new TokenVerifier.DevelopmentKey(Secret.parse("0123456789abcdef")));
        assertThat(RawHandshake.headers(rooms.web.port(), PAGE, "Authorization: Bearer wrong"))
                .contains(" 401 ")
                .contains("WWW-Authenticate: Bearer");
    }

    @Test
    void onlyListedOriginsComeIn() {
        for (String origin : List.of(
                "null",
                "http://example.com",
                "https://example.com:8443",
                "https://example.com.evil.org",
                "https://evilexample.com",
                "https://EXAMPLE.com",
                "https://example.com/",
                "")) {
            assertThat(refusedWith("ringdown.v1", origin.isEmpty() ? Map.of() : Map.of("Origin", origin)))
                    .as(origin)
                    .isEqualTo(403);
        }
    }

    @Test
    void subprotocolIsRequired() {
        assertThat(refusedWith("other", FROM_PAGE)).isEqualTo(400);
        assertThat(refusedWith("", FROM_PAGE)).isEqualTo(400);
    }

    @Test
    void tokenComesByHeaderSubprotocolOrHello() throws Exception {
        rooms.close();
        rooms = new Rooms(Rooms.settings(PAGE), new TokenVerifier.DevelopmentKey(Secret.parse(KEY + "-0123456789")));
        String key = KEY + "-0123456789";
        int port = rooms.web.port();
        try (Client client = new Client(port, "ringdown.v1", Map.of("Authorization", "Bearer " + key))) {
            client.say("{'type':'hello'}").next("welcome");
        }
        try (Client client = new Client(port, "ringdown.v1", FROM_PAGE)) {
            client.say("{'type':'hello','token':'" + key + "'}").next("welcome");
        }
        try (Client client = new Client(port, "ringdown.v1", FROM_PAGE)) {
            client.say("{'type':'hello','token':'wrong'}");
            assertThat(client.next("error").get("code").asText()).isEqualTo("unauthorized");
            assertThat(client.closed()).isEqualTo(1008);
        }
        assertThat(refusedWith("ringdown.v1", Map.of("Origin", PAGE, "Authorization", "Bearer wrong")))
                .isEqualTo(401);
        assertThat(refusedWith("ringdown.v1 ringdown.token.wrong", FROM_PAGE)).isEqualTo(401);
    }

    @Test
    void compressionIsNeverAgreed() {
        try (Client client = greeted()) {
            assertThat(client.subprotocol()).isEqualTo("ringdown.v1");
        }
        // The JDK's client offers no extension; what a client that does would get is in the handshake:
        assertThat(RawHandshake.headers(rooms.web.port(), PAGE, "Sec-WebSocket-Extensions: permessage-deflate"))
                .contains("101")
                .doesNotContainIgnoringCase("deflate");
    }

    private int refusedWith(String subprotocols, Map<String, String> headers) {
        try (Client client = new Client(rooms.web.port(), subprotocols, headers)) {
            throw new AssertionError("came in with " + headers + " as " + client.subprotocol());
        } catch (java.util.concurrent.CompletionException refused) {
            if (refused.getCause() instanceof WebSocketHandshakeException handshake) {
                return handshake.getResponse().statusCode();
            }
            throw refused;
        }
    }

    private Client greeted(String... numbers) {
        Client client = new Client(rooms.web.port(), "ringdown.v1", FROM_PAGE);
        try {
            JsonNode welcome = client.say("{'type':'hello','numbers':[" + String.join(",", numbers) + "]}")
                    .next("welcome");
            assertThat(welcome.get("limits").get("calls").asInt()).isEqualTo(8);
            assertThat(welcome.get("numbers")).hasSize(numbers.length);
            return client;
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static Optional<String> none() {
        return Optional.empty();
    }
}
