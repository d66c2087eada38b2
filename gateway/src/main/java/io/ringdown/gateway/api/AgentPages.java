package io.ringdown.gateway.api;

import io.ringdown.gateway.agents.Availability;
import io.ringdown.gateway.agents.Colleague;
import io.ringdown.gateway.agents.GroupSeen;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code agents} and {@code groups} of the API. Thread-safe. */
final class AgentPages {
    private final Roster roster;

    AgentPages(Roster roster) {
        this.roster = roster;
    }

    ApiReply agents() {
        return ApiReply.of(
                200,
                Map.of("agents", roster.people().stream().map(AgentPages::show).toList()));
    }

    ApiReply agent(ApiRequest request) throws ApiProblemException {
        return ApiReply.of(200, show(find(request.path().get(1))));
    }

    ApiReply setAvailability(ApiRequest request) throws ApiProblemException {
        String user = request.path().get(1);
        Body body = Body.read(request.body(), Set.of("state", "reason"));
        Optional<Availability> state = Availability.of(body.needed("state"));
        if (state.isEmpty()) {
            throw Body.bad("The field state must be available, away or busy.");
        }
        if (!roster.set(user, state.get(), body.text("reason"))) {
            throw unknown();
        }
        return ApiReply.of(200, show(find(user)));
    }

    ApiReply groups() {
        return ApiReply.of(
                200,
                Map.of("groups", roster.groups().stream().map(AgentPages::show).toList()));
    }

    private Colleague find(String user) throws ApiProblemException {
        return roster.availability(user).orElseThrow(AgentPages::unknown);
    }

    private static ApiProblemException unknown() {
        return new ApiProblemException(
                404,
                "unknown-agent",
                "The gateway knows nobody of this name: users, or the directory, must have them.");
    }

    private static Map<String, Object> show(Colleague seen) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("user", seen.person().user());
        seen.person().name().ifPresent(name -> shown.put("name", name));
        seen.person().extension().map(PhoneNumber::digits).ifPresent(number -> shown.put("extension", number));
        shown.put("groups", seen.person().groups());
        shown.put("state", seen.standing().code());
        shown.put("chosen", seen.chosen().code());
        seen.reason().ifPresent(reason -> shown.put("reason", reason));
        shown.put("sinceMillis", seen.since().toMillis());
        shown.put("devices", seen.devices());
        shown.put("calls", seen.calls().stream().map(AgentPages::show).toList());
        return shown;
    }

    private static Map<String, Object> show(Colleague.OnCall call) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("call", call.call().hex());
        shown.put("state", call.stage().code());
        call.with().ifPresent(number -> shown.put("with", number));
        shown.put("direction", call.direction().name().toLowerCase(Locale.ROOT));
        shown.put("sinceMillis", call.since().toMillis());
        return shown;
    }

    private static Map<String, Object> show(GroupSeen seen) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("group", seen.group());
        seen.extension().map(PhoneNumber::digits).ifPresent(number -> shown.put("extension", number));
        shown.put("waiting", seen.waiting());
        seen.longestWait().map(Duration::toMillis).ifPresent(wait -> shown.put("longestWaitMillis", wait));
        shown.put("answered", seen.answered());
        shown.put("overflowed", seen.overflowed());
        shown.put("abandoned", seen.abandoned());
        return shown;
    }
}
