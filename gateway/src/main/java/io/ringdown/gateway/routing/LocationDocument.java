package io.ringdown.gateway.routing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Where callers are, as PIDF-LO (RFC 4119, with civic addresses of RFC 5139 or the shapes of RFC 5491): checked for its form, and
 * sent as it is. Immutable.
 *
 * @param xml the whole document
 */
public record LocationDocument(String xml) {
    /** The largest that is read, in bytes: an INVITE has to have room for it. */
    static final int MOST_BYTES = 8 * 1024;

    private static final String PIDF = "urn:ietf:params:xml:ns:pidf";
    private static final String GEOPRIV = "urn:ietf:params:xml:ns:pidf:geopriv10";
    private static final String CIVIC = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr";
    private static final String GML = "http://www.opengis.net/gml";
    private static final String SHAPES = "http://www.opengis.net/pidflo/1.0";

    /** Reads and checks one. Nothing outside of the file is looked at, whatever stands in it. */
    public static LocationDocument read(Path file) throws LocationException {
        byte[] bytes;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new LocationException(
                        file + ": is larger than " + MOST_BYTES + " bytes; leave out what is no location");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw new LocationException(file + ": does not exist; create it, or name another file");
        } catch (AccessDeniedException denied) {
            throw new LocationException(file + ": may not be read; let the user of this process read it");
        } catch (IOException unreadable) {
            throw new LocationException(file + ": cannot be read: " + unreadable.getMessage());
        }
        return checked(file, bytes);
    }

    private static LocationDocument checked(Path file, byte[] bytes) throws LocationException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException other) {
            throw new LocationException(file + ": is not in UTF-8; save it so");
        }
        try {
            SAXParserFactory factory = SAXParserFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            // Without a DTD there is no entity, so nothing that could be fetched or could grow.
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            InputSource source = new InputSource(new ByteArrayInputStream(bytes));
            source.setEncoding(StandardCharsets.UTF_8.name());
            factory.newSAXParser().parse(source, new Form());
        } catch (SAXParseException wrong) {
            throw new LocationException(file + ", line " + wrong.getLineNumber() + ": " + wrong.getMessage());
        } catch (SAXException | ParserConfigurationException | IOException wrong) {
            throw new LocationException(file + ": cannot be read: " + wrong.getMessage());
        }
        return new LocationDocument(text);
    }

    @Override
    public String toString() {
        return "LocationDocument[" + xml.length() + " characters]";
    }

    /** What makes XML a PIDF-LO: presence of somebody, with a location and the rules of its use (RFC 4119 2.2). */
    private static final class Form extends DefaultHandler {
        private @Nullable Locator locator;
        private int depth;
        private int locationDepth;
        private boolean locationSeen;
        private boolean rulesSeen;

        @Override
        public void setDocumentLocator(Locator where) {
            locator = where;
        }

        @Override
        public void startElement(String namespace, String name, String written, Attributes attributes)
                throws SAXParseException {
            depth++;
            if (depth == 1) {
                requireRoot(namespace, name, attributes);
            } else if (locationDepth > 0 && depth == locationDepth + 1) {
                requirePlace(namespace, name);
            } else if (namespace.equals(GEOPRIV) && name.equals("location-info")) {
                locationDepth = depth;
            } else if (namespace.equals(GEOPRIV) && name.equals("usage-rules")) {
                rulesSeen = true;
            }
        }

        @Override
        public void endElement(String namespace, String name, String written) throws SAXParseException {
            if (depth == 1) {
                requireWhole();
            }
            locationDepth = depth == locationDepth ? 0 : locationDepth;
            depth--;
        }

        // A mistake in the form of the XML itself.
        @Override
        public void fatalError(SAXParseException wrong) throws SAXParseException {
            throw wrong;
        }

        private void requireRoot(String namespace, String name, Attributes attributes) throws SAXParseException {
            if (!namespace.equals(PIDF) || !name.equals("presence")) {
                throw wrong("begins with <" + name + ">; a PIDF-LO begins with <presence xmlns=\"" + PIDF + "\">");
            }
            String entity = attributes.getValue("entity");
            if (entity == null || entity.isBlank()) {
                throw wrong("<presence> has no entity; write a URI of whom it is about, such as pres:hq@example.com");
            }
        }

        private void requirePlace(String namespace, String name) throws SAXParseException {
            boolean civic = namespace.equals(CIVIC) && name.equals("civicAddress");
            if (!civic && !namespace.equals(GML) && !namespace.equals(SHAPES)) {
                throw wrong(
                        "<location-info> has <" + name + "> of " + (namespace.isEmpty() ? "no namespace" : namespace)
                                + "; civicAddress of " + CIVIC + ", or a shape of " + GML + " or " + SHAPES
                                + ", is what an emergency service reads");
            }
            locationSeen = true;
        }

        private void requireWhole() throws SAXParseException {
            if (!locationSeen) {
                throw wrong(
                        "there is no place in it; put a civicAddress or a shape into <location-info> of " + GEOPRIV);
            }
            if (!rulesSeen) {
                throw wrong("<usage-rules> of " + GEOPRIV + " is missing (RFC 4119 2.2); an empty one will do");
            }
        }

        private SAXParseException wrong(String what) {
            return new SAXParseException(what, locator);
        }
    }
}
