package io.ringdown.gateway.softphones;

import io.ringdown.gateway.agents.Directory;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.Clients;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.web.Bearer;
import io.ringdown.sip.web.DigestSecret;
import io.ringdown.sip.web.Login;
import io.ringdown.sip.web.LoginUnavailableException;
import io.ringdown.sip.web.PhoneId;
import io.ringdown.sip.web.WebSip;
import io.ringdown.sip.web.WebSipRoom;
import io.ringdown.sip.web.WebSipWire;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All softphones, whether they have a socket just now or not: who they are, which calls ring there, where the news of their calls
 * go. Thread-safe; returns at once, but for what says otherwise.
 */
public final class Phones implements SignedIn, Clients, WebSipRoom {
    private static final Logger LOG = LoggerFactory.getLogger(Phones.class);

    /** Why something was refused to a softphone. */
    public enum Refusal {
        /** Nobody of this name has a password. */
        UNKNOWN_USER,
        /** The token opens nothing. */
        TOKEN,
        /** The token that it came with begins no call any more. */
        TOKEN_SPENT,
        TOO_MANY_CALLS,
        BAD_NUMBER,
        /** Its INVITE has no offer. */
        NO_OFFER,
        /** Its INVITE is to take the place of another call. */
        REPLACES
    }

    private static final int NO_SUCH_CALL = 481; // RFC 3891 §3

    private final Map<ClientId, Phone> phones = new ConcurrentHashMap<>();
    // What was shown on each socket; gone with it.
    private final Map<WebSipWire, Admission> admissions = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<Refusal, AtomicLong> refused = new EnumMap<>(Refusal.class);
    private final PhoneRooms rooms;
    private final Roster roster;
    private final Directory directory;

    /**
     * No phones yet.
     *
     * @param calls all calls, once they stand
     * @param sip the stack that phones speak to, once it stands
     * @param executor runs each phone's steps
     * @param clock nanoseconds, steady
     * @param roster of whom they are devices
     * @param directory knows those whom the configuration does not have
     */
    public Phones(
            Supplier<Calls> calls,
            Supplier<WebSip> sip,
            Users users,
            TokenVerifier verifier,
            Executor executor,
            LongSupplier clock,
            Roster roster,
            Directory directory) {
        this.roster = roster;
        this.directory = directory;
        this.rooms = new PhoneRooms(calls, sip, users, verifier, this::grantOf, executor, clock, this::forgetIfIdle);
        for (Refusal refusal : Refusal.values()) {
            refused.put(refusal, new AtomicLong());
        }
    }

    // ---- who may come in

    /**
     * Whoever has this name or this extension. Only who shows the password is the user of an extension: a token says whom it names,
     * and digits in it are a name as any other. Blocks while the directory is asked, no longer than its time limit.
     */
    @Override
    public Optional<Login> loginOf(String name) throws LoginUnavailableException {
        Optional<String> configured = rooms.users().named(name).filter(rooms.users()::isConfigured);
        Optional<Login> login = configured.isPresent()
                ? login(configured.get(), rooms.users().sipSecretOf(configured.get()))
                : loginOfDirectory(name);
        if (login.isEmpty()) {
            count(Refusal.UNKNOWN_USER);
        }
        return login;
    }

    /** By its last answer, and not by what it once said: a password that it has changed opens nothing any more. */
    private Optional<Login> loginOfDirectory(String name) throws LoginUnavailableException {
        Directory.Reply reply = directory.sought(name).join();
        if (!reply.isAnswered()) {
            throw new LoginUnavailableException("the directory gives no answer");
        }
        return reply.found()
                .filter(found -> !rooms.users().isConfigured(found.name()))
                .flatMap(found -> login(found.name(), found.user().sipSecret()));
    }

    private static Optional<Login> login(String user, Optional<DigestSecret> secret) {
        return secret.map(known -> new Login(user, known));
    }

    /** Written with separators or without. */
    @Override
    public boolean isNameOfAnother(String name, String user) {
        return Stream.concat(Stream.of(name), PhoneNumber.of(name).map(PhoneNumber::digits).stream())
                .flatMap(each -> rooms.users().named(each).stream())
                .anyMatch(known -> !known.equals(user));
    }

