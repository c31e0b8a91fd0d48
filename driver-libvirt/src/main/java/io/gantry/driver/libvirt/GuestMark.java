package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The mark by which Gantry knows its domains, kept in their metadata.
 *
 * @param name the instance's name
 * @param operation the operation that last made or started the guest
 * @param epoch that operation's epoch
 */
public record GuestMark(String name, OperationId operation, long epoch) {
    /** The namespace of the metadata element. */
    public static final String NAMESPACE = "https://gantry.io/xmlns/libvirt/1";

    /** The namespace's prefix. */
    public static final String PREFIX = "gantry";

    private static final String ELEMENT = "guest";
    private static final String DOMAIN_NAME_PREFIX = "gantry-";

    /**
     * {@return the name of a guest's domain}
     *
     * @param id the guest
     */
    public static String domainName(InstanceId id) {
        return DOMAIN_NAME_PREFIX + id;
    }

    /**
     * {@return whether a domain is named as Gantry names them}
     *
     * @param domain its UUID
     * @param name its name
     */
    static boolean isDomainName(UUID domain, String name) {
        return name.equals(DOMAIN_NAME_PREFIX + domain);
    }

    /**
     * Writes the metadata element.
     *
     * @param xml inside a {@code <metadata>} element
     */
    public void writeTo(XmlText xml) {
        xml.element(PREFIX, NAMESPACE, ELEMENT, this::content);
    }

    private void content(XmlText xml) {
        fields().forEach((field, value) -> xml.element(PREFIX, NAMESPACE, field, value));
    }

    /** {@return the element as libvirt wants it for a change: it adds the namespace by itself} */
    String toPlainXml() {
        return XmlText.document(ELEMENT, xml -> fields().forEach(xml::element));
    }

    private Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("owner", "gantry");
        fields.put("name", name);
        fields.put("operation", operation.toString());
        fields.put("epoch", Long.toString(epoch));
        return fields;
    }

    /**
     * {@return the mark in a metadata element}
     *
     * @param element the element
     * @throws IllegalArgumentException if it is no mark
     */
    static GuestMark parse(String element) {
        XmlNode node = XmlNode.parse(element);
        return new GuestMark(
                text(node, "name"),
                new OperationId(UUID.fromString(text(node, "operation"))),
                Long.parseLong(text(node, "epoch")));
    }

    private static String text(XmlNode node, String name) {
        return node.find(name)
                .map(XmlNode::text)
                .orElseThrow(() -> new IllegalArgumentException("a Gantry mark without " + name));
    }

    /** {@return the mark after a further operation} */
    GuestMark by(CallContext context) {
        return new GuestMark(name, context.operation(), context.epoch());
    }
}
