package io.gantry.driver.libvirt.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {
    @Property(tries = 500)
    void anyTextComesBackAsItWentIn(@ForAll String text) {
        String xml = XmlText.document("a", a -> a.attribute("b", text).element("c", text));
        XmlNode node = XmlNode.parse(xml);
        String expected = text.codePoints()
                .map(c -> isXml(c) ? c : 0xFFFD)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        // A parser turns line ends of text, and white space of attributes, into plain ones unless they are escaped.
        assertEquals(normal(expected), normal(node.find("c").orElseThrow().text()));
        assertEquals(normal(expected), normal(node.attribute("b").orElseThrow()));
        assertEquals(1, node.descendants("c").size());
    }

    private static String normal(String text) {
        return text.replace("\r\n", "\n").replaceAll("[\r\n\t]", " ");
    }

    private static boolean isXml(int c) {
        return c == 9 || c == 10 || c == 13 || (c >= 32 && c < 0xD800) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
    }

    @Test
    void elementsAreMovedBetweenDocuments() {
        XmlNode node = XmlNode.parse("<a><b c='1' d='2'/><e/></a>");
        XmlNode other = XmlNode.parse("<x xmlns:n='urn:n'><n:y>text</n:y></x>")
                .children("y")
                .get(0);
        XmlNode b = node.children("b").get(0);
        b.precede(other);
        b.append(other);
        b.setAttribute("c", "<&>");
        b.removeAttribute("d");
        b.removeAttribute("d");
        node.children("e").get(0).remove();
        XmlNode read = XmlNode.parse(node.toXml());
        assertEquals(2, read.descendants("y").size());
        assertEquals("text", read.children("y").get(0).text());
        assertEquals("<&>", read.find("b").orElseThrow().attribute("c").orElseThrow());
        assertEquals(0, read.children("e").size());
    }

    @Test
    void valuesNeverBecomeMarkup() {
        String hostile = "x'/><evil a=\"1\"/><!-- ]]> &amp; \u0000";
        XmlNode node = XmlNode.parse(
                XmlText.document("a", a -> a.attribute("b", hostile).element("c", hostile)));
        assertEquals(0, node.descendants("evil").size());
        assertEquals(hostile.replace('\u0000', '\uFFFD'), node.attribute("b").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
                "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'><a/>",
                "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
                "<a>&undefined;</a>",
                "<a>",
                "not xml",
                ""
            })
    void whatIsNoPlainDocumentIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> XmlNode.parse(text));
    }

    @Test
    void elementsAreFoundChangedAndWrittenAgain() {
        XmlNode node = XmlNode.parse("<d><e><f g='1'>one</f><f>two</f></e><h xmlns='urn:x'/></d>");
        assertEquals("one", node.find("e/f").orElseThrow().text());
        assertEquals(2, node.find("e").orElseThrow().children("f").size());
        assertEquals("h", node.find("h").orElseThrow().name());
        node.find("e/f").orElseThrow().setText("<&>");
        assertEquals("<d><e><f g=\"1\">&lt;&amp;&gt;</f><f>two</f></e><h xmlns=\"urn:x\"/></d>", node.toXml());
    }
}
