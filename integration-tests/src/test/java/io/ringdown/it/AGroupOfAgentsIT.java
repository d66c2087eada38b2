package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Five agents in five pages of Chromium, with media, and a hundred calls that SIPp makes faster than they are taken. Who had to ring
 * is worked out here again, from what the pages have seen and when. Callers whom the gateway refuses for
 * its load come again, as it asks.
 */
@ExtendWith(Trial.Extension.class)
final class AGroupOfAgentsIT {
    private static final String SALES = "+493055501000";
    private static final String FULL = "+493055502000";
    private static final String NIGHT = "+493055503000";
    private static final int CALLS = 100;
    private static final List<String> AGENTS = List.of("ann", "ben", "cho", "dee", "eve");
    // Pages note what they are told when their thread has time for it; nearer than this, nothing is said of the order.
    private static final long UNSURE_MILLIS = 1_000;

    @ParameterizedTest
    @ValueSource(strings = {"longest-idle", "in-order", "all"})
    void theRightOneRingsEveryTimeAndNoCallIsLost(String rule, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Exchange exchange = exchange(trial, rule);
        List<RawClient> pages = new ArrayList<>();
        for (String name : AGENTS) {
            RawClient page = signIn(trial, exchange, name);
            // Eve takes whatever rings: a call that all five pass over waits for the timeout, and ends as 480.
            String unwilling = name.equals("eve") ? "declines: 1000, ignores: 1000" : "declines: 9, ignores: 13";
            page.evaluate("agent.work({after: 50, " + unwilling + "})");
            pages.add(page);
        }

        // Where all are rung, the quickest takes it: it needs more talk for calls to wait.
        int talk = rule.equals("all") ? 1_600 : 800;
        Sipp callers = Sipp.start(
                trial,
                exchange.caller("uac-until-taken", SALES, G711.PCMA, far, talk)
                        .calls(CALLS)
                        .with("-r", "4", "-l", Integer.toString(CALLS)));
        callers.awaitSuccess(280);

        List<Seen> seen = seen(pages);
        trial.write("seen.txt", seen.stream().map(Seen::toString).collect(Collectors.joining("\n")));
        assertThat(seen).as("what a page could not take").noneMatch(one -> one.what.equals("fails"));
        assertThat(callers.messages()).doesNotContain("SIP/2.0 486").doesNotContain("SIP/2.0 480");
        assertThat(seen.stream()
                        .filter(one -> one.what.equals("takes"))
                        .map(Seen::call)
                        .distinct())
                .as("calls that an agent took")
                .hasSize(CALLS);
        assertThat(seen.stream().filter(one -> one.waited > 500).map(Seen::call).distinct())
                .as("calls that had to wait")
                .hasSizeGreaterThan(CALLS / 4);
        Book book = new Book(rule, seen);
        seen.forEach(book::on);
        assertThat(book.wrong).isEmpty();
        assertThat(book.judged).as("rings of which the order says something").isGreaterThan(CALLS / 4);
        assertThat(exchange.gateway().get("/metrics").body())
                .contains("ringdown_group_calls_total{group=\"sales\",outcome=\"answered\"} " + CALLS)
                .contains("ringdown_group_waiting{group=\"sales\"} 0")
                .contains("ringdown_agents{state=\"on-call\"} 0");
    }

    @Test
    void callsThatNobodyTakesOverflowToAnotherGroupOrAreRefused(Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Exchange exchange = exchange(trial, "longest-idle");
        RawClient ann = signIn(trial, exchange, "ann");
        ann.evaluate("agent.work({after: 50, declines: 1000, ignores: 1000})");
        TokenPhone owl = trial.keep(
                new TokenPhone(exchange.gateway(), exchange.pages().origin(), InetAddress.getLoopbackAddress()));
        owl.say("{\"type\":\"hello\",\"token\":\"the key of owl itself\"}");
        assertThat(owl.next().path("agent").path("groups").toString()).isEqualTo("[\"night\",\"full\"]");

        Sipp overflowing = Sipp.start(
                trial, exchange.caller("uac-call", NIGHT, G711.PCMA, far, 500).with("-l", "3"));
        assertThat(owl.next().path("group").asText()).isEqualTo("night");
        assertThat(owl.next().path("cause").asText()).isEqualTo("no-answer");
        overflowing.awaitSuccess(60);
        List<Seen> seen = seen(List.of(ann));
        assertThat(seen.getFirst().what).isEqualTo("rings");
        assertThat(seen.getFirst().waited)
                .as("it had rung at the owl for two seconds")
                .isGreaterThanOrEqualTo(2_000);

        owl.say("{\"type\":\"availability\",\"state\":\"away\",\"reason\":\"lunch\"}");
        assertThat(owl.next().path("state").asText()).isEqualTo("away");
        Sipp refused = Sipp.start(
                trial, exchange.caller("uac-expects", FULL, G711.PCMA, far, 0).key("status", 486));
        refused.awaitSuccess(20);
        assertThat(exchange.gateway().get("/metrics").body())
                .contains("ringdown_group_calls_total{group=\"night\",outcome=\"overflowed\"} 1")
                .contains("ringdown_group_calls_total{group=\"full\",outcome=\"overflowed\"} 1")
                .contains("ringdown_agents{state=\"away\"} 1");
    }

    private static RawClient signIn(Trial trial, Exchange exchange, String name) {
        RawClient page = RawClient.open(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages());
        page.evaluate("new Promise((done) => { const script = document.createElement('script');"
                + " script.src = '/agent.js'; script.onload = () => done(true); document.head.append(script); })");
        JsonNode welcome = page.evaluate("client.connect("
                + JsonSocket.quote(exchange.gateway().socketUri().toString()) + ", {token: 'the key of " + name
                + " itself'})");
        assertThat(welcome.path("agent").path("user").asText()).isEqualTo(name);
        return page;
    }

