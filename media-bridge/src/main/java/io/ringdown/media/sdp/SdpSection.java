package io.ringdown.media.sdp;

import java.util.List;
import java.util.Optional;

/** The lines of the session or of one medium, in their order, and what can be asked of them. */
record SdpSection(List<SdpLine> lines) {
    SdpSection {
        lines = List.copyOf(lines);
    }

    /** The value of the first {@code a=name}; empty text for an attribute without value. */
    Optional<String> attribute(String name) {
        for (SdpLine line : lines) {
            if (line.isAttribute(name)) {
                return Optional.of(line.attributeValue(name));
            }
        }
        return Optional.empty();
    }

    /** The values of all {@code a=name}. */
    List<String> attributes(String name) {
        return lines.stream()
                .filter(line -> line.isAttribute(name))
                .map(line -> line.attributeValue(name))
                .toList();
    }

    boolean has(String name) {
        return lines.stream().anyMatch(line -> line.isAttribute(name));
    }

    /** The value of the first line of this type. */
    Optional<String> first(char type) {
        return lines.stream()
                .filter(line -> line.type() == type)
                .map(SdpLine::value)
                .findFirst();
    }

    /** The direction, if one is written here. */
    Optional<Direction> direction() {
        return lines.stream()
                .filter(line -> line.type() == 'a')
                .flatMap(line -> Direction.of(line.value().strip()).stream())
                .findFirst();
    }
}
