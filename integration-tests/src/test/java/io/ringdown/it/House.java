package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Two people with extensions, each at a browser: bob (12) at Firefox, whose microphone gives its tone, alice (11) at Chromium, where
 * the page makes another one: in Firefox it could not, without a sound card.
 */
final class House {
    /** What alice's page says, unlike any microphone. */
    static final int ALICES_HZ = 1300;

    static final int BOBS_HZ = Firefox.MICROPHONE_HZ;

    private static final int SOUND_MILLIS = 300_000; // longer than any call

    static final String USERS = """
            users:
              alice: {key: the-own-key-of-alice-0123456789, extension: "11", name: Alice Ames}
              bob: {key: the-own-key-of-bob-0123456789, extension: "12", name: Bob, call-waiting: false}
              carol: {key: the-own-key-of-carol-0123456789, extension: "13"}
            """;

    private House() {}

    /** A page where one of them is signed in. */
    static RawClient in(Trial trial, Browser.Kind kind, Exchange exchange, String user) {
        RawClient client = RawClient.open(trial, kind.browser(), exchange.pages());
        client.evaluate("client.connect("
                + JsonSocket.quote(exchange.gateway().socketUri().toString()) + ", {token: 'the-own-key-of-" + user
                + "-0123456789'})");
        return client;
    }

    /** Alice calls, in her own voice. */
    static void start(RawClient alice, String number) {
        alice.startSilently(number);
        alice.evaluate("(client.sound([" + ALICES_HZ + "], " + SOUND_MILLIS + "), true)");
    }

    /** Bob takes what rings, with his microphone. */
    static void accept(RawClient bob, JsonNode incoming) {
        bob.evaluate("client.accept(" + incoming.get("call") + ")");
    }

    /** Alice takes what rings, in her own voice. */
    static void acceptAsAlice(RawClient alice, JsonNode incoming) {
        alice.evaluate("(async () => { const sdp = await client.offer(false); client.call = " + incoming.get("call")
                + "; client.send({type: 'accept', call: client.call, sdp});"
                + " client.sound([" + ALICES_HZ + "], " + SOUND_MILLIS + "); return true; })()");
    }

    /** The message of this type that came so manieth. */
    static JsonNode await(RawClient who, String type, int count) {
        Tools.await(
                "the page is told " + type + " " + count + " times",
                20,
                () -> who.messages(type).size() >= count,
                () -> who.messages().toString());
        return who.messages(type).get(count - 1);
    }

    /** The stages of a page's transfers. */
    static List<String> stages(RawClient who) {
        return who.messages("transfer").stream()
                .map(message -> message.path("stage").asText())
                .toList();
    }

    static JsonNode awaitStage(RawClient who, String stage) {
        Tools.await(
                "the page is told transfer " + stage,
                20,
                () -> stages(who).contains(stage),
                () -> who.messages().toString());
        Optional<JsonNode> found = who.messages("transfer").stream()
                .filter(message -> message.path("stage").asText().equals(stage))
                .findFirst();
        return found.orElseThrow();
    }
}
