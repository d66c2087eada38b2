package io.ringdown.gateway.signaling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.ringdown.gateway.agents.Availability;
import io.ringdown.gateway.agents.Colleague;
import io.ringdown.gateway.agents.GroupSeen;
import io.ringdown.gateway.agents.Person;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What clients are told of people and groups, in the shape that it is written in: docs/protocol.md, "Agents". */
final class AgentMessages {
    /** So many people are listed. */
    static final int MOST_PEOPLE = 1_000;

    private AgentMessages() {}

    /** Who a client is among the people, in {@code welcome}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Self(
            String user,
            @Nullable String name,
            @Nullable String extension,
            List<String> groups,
            List<String> supervises,
            String state) {
        static Self of(Colleague self) {
            Person person = self.person();
            return new Self(
                    person.user(),
                    person.name().orElse(null),
                    digits(person.extension()),
                    person.groups(),
                    person.supervises(),
                    self.chosen().code());
        }
    }

    /** What the client's user says of themselves, from here or elsewhere. */
    @JsonTypeName("availability")
    record Said(
            @Nullable String ref, String state, @Nullable String reason, long sinceMillis)
            implements ServerMessage.OfAgents {
        static Said of(Optional<String> ref, Availability state, Optional<String> reason, Duration since) {
            return new Said(ref.orElse(null), state.code(), reason.orElse(null), since.toMillis());
        }
    }

    /** Everybody, and every group. */
    @JsonTypeName("colleagues")
    record All(@Nullable String ref, List<View> list, List<GroupView> groups) implements ServerMessage.OfAgents {
        static All of(Optional<String> ref, Person viewer, List<Colleague> people, List<GroupSeen> groups) {
            return new All(
                    ref.orElse(null),
                    people.stream()
                            .limit(MOST_PEOPLE)
                            .map(one -> View.of(viewer, one))
                            .toList(),
                    groups.stream().map(GroupView::of).toList());
        }
    }

    /** Somebody has changed. */
    @JsonTypeName("colleague")
    record One(@JsonUnwrapped View view) implements ServerMessage.OfAgents {}

    /** A group has changed. */
    @JsonTypeName("group")
    record OneGroup(@JsonUnwrapped GroupView view) implements ServerMessage.OfAgents {}

    /** Somebody as another sees them. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String user,
            @Nullable String name,
            @Nullable String extension,
            List<String> groups,
            String state,
            @Nullable String reason,
            long sinceMillis,
            @Nullable List<CallView> calls) {
        static View of(Person viewer, Colleague seen) {
            Person person = seen.person();
            boolean seesCalls = viewer.supervises(person) || viewer.user().equals(person.user());
            return new View(
                    person.user(),
                    person.name().orElse(null),
                    digits(person.extension()),
                    person.groups(),
                    seen.standing().code(),
                    seen.reason().orElse(null),
                    seen.since().toMillis(),
                    seesCalls ? seen.calls().stream().map(CallView::of).toList() : null);
        }
    }

    /** A call of somebody. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallView(String call, String state, @Nullable String with, String direction, long sinceMillis) {
        static CallView of(Colleague.OnCall seen) {
            return new CallView(
                    seen.call().hex(),
                    seen.stage().code(),
                    seen.with().orElse(null),
                    seen.direction().name().toLowerCase(Locale.ROOT),
                    seen.since().toMillis());
        }

        @Override
        public String toString() {
            return "CallView[" + call + "]";
        }
    }

    /** A group as everybody sees it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GroupView(
            String group,
            @Nullable String extension,
            int waiting,
            @Nullable Long longestWaitMillis) {
        static GroupView of(GroupSeen seen) {
            return new GroupView(
                    seen.group(),
                    digits(seen.extension()),
                    seen.waiting(),
                    seen.longestWait().map(Duration::toMillis).orElse(null));
        }
    }

    private static @Nullable String digits(Optional<PhoneNumber> number) {
        return number.map(PhoneNumber::digits).orElse(null);
    }
}
