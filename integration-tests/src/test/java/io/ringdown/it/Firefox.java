package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** Firefox by WebDriver BiDi over its own WebSocket. The microphone is its built-in tone. */
final class Firefox implements Browser {

    private final Process process;
    private final JsonSocket socket;
    private final Consoles consoles = new Consoles();

    Firefox() {
        Path folder = BrowserProcess.fresh("firefox");
        Path profile = folder.resolve("profile");
        try {
            Files.createDirectories(profile);
            Files.writeString(profile.resolve("user.js"), """
                    user_pref("media.navigator.streams.fake", true);
                    user_pref("media.navigator.audio.fake_frequency", %d);
                    user_pref("media.navigator.permission.disabled", true);
                    user_pref("media.peerconnection.ice.loopback", true);
                    user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
                    user_pref("media.autoplay.default", 0);
                    user_pref("media.autoplay.blocking_policy", 0);
                    user_pref("browser.shell.checkDefaultBrowser", false);
                    user_pref("browser.startup.page", 0);
                    user_pref("browser.aboutwelcome.enabled", false);
                    user_pref("datareporting.policy.dataSubmissionEnabled", false);
                    user_pref("app.update.disabledForTesting", true);
                    user_pref("network.captive-portal-service.enabled", false);
                    user_pref("network.connectivity-service.enabled", false);
                    user_pref("toolkit.telemetry.enabled", false);
                    """.formatted(MICROPHONE_HZ));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = BrowserProcess.start(
                folder,
                List.of(
                        Tools.program("firefox-esr", "firefox").toString(),
                        "--headless",
                        "--no-remote",
                        "--profile",
                        profile.toString(),
                        "--remote-debugging-port=0",
                        "about:blank"));
        URI root = BrowserProcess.awaitUri(folder, process, "WebDriver BiDi listening on (ws://\\S+)");
        socket = new JsonSocket(URI.create(root + "/session"), this::onEvent);
        call("session.new", "{\"capabilities\":{}}");
        call("session.subscribe", "{\"events\":[\"log.entryAdded\"]}");
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public Page open(URI address, String before) {
        String user = call("browser.createUserContext", "{}").get("userContext").asText();
        String context = call(
                        "browsingContext.create", "{\"type\":\"tab\",\"userContext\":" + JsonSocket.quote(user) + "}")
                .get("context")
                .asText();
        consoles.open(context);
        call(
                "script.addPreloadScript",
                "{\"contexts\":[" + JsonSocket.quote(context) + "],\"functionDeclaration\":"
                        + JsonSocket.quote("() => {" + before + "}") + "}");
        call(
                "browsingContext.navigate",
                "{\"wait\":\"complete\",\"context\":" + JsonSocket.quote(context) + ",\"url\":"
                        + JsonSocket.quote(address.toString()) + "}");
        return new Tab(user, context);
    }

    private JsonNode call(String method, String params) {
        ObjectNode request = JsonSocket.command(method, params);
        JsonNode answer = socket.request(request, 60);
        if (!answer.path("type").asText().equals("success")) {
            throw new AssertionError(method + " " + params + ": " + answer);
        }
        return answer.get("result");
    }

    private void onEvent(JsonNode event) {
        JsonNode entry = event.path("params");
        consoles.add(
                entry.path("source").path("context").asText(),
                entry.path("text").asText());
    }

    @Override
    public void close() {
        socket.close();
        Tools.end(process);
    }

    private final class Tab implements Page {
        private final String user;
        private final String context;

        private Tab(String user, String context) {
            this.user = user;
            this.context = context;
        }

        @Override
        public JsonNode evaluate(String expression) {
            JsonNode answer = call(
                    "script.evaluate",
                    "{\"awaitPromise\":true,\"userActivation\":true,\"target\":{\"context\":"
                            + JsonSocket.quote(context) + "},\"expression\":"
                            + JsonSocket.quote(BrowserProcess.asJson(expression)) + "}");
            if (!answer.path("type").asText().equals("success")) {
                throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
            }
            return BrowserProcess.value(
                    expression, answer.get("result").path("value").asText("{}"));
        }

        @Override
        public String console() {
            return consoles.text(context);
        }

        @Override
        public void press(Keystroke key) {
            call("browsingContext.activate", "{\"context\":" + JsonSocket.quote(context) + "}");
            call(
                    "input.performActions",
                    "{\"context\":" + JsonSocket.quote(context) + ",\"actions\":" + key.biDi() + "}");
        }

        @Override
        public byte[] png(int width, int height) {
            call(
                    "browsingContext.setViewport",
                    "{\"context\":" + JsonSocket.quote(context) + ",\"viewport\":{\"width\":" + width + ",\"height\":"
                            + height + "}}");
            String data = call("browsingContext.captureScreenshot", "{\"context\":" + JsonSocket.quote(context) + "}")
                    .get("data")
                    .asText();
            return Base64.getDecoder().decode(data);
        }

        @Override
        public void close() {
            if (!consoles.close(context)) {
                return;
            }
            call("browser.removeUserContext", "{\"userContext\":" + JsonSocket.quote(user) + "}");
        }
    }
}
