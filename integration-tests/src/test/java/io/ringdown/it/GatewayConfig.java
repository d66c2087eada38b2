package io.ringdown.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A configuration file in the making: what every test needs, and trunks as the test wants them. */
final class GatewayConfig {

    private final int webPort = Tools.freePort();
    private final int sipPort = Tools.freePort();
    private final int mediaPort = Tools.freePorts(2);
    private final List<String> trunks = new ArrayList<>();
    private String sipListen = "127.0.0.1";
    private String sipMore = "";
    private String mediaListen = "127.0.0.1";
    private String origins = "";
    private String web = "";
    private String trunkPorts = "42000-49999";
    private String bridge = "";
    private String silence = "";
    private String more = "";
    // Tests call numbers of every country, and one number often.
    private String guard = "guard: {allow: [any, '+'], limits: []}\n";
    private String drain = "0s"; // what a test leaves behind is waited for by nobody

    int webPort() {
        return webPort;
    }

    int sipPort() {
        return sipPort;
    }

    int mediaPort() {
        return mediaPort;
    }

    GatewayConfig origin(String origin) {
        origins = "  origins: ['" + origin + "']\n";
        return this;
    }

    GatewayConfig sipListen(String address) {
        sipListen = address;
        return this;
    }

    /** One more entry of {@code sip.listen}, as it stands in the file. */
    GatewayConfig sipListenTo(String lines) {
        sipMore += lines.stripIndent().indent(4);
        return this;
    }

    GatewayConfig mediaListen(String address) {
        mediaListen = address;
        return this;
    }

    /** The range of RTP ports towards trunks. */
    GatewayConfig trunkPorts(String range) {
        trunkPorts = range;
        return this;
    }

    /** One key of {@code media.bridge}. */
    GatewayConfig bridge(String line) {
        bridge = "  bridge:\n    " + line + "\n";
        return this;
    }

    /** How long a trunk that should send may say nothing. */
    GatewayConfig trunkSilence(String duration) {
        silence = "  silence:\n    trunk: " + duration + "\n";
        return this;
    }

    /** How long a browser may send nothing. */
    GatewayConfig webSilence(String duration) {
        silence = "  silence:\n    web: " + duration + "\n    web-first: " + duration + "\n";
        return this;
    }

    /** A trunk: its lines below its name, as they stand in the file. */
    GatewayConfig trunk(String name, String lines) {
        trunks.add("  " + name + ":\n" + lines.stripIndent().indent(4));
        return this;
    }

    /** More lines of {@code web}, as they stand in the file. */
    GatewayConfig web(String lines) {
        web += lines.stripIndent().indent(2);
        return this;
    }

    /** How long it waits for its calls when it is stopped. */
    GatewayConfig drain(String duration) {
        drain = duration;
        return this;
    }

    /** What the environment of the process says besides the file. */
    Map<String, String> environment() {
        return Map.of("RINGDOWN_CALLS_DRAIN", drain);
    }

    /** What may be called, as it stands in the file below {@code guard}; else everything. */
    GatewayConfig guard(String lines) {
        guard = "guard:\n" + lines.stripIndent().indent(2);
        return this;
    }

    /** Top-level lines as they stand in the file. */
    GatewayConfig lines(String text) {
        more += text.stripIndent();
        return this;
    }

    String yaml() {
        return """
            web:
              listen: 127.0.0.1:%d
            %ssip:
              listen:
                - address: '%s'
                  port: %d
            %smedia:
              web:
                listen: ['%s']
                ports: %d-%d
              trunk-ports: %s
            %s%strunks:
            %s%s%s""".formatted(
                        webPort,
                        origins + web,
                        sipListen,
                        sipPort,
                        sipMore,
                        mediaListen,
                        mediaPort,
                        mediaPort + 1,
                        trunkPorts,
                        silence,
                        bridge,
                        String.join("", trunks),
                        guard,
                        more);
    }
}
