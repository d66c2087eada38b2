package io.ringdown.sip.jain;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.HostPort;
import io.ringdown.sip.jain.Answers.Answer;
import io.ringdown.sip.web.PhoneId;
import io.ringdown.sip.web.Registrar;
import io.ringdown.sip.web.WebSipRoom;
import io.ringdown.sip.web.WebSipSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The softphones that are here: registered, or in a call. Tells the room of them, under one lock, so that it hears of what happens in
 * the order in which it does. Safe for all threads.
 */
final class Phones {
    private static final Logger LOG = LoggerFactory.getLogger(Phones.class);
    private static final HangupReason GONE = new HangupReason(27, "Destination out of order");

    private final WebSipSettings settings;
    private final HostPort domain;
    private final WebSipRoom room;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Map<PhoneId, Phone> phones = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    // Under the lock.
    private final Registrar registrar;
    private @Nullable ScheduledFuture<?> wakeup;

    Phones(WebSipSettings settings, WebSipRoom room, Executor executor, ScheduledExecutorService timer) {
        this.settings = settings;
        this.domain = settings.host();
        this.room = room;
        this.executor = executor;
        this.timer = timer;
        this.registrar = new Registrar(settings);
    }

    /** Takes a REGISTER of who is proved to be at this socket; whatever it changes is so once the answer has left. */
    void register(Request request, WebChannel socket, Consumer<Answer> answering) {
        Optional<Registrar.Register> read = Register.of(request, socket.proof().orElseThrow());
        if (read.isEmpty()) {
            answering.accept(Answer.of(400));
            return;
        }
        locked(() -> {
            Registrar.Answer answer = registrar.register(read.get(), System.nanoTime());
            schedule();
            answering.accept(new Answer(answer.status(), answer.headers()));
            answer.changes().forEach(change -> on(change, socket));
        });
    }

