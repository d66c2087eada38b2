package io.ringdown.sip.register;

import io.ringdown.sip.dialog.Authorizer;
import io.ringdown.sip.dialog.OutRequest;
import io.ringdown.sip.dialog.SipHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * One registration (RFC 3261 10.2): sans-IO, not safe for threads. After each input drain {@link #takeActions}; then wait for
 * the next input or {@link #nextWakeup}. All times are of one monotonic clock in nanoseconds.
 *
 * <pre>
 *   IDLE --start--> REGISTERING --2xx--> REGISTERED --at 70 to 80 % of what was granted--> REGISTERING
 *                    |    ^--401, 407, 423, next address
 *                    `--failure--> WAITING --30 s to 30 min (RFC 5626 4.5)--> REGISTERING
 *   any --stop--> UNREGISTERING --any answer, none--> GONE
 * </pre>
 *
 * A failed refresh does not end the binding: it stands until its time is over ({@link #isRegistered}).
 */
public final class Registration {
    /** What {@link #nextWakeup} says when nothing is waited for. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final Duration BASE = Duration.ofSeconds(30); // RFC 5626 4.5: base-time, all have failed
    private static final Duration MOST = Duration.ofMinutes(30); // and max-time
    private static final long MOST_EXPIRES = 86_400;
    private static final long LEAST_REFRESH_SECONDS = 5; // whatever a registrar grants

    /** The states, in the order of life. */
    public enum State {
        IDLE,
        REGISTERING,
        REGISTERED,
        WAITING,
        UNREGISTERING,
        GONE
    }

    private final String registrar;
    private final List<String> routes;
    private final List<String> contacts;
    private final Authorizer authorizer;
    private final RandomGenerator random;
    private final List<RegisterAction> actions = new ArrayList<>();
    private State state = State.IDLE;
    private long expires;
    private long cseq;
    private int challenged;
    private boolean lengthened;
    private int failures;
    private long wakeupAt = NEVER;
    private long boundUntil;
    private boolean bound;
    private List<String> serviceRoute = List.of();
    private String lastFailure = "";

    /**
     * Begins with {@link #start}.
     *
     * @param registrar the Request-URI: the domain, without a user
     * @param routes the Route headers' URIs
     * @param contacts the URIs where we are
     * @param expires what is asked for
     */
    public Registration(
            String registrar,
            List<String> routes,
            List<String> contacts,
            Duration expires,
            Authorizer authorizer,
            RandomGenerator random) {
        this.registrar = registrar;
        this.routes = List.copyOf(routes);
        this.contacts = List.copyOf(contacts);
        this.expires = expires.toSeconds();
        this.authorizer = authorizer;
        this.random = random;
    }

    /** Registers. */
    public void start(long now) {
        if (state == State.IDLE) {
            begin(false);
        }
    }

    private void begin(boolean elsewhere) {
        state = State.REGISTERING;
        wakeupAt = NEVER;
        challenged = 0;
        lengthened = false;
        send(authorizer.ahead("REGISTER", registrar), elsewhere);
    }

    private void send(Optional<SipHeader> credentials, boolean elsewhere) {
        long asked = state == State.UNREGISTERING ? 0 : expires;
        List<SipHeader> headers = new ArrayList<>();
        contacts.forEach(contact -> headers.add(new SipHeader("Contact", "<" + contact + ">;expires=" + asked)));
        headers.add(new SipHeader("Expires", Long.toString(asked)));
        headers.add(new SipHeader("Supported", "path")); // RFC 3327 5.1
        credentials.ifPresent(headers::add);
        cseq++;
        actions.add(new RegisterAction.Send(
                new OutRequest(
                        "REGISTER",
                        cseq,
                        registrar,
                        routes,
                        Optional.empty(),
                        List.copyOf(headers),
                        Optional.empty(),
                        Optional.empty()),
                elsewhere));
    }

    /** The final response to the REGISTER sent last. */
    public void onResponse(RegisterResponse response, long now) {
        switch (state) {
            case REGISTERING -> onAnswer(response, now);
            case UNREGISTERING -> {
                if (!isChallenge(response) || !answer(response)) {
                    gone();
                }
            }
            case IDLE, REGISTERED, WAITING, GONE -> {} // lost a race against stop
        }
    }

    private void onAnswer(RegisterResponse response, long now) {
        int status = response.status();
        if (status < 300) {
            onSuccess(response, now);
        } else if (isChallenge(response)) {
            if (!answer(response)) {
                fail(
                        "its " + status + " could not be answered with the credentials there are",
                        OptionalLong.empty(),
                        now);
            }
        } else if (status == 423 && lengthen(response)) {
            send(authorizer.ahead("REGISTER", registrar), false);
        } else {
            fail("it answered " + status, response.retryAfter(), now);
        }
    }

    private static boolean isChallenge(RegisterResponse response) {
        return response.status() == 401 || response.status() == 407;
    }

    // Once; once more where credentials sent ahead were the first attempt, or the nonce was only too old.
    private boolean answer(RegisterResponse response) {
        int allowed = authorizer.stale(response.challenges()) ? 2 : 1;
        if (challenged >= allowed) {
            return false;
        }
        Optional<SipHeader> credentials =
                authorizer.answer(response.status(), response.challenges(), "REGISTER", registrar);
        if (credentials.isPresent()) {
            challenged++;
            send(credentials, false);
        }
        return credentials.isPresent();
    }

    // RFC 3261 10.3: 423 says how long it must be at least.
    private boolean lengthen(RegisterResponse response) {
        long least = response.minExpires().orElse(0);
        if (lengthened || least <= expires || least > MOST_EXPIRES) {
            return false;
        }
        lengthened = true;
        challenged = 0;
        expires = least;
        return true;
    }

    private void onSuccess(RegisterResponse response, long now) {
        long granted = granted(response);
        if (granted <= 0) {
            fail("it took the registration and keeps nothing of it", OptionalLong.empty(), now);
            return;
        }
        boolean again = isRegistered(now) && failures == 0;
        state = State.REGISTERED;
        failures = 0;
        lastFailure = "";
        bound = true;
        boundUntil = now + Duration.ofSeconds(granted).toNanos();
        serviceRoute = response.serviceRoute();
        double share = 0.7 + 0.1 * random.nextDouble();
        long refresh = Math.max(LEAST_REFRESH_SECONDS * 1000, (long) (granted * 1000 * share));
        wakeupAt = now + Duration.ofMillis(refresh).toNanos();
        if (!again) {
            actions.add(new RegisterAction.Tell(state, "for " + granted + " s"));
        }
    }

    // RFC 3261 10.2.4: what stands at our Contact, else in Expires, else what we asked for.
    private long granted(RegisterResponse response) {
        OptionalLong ofOurs = response.bindings().stream()
                .filter(binding ->
                        contacts.stream().anyMatch(own -> withoutParameters(own).equals(binding.uri())))
                .flatMapToLong(binding -> binding.expires().stream())
                .min();
        long granted = ofOurs.orElseGet(() -> response.expires().orElse(expires));
        return Math.min(granted, MOST_EXPIRES);
    }

    private static String withoutParameters(String uri) {
        int semicolon = uri.indexOf(';');
        return semicolon < 0 ? uri : uri.substring(0, semicolon);
    }

    /**
     * Nobody answered the REGISTER sent last, or it could not be sent.
     *
     * @param another whether the trunk has an address that was not tried yet
     */
    public void onUnreached(String why, boolean another, long now) {
        switch (state) {
            case REGISTERING -> {
                if (another) {
                    begin(true);
                } else {
                    fail(why, OptionalLong.empty(), now);
                }
            }
            case UNREGISTERING -> gone();
            case IDLE, REGISTERED, WAITING, GONE -> {}
        }
    }

    // RFC 5626 4.5: twice as long with each failure, and somewhere between half of that and all of it.
    private void fail(String why, OptionalLong retryAfterSeconds, long now) {
        boolean news = failures == 0 || !lastFailure.equals(why);
        failures++;
        lastFailure = why;
        state = State.WAITING;
        long most = Math.min(MOST.toMillis(), BASE.toMillis() << Math.min(failures, 10));
        long wait = most / 2 + (long) (random.nextDouble() * most / 2);
        long wanted = Math.min(retryAfterSeconds.orElse(0), MOST.toSeconds()) * 1000;
        long millis = Math.max(wait, wanted);
        wakeupAt = now + Duration.ofMillis(millis).toNanos();
        if (news) {
            actions.add(new RegisterAction.Tell(state, why + "; tried again in " + millis / 1000 + " s"));
        }
    }

    /** Time has passed; does nothing before {@link #nextWakeup}. */
    public void onTime(long now) {
        if (now >= wakeupAt && (state == State.REGISTERED || state == State.WAITING)) {
            begin(false);
        }
    }

    /** Takes our contacts away, where there may be any. */
    public void stop(long now) {
        boolean maybe = isRegistered(now) || state == State.REGISTERING;
        wakeupAt = NEVER;
        if (state == State.UNREGISTERING || state == State.GONE) {
            return;
        }
        if (!maybe) {
            gone();
            return;
        }
        state = State.UNREGISTERING;
        challenged = 0;
        send(authorizer.ahead("REGISTER", registrar), false);
    }

    private void gone() {
        state = State.GONE;
        bound = false;
        actions.add(new RegisterAction.Tell(state, "at our wish"));
    }

    /** Whether the trunk knows where we are. */
    public boolean isRegistered(long now) {
        return bound && now < boundUntil;
    }

    /** The route for requests outside of dialogs (RFC 3608 5), while the registration stands. */
    public List<String> serviceRoute(long now) {
        return isRegistered(now) ? serviceRoute : List.of();
    }

    /** How long the binding still stands. */
    public Duration remaining(long now) {
        return isRegistered(now) ? Duration.ofNanos(boundUntil - now) : Duration.ZERO;
    }

    /** The state. */
    public State state() {
        return state;
    }

    /** Why the last try failed; empty where it did not. */
    public String lastFailure() {
        return lastFailure;
    }

    /** When {@link #onTime} wants to be called next, or {@link #NEVER}. */
    public long nextWakeup() {
        return wakeupAt;
    }

    /** Takes what is to be done. */
    public List<RegisterAction> takeActions() {
        List<RegisterAction> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }
}
