package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A page that speaks docs/protocol.md by hand: JSON over WebSocket and RTCPeerConnection, without the SDK. */
final class RawClient implements AutoCloseable {

    private final Trial trial;
    private final Browser browser;
    private final Browser.Page page;
    private final AtomicInteger heard = new AtomicInteger();

    private RawClient(Trial trial, Browser browser, Browser.Page page) {
        this.trial = trial;
        this.browser = browser;
        this.page = page;
    }

    /** Opens the page and says hello. */
    static RawClient connect(Trial trial, Browser browser, PageServer pages, Gateway gateway, String... numbers) {
        RawClient client = open(trial, browser, pages);
        client.hello(gateway, numbers);
        return client;
    }

    /** Opens the page and does nothing yet. */
    static RawClient open(Trial trial, Browser browser, PageServer pages) {
        Browser.Page page = trial.keep(browser.open(pages.uri("/raw.html")));
        RawClient client = new RawClient(trial, browser, page);
        trial.witness(directory -> {
            trial.write(
                    "browser-messages.json",
                    client.messages().stream().map(JsonNode::toString).collect(Collectors.joining("\n")));
            trial.write("browser-console.txt", page.console());
            trial.write(
                    "browser-stats.json",
                    page.evaluate("client.pc ? client.stats() : null").toPrettyString());
            trial.write(
                    "browser-answer.sdp",
                    page.evaluate("client.pc?.remoteDescription?.sdp").asText());
            trial.write(
                    "browser-offer.sdp",
                    page.evaluate("client.pc?.localDescription?.sdp").asText());
        });
        return client;
    }

    void hello(Gateway gateway, String... numbers) {
        String list = List.of(numbers).stream().map(JsonSocket::quote).collect(Collectors.joining(",", "[", "]"));
        page.evaluate(
                "client.connect(" + JsonSocket.quote(gateway.socketUri().toString()) + ", {numbers:" + list + "})");
    }

    /** Puts links in place of the gateway's two media ports, in every answer from here on. */
    void take(GatewayConfig config, Link first, Link second) {
        page.evaluate("(client.rewrite = (sdp) => sdp.replaceAll(' " + config.mediaPort() + " ', ' " + first.port()
                + " ').replaceAll(' " + (config.mediaPort() + 1) + " ', ' " + second.port() + " '), true)");
    }

    Browser browser() {
        return browser;
    }

    JsonNode evaluate(String expression) {
        return page.evaluate(expression);
    }

    void start(String number) {
        page.evaluate("client.start(" + JsonSocket.quote(number) + ")");
    }

    /** Calls with a microphone that gives silence. */
    void startSilently(String number) {
        page.evaluate("client.start(" + JsonSocket.quote(number) + ", {}, false)");
    }

    /** These frequencies together in place of the silent microphone, until they are over. */
    void sound(int millis, double... hertz) {
        page.evaluate("client.sound(" + Arrays.toString(hertz) + ", " + millis + ")");
    }

    void hangUp() {
        page.evaluate("client.hangUp()");
    }

    List<JsonNode> messages() {
        List<JsonNode> list = new ArrayList<>();
        page.evaluate("client.messages").forEach(list::add);
        return list;
    }

    List<JsonNode> messages(String type) {
        return messages().stream()
                .filter(message -> message.path("type").asText().equals(type))
                .toList();
    }

    /** The types of all messages, with the state of progress: the story of the call. */
    List<String> story() {
        return messages().stream()
                .map(message -> message.path("type").asText()
                        + (message.has("state") ? " " + message.get("state").asText() : ""))
                .toList();
    }

    JsonNode await(String type, int seconds) {
        Tools.await(
                "the browser is told " + type,
                seconds,
                () -> !messages(type).isEmpty() || !messages("ended").isEmpty(),
                () -> messages().toString());
        assertThat(messages(type)).as("told before the end: %s", messages()).isNotEmpty();
        return messages(type).getFirst();
    }

    JsonNode awaitProgress(String state, int seconds) {
        Tools.await(
                "the browser is told progress " + state,
                seconds,
                () -> messages("progress").stream()
                        .anyMatch(message -> message.path("state").asText().equals(state)),
                () -> messages().toString());
        return messages("progress").getLast();
    }

    void awaitEstablished() {
        await("established", 15);
    }

    JsonNode awaitEnded(int seconds) {
        JsonNode ended = await("ended", seconds);
        assertThat(ended.path("text").asText()).as("an ending has words").isNotBlank();
        return ended;
    }

    /** What the page hears in the next while, recorded by the browser and decoded by ffmpeg. */
    Sound hear(long millis) {
        byte[] recording = Base64.getDecoder()
                .decode(page.evaluate("ears.hear(" + millis + ")").asText());
        return Ear.recording(trial, "heard-" + heard.incrementAndGet(), recording);
    }

    /** Waits until the page hears something, then listens for a second and a half. */
    Sound hearOnceLoud() {
        Tools.await(
                "the browser hears something",
                15,
                () -> hear(300).levelDbfs() > -45,
                () -> messages().toString());
        return hear(1500);
    }

    @Override
    public void close() {
        page.close();
    }
}
