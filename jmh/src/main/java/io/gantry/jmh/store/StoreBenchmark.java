package io.gantry.jmh.store;

import io.gantry.core.store.InMemoryStore;
import io.gantry.driver.sim.SimFleet;
import io.gantry.instance.InstanceId;
import io.gantry.jmh.node.Scratch;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.jmh.scene.Stage;
import io.gantry.spi.store.StateStore;
import io.gantry.store.jdbc.JdbcStore;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/** Creates and deletes instances on simulated hosts whose calls take no time: what is left is the engine and its store. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // by open()
public class StoreBenchmark {
    /** Where state is kept. */
    public enum Kind {
        /** In memory: what the engine itself costs. */
        MEMORY,
        /** H2 in a directory. */
        H2,
        /** PostgreSQL, a server of its own on this machine. */
        POSTGRESQL
    }

    /** Where state is kept. */
    @Param
    public Kind store = Kind.MEMORY;

    private SimFleet fleet;
    private Scratch scratch;
    private CountingStore counting;
    private Stage stage;

    /** Opens the engine. */
    @Setup(Level.Trial)
    public void open() {
        fleet = SimFleet.create();
        scratch = Scratch.create("gantry-store");
        counting = new CountingStore(store());
        stage = Stage.open(
                fleet.driver(),
                counting,
                RemoteFleet.machines(fleet),
                scratch.directory().resolve("node"),
                "host-",
                Stage.settings("store", true));
        stage.furnish();
    }

    private StateStore store() {
        return switch (store) {
            case MEMORY -> InMemoryStore.create();
            case H2 -> JdbcStore.h2(scratch.directory().resolve("h2"));
            case POSTGRESQL -> {
                PostgresServer postgres = PostgresServer.start();
                scratch.alsoClose(postgres);
                yield JdbcStore.postgres(postgres.newSchema(), postgres.user(), postgres.password());
            }
        };
    }

    /** Closes it; what is left of its store goes with the process. */
    @TearDown(Level.Trial)
    public void close() {
        stage.close();
        fleet.close();
    }

    /** Counts, with the first of the threads, the transactions of all of them. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counts {
        /** Transactions that changed something: each waits for the disk. */
        public long writes;

        /** Creates and deletes. */
        public long operations;

        private long before;

        /** Begins to count. */
        @Setup(Level.Iteration)
        public void begin(StoreBenchmark benchmark) {
            before = benchmark.counting.writes();
        }

        /** Ends it. */
        @TearDown(Level.Iteration)
        public void end(StoreBenchmark benchmark, ThreadParams thread) {
            writes = thread.getThreadIndex() == 0 ? benchmark.counting.writes() - before : 0;
        }
    }

    /** Creates an instance, and deletes it. */
    @Benchmark
    @OperationsPerInvocation(2)
    public void createAndDelete(Counts counts) {
        InstanceId id = stage.active().id();
        stage.compute().instances().delete(id).await(Stage.PATIENCE);
        counts.operations += 2;
    }
}
