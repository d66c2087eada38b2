package io.ringdown.gateway.signaling;

import io.ringdown.gateway.agents.Availability;
import io.ringdown.gateway.agents.Colleague;
import io.ringdown.gateway.agents.GroupSeen;
import io.ringdown.gateway.agents.Person;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session as a device of somebody who works at the telephones, if it is one. One thread at a time. */
final class AgentSeat {
    private final ClientId id;
    private final Roster roster;
    private final Consumer<ServerMessage> tell;
    private Optional<Person> person = Optional.empty();
    private boolean watches;
    private @Nullable Told told;

    /** What the client knows that its user says of themselves. */
    private record Told(Availability state, Optional<String> reason) {
        static Told of(Colleague self) {
            return new Told(self.chosen(), self.reason());
        }
    }

    /** {@code tell} takes what the client is told. */
    AgentSeat(ClientId id, Roster roster, Consumer<ServerMessage> tell) {
        this.id = id;
        this.roster = roster;
        this.tell = tell;
    }

    /** Its client has come, or come back: who it is among the people, for its welcome. */
    Optional<AgentMessages.Self> signIn(String subject, List<PhoneNumber> numbers) {
        Optional<Colleague> self = roster.onSignedIn(id, subject, numbers);
        person = self.map(Colleague::person);
        told = self.map(Told::of).orElse(null);
        return self.map(AgentMessages.Self::of);
    }

    /** It has been welcomed: what has changed meanwhile was told to nobody. */
    void onWelcomed() {
        if (watches) {
            tellAll(Optional.empty());
        }
    }

    void onAway() {
        roster.onAway(id);
    }

    void onGone() {
        roster.onSignedOut(id);
    }

    // ---- what it asks for

    void on(ClientMessage.Availability said) {
        if (person.isEmpty()) {
            refuse(said.ref());
            return;
        }
        roster.set(person.get().user(), said.state(), said.reason());
        told = new Told(said.state(), said.reason());
        tell.accept(AgentMessages.Said.of(said.ref(), said.state(), said.reason(), Duration.ZERO));
    }

    void on(ClientMessage.Watch wanted) {
        if (person.isEmpty()) {
            refuse(wanted.ref());
            return;
        }
        watches = wanted.on();
        if (watches) {
            tellAll(wanted.ref());
        }
    }

    private void tellAll(Optional<String> ref) {
        person.ifPresent(viewer -> tell.accept(AgentMessages.All.of(ref, viewer, roster.people(), roster.groups())));
    }

    private void refuse(Optional<String> ref) {
        tell.accept(ServerMessage.Problem.of(
                ref, Optional.empty(), ErrorCode.NOT_AN_AGENT, "Only users of this gateway have colleagues."));
    }

    // ---- what others do

    /** These people, by name, and groups have changed. */
    void onChange(Map<String, Colleague> people, List<GroupSeen> groups) {
        if (person.isEmpty()) {
            return;
        }
        Optional.ofNullable(people.get(person.get().user())).ifPresent(this::onSelf);
        if (watches) {
            people.values()
                    .forEach(one -> tell.accept(new AgentMessages.One(AgentMessages.View.of(person.get(), one))));
            groups.forEach(one -> tell.accept(new AgentMessages.OneGroup(AgentMessages.GroupView.of(one))));
        }
    }

    private void onSelf(Colleague self) {
        Told now = Told.of(self);
        if (!now.equals(told)) {
            told = now;
            tell.accept(AgentMessages.Said.of(Optional.empty(), self.chosen(), self.reason(), self.since()));
        }
    }
}
