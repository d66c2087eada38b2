package io.ringdown.gateway.routing;

import io.ringdown.sip.web.DigestSecret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All users: those of the configuration, in its order, and then those whom a directory has named since. Thread-safe. */
public final class Users implements Overseers {
    private final Map<String, User> users;
    private final NumberPlan plan;
    private final FoundUsers found;

    /** These users by name, their numbers read by this plan. */
    public Users(Map<String, User> users, NumberPlan plan) {
        this(users, plan, new FoundUsers(Set.of(), (_, _) -> {}));
    }

    /** The same, and after them those who are found. */
    public Users(Map<String, User> users, NumberPlan plan, FoundUsers found) {
        this.users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        this.plan = plan;
        this.found = found;
    }

    /** Whether somebody has this name. */
    public boolean has(String name) {
        return find(name).isPresent();
    }

    /** Whether the configuration has this user, so that nobody else says who they are. */
    public boolean isConfigured(String name) {
        return users.containsKey(name);
    }

    /** Whose extension this is; the first of them, if it is that of several. */
    public Optional<String> withExtension(PhoneNumber number) {
        return all().filter(user -> user.getValue().extension().equals(Optional.of(number)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether the configuration gives this extension to somebody, so that nobody else says whose it is. */
    public boolean isConfigured(PhoneNumber extension) {
        return users.values().stream().anyMatch(user -> user.extension().equals(Optional.of(extension)));
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

    /** The user of this name, or else of this extension; empty if nobody has it. */
    public Optional<String> named(String nameOrExtension) {
        return has(nameOrExtension)
                ? Optional.of(nameOrExtension)
                : all().filter(user -> user.getValue()
                                .extension()
                                .map(PhoneNumber::digits)
                                .equals(Optional.of(nameOrExtension)))
                        .map(Map.Entry::getKey)
                        .findFirst();
    }

    /** The extension of the user of this name; empty if there is none. */
    public Optional<PhoneNumber> extensionOf(String name) {
        return find(name).flatMap(User::extension);
    }

    /** What the digest of a user's softphones is judged by; empty where nothing was given to them. */
    public Optional<DigestSecret> sipSecretOf(String name) {
        return find(name).flatMap(User::sipSecret);
    }

    private Optional<User> find(String name) {
        return Optional.ofNullable(users.get(name)).or(() -> found.find(name));
    }

    private Stream<Map.Entry<String, User>> all() {
        return Stream.concat(users.entrySet().stream(), found.all());
    }
}
