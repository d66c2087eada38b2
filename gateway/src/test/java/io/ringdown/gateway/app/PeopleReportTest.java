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

final class PeopleReportTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    @Test
    void whoWorksTogetherAndWhoIsTold() throws Exception {
        assertThat(report("""
                        users:
                          ann: {key: SECRET, extension: '12', groups: [sales]}
                          bob: {key: SECRET2, extension: '11', groups: [sales, support]}
                          sue: {key: SECRET3, supervises: [sales]}
                        groups:
                          sales: {extension: '70', ring: longest-idle, each: 20s, overflow: {group: support}}
                          support: {ring: in-order, overflow: {cause: no-answer}}
                        directory: {url: 'https://people.example.com/'}
                        api: {keys: {crm: {key: SECRET, may: act}, wallboard: {key: SECRET2, may: read}}}
                        hooks: {to: {crm: {url: 'https://crm.example.com/', secret: SECRET, events: [call.ended]}}}
                        """))
                .containsExactly(
                        "Extensions: 11 → bob, 12 → ann.",
                        "Group sales, extension 70, rings ann, bob, who has been idle for longest first, each for 20 s."
                                + " What they do not take waits for group support next.",
                        "Group support, rings bob, in this order, each for 15 s."
                                + " What they do not take ends as no-answer.",
                        "sue may listen to calls of sales, and speak in them.",
                        "Users whom this file does not have are asked for at https://people.example.com/.",
                        "Other systems use the API at /api/v1: crm (may act), wallboard (may read).",
                        "Webhooks tell crm (https://crm.example.com/, some of it).");
    }

    @Test
    void aGroupThatNobodyIsInAndWhoCannotSignInAreNamed() throws Exception {
        assertThat(report("""
                        users:
                          ann: {groups: [sales]}
                        groups:
                          sales: {overflow: {user: ann}}
                          support: {}
                        """))
                .containsExactly(
                        "Group sales, rings ann, all at once. What they do not take rings ann next.",
                        "Group support, rings nobody of this file, all at once. What they do not take ends.",
                        "  NOBODY IS IN IT: put support into the groups of those who take its calls.",
                        "  CANNOT SIGN IN: ann. Give each a key or a sip-password, or set tokens.keys.");
    }

    @Test
    void nothingIsSaidOfAHouseWithoutPeople() throws Exception {
        assertThat(report("web: {}")).isEmpty();
    }

    private List<String> report(String yaml) throws IOException, SettingsException {
        String filled = yaml.replace("SECRET2", SECRET + "2")
                .replace("SECRET3", SECRET + "3")
                .replace("SECRET", SECRET);
        Path file = Files.writeString(folder.resolve("ringdown.yaml"), filled);
        return PeopleReport.of(Settings.read(file, Map.of(), RingdownSettings.class));
    }
}
