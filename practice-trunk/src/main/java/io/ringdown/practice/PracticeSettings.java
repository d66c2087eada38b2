package io.ringdown.practice;

import io.ringdown.media.PortRange;
import io.ringdown.sip.Cidr;
import io.ringdown.sip.HostPort;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What the command line says.
 *
 * @param sipListen our SIP address and port, over UDP
 * @param gateway where "ring me" calls go; calls from its address are taken
 * @param allow further networks that calls are taken from
 * @param rtpPorts our RTP and RTCP ports, two for each call
 * @param maxCalls how many calls at once
 */
record PracticeSettings(HostPort sipListen, HostPort gateway, List<Cidr> allow, PortRange rtpPorts, int maxCalls) {

    static final String USAGE = """
            usage: practice-trunk --sip-listen ADDRESS:PORT --gateway HOST:PORT
                                  [--allow NETWORK]... [--rtp-ports FIRST-LAST] [--max-calls N]
            Plays a telephone network for the gateway until its standard input closes.""";

    /** Reads arguments; IllegalArgumentException with one line that says what is wrong. */
    static PracticeSettings parse(String... arguments) {
        HostPort sipListen = HostPort.parse("127.0.0.1:5070");
        HostPort gateway = HostPort.parse("127.0.0.1:5060");
        List<Cidr> allow = new ArrayList<>();
        PortRange rtpPorts = new PortRange(50_000, 50_999);
        int maxCalls = 250;
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        while (!left.isEmpty()) {
            String option = left.remove();
            switch (option) {
                case "--sip-listen" -> sipListen = HostPort.parse(value(option, left));
                case "--gateway" -> gateway = HostPort.parse(value(option, left));
                case "--allow" -> allow.add(Cidr.parse(value(option, left)));
                case "--rtp-ports" -> rtpPorts = PortRange.parse(value(option, left));
                case "--max-calls" -> maxCalls = number(option, value(option, left));
                default -> throw new IllegalArgumentException(option + " is not known");
            }
        }
        if (maxCalls < 1 || maxCalls > 10_000) {
            throw new IllegalArgumentException("--max-calls is " + maxCalls + "; 1 to 10000");
        }
        if (rtpPorts.first() < 1024 || rtpPorts.size() < 2) {
            throw new IllegalArgumentException("--rtp-ports is " + rtpPorts + "; two ports above 1023 at least");
        }
        return new PracticeSettings(sipListen, gateway, List.copyOf(allow), rtpPorts, maxCalls);
    }

    /** The local address of SIP and RTP. */
    InetAddress address() {
        return InetAddress.ofLiteral(sipListen.host());
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return left.remove();
    }

    private static int number(String option, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " is '" + text + "'; a number", e);
        }
    }
}
