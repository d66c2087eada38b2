package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A softphone's socket, without a web server and without time. */
final class SipVisitTest {
    private final FakeWebSip sip = new FakeWebSip();
    private final List<String> done = new ArrayList<>();
    private final List<Runnable> due = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final SipVisit visit = new SipVisit(
            new Closed(),
            Optional.empty(),
            InetAddress.getLoopbackAddress(),
            sip::accept,
            (delay, task) -> {
                waits.add(Duration.ofNanos(delay));
                due.add(task);
                return () -> due.remove(task);
            },
            () -> 0);

    @Test
    void aSocketThatSpeaksAndDoesNotSayWhoIsThereIsClosed() throws Exception {
        visit.onOpen();
        FakeWebSip.Socket socket = sip.accepted();
        visit.onText("OPTIONS");
        assertThat(socket.heard).containsExactly("OPTIONS");

        assertThat(waits).containsExactly(Duration.ofSeconds(32));
        List.copyOf(due).forEach(Runnable::run);
        assertThat(done).containsExactly("close 1008");
    }

    @Test
    void aSocketWhoseUserIsProvedStaysOpen() throws Exception {
        visit.onOpen();
        sip.accepted().isProved = true;

        assertThat(due).hasSize(1);
        List.copyOf(due).forEach(Runnable::run);
        assertThat(done).isEmpty();
    }

    @Test
    void nothingIsWaitedForOnASocketThatIsGone() {
        visit.onOpen();
        visit.onGone();

        assertThat(due).isEmpty();
    }

    private final class Closed implements Wire {
        @Override
        public void send(String text) {}

        @Override
        public void ping() {}

        @Override
        public void ask() {}

        @Override
        public void cut() {}

        @Override
        public void close(int status, String reason) {
            done.add("close " + status);
        }
    }
}