    /** Whom a token names; what it lets its bearer do holds for the calls on this socket. Blocks while it is verified, and the directory asked. */
    @Override
    public Optional<Bearer> bearerOf(String token, Optional<String> known, WebSipWire wire) {
        Optional<Admission> admission =
                rooms.verifier().verify(new Presented(Optional.of(token), wire.origin(), wire.from()));
        if (admission.isEmpty()) {
            count(Refusal.TOKEN);
            return Optional.empty();
        }
        String subject = admission.get().identity().subject();
        Admission before = admissions.get(wire);
        if (before != null && !before.identity().subject().equals(subject)) {
            count(Refusal.TOKEN); // a socket is one user's
            return Optional.empty();
        }
        if (known.filter(user -> !user.equals(subject)).isEmpty()) {
            admissions.put(wire, admission.get());
        }
        if (!rooms.users().isConfigured(subject)) {
            directory.user(subject).join(); // their numbers are known from then on
        }
        return Optional.of(
                new Bearer(subject, rooms.verifier().lasts(admission.get().grant())));
    }

    @Override
    public boolean isEmergency(String called) {
        return rooms.numberOf(called).filter(rooms.calls().get()::isEmergency).isPresent();
    }

    /** A socket where no token was shown is one where a password was. */
    private Grant grantOf(WebSipWire wire) {
        return Optional.ofNullable(admissions.get(wire)).map(Admission::grant).orElse(Grant.ALL);
    }

    // ---- whether phones are there

    @Override
    public void onRegistered(PhoneId phone, WebSipWire wire, Duration expires) {
        phones.compute(idOf(phone), (id, known) -> {
            Phone it = here(phone, id, known, wire);
            if (!it.isRegistered()) {
                LOG.info("softphone {} is registered", id.session());
            }
            it.onRegistered();
            return it;
        });
        find(idOf(phone)).ifPresent(this::signIn);
    }

    /** The same again changes nothing. */
    private void signIn(Phone it) {
        roster.onSignedIn(it.id(), it.user(), it.numbers());
    }

    private Phone here(PhoneId phone, ClientId id, @Nullable Phone known, WebSipWire wire) {
        Phone it = known == null ? new Phone(phone, id, wire, rooms) : known;
        it.onPresent(wire);
        return it;
    }

    @Override
    public void onUnregistered(PhoneId phone) {
        ClientId id = idOf(phone);
        find(id).ifPresent(it -> {
            LOG.info("softphone {} is registered no more", id.session());
            it.onUnregistered();
            roster.onSignedOut(id);
        });
        forgetIfIdle(id);
    }

    @Override
    public void onAway(PhoneId phone) {
        find(idOf(phone)).ifPresent(it -> {
            it.onAway();
            roster.onAway(it.id());
        });
    }

    @Override
    public void onBack(PhoneId phone) {
        find(idOf(phone)).ifPresent(it -> {
            it.onBack();
            signIn(it);
        });
    }

    private Optional<Phone> find(ClientId id) {
        return Optional.ofNullable(phones.get(id));
    }

    @SuppressWarnings("NullAway") // null is how computeIfPresent is told to remove the entry
    private void forgetIfIdle(ClientId id) {
        phones.computeIfPresent(id, (_, phone) -> phone.isForgotten() ? null : phone);
    }

