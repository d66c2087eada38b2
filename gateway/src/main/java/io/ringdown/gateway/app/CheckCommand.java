package io.ringdown.gateway.app;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.guard.GuardException;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.LocationException;
import io.ringdown.gateway.routing.TrunkChoice;
import io.ringdown.gateway.signaling.WebSettings;
import io.ringdown.gateway.tokens.Doorkeeper;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.gateway.tokens.UnfitKeyException;
import io.ringdown.gateway.tokens.UsedTokens;
import io.ringdown.media.TcpPorts;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.hold.HoldMusicException;
import io.ringdown.sip.ListenAddress;
import io.ringdown.sip.tls.CertificateException;
import io.ringdown.sip.tls.PemFiles;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code check --config FILE}: everything that is wrong with it; or what it means, and what would surprise. With {@code --route
 * NUMBER}: what would become of a call.
 */
final class CheckCommand {
    private final RingdownSettings settings;
    private final List<String> lines = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private CheckCommand(RingdownSettings settings) {
        this.settings = settings;
    }

    static int run(List<String> options) {
        Arguments arguments = Arguments.parse(options, Set.of("--config", "--route", "--user", "--at"));
        Path file = ServeCommand.configFile("check", arguments);
        try {
            RingdownSettings read = Settings.read(file, System.getenv(), RingdownSettings.class);
            if (arguments.text("--route").isPresent()) {
                return Ringdown.say(String.join(
                        System.lineSeparator(),
                        RouteExplained.of(
                                read,
                                arguments.text("--route").get(),
                                arguments.text("--user"),
                                arguments.text("--at"),
                                ZoneId.systemDefault())));
            }
            return new CheckCommand(DefaultOrigins.filledIn(read)).explain(file);
        } catch (SettingsException broken) {
            Ringdown.complain("the configuration cannot be used:" + System.lineSeparator() + broken.getMessage());
            return Ringdown.WRONG;
        }
    }

    private int explain(Path file) {
        web();
        softphones();
        lines.addAll(PeopleReport.of(settings));
        media();
        hold();
        sip();
        trunks();
        guard();
        Ringdown.say(String.join(System.lineSeparator(), lines));
        if (problems.isEmpty()) {
            return Ringdown.say(file + " is valid.");
        }
        problems.forEach(Ringdown::complain);
        return Ringdown.WRONG;
    }

    private void guard() {
        try {
            lines.addAll(Gateway.guard(settings, new UsedTokens()).describe());
        } catch (GuardException unfit) {
            problems.add("guard: " + unfit.getMessage());
        }
    }

    private void web() {
        WebSettings web = settings.web();
        String scheme = web.tls() == WebSettings.Tls.OFF ? "http" : "https";
        lines.add("Browsers connect to "
                + web.listen().stream().map(address -> scheme + "://" + address).collect(Collectors.joining(" and "))
                + " (pages, WebSocket /v1/rtc, HTTP /v1/calls).");
        switch (web.tls()) {
            case OFF -> plain(web);
            case SELF_SIGNED ->
                lines.add("  The certificate is made at each start: browsers warn, and then take it. For trying only.");
            case FILES ->
                certificate(
                        "web",
                        new PemFiles(web.certificate().orElseThrow(), web.key().orElseThrow()));
        }
        lines.add(
                web.origins().isEmpty()
                        ? "  No page may use it: web.origins is empty. Name them, such as https://example.com."
                        : "  Pages that may use it: "
                                + web.origins().stream().map(Object::toString).collect(Collectors.joining(", ")));
        signedTokens();
        List<String> keys = comesIn(settings);
        if (!keys.isEmpty()) {
            lines.add("  Comes in who shows: " + String.join("; ", keys) + ".");
        } else if (web.loopback()) {
            lines.add("  Nobody is asked for a token: only this machine reaches it.");
        } else {
            problems.add("web.listen: " + web.open().orElseThrow()
                    + " is not loopback, and without tokens.keys (or tokens.development-key) anybody"
                    + " who reaches it could call; set one, or listen on 127.0.0.1");
        }
    }

