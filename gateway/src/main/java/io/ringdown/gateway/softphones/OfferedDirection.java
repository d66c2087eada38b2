package io.ringdown.gateway.softphones;

/** Whether an offer puts its answerer on hold (RFC 3264 §8.4). Pure. */
final class OfferedDirection {
    private OfferedDirection() {}

    /**
     * Whether who offers wants to hear nothing: {@code sendonly} or {@code inactive} of its first audio, or else of the whole session.
     * Whether the offer is one at all is not looked at here.
     */
    static boolean holds(String offer) {
        boolean isInSession = true;
        boolean isInAudio = false;
        boolean holds = false;
        for (String line : (Iterable<String>) offer.lines()::iterator) {
            if (line.startsWith("m=")) {
                if (isInAudio) {
                    break;
                }
                isInSession = false;
                isInAudio = line.startsWith("m=audio ");
            } else if (isInSession || isInAudio) {
                holds = switch (line.strip()) {
                    case "a=sendonly", "a=inactive" -> true;
                    case "a=sendrecv", "a=recvonly" -> false;
                    default -> holds;
                };
            }
        }
        return holds;
    }
}