    private void locked(Runnable step) {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    private void on(Registrar.Change change, WebChannel socket) {
        switch (change) {
            case Registrar.Change.Registered(PhoneId id, String contact, var expires) -> {
                Phone phone = phones.compute(id, (_, known) -> {
                    Phone it = known == null ? made(id) : known;
                    it.contact(Optional.of(contact));
                    return it;
                });
                Optional<WebChannel> before = phone.channel();
                boolean back = arrive(phone, socket);
                bringUnregistered(phone, before, socket);
                room.onRegistered(id, socket.wire(), expires);
                if (back) {
                    back(phone);
                }
            }
            case Registrar.Change.Unregistered(PhoneId id) -> unregistered(id);
        }
    }

    private Phone made(PhoneId id) {
        return new Phone(id, domain);
    }

    // Whether it had another socket, or none, before.
    private static boolean arrive(Phone phone, WebChannel socket) {
        boolean wasAway = phone.isAway();
        Optional<WebChannel> before = phone.moveTo(socket);
        boolean moved = before.isPresent() && !before.get().equals(socket);
        if (moved) {
            phone.current().forEach(call -> call.onAway(before.get()));
        }
        return wasAway || moved;
    }

    // Who calls before it registers is a phone named after its Contact to us, and so it stays for those calls.
    // At a socket of its own it may be another with the same Contact.
    private void bringUnregistered(Phone registered, Optional<WebChannel> before, WebChannel socket) {
        registered
                .contact()
                .ifPresent(uri -> phones.values().stream()
                        .filter(one -> one.contact().isEmpty())
                        .filter(one -> one.id().user().equals(registered.id().user()))
                        .filter(one -> hasKey(uri, one.id().instance()))
                        .filter(one -> one.isAway() || one.channel().equals(before))
                        .filter(one -> arrive(one, socket))
                        .forEach(this::back));
    }

    /** Who registered by this socket could not show again who they are. Their calls go on. */
    void unproved(WebChannel socket) {
        locked(() -> phones.values().stream()
                .filter(phone -> phone.channel().equals(Optional.of(socket)))
                .forEach(phone -> change(registrar.remove(phone.id()))));
    }

    private void back(Phone phone) {
        if (phone.contact().isPresent()) {
            room.onBack(phone.id());
        }
        phone.current().forEach(JainCall::onBack);
    }

    private void unregistered(PhoneId id) {
        Phone phone = phones.get(id);
        if (phone != null) {
            phone.contact(Optional.empty());
            forgetUnused(phone);
        }
        room.onUnregistered(id);
    }

    /**
     * The phone that calls: of those of its socket the one that registered its Contact, else the only one; else the one of another
     * socket with this Contact, since who calls before it registers anew is back all the same; else a new one. A Contact that names
     * nobody is told by its socket alone: many phones have it. It is kept until {@link #release}. Who has shown nothing that is good
     * still, and calls for help or is refused, is no phone of another socket: what rings there would ring here from then on.
     */
    Phone calling(Request invite, WebChannel socket, String user) {
        String key = invite.getHeader(ContactHeader.NAME) instanceof ContactHeader contact
                        && contact.getAddress() != null
                        && contact.getAddress().getURI() instanceof SipURI uri
                        && !PhoneInvite.isAnonymous(uri)
                ? Register.key(uri)
                : "";
        List<Phone> theirs = phones.values().stream()
                .filter(phone -> phone.id().user().equals(user))
                .toList();
        List<Phone> here = theirs.stream()
                .filter(phone -> phone.channel().equals(Optional.of(socket)))
                .toList();
        Optional<Phone> only = here.size() == 1 ? Optional.of(here.getFirst()) : Optional.empty();
        boolean isGood = socket.proof()
                .filter(proof -> proof.isGood(settings.mostExpires(), System.nanoTime()))
                .isPresent();
        PhoneId id = registered(here, key)
                .or(() -> only)
                .or(() -> isGood ? registered(theirs, key) : Optional.empty())
                .map(Phone::id)
                .orElseGet(() -> new PhoneId(
                        user, isGood && !key.isEmpty() ? key : socket.address().getHostAddress()));
        Phone phone = phones.compute(id, (_, known) -> kept(known == null ? made(id) : known));
        locked(() -> {
            Optional<WebChannel> before = phone.channel();
            if (arrive(phone, socket)) {
                registrar.onBack(id);
                schedule();
                back(phone);
            }
            bringUnregistered(phone, before, socket);
        });
        return phone;
    }

    private static Optional<Phone> registered(List<Phone> phones, String key) {
        return phones.stream()
                .filter(one -> one.contact().filter(uri -> hasKey(uri, key)).isPresent())
                .findFirst();
    }

    private static boolean hasKey(String contact, String key) {
        return !key.isEmpty() && contact.contains(":" + key);
    }

    private static Phone kept(Phone phone) {
        phone.keep();
        return phone;
    }

    /** A registered phone that is here, or is waited for; else one that nothing can be sent to. It is kept until {@link #release}. */
    Phone called(PhoneId id) {
        Phone known = phones.computeIfPresent(id, (_, phone) -> kept(phone));
        if (known != null && known.contact().isPresent()) {
            return known;
        }
        if (known != null) {
            release(known);
        }
        return nobody(id);
    }

    /** What it was kept for has become a call of its, or nothing. */
    void release(Phone phone) {
        phone.release();
        forgetUnused(phone);
    }

    /** One that nothing can be sent to. */
    Phone nobody(PhoneId id) {
        return kept(made(id));
    }

    /** A call with it is over. */
    void ended(JainCall call, Phone phone) {
        phone.current().remove(call);
        forgetUnused(phone);
    }

    private void forgetUnused(Phone phone) {
        phones.computeIfPresent(phone.id(), (_, known) -> known.isUnused() ? null : known);
    }

    /** A socket is closed. */
    void lost(WebChannel socket) {
        locked(() -> phones.values().forEach(phone -> phone.lose(socket).ifPresent(loss -> away(phone, socket, loss))));
    }

    private void away(Phone phone, WebChannel socket, int loss) {
        registrar.onAway(phone.id(), System.nanoTime());
        schedule();
        phone.current().forEach(call -> call.onAway(socket));
        if (registrar.isRegistered(phone.id())) {
            room.onAway(phone.id());
        }
        ScheduledFuture<?> _ = after(
                settings.away().toNanos(),
                () -> locked(() -> {
                    if (phone.giveUp(loss)) {
                        giveUp(phone);
                    }
                }));
    }

    // First its calls end, then it is not registered any more.
    private void giveUp(Phone phone) {
        List<JainCall> left = List.copyOf(phone.current());
        AtomicInteger open = new AtomicInteger(left.size() + 1);
        Runnable oneLess = () -> {
            if (open.decrementAndGet() == 0) {
                locked(() -> change(registrar.forget(phone.id())));
            }
        };
        left.forEach(call -> call.onGone(GONE, oneLess));
        oneLess.run();
    }

    private void change(List<Registrar.Change> changes) {
        schedule();
        changes.forEach(change -> unregistered(change.phone()));
    }

    private void schedule() {
        ScheduledFuture<?> waiting = wakeup;
        if (waiting != null) {
            waiting.cancel(false);
        }
        long at = registrar.nextWakeup();
        wakeup = at == Registrar.NEVER ? null : after(Math.max(0, at - System.nanoTime()), this::onTime);
    }

    private @Nullable ScheduledFuture<?> after(long nanos, Runnable work) {
        try {
            return timer.schedule(() -> executor.execute(work), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed");
            return null;
        }
    }

    private void onTime() {
        locked(() -> change(registrar.onTime(System.nanoTime())));
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        lock.lock();
        try {
            state.put("registered", registrar.size());
        } finally {
            lock.unlock();
        }
        state.put(
                "here",
                phones.values().stream()
                        .filter(one -> one.channel().isPresent())
                        .count());
        state.put("away", phones.values().stream().filter(Phone::isAway).count());
        return state;
    }
}
