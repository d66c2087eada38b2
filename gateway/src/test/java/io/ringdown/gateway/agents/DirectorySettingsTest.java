package io.ringdown.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.tokens.Secret;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a directory may be asked by, and what is told of what may not be. */
class DirectorySettingsTest {
    private static final DirectorySettings USUAL = DirectorySettings.defaults();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://crm.example.com/users",
                "https://crm.example.com:8443/users?of=us",
                "http://localhost:8080/",
                "http://127.0.0.1/users",
                "http://[::1]:1/users"
            })
    void whatCanBeAskedMayBe(String url) {
        assertThat(with(url, "Bearer 0123456789").url()).hasValue(URI.create(url));
    }

    @ParameterizedTest
    @CsvSource({
        "http://crm.example.com/users, could be answered by anybody",
        "ftp://localhost/users, could be answered by anybody",
        "https:///users, could be answered by anybody",
        "https://crm_1/users, could be answered by anybody",
        "https://crm.example.com:65536/users, url: 65536 is no port; write 1 to 65535",
        "https://crm.example.com:0/users, url: 0 is no port; write 1 to 65535",
        "https://me:mine@crm.example.com/users, url: what stands before the @ is not sent",
        "https://crm.example.com/#/users, url: #/users is not sent",
    })
    void whatCannotBeAskedIsRefusedAtTheStart(String url, String why) {
        assertThatThrownBy(() -> with(url, "Bearer 0123456789"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer 0123456789\n",
                "Bearer 0123456789\r\nX-Else: 1",
                "Bearer 0123\u0000456789",
                "Bearer 0123456789 ",
                "Bearer 0123456789\u20ac"
            })
    void whatNoHeaderCarriesIsRefusedAtTheStartAndNotShown(String authorization) {
        assertThatThrownBy(() -> with("https://crm.example.com/users", authorization))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("authorization: has a line end")
                .hasMessageContaining("write one line")
                .hasMessageNotContaining("0123");
    }

    private static DirectorySettings with(String url, String authorization) {
        return new DirectorySettings(
                Optional.of(URI.create(url)),
                Optional.of(Secret.parse(authorization)),
                USUAL.timeout(),
                USUAL.keep(),
                USUAL.keepMissing(),
                USUAL.keepFailing());
    }
}
