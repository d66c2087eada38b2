package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A thousand agents of one group who are signed in and have nothing to do, half of them over the gateway's own protocol, half by SIP
 * over WebSocket: what that costs is printed, and that nothing of it stays is judged.
 */
@ExtendWith(Trial.Extension.class)
final class AThousandAgentsIT {
    private static final int AGENTS = 1_000;
    private static final int IDLE_SECONDS = Tools.full() ? 300 : 30;
    private static final long TICKS_PER_SECOND = 100; // USER_HZ of every Linux on x86 and arm64
    private static final long KEPT_BYTES = 2L << 20; // a small part of what a thousand agents need
    private static final int KEPT_DESCRIPTORS = 20;
    private static final Pattern HEAP_USED = Pattern.compile("garbage-first heap.*? used (\\d+)K");

    private final List<String> figures = new ArrayList<>();

    @Test
    void costLittleWhileTheyAreIdleAndNothingOnceTheyHaveLeft(Trial trial) {
        Exchange exchange = exchange(trial);
        Gateway gateway = exchange.gateway();
        Figures empty = measure(trial, gateway, "nobody signed in");
        Figures first = comeAndGo(trial, exchange, "first");
        Figures second = comeAndGo(trial, exchange, "second");

        assertThat(first.heap - empty.heap)
                .as(
                        "heap after the first thousand, more than before them: classes that are loaded, and what is kept of people")
                .isLessThan(8 * KEPT_BYTES);
        assertThat(second.heap - first.heap)
                .as("heap that a second thousand have left behind, bytes")
                .isLessThan(KEPT_BYTES);
        assertThat(second.descriptors)
                .as("open files and sockets")
                .isLessThanOrEqualTo(empty.descriptors + KEPT_DESCRIPTORS);
        trial.write("figures.txt", String.join("\n", figures));
    }

