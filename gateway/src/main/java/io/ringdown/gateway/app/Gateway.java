package io.ringdown.gateway.app;

import io.ringdown.dtmf.DtmfBody;
import io.ringdown.gateway.agents.Directory;
import io.ringdown.gateway.agents.HouseNumbers;
import io.ringdown.gateway.agents.Person;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.agents.Staff;
import io.ringdown.gateway.api.Api;
import io.ringdown.gateway.api.EndedCalls;
import io.ringdown.gateway.api.Errands;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientsByRoad;
import io.ringdown.gateway.call.EveryBook;
import io.ringdown.gateway.call.EverySignedIn;
import io.ringdown.gateway.call.HoldSound;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.call.SipRoom;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.call.WatchedClients;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.guard.GuardException;
import io.ringdown.gateway.hooks.HookSettings;
import io.ringdown.gateway.hooks.Hooks;
import io.ringdown.gateway.house.House;
import io.ringdown.gateway.journal.Journal;
import io.ringdown.gateway.journal.JournalException;
import io.ringdown.gateway.journal.JournalSettings;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.FoundUsers;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.LocationDocument;
import io.ringdown.gateway.routing.LocationException;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Routes;
import io.ringdown.gateway.routing.Routing;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.signaling.Operations;
import io.ringdown.gateway.signaling.Sessions;
import io.ringdown.gateway.signaling.WebServer;
import io.ringdown.gateway.signaling.WebStartException;
import io.ringdown.gateway.softphones.Phones;
import io.ringdown.gateway.softphones.SoftphoneSettings;
import io.ringdown.gateway.tokens.Doorkeeper;
import io.ringdown.gateway.tokens.UnfitKeyException;
import io.ringdown.gateway.tokens.UsedTokens;
import io.ringdown.media.MediaEngine;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.hold.HoldMusicException;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.LegQuality;
import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.SipStartException;
import io.ringdown.sip.SipTrunks;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.web.WebSip;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole gateway: media, trunks, calls and the web server, put together and taken apart in this order and back. */
final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final Duration LOOK_AT_RANGES_EVERY = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_CALLS_EVERY = Duration.ofMillis(100);

    private final Deque<Runnable> closing = new ArrayDeque<>();
    // Trunks and calls know each other, as do calls and the web server: each is told of the other when it stands.
    private final CompletableFuture<SipTrunks> sip = new CompletableFuture<>();
    private final CompletableFuture<WebServer> web = new CompletableFuture<>();
    private final CompletableFuture<Calls> calls = new CompletableFuture<>();
    private final CompletableFuture<WebSip> phoneSip = new CompletableFuture<>();
    private final CallTimers timers = new CallTimers();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("call-", 0).factory());
    private final Roster roster;
    private final Directory directory;
    private final FoundUsers found;
    private final Sessions sessions;
    private final Duration drain;

    private Gateway(RingdownSettings settings) {
        closing.push(timers::close);
        closing.push(executor::shutdownNow);
        this.drain = settings.calls().drain();
        this.roster = new Roster(
                new Staff(
                        settings.users(),
                        settings.groups(),
                        new NumberPlan(settings.numbers().country())),
                settings.calls().ringTimeout(),
                (call, event) -> calls.join().post(call, event),
                timers,
                executor,
                System::nanoTime);
        this.found = new FoundUsers(settings.users().keySet(), (name, user) -> roster.add(Person.of(name, user)));
        this.directory = new Directory(settings.directory(), new Found(settings.softphones()), System::nanoTime);
        this.sessions = new Sessions(roster, directory);
    }

    /** Keeps what the directory says, where softphones can use it. */
    private final class Found implements Directory.Listener {
        private final SoftphoneSettings softphones;

        Found(SoftphoneSettings softphones) {
            this.softphones = softphones;
        }

        @Override
        public void onFound(Directory.Named one) {
            softphones.check("sipHa1.realm", one.user());
            found.put(one.name(), one.user());
        }

        @Override
        public void onNobodys(PhoneNumber extension) {
            found.takeExtension(extension);
        }
    }

    /** Starts everything; what had started is closed again if a part cannot. */
    static Gateway start(RingdownSettings settings, Optional<Map<String, Object>> demo) throws GatewayStartException {
        Gateway gateway = new Gateway(settings);
        try {
            gateway.begin(settings, demo);
            return gateway;
        } catch (HoldMusicException unfit) {
            gateway.close();
            throw new GatewayStartException("calls.hold.music: " + unfit.getMessage());
        } catch (LocationException unfit) {
            gateway.close();
            throw new GatewayStartException("emergency.location-file: " + unfit.getMessage());
        } catch (UnfitKeyException unfit) {
            gateway.close();
            throw new GatewayStartException("tokens.keys: " + unfit.getMessage());
        } catch (GuardException unfit) {
            gateway.close();
            throw new GatewayStartException("guard: " + unfit.getMessage());
        } catch (GatewayStartException failed) {
            gateway.close();
            throw failed;
        } catch (MediaUnavailableException | SipStartException | WebStartException | JournalException failed) {
            gateway.close();
            throw new GatewayStartException(String.valueOf(failed.getMessage()));
        } catch (RuntimeException | Error bug) {
            gateway.close();
            throw bug;
        }
    }

    /** What calls need of the trunks, once these stand. */
    private final class Trunks implements SipRoom {
        @Override
        public TrunkCall invite(OutboundInvite invite, TrunkListener listener) {
            return sip.join().invite(invite, listener);
        }

        @Override
        public TrunkCall restore(DialogState dialog, TrunkListener listener) {
            return sip.join().restore(dialog, listener);
        }

        @Override
        public boolean isReachable(String trunk) {
            return sip.join().isReachable(trunk);
        }
    }

    /** Where the page is. */
    String url() {
        return web.join().url();
    }

    Calls calls() {
        return calls.join();
    }

    /** Takes no new calls, and waits for those that there are: as long as the settings say, or until told again to end. */
    void drain(Stop stop) {
        Calls all = calls.join();
        all.drain();
        sip.join().drain();
        sessions.drain(drain);
        Draining draining = new Draining(drain, System.nanoTime());
        boolean isHurried = false;
        while (true) {
            Draining.Step step = draining.on(System.nanoTime(), all.count(), all.forHelp(), isHurried);
            step.line().ifPresent(Ringdown::say);
            switch (step.act()) {
                case GO -> {
                    return;
                }
                case END_OTHERS -> all.endButForHelp();
                case WAIT -> {}
            }
            isHurried = stop.askedAgain(LOOK_AT_CALLS_EVERY);
        }
    }

    /** Ends calls, telling both sides, then every part. Idempotent. */
    @Override
    public void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (RuntimeException bug) {
                LOG.error("a part did not close; the others still do", bug);
            }
        }
    }

    /** Bodies of INFO are digits, or nothing to us. */
    private static final InfoRules DIGITS_BY_INFO = new InfoRules(
            List.of(DtmfBody.DTMF_RELAY, DtmfBody.DTMF),
            body -> !(DtmfBody.parse(body.mediaType(), body.text()) instanceof DtmfBody.Unreadable));

    private void begin(RingdownSettings settings, Optional<Map<String, Object>> demo)
            throws MediaUnavailableException, SipStartException, WebStartException, HoldMusicException,
                    LocationException, JournalException, UnfitKeyException, GuardException, GatewayStartException {
        HoldMusic holdMusic = music(settings.calls().hold().music());
        Optional<LocationDocument> place = place(settings.emergency());
        UsedTokens usedTokens = new UsedTokens();
        Doorkeeper doorkeeper = Doorkeeper.open(
                settings.tokens(), settings.users(), usedTokens, InstantSource.system(), System::nanoTime);
        closing.push(doorkeeper::close);
        MediaEngine media = MediaEngine.start(settings.media());
        closing.push(media::close);

        Optional<Journal> journal = journal(settings.journal());
        closing.push(directory::close);
        Users users =
                new Users(settings.users(), new NumberPlan(settings.numbers().country()), found);
        Optional<Hooks> hooks = hooks(settings.hooks());
        hooks.ifPresent(open -> closing.push(roster.watch(open.people())));
        hooks.ifPresent(open -> journal.ifPresent(books -> books.interrupted().forEach(open::interrupted)));
        Guard guard = guard(settings, usedTokens, users);
        journal.ifPresent(open -> guard.recall(open.callsSince(guard.midnight())));
        if (!guard.isOpen() && !settings.trunks().isEmpty()) {
            LOG.warn("every call out is refused: {}", guard.describe().getFirst());
        }
        lookAtRanges(guard, timers, executor);
        Phones phones = new Phones(
                this.calls::join, phoneSip::join, users, doorkeeper, executor, System::nanoTime, roster, directory);
        SecureRandom random = new SecureRandom();
        SignedIn everybody = new EverySignedIn(List.of(sessions, phones));
        Errands errands = new Errands(
                new ClientsByRoad((client, call, news) -> web.join().tell(client, call, news), phones),
                () -> CallId.random(random).hex());
        EndedCalls ended = new EndedCalls(System::nanoTime);
        House house = new House(new Trunks(), this.calls::join, executor, random);
        Calls calls = new Calls(
                settings.calls(),
                new Calls.Surroundings(
                        new MediaOfTrunks(
                                media,
                                holdMusic,
                                settings.calls().away().sound(holdMusic),
                                settings.sip(),
                                settings.trunks()),
                        house,
                        new WatchedClients(
                                errands,
                                Stream.concat(Stream.of(roster), hooks.map(Hooks::watcher).stream())
                                        .toList()),
                        everybody,
                        new EveryBook(Stream.concat(
                                        Stream.of(
                                                journal.<CallBook>map(Logged::new)
                                                        .orElse(Gateway::log),
                                                roster,
                                                ended),
                                        hooks.map(Hooks::book).stream())
                                .toList()),
                        roster),
                switchboard(
                        settings,
                        place,
                        System.nanoTime(),
                        guard,
                        users,
                        new HouseNumbers(users, settings.groups().values(), Optional.of(directory))),
                executor,
                timers,
                System::nanoTime,
                random);

        this.calls.complete(calls);
        SipTrunks trunks = SipTrunks.start(
                settings.sip(),
                sipOf(settings.trunks()),
                calls,
                DIGITS_BY_INFO,
                journal.<DialogJournal>map(open -> open).orElse(DialogJournal.NONE));
        closing.push(trunks::close);
        sip.complete(trunks);
        journal.ifPresent(open -> endOrphans(open, timers));

        Optional<WebSip> softphones = softphones(settings, phones);
        Operations operations = new Operations(
                () -> debugState(calls, sessions, softphones.map(_ -> phones), media, trunks, house, journal, hooks),
                () -> Metrics.text(calls, sessions, trunks.health(), media.loops())
                        + Metrics.softphones(softphones.map(_ -> phones))
                        + Metrics.agents(roster)
                        + Metrics.tokens(doorkeeper)
                        + Metrics.journal(journal)
                        + Metrics.hooks(hooks),
                trunks.trace(),
                demo,
                settings.tokens().monitorKey(),
                settings.api().all().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Api(settings.api(), calls, everybody, roster, errands, ended, System::nanoTime)));
        WebServer server = WebServer.start(
                settings.web(),
                calls,
                sessions,
                doorkeeper,
                operations,
                timers,
                System::nanoTime,
                softphones.map(sip -> sip::accept));
        closing.push(server::close);
        web.complete(server);
        closing.push(calls::close);
    }

    /** The stack that softphones speak to, where they are let in. */
    private Optional<WebSip> softphones(RingdownSettings settings, Phones phones) {
        if (!settings.softphones().enabled()) {
            return Optional.empty();
        }
        WebSip started = WebSip.start(settings.softphones().sip(settings.calls()), phones, DIGITS_BY_INFO);
        closing.push(started::close);
        phoneSip.complete(started);
        return Optional.of(started);
    }

    private void endOrphans(Journal journal, CallTimers timers) {
        Orphans orphans = new Orphans(new Trunks(), journal, timers);
        closing.push(orphans::close);
        orphans.end(journal.leftOver());
    }

    private Optional<Hooks> hooks(HookSettings settings) throws GatewayStartException {
        if (settings.to().isEmpty()) {
            return Optional.empty();
        }
        try {
            Hooks opened = Hooks.open(
                    settings, sessions, "Ringdown/" + Version.text(), InstantSource.system(), System::nanoTime);
            closing.push(opened::close);
            return Optional.of(opened);
        } catch (IOException unusable) {
            throw new GatewayStartException(String.valueOf(unusable.getMessage()));
        }
    }

    private Optional<Journal> journal(JournalSettings settings) throws JournalException {
        if (!settings.enabled()) {
            return Optional.empty();
        }
        Journal opened = Journal.open(settings, InstantSource.system(), System::nanoTime);
        closing.push(opened::close);
        return Optional.of(opened);
    }

    /** The journal, and a line in the log for each call that is over. */
    private record Logged(Journal journal) implements CallBook {
        @Override
        public void accept(CallRecord record) {
            log(record);
            journal.accept(record);
        }

        @Override
        public void begun(Beginning call) {
            journal.begun(call);
        }

        @Override
        public void answered(Beginning call, Duration after, Optional<String> trunk) {
            journal.answered(call, after, trunk);
        }

        @Override
        public void left(CallId call) {
            journal.left(call);
        }

        @Override
        public boolean isUsable() {
            return journal.isUsable();
        }
    }

    private static Map<String, Object> debugState(
            Calls calls,
            Sessions sessions,
            Optional<Phones> phones,
            MediaEngine media,
            SipTrunks trunks,
            House house,
            Optional<Journal> journal,
            Optional<Hooks> hooks) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("version", Version.text());
        state.putAll(calls.debugState());
        state.put("sessions", sessions.debugState());
        phones.ifPresent(all -> state.put("softphones", all.debugState()));
        state.put("media", media.debugState());
        state.put("sip", trunks.debugState());
        state.put("house", house.debugState());
        journal.ifPresent(open -> state.put("journal", open.counts().debugState()));
        hooks.ifPresent(open -> state.put("hooks", open.debugState()));
        return state;
    }

    static HoldMusic music(HoldSound sound) throws HoldMusicException {
        return switch (sound.kind()) {
            case TONE -> HoldMusic.chime();
            case SILENCE -> HoldMusic.SILENCE;
            case FILE -> HoldMusic.load(sound.file().orElseThrow());
        };
    }

    static Routes routes(Map<String, TrunkEntry> trunks) {
        SequencedMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        trunks.forEach((name, trunk) -> prefixes.put(name, trunk.prefixes()));
        return new Routes(prefixes);
    }

    /** The document that emergency calls have with them, if the settings name one. */
    static Optional<LocationDocument> place(EmergencySettings emergency) throws LocationException {
        Optional<Path> file = emergency.locationFile();
        return file.isPresent() ? Optional.of(LocationDocument.read(file.get())) : Optional.empty();
    }

    /** Judges calls out; blocks while it reads its files. */
    static Guard guard(RingdownSettings settings, UsedTokens used) throws GuardException {
        NumberPlan plan = new NumberPlan(settings.numbers().country());
        return guard(settings, used, new Users(settings.users(), plan));
    }

    private static Guard guard(RingdownSettings settings, UsedTokens used, Users users) throws GuardException {
        return Guard.open(
                settings.guard(),
                new NumberPlan(settings.numbers().country()),
                users,
                used::use,
                InstantSource.system(),
                System::nanoTime);
    }

    private static void lookAtRanges(Guard guard, CallTimers timers, ExecutorService executor) {
        timers.after(
                LOOK_AT_RANGES_EVERY.toNanos(),
                () -> executor.execute(() -> {
                    guard.refresh();
                    lookAtRanges(guard, timers, executor);
                }));
    }

    /** For who only looks at where calls would go. */
    static Switchboard switchboard(RingdownSettings settings, long now) {
        NumberPlan plan = new NumberPlan(settings.numbers().country());
        Users users = new Users(settings.users(), plan);
        return switchboard(
                settings,
                Optional.empty(),
                now,
                Guard.lenient(plan, users, InstantSource.system(), System::nanoTime),
                users,
                new HouseNumbers(users, settings.groups().values(), Optional.empty()));
    }

    private static Switchboard switchboard(
            RingdownSettings settings,
            Optional<LocationDocument> place,
            long now,
            Guard guard,
            Users users,
            Extensions extensions) {
        NumberPlan plan = new NumberPlan(settings.numbers().country());
        Map<String, TrunkLimits> limits = new LinkedHashMap<>();
        settings.trunks().forEach((name, trunk) -> limits.put(name, trunk.limits()));
        limits.put(Extensions.HOUSE, TrunkLimits.defaults());
        return new Switchboard(
                new Routing(
                        settings.numbers(), settings.emergency(), settings.routes(), routes(settings.trunks()), users),
                lines(settings, place),
                new TrunkLoads(limits, now),
                new InboundRules(settings.inbound(), plan, users),
                users,
                InstantSource.system(),
                guard,
                extensions);
    }

    /** How each trunk is told numbers and who calls. */
    static TrunkLines lines(RingdownSettings settings, Optional<LocationDocument> place) {
        Map<String, TrunkLines.Line> lines = new LinkedHashMap<>();
        settings.trunks()
                .forEach((name, trunk) -> lines.put(
                        name,
                        new TrunkLines.Line(
                                trunk.numbers(),
                                trunk.caller(),
                                trunk.sip().transfer().ask())));
        return new TrunkLines(lines, new NumberPlan(settings.numbers().country()), settings.emergency(), place);
    }

    private static Map<String, TrunkSettings> sipOf(Map<String, TrunkEntry> trunks) {
        Map<String, TrunkSettings> sip = new LinkedHashMap<>();
        trunks.forEach((name, trunk) -> sip.put(name, trunk.sip()));
        return sip;
    }

    private static void log(CallRecord call) {
        LOG.info(
                "call {} over: {} {}{} after {} s, talked {} s, {} trunk(s) tried{}{}{}",
                call.id(),
                call.ending().cause().code(),
                call.ending().sip().isPresent() ? "SIP " + call.ending().sip().getAsInt() + " " : "",
                call.to().map(Object::toString).orElse("-"),
                call.lasted().toSeconds(),
                call.talked().map(talked -> talked.toSeconds()).orElse(0L),
                call.attempts(),
                call.ending().detail().map(seen -> "; " + seen).orElse(""),
                call.listeners() == 0 ? "" : ", listened to by " + call.listeners(),
                call.quality().map(Gateway::describe).orElse(""));
    }

    private static String describe(CallQuality quality) {
        return "; from the browser " + describe(quality.web(), quality.webMos()) + "; from the trunk "
                + describe(quality.trunk(), quality.trunkMos());
    }

    private static String describe(LegQuality leg, OptionalDouble mos) {
        return String.format(
                Locale.ROOT,
                "%d packets, %.1f %% missing, jitter %.1f ms, MOS %s",
                leg.counts().received(),
                leg.missingPercent(),
                leg.counts().jitterMillis(),
                mos.isPresent() ? String.format(Locale.ROOT, "%.1f (estimated)", mos.getAsDouble()) : "-");
    }
}
