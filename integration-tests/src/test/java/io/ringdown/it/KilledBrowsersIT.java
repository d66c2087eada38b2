package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Browsers in calls that are killed, each a process of its own: nothing says goodbye, neither page nor DTLS. Each telephone is
 * hung up all the same, by the one liveness rule, and is told why.
 */
@ExtendWith(Trial.Extension.class)
final class KilledBrowsersIT {
    private static final int AT_ONCE = 10; // of browsers that are still waited for
    private static final Duration LATEST = Duration.ofSeconds(32); // 30 s, and the way of the BYE
    private static final Pattern STAMP =
            Pattern.compile("^-{20,} (\\d{4}-\\d\\d-\\d\\d)[ T\\t](\\d\\d:\\d\\d:\\d\\d\\.\\d+)", Pattern.MULTILINE);
    private static final Pattern CALL_ID = Pattern.compile("(?im)^Call-ID: *(\\S+)");
    private static final Pattern INVITED = Pattern.compile("(?m)^INVITE sip:([^@;]+)@");
    private static final Pattern REASON = Pattern.compile("(?im)^Reason: *(.+?)\\s*$");

    private record Ended(LocalDateTime when, String reason) {}

    @Test
    void everyTelephoneIsHungUpInTimeAndNothingIsLeft(Trial trial) {
        int browsers = Tools.full() ? 100 : 10;
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort))
                .trunkSilence("10m");
        Exchange exchange = Exchange.start(trial, config, carrierPort);
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial,
                exchange.carrier("uas-answer", G711.PCMU, far).calls(browsers).with("-timeout", "20m"));
        Map<String, LocalDateTime> killed = new HashMap<>();
        for (int i = 0; i < browsers; i++) {
            awaitAtMost(exchange.gateway(), AT_ONCE - 1);
            String number = Exchange.NUMBER + (100 + i);
            killed.put(number, callAndBeKilled(trial, exchange, number));
        }
        carrier.awaitSuccess((int) LATEST.toSeconds() + 15);
        Map<String, Ended> ended = byes(carrier.messages());
        List<String> story = new ArrayList<>();
        killed.forEach((number, when) -> {
            Ended bye = Optional.ofNullable(ended.get(number))
                    .orElseThrow(() -> new AssertionError("no BYE for " + number));
            Duration after = Duration.between(when, bye.when);
            story.add(after.toMillis() + " ms");
            assertThat(after).as("from the kill to the BYE for %s", number).isBetween(Duration.ZERO, LATEST);
            assertThat(bye.reason).contains("Q.850").contains("cause=41").contains("The browser went away");
        });
        trial.write("from-kill-to-bye.txt", String.join("\\n", story));
        awaitNothingLeft(exchange.gateway());
    }

    /** When it was killed, in the middle of its call. */
    private static LocalDateTime callAndBeKilled(Trial trial, Exchange exchange, String number) {
        Peers.met(Peer.CHROMIUM);
        Chromium browser = trial.keep(new Chromium());
        RawClient phone = exchange.phone(trial, browser);
        phone.start(number);
        phone.awaitEstablished();
        LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
        browser.kill();
        return now;
    }

    private static void awaitAtMost(Gateway gateway, int calls) {
        Tools.await(
                "at most " + calls + " calls are left",
                60,
                () -> gateway.debugState().path("calls").size() <= calls,
                () -> gateway.debugState().path("calls").toString());
    }

    private static void awaitNothingLeft(Gateway gateway) {
        Tools.await(
                "no call, no session, no media are left",
                15,
                () -> {
                    JsonNode state = gateway.debugState();
                    return state.path("calls").isEmpty()
                            && state.path("sessions").isEmpty()
                            && state.path("media").findValuesAsText("ufrags").stream()
                                    .allMatch("0"::equals);
                },
                () -> gateway.debugState().toString());
    }

    /** By the numbers that were called: when the BYE came, and what it said, from SIPp's own log. */
    private static Map<String, Ended> byes(String messages) {
        Map<String, String> numbers = new HashMap<>();
        Map<String, Ended> ended = new HashMap<>();
        List<Integer> starts = new ArrayList<>();
        Matcher stamp = STAMP.matcher(messages);
        while (stamp.find()) {
            starts.add(stamp.start());
        }
        for (int i = 0; i < starts.size(); i++) {
            String one =
                    messages.substring(starts.get(i), i + 1 < starts.size() ? starts.get(i + 1) : messages.length());
            Matcher call = CALL_ID.matcher(one);
            Matcher when = STAMP.matcher(one);
            if (!call.find() || !when.find()) {
                continue;
            }
            Matcher invited = INVITED.matcher(one);
            if (invited.find()) {
                numbers.put(call.group(1), invited.group(1));
            } else if (Pattern.compile("(?m)^BYE ").matcher(one).find()) {
                Matcher reason = REASON.matcher(one);
                ended.putIfAbsent(
                        numbers.getOrDefault(call.group(1), "nobody's"),
                        new Ended(
                                LocalDateTime.parse(
                                        when.group(1) + "T" + when.group(2), DateTimeFormatter.ISO_LOCAL_DATE_TIME),
                                reason.find() ? reason.group(1) : ""));
            }
        }
        return ended;
    }
}
