package io.ringdown.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What is written down of tests that show rows. */
final class RowListenerTest {
    @TempDir
    Path folder;

    @Shows(Row.HOLD)
    static final class Marked {
        @Test
        void showsTheRowOfItsClass() {
            Peers.met(Peer.SIPP, "uas-held");
            Peers.met(Peer.CHROMIUM);
        }

        @Test
        @Shows({Row.TRACE, Row.HYGIENE})
        void showsItsOwnRowsInstead() {
            assertThat(Peers.take()).isNotEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"one", "two\tthree"})
        void runsTwice(String parameter) {
            assertThat(parameter).isNotEqualTo("one");
        }

        @Test
        @Disabled
        void isNotRun() {}
    }

    static final class PartlyMarked {
        @Test
        void showsNothing() {
            Peers.met(Peer.BARESIP);
        }

        @Test
        @Shows(Row.CHECK)
        void showsARow() {}
    }

    @Shows(Row.HEALTH)
    static final class BrokenFromTheStart {
        @BeforeAll
        static void fails() {
            assertThat(Peers.take()).as("a peer that starts").isNotEmpty();
        }

        @Test
        void neverComesToPass() {}
    }

    private List<Outcome> outcomes(Class<?>... tests) throws IOException {
        Path file = folder.resolve("rows/1.tsv");
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(List.of(tests).stream()
                                        .map(test -> selectClass(test))
                                        .toList())
                                .filters(TagFilter.includeTags("row"))
                                .build(),
                        new RowListener(file));
        return Files.readAllLines(file).stream().map(Outcome::of).toList();
    }

    @Test
    void eachRunIsWrittenWithItsRowsItsEndAndWhomItMet() throws IOException {
        assertThat(outcomes(Marked.class, PartlyMarked.class, BrokenFromTheStart.class))
                .containsExactlyInAnyOrder(
                        new Outcome(
                                Row.HOLD,
                                "Marked#showsTheRowOfItsClass",
                                "",
                                Outcome.Verdict.GREEN,
                                "Chromium,SIPp uas-held"),
                        new Outcome(Row.TRACE, "Marked#showsItsOwnRowsInstead", "", Outcome.Verdict.RED, ""),
                        new Outcome(Row.HYGIENE, "Marked#showsItsOwnRowsInstead", "", Outcome.Verdict.RED, ""),
                        new Outcome(Row.HOLD, "Marked#runsTwice", "[1] parameter = \"one\"", Outcome.Verdict.RED, ""),
                        new Outcome(
                                Row.HOLD,
                                "Marked#runsTwice",
                                "[2] parameter = \"two\\tthree\"",
                                Outcome.Verdict.GREEN,
                                ""),
                        new Outcome(Row.HOLD, "Marked#isNotRun", "", Outcome.Verdict.NOT_RUN, ""),
                        new Outcome(Row.CHECK, "PartlyMarked#showsARow", "", Outcome.Verdict.GREEN, ""),
                        new Outcome(Row.HEALTH, "BrokenFromTheStart", "", Outcome.Verdict.RED, ""));
    }
}
