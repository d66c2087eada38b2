package io.ringdown.gateway.app;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.gateway.agents.Colleague;
import io.ringdown.gateway.agents.GroupSeen;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.agents.Standing;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.Echoes;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.hooks.Hooks;
import io.ringdown.gateway.journal.Journal;
import io.ringdown.gateway.journal.JournalCounts;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.signaling.Sessions;
import io.ringdown.gateway.softphones.Phones;
import io.ringdown.gateway.tokens.Doorkeeper;
import io.ringdown.media.quality.Durations;
import io.ringdown.media.quality.LoopSnapshot;
import io.ringdown.sip.TrunkHealth;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The counters in Prometheus' text format, version 0.0.4. */
final class Metrics {
    private Metrics() {}

    static String text(Calls calls, Sessions sessions, Map<String, TrunkHealth> trunks, List<LoopSnapshot> loops) {
        StringBuilder text = new StringBuilder(2048);
        one(text, "ringdown_calls", "gauge", "Calls now.", calls.count());
        sessions(text, sessions);
        one(text, "ringdown_calls_begun_total", "counter", "Calls since the start.", calls.begun());
        head(text, "ringdown_calls_ended_total", "counter", "Calls that are over, by cause.");
        for (EndCause cause : EndCause.values()) {
            text.append("ringdown_calls_ended_total{cause=\"")
                    .append(cause.code())
                    .append("\",blame=\"")
                    .append(cause.blame().code())
                    .append("\"} ")
                    .append(calls.ended(cause))
                    .append('\n');
        }
        tests(text, calls.echoes());
        one(
                text,
                "ringdown_supervisors",
                "gauge",
                "Supervisors beside calls now.",
                calls.supervisions().now());
        one(
                text,
                "ringdown_supervisions_total",
                "counter",
                "How often a supervisor has begun to hear a call.",
                calls.supervisions().begun());
        one(
                text,
                "ringdown_listeners",
                "gauge",
                "Operators who listen to calls now.",
                calls.listeners().now());
        one(
                text,
                "ringdown_listeners_total",
                "counter",
                "Those who have begun to since the start.",
                calls.listeners().begun());
        one(
                text,
                "ringdown_listener_frames_missed_total",
                "counter",
                "Frames of 20 ms that those who have gone had missed.",
                calls.listeners().dropped());
        trunks(text, calls);
        one(text, "ringdown_emergency_calls_total", "counter", "Calls for help.", calls.emergencies());
        one(
                text,
                "ringdown_emergency_calls_refused_total",
                "counter",
                "Calls for help for which no trunk is configured.",
                calls.emergenciesRefused());
        guard(text, calls.guard());
        health(text, trunks);
        digits(text, calls);
        loops(text, loops);
        return text.toString();
    }

    /** People by what they are doing, and the calls of groups. */
    static String agents(Roster roster) {
        StringBuilder text = new StringBuilder(512);
        List<Colleague> people = roster.people();
        if (!people.isEmpty()) {
            head(text, "ringdown_agents", "gauge", "Users, by what they are doing.");
            for (Standing standing : Standing.values()) {
                long count = people.stream()
                        .filter(one -> one.standing() == standing)
                        .count();
                line(text, "ringdown_agents{state=\"" + standing.code() + "\"}", count);
            }
        }
        List<GroupSeen> groups = roster.groups();
        if (!groups.isEmpty()) {
            head(text, "ringdown_group_waiting", "gauge", "Calls that wait for a group, or ring there.");
            groups.forEach(one -> line(text, "ringdown_group_waiting" + group(one) + "}", one.waiting()));
            head(text, "ringdown_group_longest_wait_seconds", "gauge", "How long the oldest of them has waited.");
            groups.forEach(one -> line(
                    text,
                    "ringdown_group_longest_wait_seconds" + group(one) + "}",
                    one.longestWait().map(Duration::toMillis).orElse(0L) / 1e3));
            head(text, "ringdown_group_calls_total", "counter", "What became of a group's calls.");
            groups.forEach(one -> {
                line(text, "ringdown_group_calls_total" + group(one) + ",outcome=\"answered\"}", one.answered());
                line(text, "ringdown_group_calls_total" + group(one) + ",outcome=\"overflowed\"}", one.overflowed());
                line(text, "ringdown_group_calls_total" + group(one) + ",outcome=\"abandoned\"}", one.abandoned());
            });
        }
        return text.toString();
    }

