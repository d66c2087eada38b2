package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StartTest {
    private static SipSettings at(int port) {
        return SipSettings.defaults()
                .withListen(List.of(new ListenAddress(
                        Sipp.LOOPBACK, port, Set.of(SipTransport.UDP, SipTransport.TCP), Optional.empty())));
    }

    private static SipTrunks start(int port) throws SipStartException {
        return SipTrunks.start(at(port), Map.of(), (_, _) -> _ -> {});
    }

    @Test
    void portInUseForTcpIsToldAndLetsGoOfWhatWasBoundForUdp() throws IOException, SipStartException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, Sipp.LOOPBACK)) {
            port = taken.getLocalPort();
            assertThatThrownBy(() -> start(port))
                    .isInstanceOf(SipStartException.class)
                    .hasMessageContaining("127.0.0.1 port " + port)
                    .hasMessageContaining("in use");
        }
        try (SipTrunks second = start(port)) {
            assertThat(second.debugState()).containsKey("listen");
        }
    }

    @Test
    void portInUseForUdpIsTold() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, Sipp.LOOPBACK)) {
            assertThatThrownBy(() -> start(taken.getLocalPort()))
                    .isInstanceOf(SipStartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }
}
