package io.gantry.driver.libvirt.topology;

import io.gantry.driver.libvirt.port.LibvirtError;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets of numbers as libvirt writes them, of CPUs or of NUMA cells: {@code 0,2-5}. */
public final class CpuSet {
    private static final Pattern PART = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    private CpuSet() {}

    /**
     * {@return a set as libvirt writes it; the empty text for an empty set}
     *
     * @param numbers the numbers
     */
    public static String text(SortedSet<Integer> numbers) {
        StringJoiner text = new StringJoiner(",");
        NavigableSet<Integer> left = new TreeSet<>(numbers);
        while (!left.isEmpty()) {
            int first = left.first();
            int last = first;
            while (left.remove(last)) {
                last++;
            }
            last--;
            text.add(first == last ? Integer.toString(first) : first + "-" + last);
        }
        return text.toString();
    }

    /** @throws LibvirtError if it is none */
    static NavigableSet<Integer> parse(String text) {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = PART.matcher(part);
            if (!range.matches()) {
                throw malformed(text);
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first) {
                throw malformed(text);
            }
            for (int number = first; number <= last; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static LibvirtError malformed(String text) {
        return new LibvirtError(LibvirtError.INTERNAL_ERROR, 0, "the host has a set of CPUs '" + text + "'");
    }
}
