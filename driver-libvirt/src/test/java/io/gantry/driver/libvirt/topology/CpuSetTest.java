package io.gantry.driver.libvirt.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuSetTest {
    @ParameterizedTest
    @CsvSource({"'0', '0'", "'1,0', '0-1'", "'0,2,3,4,7', '0,2-4,7'", "'0-3,2-6', '0-6'"})
    void neighboursAreWrittenAsRanges(String text, String expected) {
        assertEquals(expected, CpuSet.text(CpuSet.parse(text)));
    }

    @Property
    void whatIsWrittenIsReadBack(@ForAll Set<@IntRange(max = 300) Integer> numbers) {
        if (numbers.isEmpty()) {
            assertEquals("", CpuSet.text(new TreeSet<>(numbers)));
        } else {
            assertEquals(numbers, CpuSet.parse(CpuSet.text(new TreeSet<>(numbers))));
        }
    }
}
