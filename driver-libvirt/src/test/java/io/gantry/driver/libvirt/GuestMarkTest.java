package io.gantry.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.libvirt.xml.XmlText;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

class GuestMarkTest {
    @Property(tries = 200)
    void aMarkIsReadAsItWasWritten(
            @ForAll @AlphaChars @Chars({'<', '&', '>', '"', '\'', ' ', 'ü', '\n'}) String name, @ForAll long epoch) {
        GuestMark mark = new GuestMark(name, OperationId.random(), epoch);
        assertEquals(mark, GuestMark.parse(mark.toPlainXml()));
        String metadata = XmlText.document("metadata", mark::writeTo);
        assertTrue(metadata.startsWith("<metadata><gantry:guest xmlns:gantry=\"https://gantry.io/xmlns/libvirt/1\">"));
        String element = metadata.substring("<metadata>".length(), metadata.length() - "</metadata>".length());
        assertEquals(mark, GuestMark.parse(element));
    }

    @Test
    void somethingElseIsNoMark() {
        assertThrows(IllegalArgumentException.class, () -> GuestMark.parse("<guest/>"));
        assertThrows(IllegalArgumentException.class, () -> GuestMark.parse("<guest><name>a</name>"));
    }

    @Test
    void aDomainOfOursIsNamedAfterItsUuid() {
        InstanceId id = InstanceId.random();
        assertTrue(GuestMark.isDomainName(id.value(), GuestMark.domainName(id)));
        assertFalse(GuestMark.isDomainName(id.value(), GuestMark.domainName(InstanceId.random())));
        assertFalse(GuestMark.isDomainName(id.value(), "web-1"));
    }
}
