package io.gantry.driver.libvirt.topology;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.xml.XmlNode;
import java.util.function.ToLongFunction;

/** Reads what a daemon says of its host; each fails with a {@link LibvirtError} that says what is wrong with it. */
final class HostXml {
    private HostXml() {}

    static XmlNode parse(String what, String xml) {
        try {
            return XmlNode.parse(xml);
        } catch (IllegalArgumentException e) {
            LibvirtError error = malformed(what + " are " + e.getMessage());
            error.initCause(e);
            throw error;
        }
    }

    static String attribute(XmlNode node, String name) {
        return node.attribute(name)
                .orElseThrow(() -> malformed("an element " + node.name() + " has no attribute " + name));
    }

    static XmlNode child(XmlNode node, String path) {
        return node.find(path).orElseThrow(() -> malformed("an element " + node.name() + " has no element " + path));
    }

    static int intAttribute(XmlNode node, String name) {
        return (int) number(node, attribute(node, name), Integer::parseInt);
    }

    /** {@return the value of an attribute such as 0x8086, 0 to 0x7fffffff} */
    static int hexAttribute(XmlNode node, String name) {
        String text = attribute(node, name);
        return (int) number(node, text, value -> Integer.parseInt(value.replaceFirst("^0[xX]", ""), 16));
    }

    static int intText(XmlNode node) {
        return (int) number(node, node.text().strip(), Integer::parseInt);
    }

    static long longText(XmlNode node) {
        return number(node, node.text().strip(), Long::parseLong);
    }

    private static long number(XmlNode node, String text, ToLongFunction<String> parse) {
        long number;
        try {
            number = parse.applyAsLong(text);
        } catch (NumberFormatException e) {
            number = -1; // refused as other bad numbers are
        }
        if (number < 0) {
            throw malformed("an element " + node.name() + " has '" + text + "' for a number");
        }
        return number;
    }

    static LibvirtError malformed(String problem) {
        return new LibvirtError(LibvirtError.INTERNAL_ERROR, 0, "the daemon describes its host badly: " + problem);
    }
}
