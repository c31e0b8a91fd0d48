package io.gantry.driver.libvirt.topology;

import io.gantry.error.InvalidRequest;
import io.gantry.topology.PciDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which of its PCI devices a host gives away: what Nova calls {@code device_spec}. Immutable. */
public final class PciDeviceSpec {
    /** No device is given away. */
    public static final PciDeviceSpec NONE = new PciDeviceSpec(List.of());

    private static final Pattern KIND = Pattern.compile("[0-9a-f]{4}:[0-9a-f]{4}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{4,8}:[0-9a-f]{2}:([0-9a-f]{2}|\\*)\\.([0-7]|\\*)");

    private final List<Pattern> wanted;

    private PciDeviceSpec(List<Pattern> wanted) {
        this.wanted = List.copyOf(wanted);
    }

    /**
     * {@return what a text says}
     *
     * @param field the text's name in errors
     * @param text kinds such as {@code 8086:1572} and addresses such as {@code 0000:81:00.0}, with {@code *} in place of any
     *     slot or function, separated by commas
     * @throws InvalidRequest if it says something else
     */
    public static PciDeviceSpec parse(String field, String text) {
        List<Pattern> wanted = new ArrayList<>();
        for (String part : text.toLowerCase(Locale.ROOT).split(",", -1)) {
            String entry = part.strip();
            if (!KIND.matcher(entry).matches() && !ADDRESS.matcher(entry).matches()) {
                throw new InvalidRequest(
                        field,
                        text,
                        "has '" + entry + "', which is neither a kind nor an address of PCI devices",
                        "Name kinds as vendor:product, such as 8086:1572, and addresses such as 0000:81:00.0 or"
                                + " 0000:81:02.*, separated by commas");
            }
            wanted.add(Pattern.compile(entry.replace(".", "\\.").replace("*", "[0-9a-f]+")));
        }
        return new PciDeviceSpec(wanted);
    }

    /** {@return whether no device is given away} */
    public boolean isEmpty() {
        return wanted.isEmpty();
    }

    boolean offers(PciDevice device) {
        String kind = device.vendor() + ":" + device.product();
        return wanted.stream()
                .anyMatch(one -> one.matcher(kind).matches()
                        || one.matcher(device.address()).matches());
    }
}
