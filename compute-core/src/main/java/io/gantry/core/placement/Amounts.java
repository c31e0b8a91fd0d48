package io.gantry.core.placement;

import io.gantry.placement.ResourceClass;
import io.gantry.placement.Verdict;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Arithmetic on amounts by resource class, and the words for them. */
final class Amounts {
    static final String VCPU = ResourceClass.VCPU.name();
    static final String PCPU = ResourceClass.PCPU.name();
    static final String MEMORY_MB = ResourceClass.MEMORY_MB.name();
    static final String DISK_MB = ResourceClass.DISK_MB.name();

    private static final List<String> FIRST = List.of(VCPU, PCPU, MEMORY_MB, DISK_MB);

    /** Standard classes first, in the order in which people look at them. */
    private static final Comparator<String> ORDER =
            Comparator.<String>comparingInt(Amounts::rank).thenComparing(Comparator.naturalOrder());

    private Amounts() {}

    private static int rank(String resource) {
        int index = FIRST.indexOf(resource);
        return index < 0 ? FIRST.size() : index;
    }

    static Map<String, Long> none() {
        return new TreeMap<>(ORDER);
    }

    static Map<String, Long> of(Need need) {
        Map<String, Long> amounts = none();
        put(amounts, VCPU, need.vcpus());
        put(amounts, PCPU, need.pcpus());
        put(amounts, MEMORY_MB, need.memory().toMib());
        put(amounts, DISK_MB, need.disk().toMib());
        return amounts;
    }

    static Map<String, Long> of(Map<ResourceClass, Long> typed) {
        Map<String, Long> amounts = none();
        typed.forEach((resource, amount) -> put(amounts, resource.name(), amount));
        return amounts;
    }

    private static void put(Map<String, Long> amounts, String resource, long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("Negative amount of " + resource + ": " + amount);
        }
        if (amount > 0) {
            amounts.put(resource, amount);
        }
    }

    /** {@return the sum of two, or the first less the second; what comes to nothing is left out} */
    static Map<String, Long> plus(Map<String, Long> amounts, Map<String, Long> others, int sign) {
        Map<String, Long> sum = none();
        sum.putAll(amounts);
        others.forEach((resource, amount) -> sum.merge(resource, sign * amount, Amounts::add));
        sum.values().removeIf(amount -> amount == 0);
        return sum;
    }

    private static Long add(Long one, Long other) {
        return Math.addExact(one, other);
    }

    static Verdict lack(String resource, long amount, long free) {
        return Verdict.reject(code(resource), words(resource, amount), words(resource, Math.max(0, free)) + " free");
    }

    static Verdict refused(String resource, long amount, String units) {
        return Verdict.reject(code(resource), words(resource, amount), units);
    }

    private static String code(String resource) {
        return resource.equals(MEMORY_MB) ? "MEMORY" : resource.equals(DISK_MB) ? "DISK" : resource;
    }

    static String words(String resource, long amount) {
        if (resource.equals(VCPU)) {
            return amount + " vCPU";
        }
        if (resource.equals(PCPU)) {
            return amount + (amount == 1 ? " dedicated CPU" : " dedicated CPUs");
        }
        if (resource.equals(MEMORY_MB)) {
            return MemorySize.mib(amount).toString();
        }
        if (resource.equals(DISK_MB)) {
            return DiskSize.mib(amount).toString();
        }
        return amount + " " + resource;
    }
}
