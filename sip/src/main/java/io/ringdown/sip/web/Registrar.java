package io.ringdown.sip.web;

import io.ringdown.sip.dialog.SipHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Which softphones of whom are registered (RFC 3261 10.3), each by the one socket that it came with (RFC 5626, without Path). Sans-IO;
 * not safe for threads. After each input look at {@link #nextWakeup}; all times are of one monotonic clock in nanoseconds.
 */
public final class Registrar {
    /** What {@link #nextWakeup} says when nothing is waited for. */
    public static final long NEVER = Long.MAX_VALUE;

    // RFC 5626 4.4.1: a phone that hears nothing for so long asks whether we are there, and so do we see that it is.
    private static final SipHeader FLOW_TIMER = new SipHeader("Flow-Timer", "120");

    private final WebSipSettings settings;
    private final Map<PhoneId, Binding> bindings = new LinkedHashMap<>();

    /**
     * A Contact of a REGISTER.
     *
     * @param uri where the phone is called: what goes into the Request-URI
     * @param key what tells it from the user's others where it has no instance
     * @param instance its {@code +sip.instance} without quotes
     * @param regId its {@code reg-id}
     * @param expires its own, in seconds
     */
    public record Contact(String uri, String key, Optional<String> instance, OptionalInt regId, OptionalLong expires) {
        PhoneId of(String user) {
            return new PhoneId(user, instance.orElse(key));
        }
    }

    /**
     * A REGISTER whose sender is proved.
     *
     * @param user whose it is
     * @param callId Call-ID
     * @param cseq the number of CSeq
     * @param contacts its contacts; none where it only asks
     * @param all whether its Contact is {@code *}
     * @param expires its Expires, in seconds
     * @param outbound whether it supports outbound (RFC 5626)
     * @param proofLasts for how many seconds what its sender has shown is good; empty if for good
     */
    public record Register(
            String user,
            String callId,
            long cseq,
            List<Contact> contacts,
            boolean all,
            OptionalLong expires,
            boolean outbound,
            Optional<Long> proofLasts) {
        public Register {
            contacts = List.copyOf(contacts);
        }
    }

    /** What has changed. */
    public sealed interface Change {
        /** The phone. */
        PhoneId phone();

        /**
         * It is registered, for the first time or again.
         *
         * @param contact where it is called
         */
        record Registered(PhoneId phone, String contact, Duration expires) implements Change {}

        /** It is not any more. */
        record Unregistered(PhoneId phone) implements Change {}
    }

    /**
     * What is answered.
     *
     * @param status 200 or a refusal
     * @param headers what it says; of a 200 all contacts of the user
     * @param changes what has changed, in this order
     */
    public record Answer(int status, List<SipHeader> headers, List<Change> changes) {
        public Answer {
            headers = List.copyOf(headers);
            changes = List.copyOf(changes);
        }

        private static Answer refusal(int status, SipHeader... headers) {
            return new Answer(status, List.of(headers), List.of());
        }
    }

    /** A phone that is registered; it is away while {@code awaySince} is there. */
    private record Binding(Contact contact, String callId, long cseq, long until, OptionalLong awaySince) {
        Binding awaySince(OptionalLong when) {
            return new Binding(contact, callId, cseq, until, when);
        }

        // Its calls wait for it so long, and with the registration they would end.
        long end(Duration away) {
            return awaySince.isEmpty() ? until : until + Math.max(0, awaySince.getAsLong() + away.toNanos() - until);
        }
    }

    public Registrar(WebSipSettings settings) {
        this.settings = settings;
    }

    /** Takes a REGISTER. All of it holds, or nothing does (RFC 3261 10.3). */
    public Answer register(Register request, long now) {
        if (request.all()) {
            return forgetAll(request, now);
        }
        if (request.contacts().size() > settings.maxPhonesPerUser()) {
            return Answer.refusal(403);
        }
        Map<PhoneId, Binding> wanted = new LinkedHashMap<>();
        for (Contact contact : request.contacts()) {
            long seconds =
                    Math.min(seconds(contact, request), settings.mostExpires().toSeconds());
            if (seconds > 0 && seconds < settings.leastExpires().toSeconds()) {
                return Answer.refusal(
                        423,
                        new SipHeader(
                                "Min-Expires",
                                Long.toString(settings.leastExpires().toSeconds())));
            }
            long granted = Math.min(
                    seconds, request.proofLasts().map(left -> Math.max(1, left)).orElse(seconds));
            PhoneId phone = contact.of(request.user());
            Binding before = bindings.get(phone);
            if (before != null && before.callId().equals(request.callId()) && request.cseq() <= before.cseq()) {
                return Answer.refusal(500, new SipHeader("Retry-After", "2")); // it has been overtaken
            }
            wanted.put(
                    phone,
                    new Binding(
                            contact,
                            request.callId(),
                            request.cseq(),
                            now + TimeUnit.SECONDS.toNanos(granted),
                            OptionalLong.empty()));
        }
        return take(request, wanted, now);
    }

    private long seconds(Contact contact, Register request) {
        return contact.expires()
                .orElse(request.expires().orElse(settings.mostExpires().toSeconds()));
    }

    private Answer take(Register request, Map<PhoneId, Binding> wanted, long now) {
        List<Change> changes = new ArrayList<>();
        long fresh = wanted.entrySet().stream()
                .filter(one -> one.getValue().until() > now && !bindings.containsKey(one.getKey()))
                .count();
        List<PhoneId> displaced = displaced(request.user(), fresh);
        if (of(request.user()).size() - displaced.size() + fresh > settings.maxPhonesPerUser()) {
            return Answer.refusal(403);
        }
        displaced.forEach(phone -> remove(phone, changes));
        wanted.forEach((phone, binding) -> {
            if (binding.until() <= now) {
                remove(phone, changes);
            } else {
                bindings.put(phone, binding);
                changes.add(
                        new Change.Registered(phone, binding.contact().uri(), Duration.ofNanos(binding.until() - now)));
            }
        });
        return ok(request, changes, now);
    }

    // A page that is loaded anew is a new phone to us, and the old one stays behind: it goes before anybody is refused.
    private List<PhoneId> displaced(String user, long fresh) {
        long tooMany = of(user).size() + fresh - settings.maxPhonesPerUser();
        return bindings.entrySet().stream()
                .filter(one -> one.getKey().user().equals(user))
                .filter(one -> one.getValue().awaySince().isPresent())
                .sorted(Comparator.comparingLong(
                        one -> one.getValue().awaySince().orElse(0)))
                .limit(Math.max(0, tooMany))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Answer forgetAll(Register request, long now) {
        boolean zero = request.expires().isPresent() && request.expires().getAsLong() == 0;
        if (!zero || request.contacts().size() > 0) {
            return Answer.refusal(400); // RFC 3261 10.2.2
        }
        List<Change> changes = new ArrayList<>();
        of(request.user()).forEach(phone -> remove(phone, changes));
        return ok(request, changes, now);
    }

    /** Whoever registered it may not any more. */
    public List<Change> remove(PhoneId phone) {
        List<Change> changes = new ArrayList<>();
        remove(phone, changes);
        return changes;
    }

    private void remove(PhoneId phone, List<Change> changes) {
        if (bindings.remove(phone) != null) {
            changes.add(new Change.Unregistered(phone));
        }
    }

    private List<PhoneId> of(String user) {
        return bindings.keySet().stream()
                .filter(phone -> phone.user().equals(user))
                .toList();
    }

    private Answer ok(Register request, List<Change> changes, long now) {
        List<SipHeader> headers = new ArrayList<>();
        boolean flows = false;
        for (Map.Entry<PhoneId, Binding> one : bindings.entrySet()) {
            if (one.getKey().user().equals(request.user())) {
                Binding binding = one.getValue();
                headers.add(new SipHeader("Contact", said(binding, now)));
                flows |= binding.contact().instance().isPresent()
                        && binding.contact().regId().isPresent();
            }
        }
        headers.add(new SipHeader("Supported", "outbound"));
        if (request.outbound() && flows) {
            headers.add(new SipHeader("Require", "outbound")); // RFC 5626 6
            headers.add(FLOW_TIMER);
        }
        return new Answer(200, headers, changes);
    }

    private static String said(Binding binding, long now) {
        Contact contact = binding.contact();
        StringBuilder text = new StringBuilder("<").append(contact.uri()).append(">");
        contact.instance()
                .ifPresent(id -> text.append(";+sip.instance=\"").append(id).append('"'));
        contact.regId().ifPresent(id -> text.append(";reg-id=").append(id));
        // Rounded up: who asks again at once is told what it has asked for. One that is waited for may have no time
        // left.
        long left = Math.max(0, binding.until() - now);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(left + TimeUnit.SECONDS.toNanos(1) - 1);
        return text.append(";expires=").append(seconds).toString();
    }

    /** The socket of this phone is gone; it is registered still. */
    public void onAway(PhoneId phone, long now) {
        bindings.computeIfPresent(phone, (_, binding) -> binding.awaySince(OptionalLong.of(now)));
    }

    /** It has come with another socket, and has not registered by that yet. */
    public void onBack(PhoneId phone) {
        bindings.computeIfPresent(phone, (_, binding) -> binding.awaySince(OptionalLong.empty()));
    }

    /** It has been away for too long. */
    public List<Change> forget(PhoneId phone) {
        List<Change> changes = new ArrayList<>();
        Binding binding = bindings.get(phone);
        if (binding != null && binding.awaySince().isPresent()) {
            remove(phone, changes);
        }
        return changes;
    }

    /** Whether it is registered. */
    public boolean isRegistered(PhoneId phone) {
        return bindings.containsKey(phone);
    }

    /** How many are. */
    public int size() {
        return bindings.size();
    }

    /** Time has passed: whose registration is over. */
    public List<Change> onTime(long now) {
        List<Change> changes = new ArrayList<>();
        Map<PhoneId, Binding> over = new HashMap<>(bindings);
        over.values().removeIf(binding -> binding.end(settings.away()) - now > 0);
        over.keySet().forEach(phone -> remove(phone, changes));
        return changes;
    }

    /** When {@link #onTime} wants to be called next, or {@link #NEVER}. */
    public long nextWakeup() {
        return bindings.values().stream()
                .mapToLong(binding -> binding.end(settings.away()))
                .min()
                .orElse(NEVER);
    }
}
