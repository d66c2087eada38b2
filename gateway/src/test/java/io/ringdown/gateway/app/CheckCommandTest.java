package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckCommandTest {
    @TempDir
    Path folder;

    @Test
    void allThatOpensIsListedAndNotOnlyOneOfIt() throws Exception {
        assertThat(comesIn("web: {}")).isEmpty();
        assertThat(comesIn("""
                        tokens:
                          development-key: 0123456789abcdef
                          keys: [{algorithm: EdDSA, file: key.pub}]
                        users:
                          ann: {key: 0123456789abcdef0123}
                          bob: {extension: '12'}
                        """))
                .containsExactly(
                        "a signed token",
                        "the key of a user (ann)",
                        "the development key, which is meant for trying an integration");
    }

    private List<String> comesIn(String yaml) throws IOException, SettingsException {
        Path file = Files.writeString(folder.resolve("ringdown.yaml"), yaml);
        return CheckCommand.comesIn(Settings.read(file, Map.of(), RingdownSettings.class));
    }
}
