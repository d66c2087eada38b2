package io.ringdown.gateway.app;

import io.ringdown.gateway.guard.GuardSettings;
import io.ringdown.gateway.journal.JournalSettings;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.signaling.ListenAddress;
import io.ringdown.gateway.signaling.WebSettings;
import io.ringdown.media.MediaSettings;
import io.ringdown.media.PortRange;
import io.ringdown.sip.SipSettings;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkAddress;
import io.ringdown.sip.TrunkSettings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code demo}: a gateway on loopback, and the practice network in a process of its own, until told to end. */
final class DemoCommand {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String TRUNK = "practice";

    /** Where the demo's parts listen. */
    private record Ports(int http, int sip, int trunk, PortRange media) {
        private static PortRange range(String text) {
            try {
                return PortRange.parse(text);
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("option --media-ports: " + wrong.getMessage(), wrong);
            }
        }

        static Ports of(List<String> options) {
            Arguments arguments =
                    Arguments.parse(options, Set.of("--http-port", "--sip-port", "--trunk-port", "--media-ports"));
            return new Ports(
                    arguments.port("--http-port", 8080),
                    arguments.port("--sip-port", 5060),
                    arguments.port("--trunk-port", 5070),
                    arguments
                            .text("--media-ports")
                            .map(Ports::range)
                            .orElseGet(() -> MediaSettings.defaults().web().ports()));
        }
    }

    int run(List<String> options) throws GatewayStartException {
        Ports ports = Ports.of(options);
        requireFreeTcp(ports.http, "--http-port");
        requireFreeUdp(ports.sip, "--sip-port");
        requireFreeUdp(ports.trunk, "--trunk-port");
        Stop stop = new Stop();
        AtomicBoolean alone = new AtomicBoolean();
        try (PracticeProcess practice = PracticeProcess.start(ports.trunk, ports.sip);
                Gateway gateway = Gateway.start(settings(ports), Optional.of(PracticeNumbers.describe()))) {
            if (!practice.awaitReady() && !stop.askedAnyMoment()) {
                throw new GatewayStartException("the practice network could not start; what it said stands above");
            }
            practice.onEnd(() -> {
                if (!stop.askedAnyMoment()) {
                    Ringdown.complain("the practice network has ended; so does the demo");
                    alone.set(true);
                    stop.ask();
                }
            });
            if (!stop.asked()) {
                Ringdown.say("Ringdown's demo is ready: " + gateway.url() + System.lineSeparator()
                        + "Open it in Chromium, Chrome or Firefox on this machine. Ctrl-C ends it.");
            }
            stop.await();
            practice.ignoreEnd();
        } finally {
            stop.done();
        }
        return alone.get() ? Ringdown.FAILED : Ringdown.DONE;
    }

    private static RingdownSettings settings(Ports ports) {
        RingdownSettings defaults = RingdownSettings.defaults();
        WebSettings local = defaults.web().withListen(List.of(new ListenAddress(LOOPBACK, ports.http)));
        SipSettings sip = defaults.sip()
                .withListen(List.of(new io.ringdown.sip.ListenAddress(
                        LOOPBACK, ports.sip, Set.of(SipTransport.UDP), Optional.empty())));
        MediaSettings media = defaults.media();
        MediaSettings.Web webMedia = media.web();
        return DefaultOrigins.filledIn(new RingdownSettings(
                local,
                defaults.calls(),
                sip,
                new MediaSettings(
                        new MediaSettings.Web(
                                webMedia.listen(), webMedia.advertise(), ports.media, webMedia.discover()),
                        media.trunkPorts(),
                        media.silence(),
                        media.opus(),
                        media.bridge()),
                Map.of(
                        TRUNK,
                        TrunkEntry.of(
                                TrunkSettings.at(
                                        new TrunkAddress(LOOPBACK.getHostAddress(), ports.trunk, SipTransport.UDP)),
                                List.of(Prefix.parse("any")))),
                defaults.tokens(),
                defaults.numbers(),
                defaults.routes(),
                defaults.emergency(),
                defaults.inbound(),
                defaults.users(),
                // It is gone with its practice network: nobody needs to know of its calls.
                JournalSettings.none(),
                GuardSettings.allowing(List.of(Prefix.parse("+1202555"), Prefix.parse("933"))),
                defaults.groups(),
                defaults.directory(),
                defaults.softphones(),
                defaults.hooks(),
                defaults.api()));
    }

    private static void requireFreeTcp(int port, String option) throws GatewayStartException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(LOOPBACK, port));
        } catch (IOException taken) {
            throw inUse("TCP", port, option);
        }
    }

    private static void requireFreeUdp(int port, String option) throws GatewayStartException {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(LOOPBACK, port))) {
            probe.setSoTimeout(1);
        } catch (IOException taken) {
            throw inUse("UDP", port, option);
        }
    }

    private static GatewayStartException inUse(String kind, int port, String option) {
        return new GatewayStartException(kind + " port " + port + " on 127.0.0.1 is in use; end what uses it, or choose"
                + " another: ./ringdown demo " + option + " " + (port < 65_000 ? port + 1 : 10_000));
    }
}
