package io.gantry.topology;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads from a flavor's extra specs and an image's properties which topology a guest is to have. The keys are Nova's:
 * {@code hw:cpu_policy} in the flavor is {@code hw_cpu_policy} in the image. Immutable; pure.
 */
public final class TopologyRequest {
    static final int MAX_CELLS = 16;
    private static final Pattern INDEXED = Pattern.compile("(hw[:_])(numa_cpus|numa_mem)\\.(.*)");

    private final int vcpus;
    private final MemorySize memory;
    private final SpecPair specs;

    private TopologyRequest(int vcpus, MemorySize memory, SpecPair specs) {
        this.vcpus = vcpus;
        this.memory = memory;
        this.specs = specs;
    }

    /**
     * {@return the topology that is asked for, or nothing if none is}
     *
     * @param vcpus the guest's vCPUs, 1 or more
     * @param memory the guest's memory
     * @param extraSpecs the flavor's extra specs
     * @param imageProperties the image's properties
     * @throws InvalidRequest if a value is malformed, or values contradict each other or the flavor's size
     */
    public static Optional<GuestTopology> topology(
            int vcpus, MemorySize memory, Map<String, String> extraSpecs, Map<String, String> imageProperties) {
        requireNonNull(memory, "memory");
        return asksNothing(extraSpecs, "hw:") && asksNothing(imageProperties, "hw_")
                ? Optional.empty()
                : new TopologyRequest(vcpus, memory, new SpecPair(extraSpecs, imageProperties)).read();
    }

