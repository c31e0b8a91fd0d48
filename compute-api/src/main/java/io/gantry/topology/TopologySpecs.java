package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The extra specs under {@code hw:}, one by one. What they come to together with an image, {@link TopologyRequest} says. */
public final class TopologySpecs {
    private static final String NAMESPACE = "hw:";
    private static final Pattern INDEXED = Pattern.compile("(numa_cpus|numa_mem)\\.(.*)");
    private static final String KNOWN =
            "cpu_policy, cpu_thread_policy, cpu_dedicated_mask, cpu_realtime, cpu_realtime_mask, emulator_threads_policy,"
                    + " mem_page_size, numa_nodes, numa_cpus.N, numa_mem.N, pci_numa_affinity_policy";

    private TopologySpecs() {}

    /**
     * Checks the extra specs under {@code hw:} of a flavor, before an image is known: each has to be one that is heeded, with a
     * value that can be read. One that is not heeded is refused, since the guest would be another one than was asked for.
     *
     * @param vcpus the flavor's vCPUs, 1 or more
     * @param extraSpecs its extra specs; those of other namespaces are left alone
     * @throws InvalidRequest if one is not known, or its value is malformed
     */
    public static void check(int vcpus, Map<String, String> extraSpecs) {
        SpecPair specs = new SpecPair(extraSpecs, Map.of());
        for (String key : specs.keys()) {
            if (key.startsWith(NAMESPACE)) {
                check(specs, key.substring(NAMESPACE.length()), vcpus);
            }
        }
    }

    private static void check(SpecPair specs, String name, int vcpus) {
        String field = NAMESPACE + name;
        String text = specs.flavor(name).orElse("");
        Matcher indexed = INDEXED.matcher(name);
        if (indexed.matches()) {
            Numbers.within(field, indexed.group(2), 0, TopologyRequest.MAX_CELLS - 1, "Number the cells from 0.");
            if (indexed.group(1).equals("numa_cpus")) {
                CpuList.parse(field, text, vcpus);
            } else {
                TopologyRequest.cellMemory(field, text);
            }
            return;
        }
        switch (name) {
            case "cpu_policy" -> specs.word(field, text, CpuPolicy.class);
            case "cpu_thread_policy" -> specs.word(field, text, CpuThreadPolicy.class);
            case "emulator_threads_policy" -> specs.word(field, text, EmulatorThreadsPolicy.class);
            case "pci_numa_affinity_policy" -> specs.word(field, text, PciNumaPolicy.class);
            case "cpu_dedicated_mask", "cpu_realtime_mask" -> CpuList.parse(field, text, vcpus);
            case "cpu_realtime" -> specs.flag(name);
            case "mem_page_size" -> TopologyRequest.pageSize(field, text);
            case "numa_nodes" -> TopologyRequest.cellCount(field, text, vcpus);
            default ->
                throw new InvalidRequest(
                        field,
                        text,
                        "is not known: the guest would not get what it asks for",
                        "Remove it. Known under " + NAMESPACE + " are " + KNOWN);
        }
    }
}
