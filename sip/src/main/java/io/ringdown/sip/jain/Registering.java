package io.ringdown.sip.jain;

import io.ringdown.sip.RegisterSettings;
import io.ringdown.sip.dialog.OutRequest;
import io.ringdown.sip.dialog.SipText;
import io.ringdown.sip.jain.OutsideRequests.Outcome;
import io.ringdown.sip.locate.Target;
import io.ringdown.sip.register.RegisterAction;
import io.ringdown.sip.register.RegisterResponse;
import io.ringdown.sip.register.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One trunk's registration on the wire. Its inputs are worked off one at a time on virtual threads; all methods may be called
 * from any thread and return at once.
 */
final class Registering {
    private static final Logger LOG = LoggerFactory.getLogger(Registering.class);
    private static final long LOOK_UP_MILLIS = 2000;
    private static final int MOST_BINDINGS = 32;
    private static final int MOST_ROUTES = 8;

    private final Trunk trunk;
    private final RegisterSettings how;
    private final OutsideRequests outside;
    private final Writing writing;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final RandomGenerator random;
    private final List<Target> tried = new ArrayList<>();
    private @Nullable Registration registration;
    private Writing.@Nullable Identity identity;
    private @Nullable Target target;
    private @Nullable ScheduledFuture<?> wakeup;
    private long wakeupAt = Registration.NEVER;

    Registering(
            Trunk trunk,
            RegisterSettings how,
            OutsideRequests outside,
            Writing writing,
            Executor executor,
            ScheduledExecutorService timer,
            RandomGenerator random) {
        this.trunk = trunk;
        this.how = how;
        this.outside = outside;
        this.writing = writing;
        this.executor = executor;
        this.timer = timer;
        this.random = random;
    }

