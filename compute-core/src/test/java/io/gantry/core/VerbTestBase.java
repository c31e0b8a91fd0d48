package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.audit.Audit;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.Instances;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of verbs share: an engine over three hosts, of which nothing is out of order after each test. */
abstract class VerbTestBase {
    static final String LARGE = "m1.large";
    static final RequestOptions NO_OPTIONS = RequestOptions.none();

    @TempDir
    Path directory;

    SimEngine engine;

    @BeforeEach
    void open() {
        engine = SimEngine.open(directory, 3, this::settings);
        engine.addLargeFlavor();
    }

    /** Settings of the engine. */
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder;
    }

    @AfterEach
    void nothingIsOutOfOrder() {
        try {
            Audit audit = engine.compute().audit();
            assertEquals(List.of(), audit.findings());
        } finally {
            engine.close();
        }
    }

    Instances instances() {
        return engine.compute().instances();
    }

    Instance await(Operation<Instance> operation) {
        return operation.await(SimEngine.PATIENCE);
    }

    Instance get(InstanceId id) {
        return instances().get(id);
    }

    Instance running(String name) {
        return engine.createdOn(1, name);
    }

    Instance stopped(String name) {
        return await(instances().stop(running(name).id(), StopOptions.clean(Duration.ofSeconds(5)), NO_OPTIONS));
    }

    /** Fails unless a call is refused with this kind of failure, and words that tell why. */
    static void refused(Class<? extends ComputeException> type, Executable call, String... words) {
        ComputeException refusal = assertThrows(type, call);
        for (String word : words) {
            assertTrue(refusal.getMessage().contains(word), refusal.getMessage());
        }
    }

    static HostId h(int n) {
        return HostId.of("h" + n);
    }

    void awaitState(InstanceId id, VmState state) {
        SimEngine.await(id + " is " + state, () -> get(id).state() == state);
    }
}
