package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PageBitsTest {
    @Property(tries = 300)
    void behavesLikeSetOfIntegers(
            @ForAll Set<@IntRange(min = 0, max = 199) Integer> added,
            @ForAll Set<@IntRange(min = 0, max = 199) Integer> removed) {
        PageBits bits = new PageBits(200);
        added.forEach(bits::add);
        assertEquals(new TreeSet<>(added), members(bits));
        added.forEach(bits::add);
        removed.forEach(bits::remove);
        Set<Integer> expected = new TreeSet<>(added);
        expected.removeAll(removed);
        assertEquals(expected, members(bits));
        assertEquals(expected.size(), bits.count());

        PageBits other = new PageBits(200);
        bits.moveTo(other);
        assertEquals(expected, members(other));
        assertEquals(expected.size(), other.count());
        assertEquals(Set.of(), members(bits));
        removed.forEach(bits::add);
        assertEquals(new TreeSet<>(removed), members(bits));
        removed.forEach(bits::remove);
        assertEquals(0, bits.count());
    }

    private static Set<Integer> members(PageBits bits) {
        Set<Integer> members = new TreeSet<>();
        for (int page = bits.next(0); page >= 0; page = bits.next(page + 1)) {
            members.add(page);
        }
        return members;
    }
}