    /** Most guests ask for nothing, and are placed the faster for it. */
    private static boolean asksNothing(Map<String, String> specs, String prefix) {
        for (String key : specs.keySet()) {
            if (key.startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }

    /**
     * {@return the policy for all devices of the guest, which goes before those of their aliases, if one is set}
     *
     * @param extraSpecs the flavor's extra specs
     * @param imageProperties the image's properties
     * @throws InvalidRequest if the policy is unknown, or flavor and image name different ones
     */
    public static Optional<PciNumaPolicy> pciNumaPolicy(
            Map<String, String> extraSpecs, Map<String, String> imageProperties) {
        return new SpecPair(extraSpecs, imageProperties).agreed("pci_numa_affinity_policy", PciNumaPolicy.class);
    }

    private Optional<GuestTopology> read() {
        CpuPolicy policy = cpuPolicy();
        PageSize pages = pageSize();
        Optional<String> nodes = specs.once("numa_nodes");
        requireNodes(nodes);
        Optional<CpuThreadPolicy> threads = threadPolicy(policy);
        Optional<EmulatorThreadsPolicy> emulator = specs.flavor("emulator_threads_policy")
                .map(word -> specs.word("hw:emulator_threads_policy", word, EmulatorThreadsPolicy.class));
        if (emulator.filter(EmulatorThreadsPolicy.ISOLATE::equals).isPresent() && policy == CpuPolicy.SHARED) {
            throw needsDedicated("hw:emulator_threads_policy", "isolate");
        }
        NavigableSet<Integer> dedicated = dedicated(policy);
        Set<Integer> realtime = realtime(policy, dedicated, emulator.isPresent());
        if (nodes.isEmpty() && policy == CpuPolicy.SHARED && pages.equals(PageSize.UNSPECIFIED)) {
            return Optional.empty();
        }
        return Optional.of(new GuestTopology(
                cells(nodes, dedicated),
                policy,
                threads.orElse(CpuThreadPolicy.PREFER),
                emulator.orElse(EmulatorThreadsPolicy.SHARE),
                pages,
                realtime));
    }

    /** The flavor goes before the image, except that an image cannot take CPUs that the flavor says are shared. */
    private CpuPolicy cpuPolicy() {
        Optional<CpuPolicy> flavor =
                specs.flavor("cpu_policy").map(word -> specs.word("hw:cpu_policy", word, CpuPolicy.class));
        Optional<CpuPolicy> image =
                specs.image("cpu_policy").map(word -> specs.word("hw_cpu_policy", word, CpuPolicy.class));
        CpuPolicy asked = image.orElse(CpuPolicy.SHARED);
        boolean takesMore = (flavor.filter(CpuPolicy.SHARED::equals).isPresent() && asked != CpuPolicy.SHARED)
                || (flavor.filter(CpuPolicy.MIXED::equals).isPresent() && asked == CpuPolicy.DEDICATED);
        if (takesMore) {
            throw new InvalidRequest(
                    "hw_cpu_policy",
                    specs.image("cpu_policy").orElse(""),
                    "asks for more than the flavor's hw:cpu_policy "
                            + specs.flavor("cpu_policy").orElse("") + " allows",
                    "Choose a flavor with hw:cpu_policy " + asked.name().toLowerCase(Locale.ROOT)
                            + ", or an image without the property");
        }
        return flavor.orElse(asked);
    }

    private Optional<CpuThreadPolicy> threadPolicy(CpuPolicy policy) {
        Optional<CpuThreadPolicy> flavor = specs.flavor("cpu_thread_policy")
                .map(word -> specs.word("hw:cpu_thread_policy", word, CpuThreadPolicy.class));
        Optional<CpuThreadPolicy> image = specs.image("cpu_thread_policy")
                .map(word -> specs.word("hw_cpu_thread_policy", word, CpuThreadPolicy.class));
        boolean differs = flavor.isPresent() && image.isPresent() && !flavor.equals(image);
        if (differs && !flavor.equals(Optional.of(CpuThreadPolicy.PREFER))) {
            throw specs.contradiction("cpu_thread_policy");
        }
        Optional<CpuThreadPolicy> chosen = flavor.or(() -> image);
        if (chosen.isPresent() && policy == CpuPolicy.SHARED) {
            throw needsDedicated(
                    flavor.isPresent() ? "hw:cpu_thread_policy" : "hw_cpu_thread_policy",
                    chosen.get().name().toLowerCase(Locale.ROOT));
        }
        return chosen;
    }

    private NavigableSet<Integer> dedicated(CpuPolicy policy) {
        Optional<String> mask = specs.flavor("cpu_dedicated_mask");
        if (policy != CpuPolicy.MIXED) {
            mask.ifPresent(text -> {
                throw new InvalidRequest(
                        "hw:cpu_dedicated_mask", text, "is for hw:cpu_policy mixed only", "Remove it, or set mixed.");
            });
            return policy == CpuPolicy.DEDICATED ? CpuList.upTo(vcpus) : new TreeSet<>();
        }
        String field = "hw:cpu_dedicated_mask";
        String text = mask.or(() -> realtimeIsOn() ? specs.flavor("cpu_realtime_mask") : Optional.empty())
                .orElseThrow(() -> new InvalidRequest(
                        field, "", "is missing", "With hw:cpu_policy mixed, name the dedicated vCPUs, such as 0-1."));
        return strictPart(field, text);
    }

    private boolean realtimeIsOn() {
        return specs.flag("cpu_realtime");
    }

    private Set<Integer> realtime(CpuPolicy policy, Set<Integer> dedicated, boolean emulatorIsElsewhere) {
        if (!realtimeIsOn()) {
            return Set.of();
        }
        if (policy == CpuPolicy.SHARED) {
            throw needsDedicated("hw:cpu_realtime", "true");
        }
        if (policy == CpuPolicy.MIXED) {
            return dedicated;
        }
        Optional<String> mask = specs.either("cpu_realtime_mask");
        if (mask.isPresent()) {
            return strictPart("hw:cpu_realtime_mask", mask.get());
        }
        if (!emulatorIsElsewhere) {
            throw new InvalidRequest(
                    "hw:cpu_realtime_mask",
                    "",
                    "is missing: one vCPU at least has to stay without real time",
                    "Set it, such as ^0, or set hw:emulator_threads_policy.");
        }
        return CpuList.upTo(vcpus);
    }

    private NavigableSet<Integer> strictPart(String field, String text) {
        NavigableSet<Integer> part = CpuList.parse(field, text, vcpus);
        if (part.isEmpty() || part.size() == vcpus) {
            throw new InvalidRequest(
                    field, text, "names none or all of the " + vcpus + " vCPUs", "Name some of them, but not all.");
        }
        return part;
    }

    private PageSize pageSize() {
        Optional<String> flavor = specs.flavor("mem_page_size");
        Optional<String> image = specs.image("mem_page_size");
        PageSize ofFlavor =
                flavor.map(text -> pageSize("hw:mem_page_size", text)).orElse(PageSize.UNSPECIFIED);
        if (image.isEmpty()) {
            return ofFlavor;
        }
        if (ofFlavor.kind() != PageSize.Kind.LARGE && ofFlavor.kind() != PageSize.Kind.ANY) {
            throw new InvalidRequest(
                    "hw_mem_page_size",
                    image.get(),
                    "is not for the image to choose: hw:mem_page_size of the flavor is " + flavor.orElse("not set"),
                    "Choose a flavor with hw:mem_page_size large or any.");
        }
        return pageSize("hw_mem_page_size", image.get());
    }

    static PageSize pageSize(String field, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "small" -> new PageSize(PageSize.Kind.SMALL, 0);
            case "large" -> new PageSize(PageSize.Kind.LARGE, 0);
            case "any" -> new PageSize(PageSize.Kind.ANY, 0);
            default -> new PageSize(PageSize.Kind.EXACT, PageSizes.kib(field, text));
        };
    }

    private void requireNodes(Optional<String> nodes) {
        for (String key : specs.keys()) {
            var matcher = INDEXED.matcher(key);
            if (!matcher.matches()) {
                continue;
            }
            String value = specs.value(key);
            if (nodes.isEmpty()) {
                throw new InvalidRequest(
                        key,
                        value,
                        "is set without " + matcher.group(1) + "numa_nodes",
                        "Set the number of cells too.");
            }
            int index = Numbers.within(key, matcher.group(3), 0, MAX_CELLS - 1, "Number the cells from 0.");
            if (index >= count(nodes.get())) {
                throw new InvalidRequest(
                        key, value, "is of a cell that is not there: there are " + nodes.get(), "Number them from 0.");
            }
        }
    }

    private int count(String nodes) {
        return cellCount(specs.shown("numa_nodes"), nodes, vcpus);
    }

    static int cellCount(String field, String text, int vcpus) {
        return Numbers.within(field, text, 1, Math.min(MAX_CELLS, vcpus), "Ask for no more cells than vCPUs.");
    }

    static int cellMemory(String field, String text) {
        return Numbers.within(field, text, 1, Integer.MAX_VALUE, "Send MiB, 1 or more.");
    }

    private List<GuestCell> cells(Optional<String> nodes, NavigableSet<Integer> dedicated) {
        int count = nodes.map(this::count).orElse(1);
        boolean split =
                specs.keys().stream().anyMatch(key -> INDEXED.matcher(key).matches());
        return split ? byHand(count, dedicated) : evenly(count, dedicated);
    }

    private List<GuestCell> evenly(int count, NavigableSet<Integer> dedicated) {
        long mib = memory.bytes() >> 20;
        if (vcpus % count != 0 || mib % count != 0) {
            throw new InvalidRequest(
                    specs.shown("numa_nodes"),
                    count,
                    "does not divide " + vcpus + " vCPUs and " + memory + " evenly",
                    "Set hw:numa_cpus.N and hw:numa_mem.N for each cell, or another number of cells.");
        }
        List<GuestCell> cells = new ArrayList<>();
        int each = vcpus / count;
        for (int i = 0; i < count; i++) {
            NavigableSet<Integer> ofCell = new TreeSet<>(CpuList.upTo(vcpus).subSet(i * each, (i + 1) * each));
            cells.add(cell(ofCell, dedicated, MemorySize.mib(mib / count)));
        }
        return cells;
    }

    private List<GuestCell> byHand(int count, NavigableSet<Integer> dedicated) {
        List<GuestCell> cells = new ArrayList<>();
        NavigableSet<Integer> missing = CpuList.upTo(vcpus);
        long mib = 0;
        for (int i = 0; i < count; i++) {
            String cpusKey = "numa_cpus." + i;
            String memoryKey = "numa_mem." + i;
            NavigableSet<Integer> ofCell = CpuList.parse(specs.shown(cpusKey), specs.required(cpusKey), vcpus);
            for (int vcpu : ofCell) {
                if (!missing.remove(vcpu)) {
                    throw new InvalidRequest(
                            specs.shown(cpusKey), vcpu, "is in two cells", "Name each vCPU in one cell.");
                }
            }
            int ofMemory = cellMemory(specs.shown(memoryKey), specs.required(memoryKey));
            mib += ofMemory;
            cells.add(cell(ofCell, dedicated, MemorySize.mib(ofMemory)));
        }
        if (!missing.isEmpty()) {
            throw new InvalidRequest(
                    "hw:numa_cpus", missing, "are vCPUs that are in no cell", "Name each vCPU in one cell.");
        }
        if (MemorySize.mib(mib).compareTo(memory) != 0) {
            throw new InvalidRequest(
                    "hw:numa_mem", mib + " MiB", "is not the flavor's " + memory, "Divide the flavor's memory wholly.");
        }
        return cells;
    }

    private static GuestCell cell(NavigableSet<Integer> vcpus, Set<Integer> dedicated, MemorySize memory) {
        NavigableSet<Integer> mine = new TreeSet<>(vcpus);
        mine.retainAll(dedicated);
        return new GuestCell(vcpus, mine, memory);
    }

    private static InvalidRequest needsDedicated(String field, String value) {
        return new InvalidRequest(
                field, value, "needs vCPUs with CPUs for themselves", "Set hw:cpu_policy dedicated or mixed as well.");
    }
}
