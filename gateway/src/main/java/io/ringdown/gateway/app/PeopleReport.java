package io.ringdown.gateway.app;

import io.ringdown.gateway.agents.GroupSettings;
import io.ringdown.gateway.api.ApiKey;
import io.ringdown.gateway.hooks.HookTarget;
import io.ringdown.gateway.routing.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What {@code check} says of the people of the house, and of the systems that work with them. Pure. */
final class PeopleReport {
    private final RingdownSettings settings;
    private final List<String> lines = new ArrayList<>();

    private PeopleReport(RingdownSettings settings) {
        this.settings = settings;
    }

    static List<String> of(RingdownSettings settings) {
        PeopleReport report = new PeopleReport(settings);
        report.extensions();
        report.groups();
        report.supervisors();
        report.directory();
        report.systems();
        return List.copyOf(report.lines);
    }

    private void extensions() {
        Map<String, String> whose = new TreeMap<>();
        settings.users()
                .forEach((name, user) -> user.extension().ifPresent(extension -> whose.put(extension.digits(), name)));
        if (!whose.isEmpty()) {
            lines.add("Extensions: "
                    + whose.entrySet().stream()
                            .map(one -> one.getKey() + " → " + one.getValue())
                            .collect(Collectors.joining(", "))
                    + ".");
        }
    }

    private void groups() {
        TreeSet<String> names = new TreeSet<>(settings.groups().keySet());
        settings.users().values().forEach(user -> names.addAll(user.groups()));
        for (String name : names) {
            GroupSettings group = settings.groups().getOrDefault(name, GroupSettings.defaults());
            List<String> people = having(user -> user.groups().contains(name));
            lines.add("Group " + name
                    + group.extension()
                            .map(number -> ", extension " + number.digits())
                            .orElse("") + ", rings "
                    + (people.isEmpty() ? "nobody of this file" : String.join(", ", people)) + ", "
                    + order(group) + ". " + overflow(group.overflow()));
            if (people.isEmpty() && settings.directory().url().isEmpty()) {
                lines.add("  NOBODY IS IN IT: put " + name + " into the groups of those who take its calls.");
            }
        }
        List<String> shut = having(user -> !user.groups().isEmpty() && !mayComeIn(user));
        if (!shut.isEmpty()) {
            lines.add("  CANNOT SIGN IN: " + String.join(", ", shut)
                    + ". Give each a key or a sip-password, or set tokens.keys.");
        }
    }

    private boolean mayComeIn(User user) {
        return user.key().isPresent()
                || (settings.softphones().enabled()
                        && (user.sipPassword().isPresent() || user.sipHa1().isPresent()))
                || settings.tokens().haveKeys();
    }

    private static String order(GroupSettings group) {
        return switch (group.ring()) {
            case ALL -> "all at once";
            case IN_ORDER -> "in this order, each for " + group.each().toSeconds() + " s";
            case LONGEST_IDLE ->
                "who has been idle for longest first, each for " + group.each().toSeconds() + " s";
        };
    }

    private static String overflow(GroupSettings.Overflow overflow) {
        return overflow.group()
                .map(group -> "What they do not take waits for group " + group + " next.")
                .or(() -> overflow.user().map(user -> "What they do not take rings " + user + " next."))
                .or(() -> overflow.cause()
                        .map(cause -> "What they do not take ends as "
                                + cause.name().toLowerCase(Locale.ROOT).replace('_', '-') + "."))
                .orElse("What they do not take ends.");
    }

    private void supervisors() {
        settings.users().forEach((name, user) -> {
            if (!user.supervises().isEmpty()) {
                lines.add(name + " may listen to calls of " + String.join(", ", user.supervises())
                        + ", and speak in them.");
            }
        });
    }

    private void directory() {
        settings.directory()
                .url()
                .ifPresent(url -> lines.add("Users whom this file does not have are asked for at " + url + "."));
    }

    private void systems() {
        Map<String, ApiKey> keys = settings.api().all();
        if (!keys.isEmpty()) {
            lines.add("Other systems use the API at /api/v1: "
                    + listed(keys, key -> key.may() == ApiKey.May.ACT ? "may act" : "may read") + ".");
        }
        Map<String, HookTarget> hooks = settings.hooks().to();
        if (!hooks.isEmpty()) {
            lines.add("Webhooks tell "
                    + listed(hooks, hook -> hook.url() + (hook.events().isEmpty() ? ", all" : ", some of it")) + ".");
        }
    }

    private List<String> having(Predicate<User> what) {
        return settings.users().entrySet().stream()
                .filter(user -> what.test(user.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static <T> String listed(Map<String, T> named, Function<T, String> what) {
        return named.entrySet().stream()
                .map(one -> one.getKey() + " (" + what.apply(one.getValue()) + ")")
                .collect(Collectors.joining(", "));
    }
}
