package io.ringdown.sip.locate;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkAddress;
import io.ringdown.sip.locate.Answer.Address;
import io.ringdown.sip.locate.Answer.Naptr;
import io.ringdown.sip.locate.Answer.Srv;
import io.ringdown.sip.locate.Location.Place;
import io.ringdown.sip.locate.Reach.Family;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * RFC 3263 4.1 and 4.2 as a function of what is known: either what is to be asked next, or where the trunk is. Pure.
 *
 * <p>An address or a port: no SRV. A transport: its SRV. Neither: NAPTR, else SRV of each transport that we speak. And where
 * none of these leads anywhere, A and AAAA of the name itself.
 */
final class Locating {
    private static final int MAX_RECORDS = 16;

    private final TrunkAddress wanted;
    private final Reach reach;
    private final Function<Question, Optional<Answer>> known;
    private final Set<Question> used = new LinkedHashSet<>();
    private final Set<Question> missing = new LinkedHashSet<>();

    private Locating(TrunkAddress wanted, Reach reach, Function<Question, Optional<Answer>> known) {
        this.wanted = wanted;
        this.reach = reach;
        this.known = known;
    }

    /**
     * How far one comes.
     *
     * @param location where it is, as far as is known
     * @param used what this rests on
     * @param missing what has to be asked first; empty where the location is final
     */
    record Step(Location location, Set<Question> used, Set<Question> missing) {}

    /** Goes as far as the answers reach; an answer that failed counts as one that found nothing. */
    static Step with(TrunkAddress wanted, Reach reach, Function<Question, Optional<Answer>> known) {
        Locating locating = new Locating(wanted, reach, known);
        Location location = new Location(locating.places());
        return new Step(location, Set.copyOf(locating.used), Set.copyOf(locating.missing));
    }

    private List<Place> places() {
        if (wanted.givenPort().isPresent() || isAddress()) {
            return itself();
        }
        List<Place> places = new ArrayList<>();
        if (wanted.givenTransport().isPresent()) {
            SipTransport transport = wanted.givenTransport().get();
            places.addAll(srv(0, Service.of(transport).srvName(wanted.host()), transport));
        } else {
            places.addAll(byNaptr());
            if (places.isEmpty() && missing.isEmpty()) {
                places.addAll(byTransports());
            }
        }
        return places.isEmpty() && missing.isEmpty() ? itself() : places;
    }

    private boolean isAddress() {
        return literal(wanted.host()).isPresent();
    }

    // RFC 3263 4.1: UDP where nothing says otherwise; what we do not speak would be no use.
    private List<Place> itself() {
        SipTransport transport = wanted.givenTransport()
                .orElseGet(() -> speaksUdp()
                        ? SipTransport.UDP
                        : reach.lines().getFirst().transport());
        int port = wanted.givenPort().orElse(Service.of(transport).port());
        return List.of(new Place(0, 0, 0, wanted.host(), port, transport, addresses(wanted.host(), transport)));
    }

    private boolean speaksUdp() {
        return reach.lines().isEmpty() || reach.speaks(SipTransport.UDP);
    }

    /** One NAPTR record that we can follow. */
    private record Followed(Naptr naptr, SipTransport transport) {}

    // The lowest order that has something for us; within it by preference (RFC 3403 4.1).
    private List<Place> byNaptr() {
        List<Followed> usable = new ArrayList<>();
        for (Naptr naptr : records(new Question(wanted.host(), Question.Type.NAPTR), Naptr.class)) {
            if (naptr.flags().equalsIgnoreCase("s")) {
                Service.ofNaptr(naptr.service())
                        .flatMap(Service::transport)
                        .filter(reach::speaks)
                        .ifPresent(transport -> usable.add(new Followed(naptr, transport)));
            }
        }
        int lowest = usable.stream().mapToInt(f -> f.naptr().order()).min().orElse(0);
        List<Followed> chosen = usable.stream()
                .filter(f -> f.naptr().order() == lowest)
                .sorted(Comparator.comparingInt(f -> f.naptr().preference()))
                .toList();
        List<Place> places = new ArrayList<>();
        for (int tier = 0; tier < chosen.size(); tier++) {
            places.addAll(srv(
                    tier,
                    chosen.get(tier).naptr().replacement(),
                    chosen.get(tier).transport()));
        }
        return places;
    }

    private List<Place> byTransports() {
        List<Place> places = new ArrayList<>();
        int tier = 0;
        for (Service service : Service.values()) {
            Optional<SipTransport> transport = service.transport().filter(reach::speaks);
            if (transport.isPresent()) {
                places.addAll(srv(tier, service.srvName(wanted.host()), transport.get()));
            }
            tier++;
        }
        return places;
    }

    private List<Place> srv(int tier, String name, SipTransport transport) {
        List<Place> places = new ArrayList<>();
        for (Srv srv : records(new Question(name, Question.Type.SRV), Srv.class)) {
            boolean offered = !srv.host().isEmpty() && srv.port() > 0; // a lone dot: not offered here (RFC 2782)
            if (offered) {
                places.add(new Place(
                        tier,
                        srv.priority(),
                        srv.weight(),
                        srv.host(),
                        srv.port(),
                        transport,
                        addresses(srv.host(), transport)));
            }
        }
        // Names without any address lead nowhere, and must not hide what comes after them.
        boolean anywhere = !missing.isEmpty()
                || places.stream().anyMatch(p -> !p.addresses().isEmpty());
        return anywhere ? places : List.of();
    }

    private List<InetAddress> addresses(String host, SipTransport transport) {
        Optional<InetAddress> literal = literal(host);
        if (literal.isPresent()) {
            return literal.filter(address -> reach.reaches(address, transport)).stream()
                    .toList();
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (Family family : reach.families(transport)) {
            Question.Type type = family == Family.IPV6 ? Question.Type.AAAA : Question.Type.A;
            records(new Question(host, type), Address.class).forEach(address -> addresses.add(address.address()));
        }
        return addresses;
    }

    private <T extends Answer.Resource> List<T> records(Question question, Class<T> type) {
        used.add(question);
        Optional<Answer> answer = known.apply(question);
        if (answer.isEmpty()) {
            missing.add(question);
            return List.of();
        }
        return answer.get() instanceof Answer.Found found
                ? found.records().stream()
                        .filter(type::isInstance)
                        .map(type::cast)
                        .limit(MAX_RECORDS)
                        .toList()
                : List.of();
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
