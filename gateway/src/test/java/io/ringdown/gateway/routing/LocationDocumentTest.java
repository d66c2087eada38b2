package io.ringdown.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4119, 5139, 5491; and that nobody's document makes the gateway read anything else. */
final class LocationDocumentTest {
    private static final String CIVIC = """
            <?xml version="1.0" encoding="UTF-8"?>
            <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10"
                xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" entity="pres:hq@example.com">
              <tuple id="hq"><status><gp:geopriv>
                <gp:location-info>
                  <ca:civicAddress><ca:country>DE</ca:country><ca:RD>Beispielstraße</ca:RD></ca:civicAddress>
                </gp:location-info>
                <gp:usage-rules/>
              </gp:geopriv></status></tuple>
            </presence>
            """;
    private static final String CIRCLE = """
            <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
                xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:gml="http://www.opengis.net/gml"
                xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:hq@example.com">
              <dm:device id="d"><gp:geopriv><gp:location-info>
                <gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>52.5 13.4</gml:pos></gs:Circle>
              </gp:location-info><gp:usage-rules/></gp:geopriv></dm:device>
            </presence>
            """;

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("hq.xml"), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {CIVIC, CIRCLE})
    void documentIsTakenAsItStands(String text) throws Exception {
        assertThat(LocationDocument.read(file(text))).isEqualTo(new LocationDocument(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what of the document | becomes | the line | and is told
                "</status>|</state>|9|status",
                "<presence|<!DOCTYPE presence><presence|2|DOCTYPE",
                "Beispielstraße|&hq;|6|hq",
                "entity=\"pres:hq@example.com\"|entity=\" \"|3|<presence> has no entity",
                "urn:ietf:params:xml:ns:pidf\"|urn:x\"|3|begins with <presence>; a PIDF-LO begins with",
                "civicAddress>|Address>|6|<location-info> has <Address> of urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr",
                "ca:civicAddress>|x:civicAddress>|6|x",
                "<gp:usage-rules/>|<usage-rules/>|10|<usage-rules> of urn:ietf:params:xml:ns:pidf:geopriv10 is missing",
            })
    void mistakeIsToldWithItsLine(String of, String becomes, int line, String told) throws IOException {
        Path file = file(CIVIC.replace(of, becomes));
        assertThatThrownBy(() -> LocationDocument.read(file))
                .isInstanceOf(LocationException.class)
                .hasMessageStartingWith(file + ", line ")
                .hasMessageContaining(told)
                .satisfies(error -> assertThat(lineOf(error)).isEqualTo(line));
    }

    private static int lineOf(Throwable error) {
        Matcher line = Pattern.compile(", line ([0-9]+): ").matcher(String.valueOf(error.getMessage()));
        assertThat(line.find()).isTrue();
        return Integer.parseInt(line.group(1));
    }

    @Test
    void placeMustBeInIt() throws IOException {
        Path none = file(CIVIC.replaceAll("(?s)<gp:location-info>.*</gp:location-info>", "<gp:location-info/>"));
        assertThatThrownBy(() -> LocationDocument.read(none)).hasMessageContaining("there is no place in it");
    }

    @Test
    void nothingElseIsReadForADocumentAndNothingGrowsFromIt() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "Secretstreet");
        for (String dtd : new String[] {
            "<!DOCTYPE presence [<!ENTITY hq SYSTEM \"" + secret.toUri() + "\">]>",
            "<!DOCTYPE presence SYSTEM \"" + secret.toUri() + "\">",
            "<!DOCTYPE presence [<!ENTITY % a SYSTEM \"" + secret.toUri() + "\"> %a;]>",
            "<!DOCTYPE presence [<!ENTITY a \"aaaa\"><!ENTITY hq \"&a;&a;&a;\">]>"
        }) {
            Path file = file(CIVIC.replace("<presence", dtd + "<presence").replace("Beispielstraße", "&hq;"));
            assertThatThrownBy(() -> LocationDocument.read(file))
                    .as(dtd)
                    .hasMessageContainingAll("line 2", "DOCTYPE")
                    .hasMessageNotContaining("Secretstreet");
        }
    }

    @Test
    void fileThatIsNoneIsTold() throws IOException {
        Path gone = folder.resolve("gone.xml");
        assertThatThrownBy(() -> LocationDocument.read(gone))
                .hasMessage(gone + ": does not exist; create it, or name another file");
        Path large = file(CIVIC.replace("DE", " ".repeat(LocationDocument.MOST_BYTES)));
        assertThatThrownBy(() -> LocationDocument.read(large)).hasMessageContaining("is larger than 8192 bytes");
        Path latin = Files.write(folder.resolve("latin.xml"), CIVIC.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> LocationDocument.read(latin)).hasMessageContaining("is not in UTF-8");
        assertThatThrownBy(() -> LocationDocument.read(file(""))).hasMessageContaining("hq.xml, line ");
    }
}
