package io.gantry.unit;

import io.gantry.error.InvalidRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of IP addresses of version 4 or 6, such as {@code 10.1.2.0/24}. Immutable; names are never resolved. */
public final class IpNetwork {
    private static final Pattern V4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final int DEFAULT_V4 = 24;
    private static final int DEFAULT_V6 = 64;

    private final byte[] address;
    private final int prefix;

    private IpNetwork(byte[] address, int prefix) {
        this.address = address;
        this.prefix = prefix;
    }

    /**
     * {@return the network of an address}
     *
     * @param field what to name in an error
     * @param text an address, alone or with a prefix length, as {@code 10.1.2.3/16}; without one, addresses of version 4 have
     *     24, and those of version 6 have 64
     * @throws InvalidRequest if it has another form
     */
    public static IpNetwork parse(String field, String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        byte[] address = bytes(literal)
                .orElseThrow(() -> new InvalidRequest(
                        field, text, "has no IP address", "Give an address such as '10.1.2.3' or '2001:db8::1'"));
        int bits = address.length * Byte.SIZE;
        if (slash < 0) {
            return new IpNetwork(address, address.length == 4 ? DEFAULT_V4 : DEFAULT_V6);
        }
        String length = text.substring(slash + 1);
        if (!PREFIX.matcher(length).matches() || Integer.parseInt(length) > bits) {
            throw new InvalidRequest(
                    field,
                    text,
                    "has no prefix length from 0 to " + bits,
                    "Give one, as in '10.1.2.3/24', or leave it out with the slash");
        }
        return new IpNetwork(address, Integer.parseInt(length));
    }

    /**
     * {@return whether a text is an IP address, not a name}
     *
     * @param text such as {@code 10.1.2.3} or {@code 2001:db8::1}
     */
    public static boolean isAddress(String text) {
        return bytes(text).isPresent();
    }

    /**
     * {@return whether an address is in the network; false if it is of the other version, or no address}
     *
     * @param text the address
     */
    public boolean contains(String text) {
        byte[] other = bytes(text).orElse(new byte[0]);
        if (other.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((other[bit / Byte.SIZE] ^ address[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<byte[]> bytes(String text) {
        if (!V4.matcher(text).matches()
                && !(text.indexOf(':') >= 0 && V6.matcher(text).matches())) {
            return Optional.empty();
        }
        try {
            // No text of these forms is looked up as a name.
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** {@return the address and the prefix length, such as {@code 10.1.2.3/24}} */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(address).getHostAddress() + "/" + prefix;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpNetwork that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
