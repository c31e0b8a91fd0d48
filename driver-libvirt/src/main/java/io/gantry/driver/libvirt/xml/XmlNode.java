package io.gantry.driver.libvirt.xml;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** An element of a parsed document, to be read and changed. Documents with a DTD are refused, and nothing outside the text is read. */
public final class XmlNode {
    private final Element element;

    private XmlNode(Element element) {
        this.element = element;
    }

    /**
     * {@return the root element of a document}
     *
     * @param text the document
     * @throws IllegalArgumentException if it is not well-formed or has a DTD
     */
    public static XmlNode parse(String text) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setNamespaceAware(true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // the default one prints to stderr
            return new XmlNode(
                    builder.parse(new InputSource(new StringReader(text))).getDocumentElement());
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("the platform's XML parser does not work", e);
        } catch (SAXException e) {
            throw new IllegalArgumentException("not a well-formed XML document: " + e.getMessage(), e);
        }
    }

    /** {@return the element's local name} */
    public String name() {
        return element.getLocalName();
    }

    /**
     * {@return the child elements with a name, in order}
     *
     * @param name a local name
     */
    public List<XmlNode> children(String name) {
        List<XmlNode> found = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && name.equals(child.getLocalName())) {
                found.add(new XmlNode(child));
            }
        }
        return found;
    }

    /**
     * {@return the first descendant along a path; empty if there is none}
     *
     * @param path local names from child to grandchild, separated by {@code /}
     */
    public Optional<XmlNode> find(String path) {
        XmlNode at = this;
        for (String name : path.split("/", -1)) {
            List<XmlNode> next = at.children(name);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get(0);
        }
        return Optional.of(at);
    }

    /**
     * {@return all descendants with a name, in document order}
     *
     * @param name a local name
     */
    public List<XmlNode> descendants(String name) {
        List<XmlNode> found = new ArrayList<>();
        var nodes = element.getElementsByTagNameNS("*", name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add(new XmlNode((Element) nodes.item(i)));
        }
        return found;
    }

    /**
     * {@return an attribute's value; empty if the element has none}
     *
     * @param name the attribute's name
     */
    public Optional<String> attribute(String name) {
        return element.hasAttribute(name) ? Optional.of(element.getAttribute(name)) : Optional.empty();
    }

    /** {@return whether it has neither attributes nor child elements} */
    public boolean isEmpty() {
        return !element.hasAttributes() && element.getElementsByTagName("*").getLength() == 0;
    }

    /** {@return the text in the element} */
    public String text() {
        return element.getTextContent();
    }

    /**
     * Replaces the element's content by text.
     *
     * @param text the text
     */
    public void setText(String text) {
        element.setTextContent(text);
    }

    /**
     * Sets an attribute.
     *
     * @param name the attribute's name
     * @param value its value
     */
    public void setAttribute(String name, String value) {
        element.setAttribute(name, value);
    }

    /**
     * Removes an attribute, if it is there.
     *
     * @param name the attribute's name
     */
    public void removeAttribute(String name) {
        element.removeAttribute(name);
    }

    /** Removes the element from its document. */
    public void remove() {
        element.getParentNode().removeChild(element);
    }

    /**
     * Adds a copy of another document's element behind the last child.
     *
     * @param child the other element
     */
    public void append(XmlNode child) {
        element.appendChild(copy(child));
    }

    /**
     * Puts a copy of another document's element in front of this one.
     *
     * @param sibling the other element
     */
    public void precede(XmlNode sibling) {
        element.getParentNode().insertBefore(copy(sibling), element);
    }

    private Node copy(XmlNode other) {
        return element.getOwnerDocument().importNode(other.element, true);
    }

    /** {@return the element as a document of its own} */
    public String toXml() {
        try {
            TransformerFactory factory = TransformerFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            Transformer transformer = factory.newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(element), new StreamResult(text));
            return text.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException("the platform's XML writer does not work", e);
        }
    }
}
