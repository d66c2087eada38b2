package io.ringdown.sip;

import java.net.InetAddress;

/**
 * A range of addresses: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address.
 *
 * @param base an address of the range
 * @param prefixLength how many leading bits count
 */
public record Cidr(InetAddress base, int prefixLength) {

    public Cidr {
        int most = base.getAddress().length * 8;
        if (prefixLength < 0 || prefixLength > most) {
            throw new IllegalArgumentException("/" + prefixLength + " is not a prefix length; 0 to " + most);
        }
    }

    /** Reads the written form, addresses only, no names; else IllegalArgumentException. */
    public static Cidr parse(String text) {
        String t = text.strip();
        int slash = t.indexOf('/');
        InetAddress base = InetAddress.ofLiteral(slash < 0 ? t : t.substring(0, slash));
        if (slash < 0) {
            return of(base);
        }
        try {
            return new Cidr(base, Integer.parseInt(t.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a network; write for example 192.0.2.0/24", e);
        }
    }

    /** The range of one address. */
    public static Cidr of(InetAddress address) {
        return new Cidr(address, address.getAddress().length * 8);
    }

    /** Whether the address is in the range; never across IPv4 and IPv6. */
    public boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        int whole = prefixLength / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != other[i]) {
                return false;
            }
        }
        int rest = prefixLength % 8;
        return rest == 0 || ((mine[whole] ^ other[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefixLength;
    }
}