    private static String group(GroupSeen one) {
        return "{group=\"" + one.group().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Tokens that opened nothing, by reason, and keys that are not what their files say. */
    static String tokens(Doorkeeper door) {
        StringBuilder text = new StringBuilder(512);
        head(text, "ringdown_tokens_refused_total", "counter", "Tokens that opened nothing, by reason.");
        door.refused()
                .forEach((reason, count) ->
                        line(text, "ringdown_tokens_refused_total{reason=\"" + reason + "\"}", count));
        one(
                text,
                "ringdown_token_key_files_stale",
                "gauge",
                "Files of tokens.keys that cannot be read or used; the keys that they had still open.",
                door.staleKeyFiles());
        return text.toString();
    }

    private static void tests(StringBuilder text, Echoes tests) {
        one(text, "ringdown_tests", "gauge", "Tests before calls now.", tests.now());
        head(text, "ringdown_tests_ended_total", "counter", "Tests that are over, by cause; those never begun too.");
        for (EndCause cause : EndCause.values()) {
            if (tests.ended(cause) > 0) { // most causes are of calls alone
                line(text, "ringdown_tests_ended_total{cause=\"" + cause.code() + "\"}", tests.ended(cause));
            }
        }
    }

    /** Of what receivers are told; nothing where there are none. */
    static String hooks(Optional<Hooks> hooks) {
        StringBuilder text = new StringBuilder();
        hooks.ifPresent(open -> {
            Map<String, Hooks.Counts> counts = open.counts();
            head(text, "ringdown_hook_events_waiting", "gauge", "Events that a receiver has not taken yet.");
            counts.forEach((name, seen) -> line(text, hook("ringdown_hook_events_waiting", name), seen.waiting()));
            head(text, "ringdown_hook_events_taken_total", "counter", "Events that a receiver has taken.");
            counts.forEach((name, seen) -> line(text, hook("ringdown_hook_events_taken_total", name), seen.taken()));
            head(text, "ringdown_hook_tries_failed_total", "counter", "Tries that a receiver has not taken.");
            counts.forEach((name, seen) -> line(text, hook("ringdown_hook_tries_failed_total", name), seen.failed()));
            head(text, "ringdown_hook_events_undelivered_total", "counter", "Events that were given up.");
            counts.forEach(
                    (name, seen) -> line(text, hook("ringdown_hook_events_undelivered_total", name), seen.givenUp()));
            one(
                    text,
                    "ringdown_hook_events_dropped_total",
                    "counter",
                    "Events that are kept nowhere, though nobody has taken them.",
                    open.dropped());
        });
        return text.toString();
    }

    private static String hook(String name, String of) {
        return name + "{hook=\"" + of + "\"}";
    }

    /** Of the journal; nothing where there is none. */
    static String journal(Optional<Journal> journal) {
        StringBuilder text = new StringBuilder(512);
        journal.ifPresent(open -> {
            JournalCounts counts = open.counts();
            one(
                    text,
                    "ringdown_journal_usable",
                    "gauge",
                    "Whether the journal can be written; new calls are refused while it cannot.",
                    open.isUsable() ? 1 : 0);
            one(text, "ringdown_journal_dialogs", "gauge", "Dialogs that a crash now would leave.", counts.dialogs());
            head(text, "ringdown_journal_write_seconds", "summary", "How long the disk takes.");
            line(text, "ringdown_journal_write_seconds_sum", counts.commitNanos() / 1e9);
            line(text, "ringdown_journal_write_seconds_count", counts.commits());
            one(text, "ringdown_journal_failures_total", "counter", "Writes that failed.", counts.failures());
            one(text, "ringdown_records_total", "counter", "Records of calls written.", counts.records());
            one(
                    text,
                    "ringdown_journal_lost_total",
                    "counter",
                    "Lines, records among them, that were not written.",
                    counts.lost());
        });
        return text.toString();
    }

    private static void guard(StringBuilder text, Guard guard) {
        head(text, "ringdown_guard_refused_total", "counter", "Calls out that may not be made, by reason.");
        guard.refused()
                .forEach((reason, count) ->
                        line(text, "ringdown_guard_refused_total{reason=\"" + reason.code() + "\"}", count));
        one(
                text,
                "ringdown_guard_alarms_total",
                "counter",
                "How often a user or a country had unusually many calls.",
                guard.alarms());
        one(
                text,
                "ringdown_guard_counted",
                "gauge",
                "Users, numbers and so on that limits count calls of.",
                guard.counted());
    }

    private static void trunks(StringBuilder text, Calls calls) {
        Map<String, TrunkLoads.Seen> loads = calls.trunkLoads();
        head(text, "ringdown_trunk_calls", "gauge", "Calls on a trunk now, in or out.");
        loads.forEach((trunk, seen) -> {
            line(text, "ringdown_trunk_calls{trunk=\"" + trunk + "\",way=\"in\"}", seen.in());
            line(text, "ringdown_trunk_calls{trunk=\"" + trunk + "\",way=\"out\"}", seen.out());
        });
        head(text, "ringdown_trunk_full_total", "counter", "Calls that found no line free on a trunk.");
        loads.forEach(
                (trunk, seen) -> line(text, "ringdown_trunk_full_total{trunk=\"" + trunk + "\"}", seen.refused()));
        head(text, "ringdown_trunk_resting", "gauge", "Whether a trunk is left alone as its Retry-After asked.");
        loads.forEach(
                (trunk, seen) -> line(text, "ringdown_trunk_resting{trunk=\"" + trunk + "\"}", seen.resting() ? 1 : 0));
    }

    static void sessions(StringBuilder text, Sessions sessions) {
        one(text, "ringdown_sessions", "gauge", "Browsers that are signed in.", sessions.count());
        one(text, "ringdown_sessions_away", "gauge", "Sessions that wait for their browser.", sessions.away());
        head(
                text,
                "ringdown_sessions_total",
                "counter",
                "Sessions that came back, were taken over, or waited in vain.");
        for (Sessions.Happening happening : Sessions.Happening.values()) {
            String what = happening.name().toLowerCase(Locale.ROOT).replace('_', '-');
            line(text, "ringdown_sessions_total{what=\"" + what + "\"}", sessions.happened(happening));
        }
    }

    /** Nothing where softphones are not let in. */
    static String softphones(Optional<Phones> phones) {
        StringBuilder text = new StringBuilder();
        phones.ifPresent(all -> {
            one(text, "ringdown_softphones", "gauge", "Softphones that are registered.", all.count());
            one(text, "ringdown_softphones_away", "gauge", "Softphones that have lost their socket.", all.away());
            head(text, "ringdown_softphones_refused_total", "counter", "What was refused to softphones, by reason.");
            for (Phones.Refusal refusal : Phones.Refusal.values()) {
                String reason = refusal.name().toLowerCase(Locale.ROOT).replace('_', '-');
                line(text, "ringdown_softphones_refused_total{reason=\"" + reason + "\"}", all.refused(refusal));
            }
        });
        return text.toString();
    }

    static void health(StringBuilder text, Map<String, TrunkHealth> trunks) {
        head(text, "ringdown_trunk_reachable", "gauge", "Whether calls to the trunk have anywhere to go.");
        trunks.forEach((trunk, health) ->
                line(text, "ringdown_trunk_reachable{trunk=\"" + trunk + "\"}", health.reachable() ? 1 : 0));
        head(text, "ringdown_trunk_targets", "gauge", "The trunk's addresses, by state: up, suspect, down, probing.");
        trunks.forEach((trunk, health) -> {
            Map<String, Integer> states = new TreeMap<>();
            health.targets().values().forEach(state -> states.merge(state, 1, Integer::sum));
            states.forEach((state, count) ->
                    line(text, "ringdown_trunk_targets{trunk=\"" + trunk + "\",state=\"" + state + "\"}", count));
        });
        head(text, "ringdown_trunk_registered", "gauge", "Whether the trunk knows where we are, where we register.");
        trunks.forEach((trunk, health) -> health.registered()
                .ifPresent(registered ->
                        line(text, "ringdown_trunk_registered{trunk=\"" + trunk + "\"}", registered ? 1 : 0)));
    }

    private static void digits(StringBuilder text, Calls calls) {
        head(text, "ringdown_dtmf_presses_total", "counter", "Presses, by trunk, road, and whether they came or went.");
        calls.digitsOfTrunks().forEach((trunk, known) -> {
            known.heard().forEach((road, count) -> line(text, press(trunk, road, "from"), count));
            known.sent().forEach((road, count) -> line(text, press(trunk, road, "to"), count));
        });
        head(
                text,
                "ringdown_dtmf_info_refused",
                "gauge",
                "Whether the trunk was found not to understand digits by INFO.");
        calls.digitsOfTrunks()
                .forEach((trunk, known) ->
                        line(text, "ringdown_dtmf_info_refused{trunk=\"" + trunk + "\"}", known.refusesInfo() ? 1 : 0));
    }

    private static String press(String trunk, DtmfRoad road, String way) {
        return "ringdown_dtmf_presses_total{trunk=\"" + trunk + "\",road=\"" + road.code() + "\",way=\"" + way + "\"}";
    }

    private static void loops(StringBuilder text, List<LoopSnapshot> loops) {
        head(text, "ringdown_media_lag_seconds", "summary", "How late the wake-ups of a media loop have run.");
        loops.forEach(loop -> summary(text, "ringdown_media_lag_seconds", loop.name(), loop.lag()));
        head(text, "ringdown_media_cycle_seconds", "summary", "How long a media loop has worked between two looks.");
        loops.forEach(loop -> summary(text, "ringdown_media_cycle_seconds", loop.name(), loop.cycles()));
        head(text, "ringdown_media_cycle_longest_seconds", "gauge", "The longest of those since the start.");
        loops.forEach(loop -> line(
                text,
                "ringdown_media_cycle_longest_seconds{loop=\"" + loop.name() + "\"}",
                loop.cycles().maxMillis() / 1_000));
        head(
                text,
                "ringdown_media_complexity_steps",
                "gauge",
                "By how many steps Opus is encoded below its complexity.");
        loops.forEach(loop ->
                line(text, "ringdown_media_complexity_steps{loop=\"" + loop.name() + "\"}", loop.complexitySteps()));
        head(text, "ringdown_media_complexity_lowered_total", "counter", "How often such a step down was taken.");
        loops.forEach(loop -> line(
                text,
                "ringdown_media_complexity_lowered_total{loop=\"" + loop.name() + "\"}",
                loop.complexityLowered()));
        head(text, "ringdown_media_kernel_drops_total", "counter", "Datagrams lost on a full socket, by port.");
        loops.forEach(loop -> new TreeMap<>(loop.kernelDrops())
                .forEach((port, drops) -> line(
                        text,
                        "ringdown_media_kernel_drops_total{loop=\"" + loop.name() + "\",port=\"" + port + "\"}",
                        drops)));
        tcp(text, loops);
    }

    private static void tcp(StringBuilder text, List<LoopSnapshot> loops) {
        head(text, "ringdown_media_tcp_connections", "gauge", "TCP connections to browsers that get no UDP through.");
        loops.forEach(loop -> line(
                text,
                "ringdown_media_tcp_connections{loop=\"" + loop.name() + "\"}",
                loop.tcp().open()));
        head(text, "ringdown_media_tcp_accepted_total", "counter", "How many have been taken.");
        loops.forEach(loop -> line(
                text,
                "ringdown_media_tcp_accepted_total{loop=\"" + loop.name() + "\"}",
                loop.tcp().accepted()));
        head(text, "ringdown_media_tcp_dropped_total", "counter", "Packets dropped on one that was too slow for them.");
        loops.forEach(loop -> line(
                text,
                "ringdown_media_tcp_dropped_total{loop=\"" + loop.name() + "\"}",
                loop.tcp().dropped()));
    }

    private static void summary(StringBuilder text, String name, String loop, Durations durations) {
        String labels = "{loop=\"" + loop + "\",quantile=\"";
        line(text, name + labels + "0.5\"}", durations.p50Millis() / 1_000);
        line(text, name + labels + "0.95\"}", durations.p95Millis() / 1_000);
        line(text, name + labels + "0.99\"}", durations.p99Millis() / 1_000);
        line(text, name + "_count{loop=\"" + loop + "\"}", durations.count());
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void one(StringBuilder text, String name, String kind, String help, long value) {
        head(text, name, kind, help);
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder text, String name, String kind, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(kind).append('\n');
    }
}
