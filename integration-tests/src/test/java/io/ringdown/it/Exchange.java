package io.ringdown.it;

/**
 * What most tests start from: a gateway with one trunk, {@code carrier}, whose other end is played by SIPp on
 * {@code carrierPort}, and a server for the tests' pages. A test that takes one as a parameter shares it with the others of
 * its class.
 */
record Exchange(PageServer pages, Gateway gateway, GatewayConfig config, int carrierPort) {

    /** A number that the trunk takes. */
    static final String NUMBER = "+493055501234";

    /** What the telephone sends; the browser's microphone gives another frequency. */
    static final int TELEPHONE_HZ = 1000;

    static Exchange start(Trial trial) {
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig().trunk("carrier", carrier(carrierPort));
        return start(trial, config, carrierPort);
    }

    static Exchange start(Trial trial, GatewayConfig config, int carrierPort) {
        PageServer pages = trial.keep(new PageServer(0));
        return new Exchange(pages, Gateway.start(trial, config.origin(pages.origin())), config, carrierPort);
    }

    /** The lines of a trunk at 127.0.0.1 that takes every number. */
    static String carrier(int port) {
        return """
            sip:
              address: 127.0.0.1:%d
            media:
              listen: 127.0.0.1
            prefixes: ['+']
            """.formatted(port);
    }

    /** A page that speaks the protocol by hand, signed in for these numbers. */
    RawClient phone(Trial trial, Browser browser, String... numbers) {
        return RawClient.connect(trial, browser, pages, gateway, numbers);
    }

    /** The carrier runs this scenario, with its sound at this far end. */
    Sipp.Run carrier(String scenario, G711 codec, FarEnd far) {
        return carrier(scenario, codec.payloadType(), codec.name(), far);
    }

    /** The same with a codec that is not G.711. */
    Sipp.Run carrier(String scenario, int payloadType, String codec, FarEnd far) {
        return Sipp.Run.of(scenario, carrierPort)
                .key("pt", payloadType)
                .key("codec", codec)
                .key("rtp_ip", far.address())
                .key("rtp_port", far.port());
    }

    /** The carrier calls this number, with its sound at this far end, and talks for so long. */
    Sipp.Run caller(String scenario, String number, G711 codec, FarEnd far, int talkMillis) {
        return carrier(scenario, codec, far)
                .key("te", 101)
                .with("-s", number, "-d", Integer.toString(talkMillis), "127.0.0.1:" + config.sipPort());
    }
}
