package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.error.InvalidRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host's address of a PCI device.
 *
 * @param domain hexadecimal digits, as all of them
 * @param bus two digits
 * @param slot two digits
 * @param function one digit
 */
record PciAddress(String domain, String bus, String slot, String function) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{4,8}):([0-9a-f]{2}):([0-9a-f]{2})\\.([0-7])");

    /** @throws InvalidRequest if it has another form */
    static PciAddress parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new InvalidRequest(
                    "layout.devices", text, "is no address of a PCI device", "Send it as in 0000:81:00.0.");
        }
        return new PciAddress(parts.group(1), parts.group(2), parts.group(3), parts.group(4));
    }

    /** {@return the address in an element as libvirt writes it} */
    static PciAddress of(XmlNode address) {
        return new PciAddress(
                part(address, "domain", 4),
                part(address, "bus", 2),
                part(address, "slot", 2),
                part(address, "function", 1));
    }

    private static String part(XmlNode address, String name, int digits) {
        String value = address.attribute(name).orElse("0").replaceFirst("^0[xX]0*", "");
        return "0".repeat(Math.max(0, digits - value.length())) + value;
    }

    void writeTo(XmlText address) {
        address.attribute("domain", "0x" + domain)
                .attribute("bus", "0x" + bus)
                .attribute("slot", "0x" + slot)
                .attribute("function", "0x" + function);
    }

    @Override
    public String toString() {
        return domain + ":" + bus + ":" + slot + "." + function;
    }
}