    /** The same one for the same phone, and told by nobody who does not know it. */
    static ClientId idOf(PhoneId phone) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((phone.user() + '\n' + phone.instance()).getBytes(StandardCharsets.UTF_8));
            return new ClientId(HexFormat.of().formatHex(hash), ClientId.Road.SIP);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every Java has it
        }
    }

    // ---- a phone calls

    @Override
    public TrunkListener onInvite(PhoneId phone, WebSipWire wire, InboundInvite invite, TrunkCall dialog) {
        ClientId id = idOf(phone);
        Optional<PhoneNumber> to = rooms.numberOf(invite.calledNumber());
        if (invite.replaces().isPresent()) {
            return refuse(dialog, Refusal.REPLACES, new Rejection(NO_SUCH_CALL, EndCause.UNAVAILABLE.hangupReason()));
        }
        if (to.isEmpty()) {
            return refuse(dialog, Refusal.BAD_NUMBER, EndCause.BAD_NUMBER.rejection());
        }
        if (invite.sdp().isEmpty()) {
            return refuse(dialog, Refusal.NO_OFFER, EndCause.MEDIA_REFUSED.rejection());
        }
        Calls calls = rooms.calls().get();
        boolean isForHelp = calls.isEmergency(to.get());
        CallId call = calls.newId();
        Admitted admitted = new Admitted();
        phones.compute(id, (_, known) -> {
            Phone it = here(phone, id, known, wire);
            if (it.isFull() && !isForHelp) {
                admitted.refusal = Optional.of(Refusal.TOO_MANY_CALLS);
            } else if (rooms.verifier().isSpent(it.asker().grant()) && !isForHelp) {
                admitted.refusal = Optional.of(Refusal.TOKEN_SPENT);
            } else {
                admitted.listener = it.onCall(call, wire, invite, dialog);
            }
            admitted.asker = Optional.of(it.asker());
            return it;
        });
        if (admitted.refusal.isPresent()) {
            forgetIfIdle(id);
            EndCause cause =
                    admitted.refusal.get() == Refusal.TOO_MANY_CALLS ? EndCause.TOO_MANY_CALLS : EndCause.NOT_PERMITTED;
            return refuse(dialog, admitted.refusal.get(), cause.rejection());
        }
        dialog.knownAs(call.toString());
        LOG.info("call {} is SIP call {} from a softphone", call, dialog.callId());
        calls.dial(
                call,
                new Calls.Request(
                        id,
                        Optional.empty(),
                        admitted.asker.orElseThrow(),
                        to.get(),
                        caller(phone, invite),
                        invite.sdp().get()));
        return admitted.listener;
    }

    @Override
    public void onWire(PhoneId phone, WebSipWire wire, TrunkCall call) {
        find(idOf(phone)).ifPresent(it -> it.onWire(wire, call));
    }

    /** What became of an INVITE under the lock of its phone. */
    private static final class Admitted {
        Optional<Refusal> refusal = Optional.empty();
        Optional<Asker> asker = Optional.empty();
        TrunkListener listener = Phones::ignore;
    }

    private Caller caller(PhoneId phone, InboundInvite invite) {
        Predicate<String> isItself = name -> name.equals(phone.user())
                || rooms.users().named(name).filter(phone.user()::equals).isPresent();
        return PhoneCaller.of(invite, isItself);
    }

    private TrunkListener refuse(TrunkCall dialog, Refusal why, Rejection rejection) {
        count(why);
        dialog.reject(rejection);
        return Phones::ignore;
    }

    private static void ignore(TrunkEvent event) {
        LOG.debug("after a refusal: {}", event.getClass().getSimpleName());
    }

    private void count(Refusal why) {
        Optional.ofNullable(refused.get(why)).ifPresent(AtomicLong::incrementAndGet);
    }

    // ---- what calls need of them

    @Override
    public boolean tell(ClientId client, CallId call, CallNews news) {
        return find(client).filter(phone -> phone.onNews(call, news)).isPresent();
    }

    @Override
    public SequencedSet<ClientId> clientsFor(PhoneNumber number) {
        String key = key(number);
        return ringing(phone -> phone.numbers().stream().map(Phones::key).anyMatch(key::equals));
    }

    /** Trunks write numbers with and without the +. */
    private static String key(PhoneNumber number) {
        return number.digits().startsWith("+") ? number.digits().substring(1) : number.digits();
    }

    @Override
    public SequencedSet<ClientId> clientsOf(String user) {
        return ringing(phone -> phone.user().equals(user));
    }

    private SequencedSet<ClientId> ringing(Predicate<Phone> wanted) {
        SequencedSet<ClientId> clients = new LinkedHashSet<>();
        phones.values().stream().filter(Phone::mayRing).filter(wanted).forEach(phone -> clients.add(phone.id()));
        return clients;
    }

    @Override
    public Optional<Asker> askerOf(ClientId client) {
        return find(client).map(Phone::asker);
    }

    @Override
    public Optional<Asker> askerOf(ClientId client, CallId call) {
        return find(client).map(phone -> phone.asker(call));
    }

    // ---- for those who look

    /** How many phones are registered, and have a socket. */
    public int count() {
        return (int) phones.values().stream()
                .filter(phone -> phone.isRegistered() && !phone.isAway())
                .count();
    }

    /** How many have lost their socket and are waited for. */
    public int away() {
        return (int) phones.values().stream().filter(Phone::isAway).count();
    }

    /** How often something was refused for this reason. */
    public long refused(Refusal why) {
        return Optional.ofNullable(refused.get(why)).map(AtomicLong::get).orElse(0L);
    }

    /** Every phone, for the admin page. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("phones", phones.values().stream().map(Phone::debugState).toList());
        state.put("sip", rooms.sip().get().debugState());
        return state;
    }
}
