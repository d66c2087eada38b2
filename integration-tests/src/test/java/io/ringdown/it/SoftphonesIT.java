package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JsSIP and SIP.js, as they are published, in both browsers, against telephones of SIPp's: what docs/softphones.md says that works.
 * What was seen is printed as a table at the end, and left in {@code target/softphones.txt}.
 */
@ExtendWith(Trial.Extension.class)
final class SoftphonesIT {
    private static final int USERS = 99;
    private static final int LISTEN_MILLIS = 1000;
    private static final int PRESS_MILLIS = 160; // as both pages have it
    private static final int OTHER_HZ = 1700;
    private static final int MUSIC_HZ = ACallIsHeldIT.MUSIC_HZ;
    private static final String OTHER = "+493055505678";
    private static final String PROXIED = "+441632960100";
    private static final String ELSEWHERE = "+43155501234";
    private static final TokenSigner SIGNER = new TokenSigner();
    private static final Map<String, Map<Kind, Boolean>> SEEN = new LinkedHashMap<>();

    private static Exchange exchange;
    private static int proxiedPort;
    private static int secondPort;
    private static AtomicInteger nextUser;

    /** One library in one browser. */
    record Kind(SoftphonePage.Library library, Browser.Kind browser) {
        @Override
        public String toString() {
            return library + " in " + browser;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(SoftphonePage.Library.values())
                .flatMap(library -> Stream.of(Browser.Kind.values()).map(browser -> new Kind(library, browser)));
    }

    /** A user of the configuration; each test has one of its own, whose phone of before is nobody's concern. */
    private record User(String name, String password, String number) {
        static User of(int n) {
            return new User("user" + n, "the-password-of-user" + n, "+4930555090%02d".formatted(n));
        }

        String yaml() {
            return "  %s: {sip-password: %s, numbers: ['%s']}\n".formatted(name, password, number);
        }
    }

