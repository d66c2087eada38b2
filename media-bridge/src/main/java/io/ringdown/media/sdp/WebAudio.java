package io.ringdown.media.sdp;

import io.ringdown.media.SdpRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a browser offers or answers, seen from its audio: what holds for a medium may be written there, at session level, or at the first
 * medium of its bundle (RFC 8843 §7.1.3).
 */
record WebAudio(SessionDescription description, int audioIndex) {
    private static final Set<String> PROTOCOLS = Set.of("UDP/TLS/RTP/SAVPF", "RTP/SAVPF");
    private static final int MOST_FINGERPRINTS = 8;

    /** Whether a medium is audio of the kind browsers send, and not switched off. */
    static boolean isUsable(SessionDescription offer, MediaDescription medium) {
        boolean on = medium.port() != 0 || (medium.section().has("bundle-only") && isBundled(offer, medium));
        return on && medium.isAudio() && PROTOCOLS.contains(medium.protocol());
    }

    MediaDescription audio() {
        return description.media().get(audioIndex);
    }

    /**
     * The medium before the audio that leads its bundle, if there is one. It is not refused but answered as inactive: RFC 8843
     * §7.3.2 allows to refuse it, but Chromium under {@code max-bundle}, which cannot be told from its offer, then fails to
     * apply the answer.
     */
    OptionalInt carrierIndex() {
        if (!isBundled(description, audio())) {
            return OptionalInt.empty();
        }
        Optional<String> tag = Optional.of(bundleGroup(description).getFirst());
        for (int i = 0; i < description.media().size(); i++) {
            MediaDescription medium = description.media().get(i);
            if (medium.mid().equals(tag)) {
                return i != audioIndex && carries(medium) ? OptionalInt.of(i) : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    private boolean carries(MediaDescription medium) {
        Optional<String> own = audio().section().attribute("ice-ufrag");
        boolean shared = own.isEmpty() || own.equals(medium.section().attribute("ice-ufrag"));
        return shared
                && medium.port() != 0
                && !medium.formats().isEmpty()
                && PROTOCOLS.contains(medium.protocol())
                && medium.mid().filter(SdpWriter::isToken).isPresent();
    }

    /** The audio's bundle, if it is in one: {@code BUNDLE} and the mids that we take. */
    Optional<String> bundle() {
        if (!isBundled(description, audio())) {
            return Optional.empty();
        }
        OptionalInt carrier = carrierIndex();
        String before = carrier.isPresent()
                ? description.media().get(carrier.getAsInt()).mid().orElse("") + " "
                : "";
        return audio().mid().map(mid -> "BUNDLE " + before + mid);
    }

    Direction direction() {
        return description.direction(audio());
    }

    /**
     * Of an offer.
     *
     * @param mayBePassive whether we are the DTLS client of an association that is there already
     */
    void checkOffered(boolean mayBePassive) throws SdpRejectedException {
        checkTransport();
        String setup = transport("setup").orElse("active"); // RFC 4145 §4.1: what a missing one means in an offer
        boolean isOurRoleLeft = setup.equals(mayBePassive ? "passive" : "active");
        if (!setup.equals("actpass") && !isOurRoleLeft) {
            throw new SdpRejectedException("a=setup:" + SdpText.shown(setup)
                    + ": actpass is expected (RFC 8842 §5.2), for we are " + (mayBePassive ? "active" : "passive"));
        }
    }

    /** Of an answer to our {@code actpass}: whether the browser waits for our handshake. */
    boolean answersPassive() throws SdpRejectedException {
        checkTransport();
        String setup = transport("setup").orElse("passive"); // RFC 4145 §4.1: what a missing one means in an answer
        return switch (setup) {
            case "passive" -> true;
            case "active" -> false;
            default ->
                throw new SdpRejectedException(
                        "a=setup:" + SdpText.shown(setup) + ": active or passive is expected (RFC 8842 §5.3)");
        };
    }

    private void checkTransport() throws SdpRejectedException {
        if (!has("rtcp-mux")) {
            throw new SdpRejectedException("a=rtcp-mux is missing: RTP and RTCP must share a port here");
        }
        if (description.session().has("ice-lite")) {
            throw new SdpRejectedException("a=ice-lite: both sides cannot be lite, and we are");
        }
        if (audio().mid().filter(mid -> !SdpWriter.isToken(mid)).isPresent()) {
            throw new SdpRejectedException("a=mid is malformed");
        }
    }

    IceParameters ice() throws SdpRejectedException {
        String ufrag = transport("ice-ufrag").orElseThrow(() -> new SdpRejectedException("a=ice-ufrag is missing"));
        String password = transport("ice-pwd").orElseThrow(() -> new SdpRejectedException("a=ice-pwd is missing"));
        if (!IceParameters.areValid(ufrag, password)) {
            throw new SdpRejectedException("a=ice-ufrag or a=ice-pwd is malformed (RFC 8839 §5.4)");
        }
        return new IceParameters(ufrag, password);
    }

    /** The certificate's hashes that are strong enough; at least one. */
    List<Fingerprint> fingerprints() throws SdpRejectedException {
        List<String> written = fingerprintLines();
        if (written.isEmpty()) {
            throw new SdpRejectedException("a=fingerprint is missing");
        }
        if (written.size() > MOST_FINGERPRINTS) {
            throw new SdpRejectedException("more than " + MOST_FINGERPRINTS + " a=fingerprint");
        }
        List<Fingerprint> strong = new ArrayList<>();
        written.forEach(line -> Fingerprint.parse(line).ifPresent(strong::add));
        if (strong.isEmpty()) {
            throw new SdpRejectedException("no a=fingerprint is a well-formed sha-256, sha-384 or sha-512");
        }
        return strong;
    }

    private List<String> fingerprintLines() {
        for (SdpSection section : places()) {
            List<String> lines = section.attributes("fingerprint");
            if (!lines.isEmpty()) {
                return lines;
            }
        }
        return List.of();
    }

    private Optional<String> transport(String name) {
        return places().stream()
                .flatMap(section -> section.attribute(name).stream())
                .findFirst();
    }

    private boolean has(String name) {
        return places().stream().anyMatch(section -> section.has(name));
    }

    private List<SdpSection> places() {
        List<SdpSection> places = new ArrayList<>(List.of(audio().section(), description.session()));
        if (isBundled(description, audio())) {
            String tag = bundleGroup(description).getFirst();
            description.media().stream()
                    .filter(medium -> medium.mid().equals(Optional.of(tag)))
                    .findFirst()
                    .ifPresent(medium -> places.add(medium.section()));
        }
        return places;
    }

    private static boolean isBundled(SessionDescription offer, MediaDescription medium) {
        return medium.mid().filter(bundleGroup(offer)::contains).isPresent();
    }

    /** The mids of the first bundle; empty if there is none. */
    private static List<String> bundleGroup(SessionDescription offer) {
        for (String group : offer.session().attributes("group")) {
            List<String> words = List.of(group.split(" +", 0));
            if (words.size() > 1 && words.getFirst().equals("BUNDLE")) {
                return words.subList(1, words.size());
            }
        }
        return List.of();
    }
}
