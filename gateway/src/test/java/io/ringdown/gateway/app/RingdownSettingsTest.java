package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.agents.Availability;
import io.ringdown.gateway.agents.DirectorySettings;
import io.ringdown.gateway.agents.GroupSettings;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.HoldSound;
import io.ringdown.gateway.guard.CostClass;
import io.ringdown.gateway.guard.GuardSettings;
import io.ringdown.gateway.guard.Limit;
import io.ringdown.gateway.guard.Money;
import io.ringdown.gateway.guard.Per;
import io.ringdown.gateway.guard.Rate;
import io.ringdown.gateway.journal.JournalSettings;
import io.ringdown.gateway.routing.CallerSettings;
import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.Day;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.InFormat;
import io.ringdown.gateway.routing.InboundRule;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.NumberType;
import io.ringdown.gateway.routing.OutFormat;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.RouteRule;
import io.ringdown.gateway.routing.TimeOfDay;
import io.ringdown.gateway.routing.TrunkChoice;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkNumbers;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Zone;
import io.ringdown.gateway.signaling.WebLimits;
import io.ringdown.gateway.signaling.WebSettings;
import io.ringdown.gateway.softphones.SoftphoneSettings;
import io.ringdown.gateway.tokens.JwksSettings;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenAlgorithm;
import io.ringdown.gateway.tokens.TokenKeySettings;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.media.PortRange;
import io.ringdown.media.TcpPorts;
import io.ringdown.media.TrunkSrtp;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.sip.HealthSettings;
import io.ringdown.sip.RedirectPolicy;
import io.ringdown.sip.RegisterSettings;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.TransferSettings;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.web.Ha1;
import io.ringdown.sip.web.WebSipSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RingdownSettingsTest {
    @TempDir
    Path folder;

    @Test
    void emptyFileIsTheDefaults() throws Exception {
        assertThat(read("web:\n")).isEqualTo(RingdownSettings.defaults());
    }

    @Test
    void eachAddressOnLoopbackHasItsOwnPages() throws Exception {
        RingdownSettings settings = DefaultOrigins.filledIn(read("web: {listen: [127.0.0.1:8081, 127.0.0.1:80]}"));
        assertThat(settings.web().origins().toString())
                .isEqualTo("[http://127.0.0.1:8081, http://localhost:8081, http://[::1]:8081,"
                        + " http://127.0.0.1, http://localhost, http://[::1]]");
    }

    @Test
    void trunkThatNoAddressServesIsToldByTheFile() {
        assertThatThrownBy(() -> read("""
                        sip:
                          listen:
                            - address: 127.0.0.1
                              transports: [udp]
                            - address: '::1'
                              transports: [udp]
                        trunks:
                          good:
                            sip: {address: '[2001:db8::9]'}
                          wants-tcp:
                            sip: {address: 127.0.0.1:5090;transport=tcp}
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(":8:")
                .hasMessageContaining("trunks: no address of sip.listen serves wants-tcp;");
    }

    @Test
    void mediaOfATrunkAreWhereItsSipIs() throws Exception {
        RingdownSettings settings = read("""
                sip:
                  listen:
                    - address: 127.0.0.1
                    - address: '::1'
                trunks:
                  six:
                    sip: {address: '[2001:db8::9]'}
                """);
        TrunkEntry six = Objects.requireNonNull(settings.trunks().get("six"));
        assertThat(MediaOfTrunks.trunkMedia(settings.sip(), six).listen().getHostAddress())
                .isEqualTo("0:0:0:0:0:0:0:1");
    }

    @Test
    void everyKeyOfTheGatewayIsMapped() throws Exception {
        RingdownSettings settings = read("""
                web:
                  listen: 192.0.2.1:8443
                  tls: files
                  certificate: cert.pem
                  key: key.pem
                  origins: [https://example.com]
                  behind-proxy: [10.0.0.0/8]
                  ice-servers:
                    - urls: ['turn:turn.example.com:3478']
                      username: u
                      credential: 0123456789abcdef
                    - urls: ['turns:turn.example.com:443?transport=tcp']
                      secret: 0123456789abcdef0
                      valid: 2h
                  sockets-per-address: 7
                  resume-within: 45s
                  reload-within: 5s
                  limits:
                    connections-per-address: 11
                    requests-per-second-per-address: 12
                calls:
                  dial: at-once
                  connect-timeout: 5s
                  ring-timeout: 30s
                  transfer-timeout: 45s
                  max-calls: 9
                  tests-at-once: 7
                  supervisions-at-once: 6
                  hold:
                    music: music/wait.wav
                  away:
                    sound: hold
                    after: 700ms
                  secure-input: always
                  drain: 2h
                journal:
                  enabled: false
                  directory: /var/lib/ringdown
                  records: /var/log/ringdown
                trunks:
                  carrier:
                    sip:
                      address: 192.0.2.9:5060
                      session-timer: {expires: 10m, refresher: them}
                      redirects: follow
                      transfer: {accept: true, ask: false}
                    media:
                      listen: 192.0.2.1
                      advertise: 203.0.113.1
                      codecs: [pcmu]
                      srtp: best-effort
                      latch: first-second
                      rtcp-mux: true
                      transcode: false
                      web-codec: g711
                      smooth: 10ms
                      hold: sendonly
                    prefixes: [+49, '0049', any]
                  second:
                    sip:
                      address: 192.0.2.8
                    prefixes: []
                tokens:
                  development-key: 0123456789abcdef
                  monitor-key: fedcba9876543210
                  keys:
                    - {id: a, algorithm: EdDSA, file: token.key.pub}
                    - {algorithm: hs256, secret: 0123456789abcdef0123456789abcdef}
                  jwks: {url: "https://id.example.com/jwks", refresh: 5m, keep: 2h, issuer: me}
                  issuer: "https://www.example.com"
                  audience: gateway
                  clock-skew: 10s
                  longest-life: 1h
                media:
                  dscp: 34
                  web: {ports: 10000-10003, tcp-ports: 443-446}
                """);
        assertThat(settings.media().dscp()).isEqualTo(34);
        assertThat(settings.media().web().tcpPorts()).isEqualTo(new TcpPorts.Range(new PortRange(443, 446)));
        assertThat(settings.web().listen()).hasToString("[192.0.2.1:8443]");
        assertThat(settings.web().tls()).isEqualTo(WebSettings.Tls.FILES);
        assertThat(settings.web().certificate()).hasValue(Path.of("cert.pem"));
        assertThat(settings.web().key()).hasValue(Path.of("key.pem"));
        assertThat(settings.web().origins()).hasToString("[https://example.com]");
        assertThat(settings.web().behindProxy()).hasToString("[10.0.0.0/8]");
        assertThat(settings.web().iceServers().getFirst().urls()).containsExactly("turn:turn.example.com:3478");
        assertThat(settings.web().iceServers().getFirst().username()).hasValue("u");
        assertThat(settings.web().iceServers().getFirst().valid()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.web().iceServers().getLast().secret().orElseThrow().matches("0123456789abcdef0"))
                .isTrue();
        assertThat(settings.web().iceServers().getLast().valid()).isEqualTo(Duration.ofHours(2));
        assertThat(settings.web().socketsPerAddress()).isEqualTo(7);
        assertThat(settings.web().resumeWithin()).isEqualTo(Duration.ofSeconds(45));
        assertThat(settings.web().reloadWithin()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.web().limits()).isEqualTo(new WebLimits(11, 12));
        assertThat(settings.calls())
                .isEqualTo(new CallSettings(
                        CallSettings.Dial.AT_ONCE,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(45),
                        9,
                        CallSettings.SecureInput.ALWAYS,
                        new CallSettings.Hold(HoldSound.parse("music/wait.wav")),
                        new CallSettings.Away(CallSettings.Away.Sound.HOLD, Duration.ofMillis(700)),
                        Duration.ofHours(2),
                        7,
                        6));
        assertThat(settings.journal())
                .isEqualTo(new JournalSettings(
                        false, Optional.of(Path.of("/var/lib/ringdown")), Optional.of(Path.of("/var/log/ringdown"))));
        assertThat(settings.withJournalBeside(folder.resolve("my.yaml")).journal())
                .isEqualTo(settings.journal());
        assertThat(settings.trunks().keySet()).containsExactly("carrier", "second");
        TrunkEntry carrier = Objects.requireNonNull(settings.trunks().get("carrier"));
        assertThat(carrier.sip().address().host()).isEqualTo("192.0.2.9");
        assertThat(carrier.sip().sessionTimer())
                .isEqualTo(new SessionTimerSettings(Duration.ofMinutes(10), SessionTimerSettings.Refresher.THEM));
        assertThat(carrier.sip().redirects()).isEqualTo(RedirectPolicy.FOLLOW);
        assertThat(carrier.sip().transfer()).isEqualTo(new TransferSettings(true, false));
        assertThat(carrier.media().listen()).hasToString("Optional[/192.0.2.1]");
        assertThat(carrier.media().advertise()).hasToString("Optional[/203.0.113.1]");
        assertThat(carrier.media().codecs()).containsExactly(AudioCodec.PCMU);
        assertThat(carrier.media().srtp()).isEqualTo(TrunkSrtp.BEST_EFFORT);
        assertThat(carrier.media().latch()).isEqualTo(TrunkRtpSettings.Latch.FIRST_SECOND);
        assertThat(carrier.media().rtcpMux()).isTrue();
        assertThat(carrier.media().browsersSpeak()).isEqualTo(WebCodec.G711);
        assertThat(carrier.media().webCodecs()).isEqualTo(WebCodecs.one(List.of(AudioCodec.PCMU)));
        assertThat(carrier.media().smooth()).isEqualTo(Duration.ofMillis(10));
        assertThat(carrier.media().hold()).isEqualTo(TrunkRtpSettings.Hold.SENDONLY);
        assertThat(carrier.prefixes()).hasToString("[+49, 0049, any]");
        assertThat(settings.tokens().developmentKey()).isPresent();
        assertThat(settings.tokens().monitorKey().orElseThrow().matches("fedcba9876543210"))
                .isTrue();
        TokenSettings tokens = settings.tokens();
        assertThat(tokens.keys())
                .containsExactly(
                        new TokenKeySettings(
                                Optional.of("a"),
                                TokenAlgorithm.EDDSA,
                                Optional.of(Path.of("token.key.pub")),
                                Optional.empty()),
                        new TokenKeySettings(
                                Optional.empty(),
                                TokenAlgorithm.HS256,
                                Optional.empty(),
                                Optional.of(Secret.parse("0123456789abcdef0123456789abcdef"))));
        assertThat(tokens.jwks())
                .hasValue(new JwksSettings(
                        URI.create("https://id.example.com/jwks"),
                        Duration.ofMinutes(5),
                        Optional.of("me"),
                        Duration.ofHours(2)));
        assertThat(tokens.issuer()).hasValue("https://www.example.com");
        assertThat(tokens.audience()).hasValue("gateway");
        assertThat(tokens.clockSkew()).isEqualTo(Duration.ofSeconds(10));
        assertThat(tokens.longestLife()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.toString()).doesNotContain("0123456789abcdef").doesNotContain("fedcba9876543210");
    }

    @Test
    void theTcpPortsAreThoseOfUdpUnlessTheyAreOffOrTooFew() throws Exception {
        assertThat(read("media: {}").media().web().tcpPorts()).isEqualTo(new TcpPorts.Same());
        assertThat(read("media: {web: {tcp-ports: off}}").media().web().tcpPorts())
                .isEqualTo(new TcpPorts.Off());
        assertThatThrownBy(() -> read("media: {web: {tcp-ports: 443}}"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("media.web.tcp-ports")
                .hasMessageContaining("443 has fewer ports than ports (10000-10007)");
        assertThatThrownBy(() -> read("media: {web: {tcp-ports: some}}"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("or same, or off");
    }

    @Test
    void aTurnServerHasASecretOrAPasswordAndNotBoth() {
        assertThatThrownBy(() -> read("""
                        web:
                          ice-servers:
                            - {urls: ['turn:a'], username: u, credential: 0123456789abcdef, secret: 0123456789abcdef}
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("give either the secret or those two")
                .hasMessageNotContaining("0123456789abcdef");
        assertThatThrownBy(() -> read("""
                        web:
                          ice-servers: [{urls: ['turn:a'], secret: 0123456789abcdef, valid: 1m}]
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("valid")
                .hasMessageContaining("write 10m to 720h");
    }

    @Test
    void musicDoesNotBeginBeforeAnAbsenceCanBeTold() {
        assertThatThrownBy(() -> read("""
                        calls:
                          away:
                            after: 100ms
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("calls.away.after = '100ms': 100ms is out of range; write 200ms to 30s");
    }

    @Test
    void theKeyOfPagesIsNoKeyToListenWith() {
        assertThatThrownBy(() -> read("""
                        tokens:
                          development-key: 0123456789abcdef
                          monitor-key: 0123456789abcdef
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("it is the development-key")
                .hasMessageContaining("make another");
    }

    @Test
    void aKeyForTokensHasOneSourceThatFitsItsAlgorithm() {
        Map<String, String> broken = Map.of(
                "{algorithm: EdDSA}", "a key has a file or a secret",
                "{algorithm: EdDSA, secret: 0123456789abcdef0123456789abcdef}", "is for HS256 only",
                "{algorithm: HS256, secret: 0123456789abcdef}", "is shorter than 32 bytes",
                "{algorithm: none, file: a}", "write one of EdDSA, ES256, RS256, HS256",
                "{file: a}", "is missing");
        broken.forEach((key, text) -> assertThatThrownBy(() -> read("tokens:\n  keys: [" + key + "]\n"))
                .as(key)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tokens.keys")
                .hasMessageContaining(text));
    }

    @Test
    void aLatchIsForTheTrunksOwnNetworksAndNeedsSome() throws Exception {
        String trunk = """
                trunks:
                  carrier:
                    sip: {address: %s, allow: [%s]}
                    media: {latch: first-second}
                """;
        RingdownSettings settings = read(trunk.formatted("sip.example.net", "192.0.2.0/24"));
        TrunkEntry carrier = Objects.requireNonNull(settings.trunks().get("carrier"));
        Predicate<InetAddress> networks =
                MediaOfTrunks.trunkMedia(settings.sip(), carrier).latchFrom().orElseThrow();
        assertThat(networks).accepts(InetAddress.ofLiteral("192.0.2.77")).rejects(InetAddress.ofLiteral("192.0.3.77"));
        RingdownSettings own = read(trunk.formatted("198.51.100.7", ""));
        TrunkEntry alone = Objects.requireNonNull(own.trunks().get("carrier"));
        assertThat(MediaOfTrunks.trunkMedia(own.sip(), alone).latchFrom().orElseThrow())
                .accepts(InetAddress.ofLiteral("198.51.100.7"))
                .rejects(InetAddress.ofLiteral("198.51.100.8"));
        assertThatThrownBy(() -> read(trunk.formatted("sip.example.net", "")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("sip.allow");
    }

    @Test
    void everyKeyOfTheDirectoryIsMapped() throws Exception {
        assertThat(read("""
                        directory:
                          url: https://crm.example.com/users
                          authorization: Bearer 0123456789
                          timeout: 1s
                          keep: 2m
                          keep-missing: 3s
                          keep-failing: 4m
                        """).directory())
                .isEqualTo(new DirectorySettings(
                        Optional.of(URI.create("https://crm.example.com/users")),
                        Optional.of(Secret.parse("Bearer 0123456789")),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(4)));
        assertThatThrownBy(() -> read("directory: {url: 'http://crm.example.com/'}\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("could be answered by anybody on the way");
    }

    @Test
    void everyKeyOfAGroupIsMapped() throws Exception {
        RingdownSettings settings = read("""
                users:
                  ann: {groups: [sales], supervises: [help], name: Ann, call-waiting: false, sip-password: 0123456789abcdef}
                groups:
                  help: {overflow: {user: ann}}
                  sales:
                    extension: '70'
                    ring: longest-idle
                    each: 5s
                    timeout: 90s
                    overflow: {group: help}
                    wrap-up: 7s
                    most-waiting: 3
                    away-after: 2
                    sign-in: away
                """);
        assertThat(settings.groups().get("sales"))
                .isEqualTo(new GroupSettings(
                        Optional.of(new PhoneNumber("70")),
                        GroupSettings.Ring.LONGEST_IDLE,
                        Duration.ofSeconds(5),
                        Optional.of(Duration.ofSeconds(90)),
                        new GroupSettings.Overflow(Optional.of("help"), Optional.empty(), Optional.empty()),
                        Duration.ofSeconds(7),
                        3,
                        2,
                        Availability.AWAY));
        assertThat(Objects.requireNonNull(settings.groups().get("help"))
                        .overflow()
                        .user())
                .hasValue("ann");
        User ann = Objects.requireNonNull(settings.users().get("ann"));
        assertThat(ann.name()).hasValue("Ann");
        assertThat(ann.supervises()).containsExactly("help");
        assertThat(ann.callWaiting()).isFalse();
        assertThat(ann.sipPassword()).isPresent();
    }

    @Test
    void everyKeyOfAHashInAPasswordsPlaceIsMapped() throws Exception {
        User ann = Objects.requireNonNull(read("""
                softphones: {realm: example.com}
                users:
                  ann:
                    key: 0123456789abcdef
                    sip-ha1: {realm: example.com, md5: 0123456789abcdef0123456789abcdef, sha256: 0123456789abcdef0123456789abcdef0123456789ABCDEF0123456789ABCDEF}
                """).users().get("ann"));
        Ha1 ha1 = new Ha1(
                "example.com",
                Optional.of(new io.ringdown.sip.Secret("0123456789abcdef".repeat(2))),
                Optional.of(new io.ringdown.sip.Secret("0123456789abcdef".repeat(2) + "0123456789ABCDEF".repeat(2))));
        assertThat(ann.sipHa1()).hasValue(ha1);
        assertThat(ann.sipSecret()).as("the key opens no phone beside it").hasValue(ha1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{realm: example.com, md5: 0123456789abcdef0123456789abcde} | users.ann.sip-ha1.md5 = '********': is not 32 hexadecimal digits; write what printf %s NAME:REALM:PASSWORD",
                "{realm: example.com, sha256: 0123456789abcdef0123456789abcdef} | users.ann.sip-ha1.sha256 = '********': is not 64 hexadecimal digits",
                "{realm: example.com} | has neither md5 nor sha256",
                "{md5: 0123456789abcdef0123456789abcdef} | realm",
                "{realm: example.org, md5: 0123456789abcdef0123456789abcdef} | users.ann.sip-ha1.realm = 'example.org': is not softphones.realm, which is example.com; write that",
                "{realm: example.com, md5: 0123456789abcdef0123456789abcdef}, sip-password: 0123456789abcdef | stands beside a sip-password",
            })
    void aHashThatOpensNothingIsTold(String ha1, String error) {
        assertThatThrownBy(() -> read("{softphones: {realm: example.com}, users: {ann: {sip-ha1: " + ha1 + "}}}"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(error)
                .hasMessageNotContaining("0123456789abcde");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "groups: {a: {overflow: {group: b}}, b: {overflow: {group: a}}} | go round in a circle",
                "groups: {a: {overflow: {group: a}}} | go round in a circle",
                "groups: {a: {overflow: {group: none}}} | no group with settings is named none",
                "groups: {a: {overflow: {user: nobody}}} | no user is named nobody",
                "groups: {a: {overflow: {user: u, cause: busy}}} | more than one is there; leave one",
                "groups: {a: {each: 0s}} | 0ms is out of range; write 1s to 600s",
                "groups: {a: {most-waiting: -1}} | -1 is out of range; write 0 to 10000",
                "groups: {a: {extension: '7'}, b: {extension: '7'}} | is group a's too; choose another",
                "users: {u: {supervises: [none]}} | no group is named none",
            })
    void aGroupThatCannotBeIsRefusedWithItsRemedy(String yaml, String text) {
        assertThatThrownBy(() -> read(yaml + "\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(text);
    }

    @Test
    void everyKeyOfTheGuardIsMapped() throws Exception {
        GuardSettings guard = read("""
                guard:
                  countries: [DE, AT]
                  allow: [+88161, '115']
                  deny: [+49137]
                  refuse-types: [premium]
                  ranges-file: ranges.csv
                  caller-ids: [+4930]
                  longest: 2h
                  zone: Europe/Berlin
                  rates:
                    currency: CHF
                    file: rates.csv
                    table: [{prefix: +49, price: 0.01, fee: 0.1, first: 30s, next: 6s}]
                  classes: {cheap: {max-price: 0.02, prefixes: [+49], countries: [DE]}}
                  limits:
                    - name: abroad
                      per: prefix:4
                      where: {users: [alice], groups: [], countries: [AT], prefixes: [+43], types: [mobile], classes: [cheap]}
                      at-once: 1
                      per-minute: 2
                      per-hour: 3
                      per-day: 4
                      minutes-per-day: 5
                      spend-per-day: 6.5
                  alarm: {calls: 7, times: 8, block: 9m}
                """).guard();
        assertThat(guard)
                .isEqualTo(new GuardSettings(
                        List.of(new Country("DE"), new Country("AT")),
                        List.of(Prefix.parse("+88161"), Prefix.parse("115")),
                        List.of(Prefix.parse("+49137")),
                        Set.of(NumberType.PREMIUM),
                        Optional.of(Path.of("ranges.csv")),
                        Optional.of(List.of(Prefix.parse("+4930"))),
                        Duration.ofHours(2),
                        Zone.parse("Europe/Berlin"),
                        new GuardSettings.RateSettings(
                                "CHF",
                                Optional.of(Path.of("rates.csv")),
                                List.of(new Rate(
                                        Prefix.parse("+49"),
                                        Money.parse("0.01"),
                                        Money.parse("0.1"),
                                        Duration.ofSeconds(30),
                                        Duration.ofSeconds(6)))),
                        Map.of(
                                "cheap",
                                new CostClass(
                                        Optional.of(Money.parse("0.02")),
                                        List.of(Prefix.parse("+49")),
                                        Set.of(new Country("DE")))),
                        List.of(new Limit(
                                Optional.of("abroad"),
                                new Per(Per.What.PREFIX, 4),
                                new Limit.Where(
                                        List.of("alice"),
                                        List.of(),
                                        Set.of(new Country("AT")),
                                        List.of(Prefix.parse("+43")),
                                        Set.of(NumberType.MOBILE),
                                        List.of("cheap")),
                                OptionalInt.of(1),
                                OptionalInt.of(2),
                                OptionalInt.of(3),
                                OptionalInt.of(4),
                                OptionalInt.of(5),
                                Optional.of(Money.parse("6.5")))),
                        new GuardSettings.Alarm(OptionalInt.of(7), 8, Duration.ofMinutes(9))));
        assertThat(read("guard: {limits: []}\n").guard().limits())
                .as("none at all")
                .isEmpty();
        assertThat(read("web: {}\n").guard()).isEqualTo(GuardSettings.defaults());
    }

    @Test
    void whatTheGuardCannotHoldIsTold() {
        assertThatThrownBy(() -> read("guard: {limits: [{per: somebody}]}\n"))
                .hasMessageContaining("write such as user");
        assertThatThrownBy(() -> read("guard: {limits: [{per: prefix:99}]}\n")).hasMessageContaining("prefix:5");
        assertThatThrownBy(() -> read("guard: {limits: [{spend-per-day: 5}]}\n"))
                .hasMessageContaining("guard.rates.file");
        assertThatThrownBy(() -> read("guard: {limits: [{where: {classes: [x]}}]}\n"))
                .hasMessageContaining("guard.classes");
        assertThatThrownBy(() -> read("guard: {limits: [{where: {groups: [x]}}]}\n"))
                .hasMessageContaining("no group is named x");
        assertThatThrownBy(() -> read("guard: {longest: 0s}\n")).hasMessageContaining("write 1s to 168h");
    }

    @Test
    void everyKeyOfNumbersAndRoutingIsMapped() throws Exception {
        RingdownSettings settings = read("""
                numbers: {country: DE, strict: true}
                emergency:
                  route: [carrier]
                  numbers: ['933']
                  location: https://lis.example.com/hq
                  location-file: /etc/ringdown/hq.xml
                  callback: +493012345
                  sos-urn: true
                routes:
                  - name: mobile
                    prefixes: [+49]
                    countries: [DE, AT]
                    types: [mobile, toll-free]
                    users: [alice]
                    groups: [sales]
                    days: [mon, sun]
                    hours: 22:00-06:00
                    zone: Europe/Berlin
                    trunks: [carrier, {trunk: second, order: 0, weight: 3, cost: 0.02}]
                    cheapest-first: true
                    retry-on: [404, 403]
                inbound:
                  - trunks: [carrier]
                    numbers: [+493012345]
                    prefixes: [+4930]
                    diverted-from: [+493012346]
                    group: sales
                    ring: in-order
                    each: 9s
                    timeout: 30s
                  - user: alice
                users:
                  alice: {key: 0123456789abcdef, numbers: [+493012345], extension: '12', groups: [sales]}
                trunks:
                  carrier:
                    sip:
                      address: 192.0.2.9
                      trust-identity: false
                      headers-out: [X-Crm-Id]
                      headers-in: [X-Queue]
                    numbers: {country: US, out: '00', in: digits, strip: '+', prefix: '9', phone-context: +1, user-phone: true}
                    caller: {asserted-identity: true, remote-party-id: true, diversion: +493012345, history-info: +493012346}
                    limits: {channels: 30, channels-out: 20, calls-per-second: 2.5, rest-at-most: 10s}
                  second:
                    sip: {address: 192.0.2.8}
                """);
        PhoneNumber ours = new PhoneNumber("+493012345");
        assertThat(settings.numbers()).isEqualTo(new NumberSettings(Optional.of(new Country("DE")), true));
        assertThat(settings.emergency())
                .isEqualTo(new EmergencySettings(
                        List.of("carrier"),
                        List.of(new PhoneNumber("933")),
                        Optional.of(URI.create("https://lis.example.com/hq")),
                        Optional.of(Path.of("/etc/ringdown/hq.xml")),
                        Optional.of(ours),
                        true));
        assertThat(settings.routes())
                .containsExactly(new RouteRule(
                        Optional.of("mobile"),
                        List.of(Prefix.parse("+49")),
                        Set.of(new Country("DE"), new Country("AT")),
                        Set.of(NumberType.MOBILE, NumberType.TOLL_FREE),
                        List.of("alice"),
                        List.of("sales"),
                        Set.of(Day.MON, Day.SUN),
                        Optional.of(TimeOfDay.parse("22:00-06:00")),
                        Optional.of(Zone.parse("Europe/Berlin")),
                        List.of(
                                TrunkChoice.parse("carrier"),
                                new TrunkChoice("second", OptionalInt.of(0), 3, OptionalDouble.of(0.02))),
                        true,
                        Set.of(404, 403)));
        assertThat(settings.inbound())
                .first()
                .isEqualTo(new InboundRule(
                        List.of("carrier"),
                        List.of(ours),
                        List.of(Prefix.parse("+4930")),
                        List.of(new PhoneNumber("+493012346")),
                        Optional.empty(),
                        Optional.of("sales"),
                        InboundRule.Ring.IN_ORDER,
                        Duration.ofSeconds(9),
                        Optional.of(Duration.ofSeconds(30))));
        assertThat(settings.inbound().getLast().user()).hasValue("alice");
        assertThat(settings.users())
                .containsExactly(Map.entry(
                        "alice",
                        new User(
                                Optional.of(Secret.parse("0123456789abcdef")),
                                List.of(ours),
                                Optional.of(new PhoneNumber("12")),
                                List.of("sales"))));
        TrunkEntry carrier = Objects.requireNonNull(settings.trunks().get("carrier"));
        assertThat(carrier.sip().trustIdentity()).isFalse();
        assertThat(carrier.sip().headersOut()).containsExactly("X-Crm-Id");
        assertThat(carrier.sip().headersIn()).containsExactly("X-Queue");
        assertThat(carrier.numbers())
                .isEqualTo(new TrunkNumbers(
                        Optional.of(new Country("US")),
                        OutFormat.ZEROS,
                        InFormat.DIGITS,
                        "+",
                        "9",
                        Optional.of("+1"),
                        true));
        assertThat(carrier.caller())
                .isEqualTo(
                        new CallerSettings(true, true, Optional.of(ours), Optional.of(new PhoneNumber("+493012346"))));
        assertThat(carrier.limits())
                .isEqualTo(new TrunkLimits(
                        OptionalInt.of(30), OptionalInt.of(20), OptionalDouble.of(2.5), Duration.ofSeconds(10)));
        assertThat(settings.toString()).doesNotContain("0123456789abcdef");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "routes: [{trunks: [nobody]}]|routes: no trunk is named nobody; there are carrier",
                "routes: [{groups: [nobody], trunks: [carrier]}]|routes: no group is named nobody; there is none",
                "emergency: {route: [nobody]}|emergency: no trunk is named nobody",
                "inbound: [{user: nobody}]|inbound: no user is named nobody",
                "inbound: [{trunks: [nobody]}]|inbound: no trunk is named nobody",
            })
    void nameInARuleThatNothingHasIsTold(String lines) {
        String[] parts = lines.split("\\|", -1);
        assertThatThrownBy(() -> read("trunks: {carrier: {sip: {address: 192.0.2.9}}}\n" + parts[0] + "\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(parts[1]);
    }

    @Test
    void documentOfAPlaceThatCannotBeUsedStopsTheStartAndSaysWhereItIsWrong() throws Exception {
        Path document = Files.writeString(folder.resolve("hq.xml"), "<presence>\n");
        RingdownSettings settings = read("emergency: {location-file: '" + document + "'}\n");
        assertThatThrownBy(() -> Gateway.start(settings, Optional.empty()).close())
                .isInstanceOf(GatewayStartException.class)
                .hasMessageStartingWith("emergency.location-file: " + document + ", line 1: begins with <presence>;");
    }

    @Test
    void whatWouldBecomeOfACallIsExplained() throws Exception {
        RingdownSettings settings = read("""
                numbers: {country: DE}
                routes:
                  - {name: mobile by day, types: [mobile], hours: '08:00-18:00', trunks: [second, carrier], retry-on: [404]}
                  - {name: no premium, types: [premium]}
                emergency: {route: [carrier], location: https://lis.example.com/hq, location-file: hq.xml}
                trunks:
                  carrier: {sip: {address: 192.0.2.9}, prefixes: [any], numbers: {out: national}}
                  second: {sip: {address: 192.0.2.8}, numbers: {out: '00', prefix: '9'}}
                """);
        assertThat(explained(settings, "0151 12345678", "2026-11-26T10:00"))
                .containsExactly(
                        "A call to 015112345678 at 2026-11-26T10:00 UTC:",
                        "  Read as +4915112345678 (dialled 015112345678), of DE, mobile.",
                        "  Decided by: mobile by day.",
                        "  By the guard it is allowed, counted by one address, one user, at most 240 minutes.",
                        "  1. second, which is sent 9004915112345678",
                        "  2. carrier, which is sent 015112345678",
                        "  The next trunk is tried after 404 too.");
        assertThat(explained(settings, "0151 12345678", "2026-11-26T20:00"))
                .contains("  Decided by: the prefixes of the trunks.", "  1. carrier, which is sent 015112345678");
        assertThat(explained(settings, "0900 1234567", "2026-11-26T10:00"))
                .contains("  Decided by: no premium. It has no trunks: the call is forbidden.");
        assertThat(explained(settings, "+49112", "2026-11-26T10:00"))
                .contains(
                        "  1. carrier, which is sent 112",
                        "  Location: hq.xml, https://lis.example.com/hq. Called back: whoever calls.");
        assertThat(explained(settings, "+999", "2026-11-26T10:00"))
                .last()
                .asString()
                .contains("bad-number");
        assertThatThrownBy(() -> explained(settings, "nobody", "2026-11-26T10:00"))
                .hasMessageContaining("--route");
        assertThatThrownBy(() -> explained(settings, "112", "noon")).hasMessageContaining("--at");
    }

    private static List<String> explained(RingdownSettings settings, String number, String at) {
        return RouteExplained.of(settings, number, Optional.empty(), Optional.of(at), ZoneId.of("UTC"));
    }

    @Test
    void everyKeyOfFindingATrunkIsMapped() throws Exception {
        RingdownSettings settings = read("""
                sip:
                  dns: [192.0.2.53, '[2001:db8::53]:5353']
                trunks:
                  carrier:
                    sip:
                      address: carrier.example.net
                      username: alice
                      outbound-proxy: proxy.example.net:5070
                      register:
                        uri: sip:bob@example.net
                        contact-user: desk
                        expires: 10m
                        every-address: true
                      health:
                        ping: 10s
                        failures: 2
                        eject: 5s
                        eject-at-most: 1m
                  usual:
                    sip:
                      address: 192.0.2.8
                      username: alice
                      register: {}
                """);
        assertThat(settings.sip().dnsServers()).hasToString("[/192.0.2.53:53, /[2001:db8:0:0:0:0:0:53]:5353]");
        TrunkSettings carrier =
                Objects.requireNonNull(settings.trunks().get("carrier")).sip();
        assertThat(carrier.address().givenPort()).isEmpty();
        assertThat(carrier.nextHop()).hasToString("proxy.example.net:5070");
        assertThat(carrier.register())
                .contains(new RegisterSettings(
                        Optional.of("sip:bob@example.net"), Optional.of("desk"), Duration.ofMinutes(10), true));
        assertThat(carrier.health())
                .isEqualTo(new HealthSettings(Duration.ofSeconds(10), 2, Duration.ofSeconds(5), Duration.ofMinutes(1)));
        TrunkSettings usual =
                Objects.requireNonNull(settings.trunks().get("usual")).sip();
        assertThat(usual.register()).contains(RegisterSettings.defaults());
        assertThat(usual.health()).isEqualTo(HealthSettings.defaults());
    }

    @Test
    void mistakesInFindingATrunkNameKeyAndRemedy() {
        assertThatThrownBy(() -> read("""
                        sip:
                          dns: [dns.example.net]
                        trunks:
                          a:
                            sip: {address: 192.0.2.1, register: {}}
                          b:
                            sip: {address: 192.0.2.1, username: u, register: {expires: 5s}}
                          c:
                            sip: {address: 192.0.2.1, username: u, register: {uri: 'alice'}}
                          d:
                            sip: {address: 192.0.2.1, health: {ping: 10ms}}
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("dns.example.net is no address; write one as in 192.0.2.53")
                .hasMessageContaining("whom to register is missing; give username or register.uri")
                .hasMessageContaining("5 s is out of range; 60s to 24h")
                .hasMessageContaining("write one as in sip:alice@sip.example.net")
                .hasMessageContaining("10 ms is out of range; 1000 ms to 3600000 ms");
    }

    @Test
    void theJournalIsBesideTheConfigurationFileAndTheRecordsInIt() throws Exception {
        RingdownSettings settings = read("{}").withJournalBeside(folder.resolve("my.yaml"));
        assertThat(settings.journal())
                .isEqualTo(new JournalSettings(
                        true, Optional.of(folder.resolve("var")), Optional.of(folder.resolve("var/records"))));
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        assertThatThrownBy(() -> read("""
                        web:
                          listen: 0.0.0.0:8080
                        calls:
                          connect-timeout: 5h
                        trunks:
                          a:
                            prefixes: ['+49x']
                            media:
                              codecs: [pcma, pcma]
                        media:
                          dscp: 64
                        """))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("without a microphone")
                .hasMessageContaining("connect-timeout")
                .hasMessageContaining("+49x")
                .hasMessageContaining("codecs")
                .hasMessageContaining("media.dscp = '64'");
    }

    private RingdownSettings read(String yaml) throws SettingsException, IOException {
        Path file = folder.resolve("ringdown.yaml");
        Files.writeString(file, yaml);
        return Settings.read(file, Map.of(), RingdownSettings.class);
    }

    @Test
    void everyKeyOfSoftphonesIsMapped() throws Exception {
        SoftphoneSettings softphones = read("""
                softphones:
                  enabled: true
                  realm: pbx.example.com
                  shortest-registration: 30s
                  longest-registration: 10m
                  return-within: 20s
                """).softphones();
        assertThat(softphones)
                .isEqualTo(new SoftphoneSettings(
                        true,
                        "pbx.example.com",
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(20)));
        WebSipSettings sip = softphones.sip(CallSettings.defaults());
        assertThat(sip.domain()).isEqualTo("pbx.example.com");
        assertThat(sip.leastExpires()).isEqualTo(Duration.ofSeconds(30));
        assertThat(sip.mostExpires()).isEqualTo(Duration.ofMinutes(10));
        assertThat(sip.away()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void softphonesThatCannotBeAreRefusedWithTheRemedy() {
        assertThatThrownBy(() -> read("softphones: {realm: 'a b'}"))
                .hasMessageContaining("write one such as example.com");
        assertThatThrownBy(() -> read("softphones: {shortest-registration: 1s}"))
                .hasMessageContaining("write 10s to 3600s");
        assertThatThrownBy(() -> read("softphones: {shortest-registration: 10m, longest-registration: 5m}"))
                .hasMessageContaining("is shorter than shortest-registration");
        assertThatThrownBy(() -> read("softphones: {return-within: 11m}")).hasMessageContaining("write 0s to 600s");
    }
}
