package io.ringdown.gateway.app;

import io.ringdown.gateway.agents.DirectorySettings;
import io.ringdown.gateway.agents.GroupSettings;
import io.ringdown.gateway.api.ApiSettings;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.guard.GuardSettings;
import io.ringdown.gateway.hooks.HookSettings;
import io.ringdown.gateway.journal.JournalSettings;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRule;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.RouteRule;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.signaling.WebSettings;
import io.ringdown.gateway.softphones.SoftphoneSettings;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.media.MediaSettings;
import io.ringdown.sip.SipSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that the configuration file says.
 *
 * @param web the web server
 * @param calls how calls are made
 * @param sip what all trunks share
 * @param media how media run
 * @param trunks the trunks by name, in order
 * @param tokens who may come in
 * @param numbers how numbers are read
 * @param routes where calls out go, in order
 * @param emergency what happens to calls for help
 * @param inbound whom calls in ring, in order
 * @param users who there is, by name
 * @param journal what is written down of calls
 * @param guard which calls out may be made
 * @param groups who shares calls, by name
 * @param directory where users are asked for whom the configuration does not have
 * @param softphones who speaks SIP over WebSocket
 * @param hooks who is told what happens to calls
 * @param api what other systems may do with calls
 */
public record RingdownSettings(
        WebSettings web,
        CallSettings calls,
        SipSettings sip,
        MediaSettings media,
        Map<String, TrunkEntry> trunks,
        TokenSettings tokens,
        NumberSettings numbers,
        List<RouteRule> routes,
        EmergencySettings emergency,
        List<InboundRule> inbound,
        Map<String, User> users,
        JournalSettings journal,
        GuardSettings guard,
        Map<String, GroupSettings> groups,
        DirectorySettings directory,
        SoftphoneSettings softphones,
        HookSettings hooks,
        ApiSettings api) {

    public RingdownSettings {
        trunks = Collections.unmodifiableMap(new LinkedHashMap<>(trunks));
        List<String> unserved = trunks.entrySet().stream()
                .filter(trunk -> sip.serving(trunk.getValue().sip()).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        if (!unserved.isEmpty()) {
            throw new IllegalArgumentException("trunks: no address of sip.listen serves " + String.join(", ", unserved)
                    + "; add one with its transport and IP version");
        }
        if (trunks.containsKey(Extensions.HOUSE)) {
            throw new IllegalArgumentException("trunks: " + Extensions.HOUSE
                    + " is what calls between extensions go by; give this trunk another name");
        }
        routes = List.copyOf(routes);
        inbound = List.copyOf(inbound);
        users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        KnownNames names = new KnownNames(trunks.keySet(), users, groups.keySet());
        names.check(routes, emergency, inbound, guard);
        names.check(groups, users);
        users.forEach((name, user) -> softphones.check("users." + name + ".sip-ha1.realm", user));
    }

    /** Each room's own defaults, and no trunks. */
    public static RingdownSettings defaults() {
        return new RingdownSettings(
                WebSettings.defaults(),
                CallSettings.defaults(),
                SipSettings.defaults(),
                MediaSettings.defaults(),
                Map.of(),
                TokenSettings.defaults(),
                NumberSettings.defaults(),
                List.of(),
                EmergencySettings.defaults(),
                List.of(),
                Map.of(),
                JournalSettings.defaults(),
                GuardSettings.defaults(),
                Map.of(),
                DirectorySettings.defaults(),
                SoftphoneSettings.defaults(),
                HookSettings.defaults(),
                ApiSettings.defaults());
    }

    /** As this, with another web server. */
    RingdownSettings withWeb(WebSettings other) {
        return new RingdownSettings(
                other,
                calls,
                sip,
                media,
                trunks,
                tokens,
                numbers,
                routes,
                emergency,
                inbound,
                users,
                journal,
                guard,
                groups,
                directory,
                softphones,
                hooks,
                api);
    }

    /** As this, with the directories of the journal and of hooks named: beside this file, unless they are. */
    RingdownSettings withJournalBeside(Path file) {
        Path usual = file.toAbsolutePath().resolveSibling("var");
        return withJournal(journal.orIn(usual)).withHooks(hooks.orIn(usual.resolve("hooks")));
    }

    /** As this, with other hooks. */
    RingdownSettings withHooks(HookSettings other) {
        return new RingdownSettings(
                web,
                calls,
                sip,
                media,
                trunks,
                tokens,
                numbers,
                routes,
                emergency,
                inbound,
                users,
                journal,
                guard,
                groups,
                directory,
                softphones,
                other,
                api);
    }

    /** As this, with another journal. */
    RingdownSettings withJournal(JournalSettings other) {
        return new RingdownSettings(
                web,
                calls,
                sip,
                media,
                trunks,
                tokens,
                numbers,
                routes,
                emergency,
                inbound,
                users,
                other,
                guard,
                groups,
                directory,
                softphones,
                hooks,
                api);
    }
}
