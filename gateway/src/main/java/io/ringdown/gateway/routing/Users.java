package io.ringdown.gateway.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All users: those of the configuration, in its order, and those whom a directory has named since. Thread-safe. */
public final class Users {
    private final Map<String, User> users;
    private final NumberPlan plan;
    private final Map<String, User> found;

    /** These users by name, their numbers read by this plan. */
    public Users(Map<String, User> users, NumberPlan plan) {
        this(users, plan, Map.of());
    }

    /** The same, and those who are found: a map for several threads, that may grow. */
    public Users(Map<String, User> users, NumberPlan plan, Map<String, User> found) {
        this.users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        this.plan = plan;
        this.found = found;
    }

    /** Whether somebody has this name. */
    public boolean has(String name) {
        return find(name).isPresent();
    }

    /** Whose extension this is; the first of them, if it is that of several. */
    public Optional<String> withExtension(PhoneNumber number) {
        return all().filter(user -> user.getValue().extension().equals(Optional.of(number)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether anybody has an extension. */
    public boolean haveExtensions() {
        return users.values().stream().anyMatch(user -> user.extension().isPresent());
    }

    /** How somebody of this name is shown within the house, who would show this elsewhere. */
    public Caller within(String name, Caller elsewhere) {
        Optional<User> user = find(name);
        return new Caller(
                user.flatMap(User::extension).or(elsewhere::number),
                user.flatMap(User::name).or(elsewhere::name),
                elsewhere.anonymous(),
                elsewhere.headers());
    }

    /** Whether another call rings while they have one. */
    public boolean takesAnother(String name) {
        return find(name).map(User::callWaiting).orElse(true);
    }

    /** Whether a user of this name is in the group. */
    public boolean isIn(Optional<String> name, List<String> groups) {
        return name.flatMap(this::find)
                .filter(user -> !Collections.disjoint(user.groups(), groups))
                .isPresent();
    }

    /** Who is in a group. */
    List<String> members(String group) {
        return all().filter(user -> user.getValue().groups().contains(group))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The numbers of a user, as {@link NumberPlan#canonical} has them, and the extension. */
    public List<PhoneNumber> numbersOf(String name) {
        List<PhoneNumber> numbers = new ArrayList<>();
        find(name).ifPresent(user -> {
            user.numbers().stream().map(plan::canonical).forEach(numbers::add);
            user.extension().ifPresent(numbers::add);
        });
        return numbers;
    }

    private Optional<User> find(String name) {
        return Optional.ofNullable(users.get(name)).or(() -> Optional.ofNullable(found.get(name)));
    }

    private Stream<Map.Entry<String, User>> all() {
        return Stream.concat(users.entrySet().stream(), found.entrySet().stream());
    }
}
