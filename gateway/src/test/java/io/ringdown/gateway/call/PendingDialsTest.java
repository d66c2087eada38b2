package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Grant;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls to short numbers while a directory is asked whose they are. */
final class PendingDialsTest {
    private static final CallId ID = new CallId("0123456789abcdef0123456789abcdef");
    private static final CallId OTHER = new CallId("abcdef0123456789abcdef0123456789");
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SIP);
    private static final Optional<String> REF = Optional.of("r");
    private static final CallEvent HANG_UP = new CallEvent.HangUp(ANN, Optional.empty());
    private static final CallEvent SECURE = new CallEvent.SecureInput(ANN, Optional.empty(), true);

    private final List<CallNews> told = new ArrayList<>();
    private final List<CallEvent> posted = new ArrayList<>();
    private final List<Calls.Request> begun = new ArrayList<>();
    private final PendingDials pending =
            new PendingDials(1, (_, _, news) -> told.add(news), (_, event) -> posted.add(event));

    @Test
    void whatIsSaidMeanwhileReachesTheCallInItsOrderOnceItHasBegun() {
        assertThat(pending.add(ID, request())).isTrue();
        CallEvent listen = new CallEvent.Listen(ANN, REF, true, Duration.ofSeconds(1));
        assertThat(pending.take(ID, SECURE)).isTrue();
        assertThat(pending.take(ID, listen)).isTrue();
        assertThat(posted).isEmpty();
        pending.decided(ID, request -> {
            begun.add(request);
            assertThat(pending.take(ID, HANG_UP)).as("while it begins").isTrue();
        });
        assertThat(begun).containsExactly(request());
        assertThat(posted).containsExactly(SECURE, listen, HANG_UP);
        assertThat(pending.take(ID, SECURE)).as("it is with the calls now").isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void whoHangsUpIsToldAndNothingBegins() {
        pending.add(ID, request());
        assertThat(pending.take(ID, HANG_UP)).isTrue();
        assertThat(told).containsExactly(new CallNews.Over(REF, Ending.of(EndCause.CANCELLED)));
        pending.decided(ID, begun::add);
        assertThat(begun).isEmpty();
        assertThat(pending.take(ID, HANG_UP)).as("it is over").isFalse();
    }

    @Test
    void whoIsGoneHasNobodyRung() {
        pending.add(ID, request());
        pending.take(ID, new CallEvent.ClientGone(new ClientId("bob", ClientId.Road.SIP)));
        assertThat(told).as("somebody else is gone").isEmpty();
        pending.take(ID, new CallEvent.ClientGone(ANN));
        assertThat(told).containsExactly(new CallNews.Over(REF, Ending.of(EndCause.SOCKET_LOST)));
        pending.decided(ID, begun::add);
        assertThat(begun).isEmpty();
    }

    @Test
    void neitherManyNorMuchToSayFillTheMemory() {
        pending.add(ID, request());
        assertThat(pending.add(OTHER, request())).isFalse();
        for (int i = 0; i < 16; i++) {
            assertThat(pending.take(ID, SECURE)).isTrue();
        }
        assertThat(pending.take(ID, SECURE)).as("the seventeenth").isFalse();
        for (int i = 0; i < 20; i++) {
            assertThat(pending.take(ID, new CallEvent.ClientAway(ANN, Duration.ZERO)))
                    .isTrue();
            assertThat(pending.take(ID, new CallEvent.ClientBack(ANN))).isTrue();
        }
        pending.decided(ID, begun::add);
        assertThat(posted).hasSize(17).endsWith(new CallEvent.ClientBack(ANN));
        assertThat(pending.add(OTHER, request())).as("there is room again").isTrue();
    }

    @Test
    void aHangUpIsHeardAfterHoweverManyWordsAndKeptOnce() {
        pending.add(ID, request());
        for (int i = 0; i < 16; i++) {
            pending.take(ID, SECURE);
        }
        pending.decided(ID, _ -> {
            assertThat(pending.take(ID, HANG_UP)).isTrue();
            assertThat(pending.take(ID, HANG_UP)).as("once more").isFalse();
        });
        assertThat(posted).hasSize(17).endsWith(HANG_UP);
    }

    @Test
    void theEndOfTheProcessIsTold() {
        pending.add(ID, request());
        pending.close();
        assertThat(told).containsExactly(new CallNews.Over(REF, Ending.of(EndCause.SHUTDOWN)));
        pending.decided(ID, begun::add);
        assertThat(begun).isEmpty();
    }

    private static Calls.Request request() {
        return new Calls.Request(
                ANN,
                REF,
                new Asker("ann", Grant.ALL, InetAddress.getLoopbackAddress()),
                new PhoneNumber("21"),
                Caller.UNSAID,
                "offer");
    }
}