    private void softphones() {
        if (!settings.softphones().enabled()) {
            return;
        }
        String withPassword = settings.users().entrySet().stream()
                .filter(user -> user.getValue().sipSecret().isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        List<String> ways = new ArrayList<>();
        if (!withPassword.isEmpty()) {
            ways.add("with the password of a user (" + withPassword + ")");
        }
        if (settings.tokens().haveKeys()) {
            ways.add("with a signed token");
        }
        lines.add("Softphones speak SIP over WebSocket at /sip, at "
                + settings.softphones().realm() + (ways.isEmpty() ? "." : ": " + String.join(", or ", ways) + "."));
        if (ways.isEmpty()) {
            lines.add(
                    "  NOBODY CAN REGISTER: no user has a key, a sip-password or a sip-ha1, and there are no tokens.keys.");
        }
        if (settings.web().origins().isEmpty()) {
            lines.add("  No page may use it either: web.origins is empty.");
        }
    }

    /** All that opens, of which each is enough. */
    static List<String> comesIn(RingdownSettings settings) {
        List<String> keys = new ArrayList<>();
        if (settings.tokens().haveKeys()) {
            keys.add("a signed token");
        }
        String users = settings.users().entrySet().stream()
                .filter(user -> user.getValue().key().isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        if (!users.isEmpty()) {
            keys.add("the key of a user (" + users + ")");
        }
        if (settings.tokens().developmentKey().isPresent()) {
            keys.add("the development key, which is meant for trying an integration");
        }
        return keys;
    }

    private void signedTokens() {
        TokenSettings tokens = settings.tokens();
        try {
            Doorkeeper.describeKeys(tokens).forEach(key -> lines.add("  Tokens may be signed with " + key + "."));
        } catch (UnfitKeyException unfit) {
            problems.add("tokens.keys: " + unfit.getMessage());
        }
        if (!tokens.haveKeys()) {
            return;
        }
        if (tokens.audience().isEmpty()) {
            lines.add("  tokens.audience is not set: a token for another service of the same issuer opens this one too,"
                    + " unless it names that.");
        }
        if (tokens.developmentKey().isPresent()) {
            lines.add("  BESIDE SIGNED TOKENS the development key opens everything to whoever knows it: take it out.");
        }
    }

    private void plain(WebSettings web) {
        if (web.behindProxy().isEmpty()) {
            lines.add("  Plain http, for this machine only: a browser gives a page its microphone on https, and on http"
                    + " for localhost alone. A page on http://some-host has none.");
        } else {
            lines.add("  Plain http for the proxies in "
                    + web.behindProxy().stream().map(Object::toString).collect(Collectors.joining(", "))
                    + ", which must speak https to browsers: a page on http://some-host has no microphone.");
        }
    }

    private void certificate(String key, PemFiles files) {
        try {
            files.read();
            lines.add("  Certificate " + files.certificate() + ", valid until " + files.validUntil() + ", key "
                    + files.key() + "; both are read again when they change.");
            files.outOfDate(Instant.now()).ifPresent(refused -> problems.add(key + ": " + refused));
        } catch (CertificateException unusable) {
            problems.add(key + ": " + unusable.getMessage());
        }
    }

    private void media() {
        var web = settings.media().web();
        lines.add("Browsers' media: UDP ports " + web.ports() + " on "
                + (web.listen().isEmpty() ? "every address of this machine but loopback" : addresses(web.listen()))
                + (web.advertise().isEmpty() ? "" : ", told to browsers as " + addresses(web.advertise()))
                + (switch (web.tcpPorts()) {
                    case TcpPorts.Same _ -> ", and TCP ports of the same numbers";
                    case TcpPorts.Off _ -> ", and no TCP port";
                    case TcpPorts.Range range -> ", and TCP ports " + range.ports();
                })
                + ". They must be open from outside.");
        lines.add("Trunks' media: UDP ports " + settings.media().trunkPorts() + ", two for each call.");
        lines.add("Opus: " + Codecs.load(OpusSettings.defaults()).describe() + ".");
    }

    private void hold() {
        try {
            Gateway.music(settings.calls().hold().music());
            lines.add("Telephones on hold hear " + settings.calls().hold().music() + ".");
        } catch (HoldMusicException unfit) {
            problems.add("calls.hold.music: " + unfit.getMessage());
        }
    }

    private void sip() {
        for (ListenAddress listen : settings.sip().listen()) {
            lines.add("SIP listens on " + listen.address().getHostAddress() + ", port " + listen.port() + ", over "
                    + listen.transports().stream().sorted().map(Enum::name).collect(Collectors.joining(" and "))
                    + listen.advertise()
                            .map(told -> ", told to trunks as " + told)
                            .orElse("") + ".");
            listen.tls().ifPresent(tls -> certificate("sip.listen.tls", new PemFiles(tls.certificate(), tls.key())));
        }
    }

    private void trunks() {
        if (settings.trunks().isEmpty()) {
            lines.add("No trunk is configured: no call can go out or come in.");
        }
        settings.trunks().forEach(this::trunk);
        if (!settings.routes().isEmpty()) {
            lines.add("Rules decide first where calls go, in this order: "
                    + settings.routes().stream()
                            .map(rule -> rule.name().orElse("without a name") + " → "
                                    + (rule.trunks().isEmpty()
                                            ? "forbidden"
                                            : rule.trunks().stream()
                                                    .map(TrunkChoice::trunk)
                                                    .collect(Collectors.joining(", "))))
                            .collect(Collectors.joining("; "))
                    + ". Try one call: check --route NUMBER.");
        }
        List<String> routes = Gateway.routes(settings.trunks()).describe();
        emergency(settings.emergency());
        if (!routes.isEmpty()) {
            lines.add("Numbers go by their beginning, the longest match first: " + String.join(", ", routes) + ".");
        }
    }

    private void emergency(EmergencySettings help) {
        List<String> places = new ArrayList<>();
        try {
            Gateway.place(help)
                    .ifPresent(_ ->
                            places.add("the document " + help.locationFile().orElseThrow()));
        } catch (LocationException unfit) {
            problems.add("emergency.location-file: " + unfit.getMessage());
        }
        help.location().ifPresent(uri -> places.add("the location " + uri));
        lines.add(
                help.route().isEmpty()
                        ? "EMERGENCY CALLS ARE REFUSED: emergency.route names no trunk. Callers are told to use another phone."
                        : "Emergency calls go to " + String.join(", then ", help.route())
                                + (places.isEmpty() ? ", without a location" : ", with " + String.join(" and ", places))
                                + ".");
    }

    private void trunk(String name, TrunkEntry trunk) {
        TrunkMedia media = MediaOfTrunks.trunkMedia(settings.sip(), trunk);
        lines.add("Trunk " + name + ": SIP to " + trunk.sip().address() + ", RTP on "
                + media.listen().getHostAddress()
                + (media.advertise().isPresent()
                        ? " told as " + media.advertised().getHostAddress()
                        : "")
                + ", "
                + media.codecs().stream().map(codec -> codec.rtpmapName()).collect(Collectors.joining(" then "))
                + switch (trunk.media().browsersSpeak()) {
                    case OPUS -> ", Opus for browsers.";
                    case G711 -> ", the same for browsers (no transcoding).";
                    case AUTO -> ", the same for browsers while their path is clean, else Opus.";
                });
        if (media.advertised().isLoopbackAddress()
                && !local(trunk.sip().address().host())) {
            lines.add(
                    "  " + media.advertised().getHostAddress() + " is this machine only, and the trunk is not: it could"
                            + " send nothing back. Put this machine's address towards it into sip.listen.");
        }
        if (trunk.prefixes().isEmpty()) {
            lines.add("  It has no prefixes: calls come in from it, none go out but by rules.");
        }
    }

    private static boolean local(String host) {
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return host.equals("localhost");
        }
    }

    private static String addresses(List<InetAddress> list) {
        return list.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }
}
