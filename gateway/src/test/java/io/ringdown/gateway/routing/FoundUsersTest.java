package io.ringdown.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users whom a directory has named, beside those of the configuration. */
class FoundUsersTest {
    private final List<String> told = new ArrayList<>();
    private final FoundUsers found = new FoundUsers(Set.of("zoe"), (name, _) -> told.add(name));
    private final Users users = new Users(Map.of("zoe", user("11", "sales")), new NumberPlan(Optional.empty()), found);

    @Test
    void whoIsFoundComesAfterTheConfigurationInTheOrderInWhichTheyWereFound() {
        List<String> names = List.of("nina", "dora", "emil", "bert", "carl", "anna");
        names.forEach(name -> found.put(name, user("", "sales")));
        found.put("emil", user("", "support"));
        found.put("emil", user("", "sales"));
        assertThat(users.members("sales")).containsExactly("zoe", "nina", "dora", "emil", "bert", "carl", "anna");
        assertThat(told).containsExactly("nina", "dora", "emil", "bert", "carl", "anna", "emil", "emil");
    }

    @Test
    void ofOneTooManyNothingIsKeptAndOfTheOthersWhatIsSaidLaterIs() {
        for (int i = 0; i <= 10_000; i++) {
            found.put("user" + i, user("", "sales"));
        }
        found.put("user0", user("", "support"));
        assertThat(users.has("user9999")).isTrue();
        assertThat(users.has("user10000")).isFalse();
        assertThat(users.members("support")).containsExactly("user0");
    }

    @ParameterizedTest
    @CsvSource({"dora, emil", "emil, dora"})
    void anExtensionIsWhoseTheLastAnswerSays(String before, String after) {
        found.put(before, user("21", "sales"));
        found.put(after, user("22", "sales"));
        found.put(after, user("21", "sales"));
        assertThat(users.withExtension(new PhoneNumber("21"))).hasValue(after);
        assertThat(users.extensionOf(before)).isEmpty();
        assertThat(users.withExtension(new PhoneNumber("22"))).isEmpty();
        assertThat(users.members("sales")).containsExactly("zoe", before, after);
        assertThat(told).as("who has lost it is told of too").endsWith(before);
    }

    @Test
    void anExtensionThatTheDirectorySaysIsNobodysIsTheConfigurationsAlone() {
        found.put("dora", user("21", "sales"));
        found.put("emil", user("11", "sales"));
        found.takeExtension(new PhoneNumber("21"));
        found.takeExtension(new PhoneNumber("11"));
        assertThat(users.withExtension(new PhoneNumber("21"))).isEmpty();
        assertThat(users.withExtension(new PhoneNumber("11"))).hasValue("zoe");
        assertThat(users.has("dora")).isTrue();
    }

    @Test
    void whoLosesTheirExtensionToNobodyKeepsTheirPlace() {
        found.put("dora", user("21", "sales"));
        found.put("emil", user("22", "sales"));
        found.takeExtension(new PhoneNumber("21"));
        assertThat(users.extensionOf("dora")).isEmpty();
        assertThat(users.members("sales")).containsExactly("zoe", "dora", "emil");
    }

    @Test
    void whoIsConfiguredIsWhatTheConfigurationSaysAlone() {
        found.put("dora", user("21", "sales"));
        found.put("zoe", user("21", "support"));
        assertThat(users.withExtension(new PhoneNumber("21"))).isEmpty();
        assertThat(users.extensionOf("zoe")).hasValue(new PhoneNumber("11"));
        assertThat(users.members("support")).isEmpty();
        assertThat(told).containsExactly("dora", "dora");
    }

    private static User user(String extension, String group) {
        return new User(
                Optional.empty(),
                List.of(),
                Optional.of(extension).filter(digits -> !digits.isEmpty()).map(PhoneNumber::new),
                List.of(group));
    }
}
