package io.ringdown.gateway.routing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All configured users, in the order of the configuration. Immutable. */
public final class Users implements Overseers {
    private final Map<String, User> users;
    private final NumberPlan plan;

    /** These users by name, their numbers read by this plan. */
    public Users(Map<String, User> users, NumberPlan plan) {
        this.users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        this.plan = plan;
    }

    /** Whether somebody has this name. */
    public boolean has(String name) {
        return users.containsKey(name);
    }

    /** Whether a user of this name is in the group. */
    public boolean isIn(Optional<String> name, List<String> groups) {
        return name.flatMap(this::find)
                .filter(user -> !Collections.disjoint(user.groups(), groups))
                .isPresent();
    }

    /** Whether the first supervises a group that the second is in. */
    @Override
    public boolean oversees(String supervisor, String agent) {
        return find(supervisor)
                .filter(user -> isIn(Optional.of(agent), user.supervises()))
                .isPresent();
    }

    /** The name, or what they sign in as. */
    @Override
    public String shown(String user) {
        return find(user).flatMap(User::name).orElse(user);
    }

    /** Who is in a group. */
    List<String> members(String group) {
        return users.entrySet().stream()
                .filter(user -> user.getValue().groups().contains(group))
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
        return Optional.ofNullable(users.get(name));
    }
}
