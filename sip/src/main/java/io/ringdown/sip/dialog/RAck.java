package io.ringdown.sip.dialog;

import java.util.Optional;

/**
 * The value of RAck: which reliable provisional response a PRACK acknowledges (RFC 3262 7.2).
 *
 * @param rseq its RSeq
 * @param cseq the number of its CSeq; its method is INVITE
 */
public record RAck(long rseq, long cseq) {

    /** Reads the value; empty where it is none, or of another method than INVITE. */
    public static Optional<RAck> parse(String value) {
        String[] parts = value.strip().split("\\s+", 4);
        boolean numbers = parts.length == 3 && parts[0].matches("[0-9]{1,10}") && parts[1].matches("[0-9]{1,10}");
        return numbers && parts[2].equals("INVITE")
                ? Optional.of(new RAck(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
                : Optional.empty();
    }
}
