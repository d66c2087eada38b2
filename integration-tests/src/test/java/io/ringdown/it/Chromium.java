package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Chromium by its DevTools protocol. The microphone is a file made by sox. */
final class Chromium implements Browser {

    private final Process process;
    private final JsonSocket socket;
    private final Consoles consoles = new Consoles();

    /** With these options besides. */
    Chromium(String... more) {
        Path folder = BrowserProcess.fresh("chromium");
        Path wav = folder.resolve("microphone.wav");
        Tools.run(
                folder.resolve("sox.log"),
                "sox",
                "-n",
                "-r",
                "48000",
                "-c",
                "1",
                "-b",
                "16",
                wav.toString(),
                "synth",
                "10",
                "sine",
                Integer.toString(MICROPHONE_HZ),
                "vol",
                "0.25");
        Path profile = folder.resolve("profile");
        List<String> command = new ArrayList<>(List.of(
                Tools.program("chromium", "chromium-browser", "google-chrome").toString(),
                "--headless=new",
                "--disable-gpu",
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter,OptimizationHints",
                "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding",
                "--disable-backgrounding-occluded-windows",
                "--allow-loopback-in-peer-connection",
                "--autoplay-policy=no-user-gesture-required",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                "--use-file-for-fake-audio-capture=" + wav,
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        command.addAll(List.of(more));
        if (BrowserProcess.root()) {
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        process = BrowserProcess.start(folder, command);
        socket = new JsonSocket(
                BrowserProcess.awaitUri(folder, process, "DevTools listening on (ws://\\S+)"), this::onEvent);
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public Page open(URI address, String before) {
        String context = call("", "Target.createBrowserContext", "{}")
                .get("browserContextId")
                .asText();
        String target = call(
                        "",
                        "Target.createTarget",
                        "{\"url\":\"about:blank\",\"browserContextId\":" + JsonSocket.quote(context) + "}")
                .get("targetId")
                .asText();
        String session = call(
                        "", "Target.attachToTarget", "{\"targetId\":" + JsonSocket.quote(target) + ",\"flatten\":true}")
                .get("sessionId")
                .asText();
        consoles.open(session);
        Tab tab = new Tab(context, session);
        call(session, "Runtime.enable", "{}");
        call(session, "Page.enable", "{}");
        call(session, "Page.addScriptToEvaluateOnNewDocument", "{\"source\":" + JsonSocket.quote(before) + "}");
        call(session, "Page.navigate", "{\"url\":" + JsonSocket.quote(address.toString()) + "}");
        Tools.await(
                "the page " + address + " is loaded",
                20,
                () -> tab.evaluate("location.href === 'about:blank' ? '' : document.readyState")
                        .asText()
                        .equals("complete"),
                tab::console);
        return tab;
    }

    private JsonNode call(String session, String method, String params) {
        ObjectNode request = JsonSocket.command(method, params);
        if (!session.isEmpty()) {
            request.put("sessionId", session);
        }
        JsonNode answer = socket.request(request, 60);
        if (answer.has("error")) {
            throw new AssertionError(method + " " + params + ": " + answer.get("error"));
        }
        return answer.get("result");
    }

    private void onEvent(JsonNode event) {
        String method = event.path("method").asText();
        if (method.equals("Runtime.consoleAPICalled") || method.equals("Runtime.exceptionThrown")) {
            consoles.add(event.path("sessionId").asText(), event.get("params").toString());
        }
    }

    /** SIGKILL to all of its processes: nothing of it says goodbye. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        socket.close();
        Tools.end(process);
    }

    private final class Tab implements Page {
        private final String context;
        private final String session;

        private Tab(String context, String session) {
            this.context = context;
            this.session = session;
        }

        @Override
        public JsonNode evaluate(String expression) {
            JsonNode answer = call(
                    session,
                    "Runtime.evaluate",
                    "{\"awaitPromise\":true,\"returnByValue\":true,\"userGesture\":true,\"expression\":"
                            + JsonSocket.quote(BrowserProcess.asJson(expression)) + "}");
            if (answer.has("exceptionDetails")) {
                throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
            }
            return BrowserProcess.value(
                    expression, answer.get("result").path("value").asText("{}"));
        }

        @Override
        public String console() {
            return consoles.text(session);
        }

        @Override
        public void press(Keystroke key) {
            call(
                    session,
                    "Emulation.setFocusEmulationEnabled",
                    "{\"enabled\":true}"); // the window has no focus of its own
            call(session, "Input.dispatchKeyEvent", key.devTools(true));
            call(session, "Input.dispatchKeyEvent", key.devTools(false));
        }

        @Override
        public void prefer(String feature, String value) {
            call(
                    session,
                    "Emulation.setEmulatedMedia",
                    "{\"features\":[{\"name\":" + JsonSocket.quote(feature) + ",\"value\":" + JsonSocket.quote(value)
                            + "}]}");
        }

        @Override
        public byte[] png(int width, int height) {
            call(
                    session,
                    "Emulation.setDeviceMetricsOverride",
                    "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":false}");
            String data = call(session, "Page.captureScreenshot", "{\"format\":\"png\"}")
                    .get("data")
                    .asText();
            return Base64.getDecoder().decode(data);
        }

        @Override
        public void close() {
            if (!consoles.close(session) || !isAlive()) {
                return;
            }
            call("", "Target.disposeBrowserContext", "{\"browserContextId\":" + JsonSocket.quote(context) + "}");
        }
    }
}
