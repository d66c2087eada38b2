package io.ringdown.media.sdp;

import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Descriptions as others write them. Chromium's and Firefox's were recorded, Safari's and the trunks' written after their form. */
final class SdpFixtures {
    static final List<String> OF_BROWSERS = List.of(
            "chromium-156-audio",
            "chromium-156-audio-video-data",
            "chromium-156-recvonly",
            "firefox-153-audio",
            "firefox-153-audio-video-data",
            "firefox-153-recvonly",
            "safari-macos-audio",
            "safari-ios-audio");
    static final List<String> OF_TRUNKS = List.of(
            "trunk-plain",
            "trunk-no-rtpmap",
            "trunk-media-level",
            "trunk-ip6",
            "trunk-audio-video-fax",
            "trunk-fax-only",
            "trunk-hold-old",
            "torture");

    private SdpFixtures() {}

    static List<String> all() {
        return java.util.stream.Stream.concat(OF_BROWSERS.stream(), OF_TRUNKS.stream())
                .toList();
    }

    static String read(String name) {
        try (InputStream in = SdpFixtures.class.getResourceAsStream("/sdp/" + name + ".sdp")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
            return text.replace("\r\n", "\n").replace("\n", "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static WebParty web(AudioCodec... codecs) {
        return new WebParty(
                WebCodecs.one(List.of(codecs)),
                4_711,
                Fingerprint.of(Fingerprint.Hash.SHA_256, new byte[] {1, 2, 3}),
                List.of(
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 10_000),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 10_000)),
                0xfedcba98,
                "someone");
    }

    static WebParty changing(WebCodecs codecs) {
        WebParty party = web(codecs.preference().toArray(AudioCodec[]::new));
        return new WebParty(
                codecs, party.sessionId(), party.fingerprint(), party.candidates(), party.ssrc(), party.cname());
    }

    static WebNegotiation webNegotiation(AudioCodec... codecs) {
        return new WebNegotiation(web(codecs), SdpLimits.defaults());
    }

    static IceParameters ice(String ufrag) {
        return new IceParameters(ufrag, "abcdefghijklmnopqrstuvwx");
    }

    static TrunkNegotiation trunkNegotiation(AudioCodec... codecs) {
        return new TrunkNegotiation(
                new TrunkParty(InetAddress.ofLiteral("192.0.2.9"), 20_000, 20_001, List.of(codecs), 99),
                SdpLimits.defaults());
    }
}
