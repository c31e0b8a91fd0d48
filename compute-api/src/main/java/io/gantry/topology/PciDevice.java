package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A PCI device of a host that guests can be given.
 *
 * @param address such as {@code 0000:81:00.0}, lower case
 * @param vendor four hexadecimal digits, lower case, such as {@code 8086}
 * @param product four hexadecimal digits, lower case
 * @param type what it is
 * @param cell the NUMA cell that it is attached to, if the host says so
 * @param physicalFunction of a virtual function, the address of the function that it is part of; a physical function and
 *     its virtual ones are never in use together
 */
public record PciDevice(
        String address,
        String vendor,
        String product,
        PciType type,
        Optional<Integer> cell,
        Optional<String> physicalFunction) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{4}");

    /**
     * Checks the form.
     *
     * @param address see the record
     * @param vendor see the record
     * @param product see the record
     * @param type see the record
     * @param cell see the record
     * @param physicalFunction see the record
     * @throws InvalidRequest if address, vendor or product has another form
     */
    public PciDevice {
        check("pci.address", address, ADDRESS, "0000:81:00.0");
        check("pci.vendor", vendor, ID, "8086");
        check("pci.product", product, ID, "1572");
        physicalFunction.ifPresent(of -> check("pci.physicalFunction", of, ADDRESS, "0000:81:00.0"));
    }

    private static void check(String field, String value, Pattern form, String example) {
        if (!form.matcher(value).matches()) {
            throw new InvalidRequest(field, value, "has another form", "Send it as in " + example + ".");
        }
    }
}
