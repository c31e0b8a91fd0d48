package io.gantry.driver.libvirt.xml;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes one XML document. Every value goes through the platform's writer; what XML cannot hold at all, such as control
 * characters, becomes U+FFFD. Not safe for use by several threads.
 */
public final class XmlText {
    private static final int REPLACEMENT = 0xFFFD;

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter writer;

    private XmlText() {
        try {
            writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("the platform's XML writer does not work", e);
        }
    }

    /** What goes into an element. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes attributes, then child elements or text.
         *
         * @param xml the document
         */
        void writeTo(XmlText xml);
    }

    /**
     * {@return a document}
     *
     * @param root name of its root element
     * @param content what goes into that
     */
    public static String document(String root, Content content) {
        XmlText xml = new XmlText();
        xml.element(root, content);
        return xml.text.toString();
    }

    /**
     * Writes an element.
     *
     * @param name its name
     * @param content what goes into it
     * @return this
     */
    public XmlText element(String name, Content content) {
        write(() -> writer.writeStartElement(name));
        content.writeTo(this);
        write(writer::writeEndElement);
        return this;
    }

    /**
     * Writes an element that declares its namespace.
     *
     * @param prefix the namespace's prefix
     * @param namespace the namespace
     * @param name its local name
     * @param content what goes into it
     * @return this
     */
    public XmlText element(String prefix, String namespace, String name, Content content) {
        write(() -> {
            writer.writeStartElement(prefix, name, namespace);
            writer.writeNamespace(prefix, namespace);
        });
        content.writeTo(this);
        write(writer::writeEndElement);
        return this;
    }

    /**
     * Writes an element of a namespace that an outer element has declared.
     *
     * @param prefix the namespace's prefix
     * @param namespace the namespace
     * @param name its local name
     * @param value its text
     * @return this
     */
    public XmlText element(String prefix, String namespace, String name, String value) {
        write(() -> {
            writer.writeStartElement(prefix, name, namespace);
            writer.writeCharacters(clean(value));
            writer.writeEndElement();
        });
        return this;
    }

    /**
     * Writes an element with text.
     *
     * @param name its name
     * @param value its text
     * @return this
     */
    public XmlText element(String name, String value) {
        return element(name, xml -> xml.text(value));
    }

    /**
     * Writes an empty element.
     *
     * @param name its name
     * @return this
     */
    public XmlText element(String name) {
        write(() -> writer.writeEmptyElement(name));
        return this;
    }

    /**
     * Writes an attribute of the element that was begun last.
     *
     * @param name its name
     * @param value its value
     * @return this
     */
    public XmlText attribute(String name, String value) {
        write(() -> writer.writeAttribute(name, clean(value)));
        return this;
    }

    /**
     * Writes text.
     *
     * @param value the text
     * @return this
     */
    public XmlText text(String value) {
        write(() -> writer.writeCharacters(clean(value)));
        return this;
    }

    /**
     * {@return a value as it can be in a document}
     *
     * @param value the value
     */
    public static String clean(String value) {
        StringBuilder clean = new StringBuilder(value.length());
        value.codePoints().forEach(c -> clean.appendCodePoint(isXml(c) ? c : REPLACEMENT));
        return clean.toString();
    }

    private static boolean isXml(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || (c >= 0x10000 && c <= 0x10FFFF);
    }

    private interface Step {
        void run() throws XMLStreamException;
    }

    private static void write(Step step) {
        try {
            step.run();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("XML cannot be written in this order", e);
        }
    }
}
