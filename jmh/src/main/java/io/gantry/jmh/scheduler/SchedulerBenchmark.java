package io.gantry.jmh.scheduler;

import com.sun.management.ThreadMXBean;
import io.gantry.host.HostState;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Placements with the default filters and weighers, for flavors of many sizes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // by open()
public class SchedulerBenchmark {
    /** How many hosts there are. */
    @Param({"100", "1000", "10000", "100000"})
    public int hosts;

    private PlacementRig rig;
    private boolean[] available;
    private long[] freeVcpus;
    private long[] freeMemory;
    private long[] freeDisk;

    /** Placements on a small fleet beforehand, since few are made on a large one before the code is compiled. */
    private static final int WARM_UP = 60_000;

    /** Registers the hosts, and claims room for the usual number of instances. */
    @Setup(Level.Trial)
    public void open() {
        try (PlacementRig small = new PlacementRig(100)) {
            for (int i = 0; i < WARM_UP; i++) {
                small.makeRoom();
                small.place();
            }
        }
        rig = new PlacementRig(hosts);
        List<HostView> views = rig.views();
        available = new boolean[hosts];
        freeVcpus = new long[hosts];
        freeMemory = new long[hosts];
        freeDisk = new long[hosts];
        for (int i = 0; i < hosts; i++) {
            HostView view = views.get(i);
            available[i] = view.state() == HostState.UP;
            freeVcpus[i] = view.freeVcpus();
            freeMemory[i] = view.freeMemory();
            freeDisk[i] = view.freeDisk();
        }
    }

    /** Disconnects. */
    @TearDown(Level.Trial)
    public void close() {
        rig.close();
    }

    /** Releases an older instance before each placement; neither its time nor what it allocates is the placement's. */
    @State(Scope.Thread)
    public static class Room {
        /** Makes room. */
        @Setup(Level.Invocation)
        public void make(SchedulerBenchmark benchmark) {
            benchmark.rig.makeRoom();
        }
    }

    /** What placements allocate; the hosts' connections, which are other threads, are not counted. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Allocated {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        /** By all placements. */
        public long bytes;

        private <T> T by(Supplier<T> work) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            T result = work.get();
            bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
            return result;
        }
    }

    /** Decides, and claims in the ledger's transaction, with the report kept. */
    @Benchmark
    public Object place(Room room, Allocated allocated) {
        return allocated.by(rig::place);
    }

    /** Decides, and claims nothing. */
    @Benchmark
    public Object decide() {
        return rig.decide();
    }

    /**
     * What a decision costs at least: one pass over the columns that it depends on, which finds the best host for one fixed
     * scale of weights. It normalises nothing, counts nothing and gives no reasons.
     */
    @Benchmark
    public int bound() {
        PlacementRequest request = rig.request();
        long vcpus = request.flavor().vcpus();
        long memory = request.flavor().memory().bytes();
        long disk = request.rootDisk().bytes();
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < available.length; i++) {
            if (available[i] && vcpus <= freeVcpus[i] && memory <= freeMemory[i] && disk <= freeDisk[i]) {
                double weight = freeVcpus[i] * 0x1p-9 + freeMemory[i] * 0x1p-40 + freeDisk[i] * 0x1p-44;
                if (weight > most) {
                    most = weight;
                    best = i;
                }
            }
        }
        return best;
    }
}
