package io.ringdown.gateway.routing;

import java.util.List;
import java.util.Set;

/** Where a call out goes. */
public sealed interface Decision {

    /**
     * To the first of these trunks that takes it.
     *
     * @param to the number of the world, or what was dialled where that is local
     * @param trunks in the order in which they are tried; empty where no trunk takes such a number
     * @param retryOn what is tried elsewhere besides the usual
     * @param rule what decided, for people
     */
    record Out(PhoneNumber to, List<String> trunks, Set<Integer> retryOn, String rule) implements Decision {}

    /** A call for help, to the first of these trunks that takes it, whatever the limits say. */
    record Emergency(PhoneNumber to, List<String> trunks) implements Decision {}

    /** A call for help, and no trunk for such. */
    record NoEmergency(PhoneNumber to) implements Decision {}

    /** A rule without trunks. */
    record Forbidden(PhoneNumber to, String rule) implements Decision {}

    /** It is none, or the plan of its country does not have it. */
    record BadNumber() implements Decision {}
}
