package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchedClientsTest {
    private static final ClientId CLIENT = new ClientId("one", ClientId.Road.SOCKET);
    private static final CallId CALL = new CallId("0".repeat(32));

    @Test
    void watchersKnowBeforeTheClientDoes() {
        List<String> order = new ArrayList<>();
        Clients clients = new WatchedClients(
                (_, _, news) -> order.add("client " + news),
                List.of((_, _, news) -> order.add("first " + news), (_, _, news) -> order.add("second " + news)));

        assertThat(clients.tell(CLIENT, CALL, new CallNews.Established())).isTrue();

        assertThat(order).containsExactly("first Established[]", "second Established[]", "client Established[]");
    }

    @Test
    void theClientKnowsThatACallIsOverBeforeAWatcherGivesItTheNext() {
        List<String> order = new ArrayList<>();
        Clients clients =
                new WatchedClients((_, _, _) -> order.add("client"), List.of((_, _, _) -> order.add("watcher")));

        assertThat(clients.tell(CLIENT, CALL, new CallNews.Over(Optional.empty(), Ending.of(EndCause.NORMAL))))
                .isTrue();

        assertThat(order).containsExactly("client", "watcher");
    }

    @Test
    void aWatcherThatFailsKeepsNothingFromTheOthersNorFromTheClient() {
        List<String> order = new ArrayList<>();
        Clients clients = new WatchedClients(
                (_, _, _) -> order.add("client"),
                List.of(
                        (_, _, _) -> {
                            throw new IllegalStateException("a slip");
                        },
                        (_, _, _) -> order.add("second")));

        clients.tell(CLIENT, CALL, new CallNews.SecureInput(Optional.empty(), true));

        assertThat(order).containsExactly("second", "client");
    }

    @Test
    void aClientThatIsGoneIsSaidToBe() {
        assertThat(new WatchedClients((_, _, _) -> false, List.of()).tell(CLIENT, CALL, new CallNews.Established()))
                .isFalse();
    }
}