    private static Exchange exchange(Trial trial, String rule) {
        int carrierPort = Tools.freePort();
        String users = AGENTS.stream()
                .map(name -> "  " + name + ": {key: the key of " + name + " itself, groups: [sales]}\n")
                .collect(Collectors.joining());
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort))
                .lines("inbound:\n"
                        + "  - {numbers: ['" + SALES + "'], group: sales}\n"
                        + "  - {numbers: ['" + FULL + "'], group: full}\n"
                        + "  - {numbers: ['" + NIGHT + "'], group: night}\n"
                        + "users:\n" + users
                        + "  owl: {key: the key of owl itself, groups: [night, full]}\n"
                        + "groups:\n"
                        + "  sales: {ring: " + rule + ", each: 3s, timeout: 3m, most-waiting: 100}\n"
                        + "  night: {ring: in-order, each: 30s, timeout: 2s, overflow: {group: sales}}\n"
                        + "  full: {most-waiting: 0, overflow: {cause: busy}}\n");
        return Exchange.start(trial, config, carrierPort);
    }

    private static List<Seen> seen(List<RawClient> pages) {
        List<Seen> all = new ArrayList<>();
        for (int i = 0; i < pages.size(); i++) {
            String agent = AGENTS.get(i);
            pages.get(i)
                    .evaluate("agent.log")
                    .forEach(one -> all.add(new Seen(
                            one.path("at").asLong(),
                            agent,
                            one.path("what").asText(),
                            one.path("call").asText(),
                            one.path("cause").asText(),
                            one.path("waited").asLong(0))));
        }
        all.sort(Comparator.comparingLong(Seen::at));
        return all;
    }

    /** What a page has noted. */
    private record Seen(long at, String agent, String what, String call, String cause, long waited) {}

    /** Works out who had to ring, from what was seen before. */
    private static final class Book {
        final List<String> wrong = new ArrayList<>();
        int judged;
        private final String rule;
        // Since when each has nothing to do, and since when nothing has even rung; who rings or talks has no entry in
        // the second.
        private final Map<String, Long> idle = new TreeMap<>();
        private final Map<String, Long> free = new LinkedHashMap<>();
        private final Map<String, String> talks = new HashMap<>();
        private final Map<String, Set<String>> rings = new HashMap<>();
        private final Map<String, Set<String>> passed = new HashMap<>();
        private final Set<String> taken = new HashSet<>();
        private final Map<String, Set<String>> everRang = new HashMap<>();
        private final Map<String, NavigableSet<Long>> rangAt = new HashMap<>();

        Book(String rule, List<Seen> all) {
            this.rule = rule;
            all.stream().filter(one -> one.what.equals("rings")).forEach(one -> {
                everRang.computeIfAbsent(one.call, _ -> new HashSet<>()).add(one.agent);
                rangAt.computeIfAbsent(one.agent, _ -> new TreeSet<>()).add(one.at);
            });
            AGENTS.forEach(agent -> {
                idle.put(agent, 0L);
                free.put(agent, 0L);
            });
        }

        void on(Seen seen) {
            switch (seen.what) {
                case "rings" -> onRings(seen);
                case "takes" -> {
                    talks.put(seen.agent, seen.call);
                    if (!taken.add(seen.call)) {
                        wrong.add("taken twice: " + seen);
                    }
                }
                default -> onEnded(seen);
            }
        }

        private void onRings(Seen seen) {
            if (talks.containsKey(seen.agent) || !rings(seen.agent).isEmpty()) {
                wrong.add("rings at somebody who has a call: " + seen);
            }
            if (passed(seen.call).contains(seen.agent)) {
                wrong.add("rings again at who did not want it: " + seen);
            }
            judge(seen);
            rings(seen.agent).add(seen.call);
            free.remove(seen.agent);
        }

        /** Whoever surely was free had to come after, or to ring too. */
        private void judge(Seen seen) {
            for (String other : AGENTS) {
                long sure = free.getOrDefault(other, seen.at) + UNSURE_MILLIS;
                if (other.equals(seen.agent)
                        || sure > seen.at
                        || ringsNear(other, seen.at)
                        || passed(seen.call).contains(other)) {
                    continue;
                }
                boolean isMissed = switch (rule) {
                    case "in-order" -> AGENTS.indexOf(other) < AGENTS.indexOf(seen.agent);
                    case "longest-idle" -> idleOf(other) + UNSURE_MILLIS < idleOf(seen.agent);
                    default -> !everRang.getOrDefault(seen.call, Set.of()).contains(other);
                };
                if (isMissed) {
                    wrong.add(other + " had to ring: " + seen);
                }
            }
            judged++;
        }

        /** Whether their page notes a ring so soon that it may have rung before. */
        private boolean ringsNear(String agent, long at) {
            return !rangAt.getOrDefault(agent, Collections.emptyNavigableSet())
                    .subSet(at, at + UNSURE_MILLIS)
                    .isEmpty();
        }

        private void onEnded(Seen seen) {
            rings(seen.agent).remove(seen.call);
            if (seen.call.equals(talks.get(seen.agent))) {
                talks.remove(seen.agent);
                idle.put(seen.agent, seen.at);
            } else if (seen.cause.equals("declined") || seen.cause.equals("no-answer")) {
                passed(seen.call).add(seen.agent);
            }
            free.put(seen.agent, seen.at);
        }

        private long idleOf(String agent) {
            return idle.getOrDefault(agent, 0L);
        }

        private Set<String> rings(String agent) {
            return rings.computeIfAbsent(agent, _ -> new HashSet<>());
        }

        private Set<String> passed(String call) {
            return passed.computeIfAbsent(call, _ -> new HashSet<>());
        }
    }
}