    @BeforeAll
    static void start(Trial trial) {
        SoftphonePage.build(trial);
        nextUser = new AtomicInteger();
        int carrierPort = Tools.freePort();
        int proxyPort = Tools.freePort();
        proxiedPort = Tools.freePort();
        secondPort = Tools.freePort();
        Kamailio.start(trial, proxyPort, proxiedPort, "SHA-256");
        trial.write("signer.pub", SIGNER.publicKey());
        StringBuilder users = new StringBuilder("users:\n");
        for (int n = 1; n <= USERS; n++) {
            users.append(User.of(n).yaml());
        }
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                          silent-after: 15s
                        media:
                          listen: 127.0.0.1
                          codecs: [pcmu]
                          hold: sendonly
                        prefixes: ['+49']
                        """.formatted(carrierPort))
                .trunk("proxied", """
                        sip:
                          address: 127.0.0.1:%d
                          silent-after: 15s
                          username: ringdown
                          password: 'correct horse'
                        media:
                          listen: 127.0.0.1
                          codecs: [pcmu]
                        prefixes: ['+44']
                        """.formatted(proxyPort))
                .trunk("second", """
                        sip:
                          address: 127.0.0.1:%d
                          silent-after: 15s
                        media:
                          listen: 127.0.0.1
                          codecs: [pcmu]
                        prefixes: ['+43']
                        """.formatted(secondPort))
                .lines("""
                        softphones: {enabled: true}
                        tokens: {keys: [{algorithm: EdDSA, file: '%s'}]}
                        calls: {hold: {music: '%s'}}
                        """.formatted(trial.file("signer.pub"), ACallIsHeldIT.music(trial)))
                .lines(users.toString());
        exchange = Exchange.start(trial, config, carrierPort);
    }

    @AfterAll
    static void print(Trial trial) {
        StringBuilder table = new StringBuilder("%-44s".formatted("seen with softphones of others"));
        kinds().forEach(kind -> table.append("%-20s".formatted(kind)));
        SEEN.forEach((row, seen) -> {
            table.append("%n%-44s".formatted(row));
            kinds().forEach(kind -> table.append("%-20s".formatted(seen.containsKey(kind) ? "yes" : "-")));
        });
        System.err.println(table);
        trial.write("../../softphones.txt", table + "\n");
    }

    private static void seen(String row, Kind kind) {
        SEEN.computeIfAbsent(row, _ -> new LinkedHashMap<>()).put(kind, true);
    }

    // ---- who they are

    @ParameterizedTest
    @MethodSource("kinds")
    void itRegistersByDigestAndIsGoneWhenItSaysSo(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        assertThat(metric("ringdown_softphones")).isGreaterThanOrEqualTo(1);
        world.phone.say("stop()");
        world.phone.await("unregistered");
        seen("REGISTER by digest", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aWrongPasswordIsRefused(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.phone.signIn(socket(), world.user.name, "a-wrong-one-of-some-length");
        assertThat(world.phone.await("registrationFailed").path("status").asInt())
                .isIn(401, 403);
        assertThat(world.phone.told("registered")).isEmpty();
        seen("a wrong password is refused", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itRegistersByABearerTokenAndCalls(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.phone.signInByToken(socket(), world.user.name, SIGNER.tokenOf(world.user.name));
        world.phone.await("registered");
        Sipp carrier = world.carrier("uas-answer");
        world.call();
        world.talk();
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        seen("REGISTER and a call by bearer token", kind);
    }

    // ---- calls

    @ParameterizedTest
    @MethodSource("kinds")
    void itCallsATelephoneAndEachHearsTheOther(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = world.carrier("uas-answer");
        world.call();
        world.talk();
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        world.phone.await("ended");
        seen("call out, sound both ways", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itCallsATelephoneAndDoesNotSayWhoItIs(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = world.carrier("uas-answer");
        world.phone.say("call('" + Exchange.NUMBER + "', {anonymous: true})");
        world.phone.await("established");
        world.talk();
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        world.phone.await("ended");
        assertThat(carrier.messages())
                .contains("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=")
                .contains("Privacy: id")
                .doesNotContain(world.user.name)
                .doesNotContain(world.user.number.substring(1));
        seen("call out, anonymous", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aTelephoneCallsItAndHangsUp(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp caller = Sipp.start(trial, exchange.caller("uac-call", world.user.number, G711.PCMU, world.far, 12_000));
        assertThat(world.phone.await("incoming").path("from").asText()).isEqualTo("+493012345678");
        assertThat(world.phone.told("incoming").getFirst().path("shown").asText())
                .isEqualTo("Ada Caller");
        world.phone.say("answer(0)");
        world.phone.await("established");
        world.talk();
        caller.awaitSuccess(30);
        world.phone.await("ended");
        seen("call in, sound both ways", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itHearsAndIsHeardBeforeTheAnswer(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = Sipp.start(
                trial, exchange.carrier("uas-early-media", G711.PCMU, world.far).with("-d", "12000"));
        world.phone.say("call('" + Exchange.NUMBER + "')");
        world.talk();
        assertThat(world.phone.told("established"))
                .as("nobody has answered yet")
                .isEmpty();
        world.phone.await("established");
        Ear.hears("the softphone after the answer", world.phone.hear(LISTEN_MILLIS), Exchange.TELEPHONE_HZ);
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        seen("early media", kind);
    }

    // ---- in the call

    @ParameterizedTest
    @MethodSource("kinds")
    void itHoldsTheTelephoneAndResumes(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier("uas-held", G711.PCMU, world.far)
                        .key("hold", "sendonly")
                        .key("answer", "recvonly"));
        world.call();
        world.talk();
        world.phone.say("hold(0)");
        awaitInvites(carrier, 2);
        Tools.pause(500);
        Ear.hears("the telephone on hold", world.telephoneHears(LISTEN_MILLIS), MUSIC_HZ);
        world.phone.say("resume(0)");
        awaitInvites(carrier, 3);
        Tools.pause(500);
        world.talk();
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        seen("hold and resume, told to the trunk", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itIsSilentWhenItIsMuted(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = world.carrier("uas-answer");
        world.call();
        world.talk();
        world.phone.say("mute(0)");
        Tools.pause(700);
        Ear.hearsNothing("the telephone", world.telephoneHears(LISTEN_MILLIS));
        Ear.hears("the softphone", world.phone.hear(LISTEN_MILLIS), Exchange.TELEPHONE_HZ);
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        seen("mute", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void digitsInItsSoundArrive(Kind kind, Trial trial) {
        digits(kind, trial, "rtp");
        seen("DTMF by RTP, with receipts", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void digitsByInfoArrive(Kind kind, Trial trial) {
        digits(kind, trial, "info");
        seen("DTMF by INFO, with receipts", kind);
    }

    private static void digits(Kind kind, Trial trial, String road) {
        // By a bug of Firefox's its own come in steps of 120 ms, the next one up.
        double length = kind.browser == Browser.Kind.FIREFOX && road.equals("rtp") ? 240 : PRESS_MILLIS;
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = world.carrier("uas-answer");
        world.call();
        world.talk();
        for (String digit : List.of("5", "#")) {
            int before = world.presses().size();
            world.phone.say("press(0, '" + digit + "', '" + road + "')");
            Tools.await(
                    digit + " arrives",
                    10,
                    () -> world.presses().size() > before
                            && world.presses().getLast().ends() == 3,
                    () -> world.presses().toString());
        }
        assertThat(world.presses()).extracting(Press::digit).containsExactly("5", "#");
        assertThat(world.presses())
                .allSatisfy(press -> assertThat(press.millis()).isBetween(length - 20, length + 20));
        Tools.await(
                "both presses have a receipt",
                10,
                () -> world.receipts("sent") == 2,
                () -> world.phone.told("info").toString());
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
    }

    // ---- several calls

    @ParameterizedTest
    @MethodSource("kinds")
    void itHasTheTelephoneCallAnotherNumber(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier("uas-is-asked-to-transfer", G711.PCMU, world.far)
                        .key("final", "200 OK"));
        world.call();
        world.talk();
        world.phone.say("transfer(0, '" + OTHER + "')");
        world.phone.await("transferred");
        carrier.awaitSuccess(15);
        assertThat(carrier.messages()).contains("Refer-To: <sip:" + OTHER + "@");
        world.phone.await("ended");
        seen("blind transfer", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itConnectsItsTwoTelephones(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier("uas-is-asked-to-transfer", G711.PCMU, world.far)
                        .key("final", "200 OK")
                        .calls(2));
        world.call();
        world.talk();
        world.phone.say("call('" + OTHER + "')");
        world.phone.await("established", 2);
        world.phone.say("join(0, 1)");
        world.phone.await("transferred");
        world.phone.await("ended", 2);
        carrier.awaitSuccess(15);
        assertThat(carrier.messages()).containsPattern("Refer-To: <sip:[^>]*\\?Replaces=");
        seen("attended transfer", kind);
    }

    /** The REFER is of the call that it has made. Its telephone is another trunk's, so that no trunk is asked to join them. */
    @ParameterizedTest
    @MethodSource("kinds")
    void itConnectsWhoHasCalledItWithWhomItHasCalled(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        FarEnd other = trial.keep(new FarEnd());
        Sipp caller =
                Sipp.start(trial, exchange.caller("uac-called-hangs-up", world.user.number, G711.PCMU, world.far, 0));
        world.phone.await("incoming");
        world.phone.say("answer(0)");
        world.phone.await("established");
        world.talk();
        Sipp second = Sipp.start(
                trial,
                Sipp.Run.of("uas-answer-then-bye", secondPort)
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("rtp_ip", other.address())
                        .key("rtp_port", other.port())
                        .with("-d", "12000"));
        world.phone.say("call('" + ELSEWHERE + "')");
        world.phone.await("established", 2);
        other.awaitAudio(10);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        world.phone.say("join(1, 0)");
        world.phone.await("transferred");
        world.phone.await("ended", 2);
        Tools.pause(500);
        Ear.hears("who has called it", world.telephoneHears(LISTEN_MILLIS), OTHER_HZ);
        Ear.hears(
                "whom it has called",
                Ear.of(trial.directory(), "other-hears", other.listenFor(LISTEN_MILLIS)),
                Exchange.TELEPHONE_HZ);
        second.awaitSuccess(20); // it has hung up
        caller.awaitSuccess(10); // and the caller was told so by BYE
        seen("attended transfer with a call in", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void itTalksToOneOfTwoTelephones(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        FarEnd other = trial.keep(new FarEnd());
        Sipp carrier = world.carrier("uas-answer");
        world.call();
        world.talk();
        Sipp caller = Sipp.start(
                trial,
                Sipp.Run.of("uac-call", Tools.freePort())
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("te", 101)
                        .key("rtp_ip", other.address())
                        .key("rtp_port", other.port())
                        .with("-s", world.user.number, "-d", "12000")
                        .with("127.0.0.1:" + exchange.config().sipPort()));
        world.phone.await("incoming");
        world.phone.say("answer(1)");
        world.phone.await("established", 2);
        other.awaitAudio(10);
        other.speak(0, G711.PCMU.tone(trial.directory(), OTHER_HZ));
        world.phone.say("listen(1)");
        Ear.hears("the softphone, of who called", world.phone.hearOnceLoud(), OTHER_HZ);
        world.phone.say("listen(0)");
        Ear.hears("the softphone, of whom it called", world.phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        caller.awaitSuccess(30);
        world.phone.await("ended");
        world.talk();
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        world.phone.await("ended", 2);
        seen("two calls at once", kind);
    }

    // ---- the socket

    @ParameterizedTest
    @MethodSource("kinds")
    void theCallOutlivesItsSocket(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        SocketRelay relay = trial.keep(new SocketRelay(exchange.config().webPort()));
        world.phone.signIn(relay.uri("/sip"), world.user.name, world.user.password);
        world.phone.await("registered");
        Sipp carrier = world.carrier("uas-answer");
        world.call();
        world.talk();
        int registered = world.phone.told("registered").size();
        relay.cut();
        Ear.hears("the softphone meanwhile", world.phone.hear(LISTEN_MILLIS), Exchange.TELEPHONE_HZ);
        world.phone.await("registered", registered + 1);
        world.talk();
        assertThat(world.phone.told("ended")).isEmpty();
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        seen("a lost socket, the call alive", kind);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void keepAlivesAreAnswered(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        world.phone.say("ping()");
        Tools.await(
                "a keep-alive is answered",
                10,
                () -> world.phone.evaluate("window.pongs").asInt() > 0,
                () -> exchange.gateway().log());
        seen("keep-alive", kind);
    }

    // ---- through a proxy
    @ParameterizedTest
    @MethodSource("kinds")
    void itCallsThroughAKamailio(Kind kind, Trial trial) {
        World world = new World(kind, trial);
        world.signIn();
        Sipp carrier = Sipp.start(
                trial,
                Sipp.Run.of("uas-behind-proxy", proxiedPort)
                        .key("pt", G711.PCMU.payloadType())
                        .key("codec", G711.PCMU.name())
                        .key("rtp_ip", world.far.address())
                        .key("rtp_port", world.far.port()));
        world.phone.say("call('" + PROXIED + "')");
        world.phone.await("established");
        world.talk();
        world.phone.say("hangUp(0)");
        carrier.awaitSuccess(10);
        seen("call out through Kamailio", kind);
    }

    private static URI socket() {
        return URI.create("ws://127.0.0.1:" + exchange.config().webPort() + "/sip");
    }

    private static double metric(String name) {
        String line = exchange.gateway()
                .get("/metrics")
                .body()
                .lines()
                .filter(each -> each.startsWith(name + " "))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.substring(name.length()).strip());
    }

    private static void awaitInvites(Sipp carrier, int count) {
        Tools.await(
                "the trunk has got " + count + " INVITEs and their ACKs",
                15,
                () -> carrier.messages().split("\nACK sip:", -1).length > count,
                carrier::messages);
    }

    /** A softphone of a user of its own, and the telephone that it talks to. */
    private static final class World {
        private final Trial trial;
        private final User user = User.of(nextUser.incrementAndGet());
        private final SoftphonePage phone;
        private final FarEnd far;

        World(Kind kind, Trial trial) {
            this.trial = trial;
            far = trial.keep(new FarEnd());
            phone = SoftphonePage.open(trial, kind.library, kind.browser.browser(), exchange.pages());
        }

        void signIn() {
            phone.signIn(socket(), user.name, user.password);
            phone.await("registered");
        }

        Sipp carrier(String scenario) {
            return Sipp.start(trial, exchange.carrier(scenario, G711.PCMU, far));
        }

        void call() {
            phone.say("call('" + Exchange.NUMBER + "')");
            phone.await("established");
        }

        /** Each hears the other, and nothing else. */
        void talk() {
            far.awaitAudio(10);
            far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            Ear.hears("the softphone", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
            Ear.hears(
                    "the telephone",
                    telephoneHears(LISTEN_MILLIS),
                    phone.browser().microphoneHz());
        }

        Sound telephoneHears(int millis) {
            List<FarEnd.Packet> packets = far.listenFor(millis);
            return Ear.of(trial.directory(), "telephone-" + packets.hashCode(), packets);
        }

        List<Press> presses() {
            return Press.of(far.received());
        }

        long receipts(String state) {
            return phone.told("info").stream()
                    .filter(info -> info.path("type").asText().startsWith("application/vnd.ringdown.dtmf-receipt+json"))
                    .map(info -> JsonSocket.parse(info.path("body").asText()))
                    .filter(receipt -> receipt.path("state").asText().equals(state))
                    .count();
        }
    }
}