    /** Registers, once it is known where. */
    void start() {
        run(() -> {
            try {
                trunk.awaitLocated(LOOK_UP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            begin();
        });
    }

    private void run(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed");
        }
    }

    private synchronized void begin() {
        String record = how.uri().orElseGet(this::ownRecord);
        String domain = record.substring(record.indexOf('@') + 1);
        boolean ofTrunk = domain.equals(trunk.settings().address().uriHost());
        identity = new Writing.Identity(
                writing.token() + "@" + trunk.listening().advertised().uriHost(),
                "<" + record + ">",
                writing.token(),
                "<" + record + ">",
                "");
        Registration made = new Registration(
                ofTrunk ? trunk.settings().address().uri() : "sip:" + domain,
                trunk.routes(List.of()),
                contacts(record),
                how.expires(),
                trunk.authorizer(),
                random);
        registration = made;
        made.start(System.nanoTime());
        perform(made);
    }

    private String ownRecord() {
        String user = trunk.settings().username().or(trunk.settings()::fromUser).orElseThrow();
        return "sip:" + SipText.user(user) + "@"
                + trunk.settings()
                        .fromDomain()
                        .orElse(trunk.settings().address().uriHost());
    }

    private List<String> contacts(String record) {
        Optional<Target> best = trunk.targets().best();
        List<Listening> at = how.everyAddress()
                ? trunk.serving()
                : List.of(best.map(trunk::listening).orElse(trunk.listening()));
        String user = how.contactUser().orElse(record.substring("sip:".length(), record.indexOf('@')));
        return at.stream()
                .map(one -> "sip:" + user + "@" + one.advertised()
                        + best.map(Target::transport)
                                .filter(one::speaks)
                                .map(Writing::transportParameter)
                                .orElse(""))
                .toList();
    }

    private synchronized void input(Consumer<Registration> what) {
        Registration known = registration;
        if (known != null) {
            what.accept(known);
            perform(known);
        }
    }

    private void perform(Registration known) {
        List<RegisterAction> actions = known.takeActions();
        while (!actions.isEmpty()) {
            for (RegisterAction action : actions) {
                switch (action) {
                    case RegisterAction.Send(OutRequest request, boolean elsewhere) -> send(known, request, elsewhere);
                    case RegisterAction.Tell(Registration.State state, String why) -> tell(state, why);
                }
            }
            actions = known.takeActions();
        }
        schedule(known);
    }

    private void send(Registration known, OutRequest request, boolean elsewhere) {
        Optional<Target> to = elsewhere || target == null ? next() : Optional.of(target);
        if (to.isEmpty() || identity == null) {
            known.onUnreached("its name is not found", false, System.nanoTime());
            return;
        }
        Target chosen = to.get();
        Writing.Identity from = identity;
        target = chosen;
        run(() ->
                outside.send(request, from, trunk, chosen, outcome -> input(told -> onOutcome(told, chosen, outcome))));
    }

    private Optional<Target> next() {
        Optional<Target> next = untried().stream().findFirst();
        next.ifPresent(tried::add);
        return next;
    }

    // Those that are down come last: a registrar may be up where calls are refused.
    private List<Target> untried() {
        List<Target> order = new ArrayList<>(trunk.targets().order());
        order.removeAll(tried);
        order.sort((a, b) ->
                Boolean.compare(trunk.targets().isDown(a), trunk.targets().isDown(b)));
        return order;
    }

    private void onOutcome(Registration told, Target asked, Outcome outcome) {
        long now = System.nanoTime();
        switch (outcome) {
            case Outcome.Answered(Response response, boolean fromTarget) -> {
                if (response.getStatusCode() == 503 && hasAnother()) {
                    unreached(told, asked, "it answered 503", now);
                } else {
                    tried.clear();
                    tried.add(asked);
                    told.onResponse(read(response, fromTarget), now);
                    forgetTriedWhenWaiting(told);
                }
            }
            case Outcome.Unanswered() -> unreached(told, asked, "nobody answered", now);
            case Outcome.NotSent(String why) -> unreached(told, asked, "it could not be sent: " + why, now);
        }
    }

    private boolean hasAnother() {
        return !untried().isEmpty();
    }

    private void unreached(Registration told, Target asked, String why, long now) {
        trunk.targets().onFailure(asked);
        told.onUnreached(why, hasAnother(), now);
        forgetTriedWhenWaiting(told);
    }

    // After the wait every address is as good as before it, and the order is drawn anew.
    private void forgetTriedWhenWaiting(Registration told) {
        if (told.state() == Registration.State.WAITING) {
            tried.clear();
            target = null;
        }
    }

    private static RegisterResponse read(Response response, boolean fromTarget) {
        List<String> challenges = new ArrayList<>();
        if (fromTarget) {
            challenges.addAll(Reading.values(response, "WWW-Authenticate"));
            challenges.addAll(Reading.values(response, "Proxy-Authenticate"));
        }
        return new RegisterResponse(
                response.getStatusCode(),
                challenges,
                bindings(response),
                seconds(response, "Expires"),
                seconds(response, "Min-Expires"),
                seconds(response, "Retry-After"),
                serviceRoute(response));
    }

    private static List<RegisterResponse.Binding> bindings(Response response) {
        List<RegisterResponse.Binding> bindings = new ArrayList<>();
        var contacts = response.getHeaders(ContactHeader.NAME);
        while (contacts.hasNext() && bindings.size() < MOST_BINDINGS) {
            if (contacts.next() instanceof ContactHeader contact
                    && contact.getAddress() != null
                    && contact.getAddress().getURI() instanceof SipURI uri) {
                String text = uri.toString();
                int semicolon = text.indexOf(';');
                bindings.add(new RegisterResponse.Binding(
                        semicolon < 0 ? text : text.substring(0, semicolon),
                        contact.getExpires() < 0 ? OptionalLong.empty() : OptionalLong.of(contact.getExpires())));
            }
        }
        return bindings;
    }

    private static OptionalLong seconds(Response response, String header) {
        for (String value : Reading.values(response, header)) {
            String digits = value.strip().split("[^0-9]", 2)[0];
            if (!digits.isEmpty() && digits.length() <= 10) {
                return OptionalLong.of(Long.parseLong(digits));
            }
        }
        return OptionalLong.empty();
    }

    // Each value is <uri>;params, several to a header.
    private static List<String> serviceRoute(Response response) {
        List<String> routes = new ArrayList<>();
        for (String value : Reading.values(response, "Service-Route")) {
            for (String one : value.split("<", MOST_ROUTES + 1)) {
                int end = one.indexOf('>');
                if (end > 0 && one.startsWith("sip") && routes.size() < MOST_ROUTES) {
                    routes.add(one.substring(0, end));
                }
            }
        }
        return routes;
    }

    private void tell(Registration.State state, String why) {
        switch (state) {
            case REGISTERED -> LOG.info("trunk {}: registered {}", trunk.name(), why);
            case WAITING -> LOG.warn("trunk {}: not registered: {}", trunk.name(), why);
            case GONE -> LOG.info("trunk {}: no longer registered, {}", trunk.name(), why);
            case IDLE, REGISTERING, UNREGISTERING -> LOG.debug("trunk {}: {} {}", trunk.name(), state, why);
        }
    }

    private void schedule(Registration known) {
        long at = known.nextWakeup();
        if (at == wakeupAt) {
            return;
        }
        wakeupAt = at;
        ScheduledFuture<?> waiting = wakeup;
        if (waiting != null) {
            waiting.cancel(false);
        }
        try {
            wakeup = at == Registration.NEVER
                    ? null
                    : timer.schedule(
                            () -> run(() -> input(told -> told.onTime(System.nanoTime()))),
                            Math.max(0, at - System.nanoTime()),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed");
        }
    }

    /** Takes our contacts away. */
    void stop() {
        run(() -> input(told -> told.stop(System.nanoTime())));
    }

    /** Whether nothing is left to be waited for. */
    synchronized boolean isGone() {
        return registration == null || registration.state() == Registration.State.GONE;
    }

    /** Whether the trunk knows where we are. */
    synchronized boolean isRegistered() {
        return registration != null && registration.isRegistered(System.nanoTime());
    }

    /** The route for calls that the registrar gave. */
    synchronized List<String> serviceRoute() {
        return registration == null ? List.of() : registration.serviceRoute(System.nanoTime());
    }

    synchronized Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        Registration known = registration;
        if (known == null) {
            state.put("state", "locating");
            return state;
        }
        long now = System.nanoTime();
        Duration remaining = known.remaining(now);
        state.put("state", known.state().name().toLowerCase(Locale.ROOT));
        state.put("registered", known.isRegistered(now));
        state.put("remaining-seconds", remaining.toSeconds());
        state.put("at", String.valueOf(target));
        state.put("service-route", known.serviceRoute(now));
        state.put("last-failure", known.lastFailure());
        return state;
    }
}
