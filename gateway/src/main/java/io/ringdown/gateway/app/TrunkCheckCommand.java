package io.ringdown.gateway.app;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.check.Finding;
import io.ringdown.gateway.check.TrunkCheck;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.media.MediaEngine;
import io.ringdown.media.MediaSettings;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.PortRange;
import io.ringdown.media.TcpPorts;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.HealthSettings;
import io.ringdown.sip.ListenAddress;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.SipSettings;
import io.ringdown.sip.SipStartException;
import io.ringdown.sip.SipTrunks;
import io.ringdown.sip.TrunkSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code check --config FILE --trunk NAME --number NUMBER}: a call through a live trunk, with a verdict on each point of it. */
final class TrunkCheckCommand {
    private static final Duration USUAL_WAIT = Duration.ofSeconds(60);
    private static final Rejection NOT_NOW =
            new Rejection(480, new HangupReason(20, "Only a check of the trunk runs here"));

    private TrunkCheckCommand() {}

    static boolean isMeant(List<String> options) {
        return options.stream().anyMatch(option -> option.equals("--trunk") || option.startsWith("--trunk="));
    }

    static int run(List<String> options) throws GatewayStartException {
        Arguments arguments = Arguments.parse(
                options, Set.of("--config", "--trunk", "--number", "--wait", "--hang-up-there", "--sip-port"));
        Path file = Path.of(arguments
                .text("--config")
                .orElseThrow(() -> new IllegalArgumentException("check needs --config FILE")));
        try {
            return new Run(Settings.read(file, System.getenv(), RingdownSettings.class), arguments).check();
        } catch (SettingsException broken) {
            Ringdown.complain("the configuration cannot be used:" + System.lineSeparator() + broken.getMessage());
            return Ringdown.WRONG;
        }
    }

    /** One run of it. */
    private static final class Run {
        private final RingdownSettings settings;
        private final Arguments arguments;
        private final String name;
        private final TrunkEntry trunk;
        private final PhoneNumber number;
        private final List<Finding> findings = new ArrayList<>();

        Run(RingdownSettings settings, Arguments arguments) {
            this.settings = settings;
            this.arguments = arguments;
            this.name = arguments.text("--trunk").orElseThrow();
            this.trunk = Optional.ofNullable(settings.trunks().get(name))
                    .orElseThrow(
                            () -> new IllegalArgumentException("--trunk: no trunk is named " + name + "; there are "
                                    + String.join(", ", settings.trunks().keySet())));
            String written = arguments
                    .text("--number")
                    .orElseThrow(
                            () -> new IllegalArgumentException(
                                    "check --trunk needs --number NUMBER: one that answers by itself, such as the carrier's test call"));
            this.number = PhoneNumber.of(written)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "--number: not a telephone number; write digits, with + and the country code in front"));
        }

        int check() throws GatewayStartException {
            LogSetup.quieten();
            Ringdown.say("Trying trunk " + name + " at " + trunk.sip().address() + ":");
            try (SipTrunks sip = SipTrunks.start(sip(), Map.of(name, asked()), (_, call) -> {
                        call.reject(NOT_NOW);
                        return _ -> {};
                    });
                    MediaEngine media = MediaEngine.start(media())) {
                String callId = new TrunkCheck(sip, media, this::tell, System::nanoTime).run(plan());
                return verdict(callId);
            } catch (SipStartException inUse) {
                throw new GatewayStartException(
                        inUse.getMessage()
                                + ". If the gateway runs: stop it, or try from another port by --sip-port PORT, if the carrier lets you");
            } catch (MediaUnavailableException noPort) {
                throw new GatewayStartException(String.valueOf(noPort.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Ringdown.FAILED;
            }
        }

        private TrunkCheck.Plan plan() {
            return new TrunkCheck.Plan(
                    name,
                    MediaOfTrunks.trunkMedia(settings.sip(), trunk),
                    trunk.sip().username().isPresent(),
                    trunk.sip().register().isPresent(),
                    sdp -> Gateway.lines(settings, Optional.empty())
                            .invite(name, new TrunkLines.Leaving(number, Caller.UNSAID, false), sdp)
                            .withRedirects(Gateway.switchboard(settings, System.nanoTime())
                                    .redirects(name, Optional.empty())),
                    seconds("--wait", USUAL_WAIT),
                    seconds("--hang-up-there", Duration.ZERO));
        }

        private Duration seconds(String option, Duration otherwise) {
            return arguments
                    .text(option)
                    .map(text -> {
                        if (!text.matches("[0-9]{1,4}s?")) {
                            throw new IllegalArgumentException(
                                    option + ": '" + text + "' is not a number of seconds such as 30");
                        }
                        return Duration.ofSeconds(Integer.parseInt(text.replace("s", "")));
                    })
                    .orElse(otherwise);
        }

        private SipSettings sip() {
            int port = arguments.port("--sip-port", -1);
            return port < 0
                    ? settings.sip()
                    : settings.sip()
                            .withListen(settings.sip().serving(trunk.sip()).stream()
                                    .map(listen -> new ListenAddress(
                                            listen.address(),
                                            port,
                                            listen.transports(),
                                            listen.advertise(),
                                            listen.tls()))
                                    .toList());
        }

        /** The trunk, asked by OPTIONS at once. */
        private TrunkSettings asked() {
            HealthSettings usual = trunk.sip().health();
            return trunk.sip()
                    .withHealth(new HealthSettings(
                            Duration.ofSeconds(5), usual.failures(), usual.eject(), usual.ejectAtMost()));
        }

        /** No browser is in this call: its ports are whatever is free, so that a running gateway is not in the way. */
        private MediaSettings media() {
            MediaSettings usual = settings.media();
            return new MediaSettings(
                    new MediaSettings.Web(
                            usual.web().listen(),
                            usual.web().advertise(),
                            new PortRange(0, 0),
                            Optional.empty(),
                            new TcpPorts.Off()),
                    usual.trunkPorts(),
                    usual.silence(),
                    usual.opus(),
                    usual.bridge(),
                    usual.dscp());
        }

        private void tell(Finding finding) {
            findings.add(finding);
            Ringdown.say(finding.text());
        }

        private int verdict(String callId) {
            long bad = findings.stream()
                    .filter(finding -> finding.grade() == Finding.Grade.BAD)
                    .count();
            Ringdown.say("Call-ID " + callId);
            if (bad == 0) {
                return Ringdown.say("The trunk works.");
            }
            Ringdown.complain(bad == 1 ? "one point does not work" : bad + " points do not work");
            return Ringdown.FAILED;
        }
    }
}
