package io.gantry.core.scheduler;

import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.spi.scheduler.HostTable;
import io.gantry.spi.scheduler.HostView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hosts as columns, by id. Not safe for use by several threads: see {@link CandidateIndex}. */
final class CandidateTable implements HostTable {
    private static final int INITIAL = 16;

    private int size;
    private HostView[] views = new HostView[INITIAL];
    private boolean[] available = new boolean[INITIAL];
    private int[] platform = new int[INITIAL];
    private int[] zone = new int[INITIAL];
    private long[] vcpus = new long[INITIAL];
    private long[] freeVcpus = new long[INITIAL];
    private long[] memory = new long[INITIAL];
    private long[] freeMemory = new long[INITIAL];
    private long[] disk = new long[INITIAL];
    private long[] freeDisk = new long[INITIAL];
    private int[] instances = new int[INITIAL];
    private int[] ioOps = new int[INITIAL];
    private double[] failedBuilds = new double[INITIAL];

    /** How many hosts have I/O operations in progress, and how many failed builds. */
    private int busy;

    private int failing;

    private final Map<Platform, Integer> platforms = new HashMap<>();
    private final List<HostView> examples = new ArrayList<>();
    private final Map<String, Integer> zones = new HashMap<>();

    /** What a driver says of the kind of host. */
    private record Platform(String architecture, String hypervisor, String version, Set<String> capabilities) {
        static Platform of(HostInventory has) {
            return new Platform(has.architecture(), has.hypervisorType(), has.hypervisorVersion(), has.capabilities());
        }
    }

    /** In how many hosts' aggregates a key of metadata is, counted once for each aggregate. */
    private final Map<String, Integer> metadataKeys = new HashMap<>();

    /** Adds a host, or replaces it. */
    void put(HostView view) {
        int row = find(view.id());
        if (row >= 0) {
            if (!views[row].aggregates().equals(view.aggregates())) {
                count(views[row], -1);
                count(view, 1);
            }
            countUnusual(views[row], -1);
            set(row, view);
            return;
        }
        insert(-row - 1);
        count(view, 1);
        set(-row - 1, view);
    }

    /** Removes a host, if it is there. */
    void remove(HostId host) {
        int row = find(host);
        if (row < 0) {
            return;
        }
        count(views[row], -1);
        countUnusual(views[row], -1);
        shift(row + 1, row);
        size--;
        Arrays.fill(views, size, size + 1, null);
    }

    /** Replaces all hosts. */
    void load(Collection<HostView> hosts) {
        List<HostView> sorted =
                hosts.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
        metadataKeys.clear();
        platforms.clear();
        examples.clear();
        zones.clear();
        Arrays.fill(views, null);
        ensure(sorted.size());
        size = 0;
        busy = 0;
        failing = 0;
        for (HostView view : sorted) {
            count(view, 1);
            set(size++, view);
        }
    }

    /** {@return a host; empty if it is not there} */
    Optional<HostView> get(HostId host) {
        int row = find(host);
        return row < 0 ? Optional.empty() : Optional.of(views[row]);
    }

    /** {@return the row of a host; if it is not there, -1 less the row where it would be} */
    int find(HostId host) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = views[middle].id().compareTo(host);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** {@return whether an aggregate of any host has this key in its metadata} */
    boolean mentions(String metadataKey) {
        return metadataKeys.containsKey(metadataKey);
    }

    /** Copies the views of some rows. */
    void collect(int[] rows, int count, HostView[] into) {
        for (int i = 0; i < count; i++) {
            into[i] = views[rows[i]];
        }
    }

    private void set(int row, HostView view) {
        views[row] = view;
        available[row] = view.state() == HostState.UP && view.disabledReason().isEmpty();
        platform[row] = platforms.computeIfAbsent(Platform.of(view.inventory()), kind -> {
            examples.add(view);
            return examples.size() - 1;
        });
        zone[row] = zones.computeIfAbsent(view.zone(), name -> zones.size());
        vcpus[row] = view.inventory().vcpus();
        freeVcpus[row] = view.freeVcpus();
        memory[row] = view.inventory().memory().bytes();
        freeMemory[row] = view.freeMemory();
        disk[row] = view.inventory().disk().bytes();
        freeDisk[row] = view.freeDisk();
        instances[row] = view.usage().instances();
        ioOps[row] = view.ioOps();
        failedBuilds[row] = view.failedBuilds();
        countUnusual(view, 1);
    }

    private void countUnusual(HostView view, int sign) {
        busy += view.ioOps() == 0 ? 0 : sign;
        failing += view.failedBuilds() == 0 ? 0 : sign;
    }

    private void count(HostView view, int sign) {
        view.aggregates()
                .values()
                .forEach(metadata -> metadata.keySet()
                        .forEach(key -> metadataKeys.compute(key, (k, count) -> {
                            int sum = (count == null ? 0 : count) + sign;
                            return sum == 0 ? null : sum;
                        })));
    }

    private void insert(int row) {
        ensure(size + 1);
        shift(row, row + 1);
        size++;
    }

    /** Moves the rows from one on to where another one is. */
    private void shift(int from, int to) {
        int moved = size - from;
        for (Object column : new Object[] {
            views,
            available,
            platform,
            zone,
            vcpus,
            freeVcpus,
            memory,
            freeMemory,
            disk,
            freeDisk,
            instances,
            ioOps,
            failedBuilds
        }) {
            System.arraycopy(column, from, column, to, moved);
        }
    }

    private void ensure(int rows) {
        if (rows <= views.length) {
            return;
        }
        int length = Math.max(rows, views.length * 2);
        views = Arrays.copyOf(views, length);
        available = Arrays.copyOf(available, length);
        platform = Arrays.copyOf(platform, length);
        zone = Arrays.copyOf(zone, length);
        vcpus = Arrays.copyOf(vcpus, length);
        freeVcpus = Arrays.copyOf(freeVcpus, length);
        memory = Arrays.copyOf(memory, length);
        freeMemory = Arrays.copyOf(freeMemory, length);
        disk = Arrays.copyOf(disk, length);
        freeDisk = Arrays.copyOf(freeDisk, length);
        instances = Arrays.copyOf(instances, length);
        ioOps = Arrays.copyOf(ioOps, length);
        failedBuilds = Arrays.copyOf(failedBuilds, length);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public HostView view(int row) {
        return views[row];
    }

    @Override
    public boolean available(int row) {
        return available[row];
    }

    @Override
    public int platform(int row) {
        return platform[row];
    }

    @Override
    public int platforms() {
        return examples.size();
    }

    @Override
    public HostView example(int number) {
        return examples.get(number);
    }

    @Override
    public int zone(int row) {
        return zone[row];
    }

    @Override
    public int zoneNumber(String name) {
        return zones.getOrDefault(name, -1);
    }

    @Override
    public long vcpus(int row) {
        return vcpus[row];
    }

    @Override
    public long freeVcpus(int row) {
        return freeVcpus[row];
    }

    @Override
    public long memory(int row) {
        return memory[row];
    }

    @Override
    public long freeMemory(int row) {
        return freeMemory[row];
    }

    @Override
    public long disk(int row) {
        return disk[row];
    }

    @Override
    public long freeDisk(int row) {
        return freeDisk[row];
    }

    @Override
    public int instances(int row) {
        return instances[row];
    }

    @Override
    public int ioOps(int row) {
        return ioOps[row];
    }

    @Override
    public double failedBuilds(int row) {
        return failedBuilds[row];
    }

    @Override
    public boolean mayHaveIoOps() {
        return busy > 0;
    }

    @Override
    public boolean mayHaveFailedBuilds() {
        return failing > 0;
    }
}
