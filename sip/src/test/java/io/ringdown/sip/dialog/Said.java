package io.ringdown.sip.dialog;

import io.ringdown.sip.PeerCapabilities;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** A message of a peer as the edge reads it, which says no more than it is told to. Mutable. */
final class Said {
    private final String method;
    private final long cseq;
    private String tag = "t";
    private Optional<String> sdp = Optional.empty();
    private OptionalLong rseq = OptionalLong.empty();
    private List<String> challenges = List.of();
    private List<Redirect> redirects = List.of();
    private PeerCapabilities capabilities = PeerCapabilities.UNKNOWN;
    private final Set<String> supported = new HashSet<>();
    private final Set<String> required = new HashSet<>();
    private Optional<SessionExpires> sessionExpires = Optional.empty();
    private OptionalLong minSe = OptionalLong.empty();
    private Optional<RAck> rack = Optional.empty();
    private Optional<String> event = Optional.empty();
    private Optional<Boolean> referSub = Optional.empty();
    private Optional<ReferRequest> refer = Optional.empty();
    private Optional<Subscribing> subscribing = Optional.empty();
    private Optional<Boolean> earlyMedia = Optional.empty();

    private Said(String method, long cseq) {
        this.method = method;
        this.cseq = cseq;
    }

    static Said of(String method, long cseq) {
        return new Said(method, cseq);
    }

    Said tag(String of) {
        tag = of;
        return this;
    }

    Said sdp(String description) {
        sdp = Optional.of(description);
        return this;
    }

    Said rseq(long number) {
        rseq = OptionalLong.of(number);
        return this;
    }

    Said rack(long number, long invite) {
        rack = Optional.of(new RAck(number, invite));
        return this;
    }

    Said challenge(String value) {
        challenges = List.of(value);
        return this;
    }

    Said redirects(String... targets) {
        redirects = Stream.of(targets)
                .map(target -> new Redirect(target.replaceAll("sip:|@.*", ""), target))
                .toList();
        return this;
    }

    Said allow(String... methods) {
        capabilities = new PeerCapabilities(Optional.of(List.of(methods)), Optional.empty());
        return this;
    }

    Said supported(String optionTag) {
        supported.add(optionTag);
        return this;
    }

    Said required(String optionTag) {
        required.add(optionTag);
        return this;
    }

    Said sessionExpires(String value) {
        sessionExpires = SessionExpires.parse(value);
        return this;
    }

    Said minSe(long seconds) {
        minSe = OptionalLong.of(seconds);
        return this;
    }

    Said event(String eventPackage) {
        event = Optional.of(eventPackage);
        return this;
    }

    Said earlyMedia(boolean heard) {
        earlyMedia = Optional.of(heard);
        return this;
    }

    Said referSub(boolean wanted) {
        referSub = Optional.of(wanted);
        return this;
    }

    /** Of a REFER: whom it asks to call. */
    Said referTo(String... values) {
        refer = Optional.of(new ReferRequest(List.of(values), Optional.empty()));
        return this;
    }

    /** Of a NOTIFY for the package of REFER: its Event, its Subscription-State and what its sipfrag says. */
    Said notified(String eventValue, String state, String sipfrag) {
        event = Optional.of("refer");
        Optional<String> type = sipfrag.isEmpty() ? Optional.empty() : Optional.of("message/sipfrag;version=2.0");
        subscribing = Optional.of(Subscribing.of(eventValue, state, "", type, sipfrag));
        return this;
    }

    /** Of a SUBSCRIBE for the package of REFER. */
    Said subscribes(String eventValue, String expires) {
        event = Optional.of("refer");
        subscribing = Optional.of(Subscribing.of(eventValue, "", expires, Optional.empty(), ""));
        return this;
    }

    Extensions extensions() {
        return new Extensions(supported, required, sessionExpires, minSe, rack, event, referSub, earlyMedia);
    }

    InResponse response(int status) {
        return new InResponse(
                status,
                method,
                cseq,
                Optional.of(tag),
                Optional.of("sip:peer@192.0.2.1"),
                List.of(),
                rseq,
                OptionalInt.empty(),
                challenges,
                sdp,
                capabilities,
                extensions(),
                redirects);
    }

    InRequest request(long id) {
        return new InRequest(
                id,
                method,
                cseq,
                tag,
                Optional.of("sip:peer@192.0.2.1"),
                sdp,
                OptionalInt.empty(),
                capabilities,
                Optional.empty(),
                extensions(),
                refer,
                subscribing);
    }
}
