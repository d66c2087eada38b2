package io.ringdown.gateway.softphones;

import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.web.WebSip;
import io.ringdown.sip.web.WebSipWire;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What every phone works with.
 *
 * @param calls all calls, once they stand
 * @param sip the stack that phones speak to, once it stands
 * @param users who there is
 * @param verifier whose tokens are good
 * @param grants what was proved at a socket lets be done there
 * @param executor runs each phone's steps
 * @param clock nanoseconds, steady
 * @param onIdle takes a phone one of whose calls is over
 */
record PhoneRooms(
        Supplier<Calls> calls,
        Supplier<WebSip> sip,
        Users users,
        TokenVerifier verifier,
        Function<WebSipWire, Grant> grants,
        Executor executor,
        LongSupplier clock,
        Consumer<ClientId> onIdle) {

    /** Whom a SIP URI names by its user part: a number, or somebody of the house by their name. */
    Optional<PhoneNumber> numberOf(String called) {
        return PhoneNumber.of(called).or(() -> users.extensionOf(called));
    }
}
