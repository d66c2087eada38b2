package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.PhoneNumber;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A call out that is over, as its record has it.
 *
 * @param asker who called
 * @param to the number called
 * @param end when it ended
 * @param talked from the answer to the end; zero where nobody answered
 */
public record PastCall(Who asker, PhoneNumber to, Instant end, Duration talked) {
    /**
     * Who called, as far as calls are counted by it.
     *
     * @param subject whom the token named
     * @param token its own name
     * @param costClass its class of tariffs
     * @param from the client's address
     */
    public record Who(String subject, Optional<String> token, Optional<String> costClass, InetAddress from) {
        /** Of a call that is under way. */
        public static Who of(Wish wish) {
            return new Who(wish.subject(), wish.grant().token(), wish.grant().costClass(), wish.from());
        }
    }
}