    private Figures comeAndGo(Trial trial, Exchange exchange, String round) {
        Gateway gateway = exchange.gateway();
        try (HttpClient http = HttpClient.newHttpClient()) {
            List<Page> pages = new ArrayList<>();
            List<HandPhone> phones = new ArrayList<>();
            for (int i = 0; i < AGENTS / 2; i++) {
                pages.add(new Page(http, exchange, name(i)));
                HandPhone phone =
                        new HandPhone(http, gateway, exchange.pages().origin(), name(AGENTS / 2 + i), AGENTS / 2 + i);
                assertThat(phone.register(key(AGENTS / 2 + i), 3600)).isEqualTo(200);
                phones.add(phone);
            }
            awaitCounts(gateway, AGENTS / 2, AGENTS);
            measure(trial, gateway, AGENTS + " signed in");
            long ticks = ticks(gateway);
            long began = System.nanoTime();
            Tools.pause(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
            double cpuSeconds = (double) (ticks(gateway) - ticks) / TICKS_PER_SECOND;
            double seconds = (System.nanoTime() - began) / 1e9;
            note(String.format(
                    Locale.ROOT,
                    "%d signed in and idle for %.0f s: %.2f s of CPU, %.2f %% of one core",
                    AGENTS,
                    seconds,
                    cpuSeconds,
                    100 * cpuSeconds / seconds));
            awaitCounts(gateway, AGENTS / 2, AGENTS);

            // One half says goodbye, the other is just gone.
            for (int i = 0; i < AGENTS / 2; i++) {
                if (i % 2 == 0) {
                    pages.get(i).leave();
                    assertThat(phones.get(i).register(key(AGENTS / 2 + i), 0)).isEqualTo(200);
                }
                pages.get(i).close();
                phones.get(i).close();
            }
            http.shutdownNow();
        }
        awaitCounts(gateway, 0, 0);
        assertThat(gateway.debugState().toString())
                .as("what the gateway knows of sessions and phones")
                .doesNotContain("\"agent-");
        return measure(trial, gateway, "after the " + round + " thousand");
    }

    private static void awaitCounts(Gateway gateway, int each, int agents) {
        Tools.await(
                each + " by each protocol, " + agents + " in all",
                60,
                () -> gateway.get("/metrics")
                        .body()
                        .lines()
                        .toList()
                        .containsAll(List.of(
                                "ringdown_sessions " + each,
                                "ringdown_sessions_away 0",
                                "ringdown_softphones " + each,
                                "ringdown_softphones_away 0",
                                "ringdown_agents{state=\"available\"} " + agents)),
                () -> gateway.get("/metrics")
                        .body()
                        .lines()
                        .filter(line -> line.matches("ringdown_(sessions|softphones|agents).*"))
                        .toList()
                        .toString());
    }

    private static Exchange exchange(Trial trial) {
        StringBuilder users = new StringBuilder("users:\n");
        for (int i = 0; i < AGENTS; i++) {
            users.append("  ")
                    .append(name(i))
                    .append(": {key: ")
                    .append(key(i))
                    .append(", groups: [sales], extension: '");
            users.append(10_000 + i).append("'}\n");
        }
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort))
                .web("""
                        sockets-per-address: 2000
                        resume-within: 2s
                        reload-within: 1s
                        limits: {connections-per-address: 2000, requests-per-second-per-address: 5000}
                        """)
                .lines("softphones: {enabled: true, return-within: 2s}\n" + "groups:\n  sales: {extension: '70'}\n"
                        + users);
        return Exchange.start(trial, config, carrierPort);
    }

    private static String name(int agent) {
        return "agent-" + agent;
    }

    private static String key(int agent) {
        return "the-own-key-of-agent-" + agent;
    }

    // ---- what it costs

    /** Bytes of live heap and of memory that the process has, and open descriptors. */
    private record Figures(long heap, long resident, int descriptors) {}

    private Figures measure(Trial trial, Gateway gateway, String when) {
        jcmd(trial, gateway, "GC.run");
        Matcher used = HEAP_USED.matcher(jcmd(trial, gateway, "GC.heap_info"));
        assertThat(used.find()).as("the heap is told").isTrue();
        Figures figures =
                new Figures(Long.parseLong(used.group(1)) << 10, gateway.residentBytes(), gateway.descriptors());
        note(String.format(
                Locale.ROOT,
                "%s: %.1f MB of live heap, %.0f MB resident, %d descriptors, %d threads",
                when,
                figures.heap / 1e6,
                figures.resident / 1e6,
                figures.descriptors,
                gateway.threads()));
        return figures;
    }

    private void note(String line) {
        figures.add(line);
        System.err.println("  " + line);
    }

    private static String jcmd(Trial trial, Gateway gateway, String what) {
        return Tools.run(
                trial.file("jcmd.txt"),
                "env",
                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                Long.toString(gateway.pid()),
                what);
    }

    /** CPU time of the process, user and system, in ticks: fields 14 and 15 of proc(5). */
    private static long ticks(Gateway gateway) {
        try {
            String stat = Files.readString(Path.of("/proc/" + gateway.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An agent's page, as far as the gateway sees it while nothing happens. */
    private static final class Page implements AutoCloseable, WebSocket.Listener {
        private final WebSocket socket;
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final StringBuilder part = new StringBuilder();

        Page(HttpClient http, Exchange exchange, String name) {
            socket = http.newWebSocketBuilder()
                    .header("Origin", exchange.pages().origin())
                    .subprotocols("ringdown.v1")
                    .buildAsync(exchange.gateway().socketUri(), this)
                    .join();
            socket.sendText("{\"type\":\"hello\",\"token\":\"the-own-key-of-" + name + "\"}", true)
                    .join();
            assertThat(JsonSocket.parse(answer.orTimeout(20, TimeUnit.SECONDS).join())
                            .path("agent")
                            .path("user")
                            .asText())
                    .isEqualTo(name);
        }

        void leave() {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
            part.append(text);
            if (isLast) {
                answer.complete(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
