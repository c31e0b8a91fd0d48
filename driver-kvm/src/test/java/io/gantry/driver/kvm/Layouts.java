package io.gantry.driver.kvm;

import io.gantry.topology.GuestLayout;
import io.gantry.unit.MemorySize;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Layouts for tests. */
final class Layouts {
    private Layouts() {}

    static NavigableSet<Integer> set(Integer... numbers) {
        return new TreeSet<>(Arrays.asList(numbers));
    }

    /** The CPUs of the vCPUs from 0 on. */
    @SafeVarargs
    static NavigableMap<Integer, NavigableSet<Integer>> pins(NavigableSet<Integer>... cpus) {
        NavigableMap<Integer, NavigableSet<Integer>> pins = new TreeMap<>();
        for (NavigableSet<Integer> of : cpus) {
            pins.put(pins.size(), of);
        }
        return pins;
    }

    static GuestLayout.Cell cell(NavigableSet<Integer> vcpus, int mib, int hostCell, int pageKib) {
        return new GuestLayout.Cell(vcpus, MemorySize.mib(mib), hostCell, pageKib);
    }

    /** A guest of one cell on host cell 0, all of it on the same CPUs, one for each vCPU. */
    static GuestLayout pinned(int mib, Integer... cpus) {
        NavigableMap<Integer, NavigableSet<Integer>> pins = new TreeMap<>();
        for (int cpu : cpus) {
            pins.put(pins.size(), set(cpu));
        }
        return new GuestLayout(
                List.of(cell(new TreeSet<>(pins.keySet()), mib, 0, 0)), pins, set(cpus), Set.of(), List.of());
    }

    /** A guest without topology. */
    static GuestLayout floating(Integer... cpus) {
        return new GuestLayout(List.of(), new TreeMap<>(), set(cpus), Set.of(), List.of());
    }

    static GuestLayout withDevices(GuestLayout layout, String... devices) {
        return new GuestLayout(layout.cells(), layout.vcpuCpus(), layout.cpus(), layout.realtime(), List.of(devices));
    }
}
