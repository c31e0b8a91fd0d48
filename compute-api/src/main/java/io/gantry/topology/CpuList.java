package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lists of vCPUs as libvirt writes them: {@code 0,2-5,^3}; one with exclusions only is of all others. */
final class CpuList {
    private static final String REMEDY = "Send numbers and ranges, such as 0,2-5,^3.";

    private CpuList() {}

    /** {@return the numbers from 0 on} */
    static NavigableSet<Integer> upTo(int vcpus) {
        return IntStream.range(0, vcpus).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    static NavigableSet<Integer> parse(String field, String text, int vcpus) {
        NavigableSet<Integer> named = new TreeSet<>();
        NavigableSet<Integer> excluded = new TreeSet<>();
        boolean namesSome = false;
        for (String part : text.split(",", -1)) {
            String range = part.strip();
            boolean excludes = range.startsWith("^");
            namesSome |= !excludes;
            (excludes ? excluded : named).addAll(range(field, text, excludes ? range.substring(1) : range, vcpus));
        }
        NavigableSet<Integer> all = namesSome ? named : upTo(vcpus);
        all.removeAll(excluded);
        return all;
    }

    private static NavigableSet<Integer> range(String field, String text, String range, int vcpus) {
        String[] ends = range.split("-", 2);
        int first = number(field, text, ends[0], vcpus);
        int last = ends.length == 2 ? number(field, text, ends[1], vcpus) : first;
        if (last < first) {
            throw new InvalidRequest(field, text, "has a range that ends before it begins", REMEDY);
        }
        return IntStream.rangeClosed(first, last).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static int number(String field, String text, String number, int vcpus) {
        if (!number.strip().matches("[0-9]{1,9}")) {
            throw new InvalidRequest(field, text, "is no list of vCPUs", REMEDY);
        }
        int value = Integer.parseInt(number.strip());
        if (value >= vcpus) {
            throw new InvalidRequest(
                    field, text, "names vCPU " + value + ": there are " + vcpus + ", from 0 on", REMEDY);
        }
        return value;
    }
}
