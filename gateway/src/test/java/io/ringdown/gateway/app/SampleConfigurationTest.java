package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.conf.Settings;
import io.ringdown.conf.SettingsException;
import io.ringdown.gateway.signaling.WebSettings;
import io.ringdown.sip.RegisterSettings;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample in {@code conf/ringdown.yaml} is true: it binds, it names every key, and what it calls a default is one. */
final class SampleConfigurationTest {
    private static final Path SAMPLE = Path.of("..", "conf", "ringdown.yaml");

    @TempDir
    Path folder;

    @Test
    void theSampleBindsAsItStandsAndNeedsFiveChangesOnly() throws Exception {
        RingdownSettings settings = Settings.read(SAMPLE, Map.of(), RingdownSettings.class);
        RingdownSettings defaults = RingdownSettings.defaults();
        assertThat(settings.web()).isEqualTo(defaults.web());
        assertThat(settings.calls()).isEqualTo(defaults.calls());
        assertThat(settings.sip()).isEqualTo(defaults.sip());
        assertThat(settings.media()).isEqualTo(defaults.media());
        assertThat(settings.tokens()).isEqualTo(defaults.tokens());
        assertThat(settings.journal()).isEqualTo(defaults.journal());
        assertThat(settings.trunks()).containsOnlyKeys("carrier");
        assertThat(Files.readString(SAMPLE).split("# <== [1-5]\\. ", -1)).hasSize(6);
    }

    @Test
    void everyKnobBindsAndStandsAtItsDefault() throws Exception {
        // Certificate files go with tls: files only, and a CA with client certificates.
        RingdownSettings settings = read(uncommented()
                .replace("tls: off", "tls: files")
                .replace("client-certificate: none", "client-certificate: require"));
        RingdownSettings defaults = RingdownSettings.defaults();
        assertThat(settings.web().tls()).isEqualTo(WebSettings.Tls.FILES);
        assertThat(settings.web().limits()).isEqualTo(defaults.web().limits());
        assertThat(settings.web().socketsPerAddress()).isEqualTo(defaults.web().socketsPerAddress());
        assertThat(settings.calls()).isEqualTo(defaults.calls());
        assertThat(settings.sip())
                .usingRecursiveComparison()
                .ignoringFields("listen", "dns", "trace.hep", "trace.hepPassword")
                .isEqualTo(defaults.sip());
        assertThat(settings.media())
                .usingRecursiveComparison()
                .ignoringFields("web.listen", "web.advertise", "web.discover")
                .isEqualTo(defaults.media());
        TrunkEntry trunk = Objects.requireNonNull(settings.trunks().get("carrier"));
        TrunkEntry usual = TrunkEntry.defaults();
        assertThat(trunk.media().codecs()).isEqualTo(usual.media().codecs());
        assertThat(trunk.media().browsersSpeak()).isEqualTo(usual.media().browsersSpeak());
        assertThat(trunk.sip().silentAfter()).isEqualTo(usual.sip().silentAfter());
        assertThat(trunk.sip().noAnswerAfter()).isEqualTo(usual.sip().noAnswerAfter());
        assertThat(trunk.sip().reliableProvisional()).isEqualTo(usual.sip().reliableProvisional());
        assertThat(trunk.sip().assertedIdentity()).isEqualTo(usual.sip().assertedIdentity());
        assertThat(trunk.sip().health()).isEqualTo(usual.sip().health());
        assertThat(trunk.sip().register().orElseThrow().expires())
                .isEqualTo(RegisterSettings.defaults().expires());
        assertThat(trunk.sip().fromUser()).hasValue("+15550100");
    }

    @Test
    void everyKeyThatThereIsStandsInTheSample() throws IOException {
        String sample = uncommented();
        List<String> keys = new ArrayList<>();
        collect(RingdownSettings.class, keys);
        assertThat(keys)
                .hasSizeGreaterThan(50)
                .allSatisfy(key -> assertThat(sample).containsPattern("(?m)(^ *(- )?|[{ ])" + key + ":"));
    }

    private static void collect(Type type, List<String> keys) {
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                collect(argument, keys);
            }
        } else if (type instanceof Class<?> plain && plain.isRecord() && !isOneText(plain)) {
            for (RecordComponent component : plain.getRecordComponents()) {
                keys.add(component
                        .getName()
                        .replaceAll("([a-z])([A-Z])", "$1-$2")
                        .toLowerCase(Locale.ROOT));
                collect(component.getGenericType(), keys);
            }
        }
    }

    private static boolean isOneText(Class<?> type) {
        try {
            return type.getMethod("parse", String.class).getReturnType() == type;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** With each knob turned on: a line "#key: value" without its "#". */
    private static String uncommented() throws IOException {
        return Files.readString(SAMPLE).replaceAll("(?m)^( *)#((?:- )?[a-z-]+:)", "$1$2");
    }

    private RingdownSettings read(String yaml) throws SettingsException, IOException {
        Path file = Files.writeString(folder.resolve("ringdown.yaml"), yaml);
        return Settings.read(file, Map.of(), RingdownSettings.class);
    }
}
