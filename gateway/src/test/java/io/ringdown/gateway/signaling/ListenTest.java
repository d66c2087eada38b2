package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallListeners;
import io.ringdown.gateway.tokens.Doorkeeper;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.gateway.tokens.UsedTokens;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator listens to calls over HTTP. */
final class ListenTest {
    private static final String KEY = "an operator's own key";

    private final HttpClient http = HttpClient.newHttpClient();
    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(Rooms.settings(), new TokenVerifier.Everybody());
    }

    @AfterEach
    void stop() {
        rooms.close();
        http.shutdownNow();
    }

    @Test
    void whatIsSaidIsAWavThatLastsAsLongAsTheCall() throws Exception {
        String call = call();
        Rooms.FakeSession media = rooms.media.take();
        HttpResponse<InputStream> response = listen(call);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("audio/wav");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        short[] frame = new short[media.sound.frameSamples()];
        for (int i = 0; i < 30; i++) {
            frame[0] = (short) -i;
            frame[1] = (short) (1_000 * i);
            media.sound.offer(frame);
        }
        media.sound.end();
        AudioInputStream wav = AudioSystem.getAudioInputStream(new BufferedInputStream(response.body()));
        assertThat(wav.getFormat())
                .matches(format -> new AudioFormat(8_000, 16, 2, true, false).matches(format), "8 kHz, 16 bit, stereo");
        byte[] all = wav.readAllBytes();
        assertThat(all).hasSize(30 * frame.length * 2);
        ByteBuffer samples = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(samples.getShort(29 * frame.length * 2)).isEqualTo((short) -29);
        assertThat(samples.getShort(29 * frame.length * 2 + 2)).isEqualTo((short) 29_000);
        eventually(() -> rooms.calls.listeners().now() == 0);
        assertThat(rooms.calls.listeners().begun()).isOne();
    }

    @Test
    void toWhoeverHasNotTheKeyThereIsNothingWhateverThereIs() throws Exception {
        String call = call();
        Map<String, Object> nothing = seen(get("/v1/nothing"));
        List<HttpRequest.Builder> strangers = new ArrayList<>();
        for (String id : new String[] {call, "0123456789abcdef0123456789abcdef", "x"}) {
            String path = "/v1/calls/" + id + "/listen";
            strangers.add(get(path));
            strangers.add(get(path).header("Authorization", "Bearer an operator's own kez"));
            strangers.add(get(path).header("Authorization", "Bearer "));
            strangers.add(get(path).header("Authorization", "Basic " + KEY));
            strangers.add(get(path).DELETE());
        }
        for (HttpRequest.Builder stranger : strangers) {
            assertThat(seen(stranger)).isEqualTo(nothing);
        }
        assertThat(rooms.calls.listeners().begun()).isZero();
    }

    @Test
    void whoGuessesTheKeyIsCountedAndHeldOffAndSeesNothingOfIt() throws Exception {
        try (Doorkeeper door = Doorkeeper.open(
                        TokenSettings.defaults(),
                        Map.of(),
                        new UsedTokens(),
                        InstantSource.system(),
                        System::nanoTime);
                Rooms guarded = new Rooms(Rooms.settings(), door)) {
            rooms.close();
            rooms = guarded;
            Map<String, Object> nothing = seen(get("/v1/nothing"));
            assertThat(listen("x").statusCode()).isEqualTo(404);
            assertThat(door.refused().values()).as("the key is known").containsOnly(0L);
            for (int guess = 0; guess < 20; guess++) {
                assertThat(seen(get("/v1/calls/x/listen").header("Authorization", "Bearer guess " + guess)))
                        .isEqualTo(nothing);
            }
            assertThat(seen(asOperator("x"))).as("not looked at").isEqualTo(nothing);
            assertThat(door.refused()).containsEntry("monitor-key", 11L).containsEntry("held-off", 10L);
        }
    }

    @Test
    void theOperatorIsToldWhyThereIsNothingToBeHeard() throws Exception {
        String call = call();
        Rooms.FakeSession media = rooms.media.take();
        media.isHeard = false;
        assertThat(body(listen(call))).contains("\"code\":\"wrong-state\"");
        assertThat(body(listen("0123456789abcdef0123456789abcdef"))).contains("\"code\":\"unknown-call\"");
        assertThat(listen("x").statusCode()).isEqualTo(404);
        assertThat(http.send(asOperator(call).DELETE().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
        assertThat(rooms.calls.listeners().now()).isZero();
    }

    @Test
    void fewListenToACallAndWhoLeavesMakesRoom() throws Exception {
        String call = call();
        Rooms.FakeSession media = rooms.media.take();
        List<HttpResponse<InputStream>> listening = new ArrayList<>();
        for (int i = 0; i < CallListeners.MOST_OF_A_CALL; i++) {
            listening.add(listen(call));
            assertThat(listening.getLast().statusCode()).isEqualTo(200);
        }
        assertThat(body(listen(call))).contains("\"code\":\"too-many-listeners\"");
        assertThat(rooms.calls.debugState().toString()).contains("listeners=2").contains("secureInput=false");
        listening.getFirst().body().close();
        short[] frame = new short[media.sound.frameSamples()];
        eventually(
                () -> { // a client that has gone shows when something is sent to it
                    media.sound.offer(frame);
                    return rooms.calls.listeners().now() == 1;
                });
        assertThat(listen(call).statusCode()).isEqualTo(200);
        assertThat(rooms.calls.post(CallId.of(call).orElseThrow(), new CallEvent.Shutdown()))
                .isTrue();
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("10 s are over").isNegative();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private String call() throws IOException, InterruptedException {
        HttpRequest request = get("/v1/calls/+12025550100")
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString("v=0"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString())
                .headers()
                .firstValue("Location")
                .orElseThrow()
                .substring("/v1/calls/".length());
    }

    private HttpResponse<InputStream> listen(String call) throws IOException, InterruptedException {
        return http.send(asOperator(call).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder asOperator(String call) {
        return get("/v1/calls/" + call + "/listen").header("Authorization", "Bearer " + KEY);
    }

    private static String body(HttpResponse<InputStream> response) throws IOException {
        return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** All that one learns who asks; the date apart. */
    private Map<String, Object> seen(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        Map<String, Object> seen = new HashMap<>();
        seen.put("status", response.statusCode());
        seen.put("body", response.body());
        TreeMap<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.remove("date");
        seen.put("headers", headers);
        return seen;
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rooms.web.port() + path));
    }
}
