package io.gantry.driver.kvm.engine;

import io.gantry.core.ComputeEngineBuilder;
import io.gantry.instance.Instance;
import io.gantry.instance.Instances;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.WithLab;
import io.gantry.operation.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * One engine for the tests of a class. Of its hosts, h1 and h2 share a storage and h3 has one of its own. After each test
 * all instances are deleted; the hosts must be clean then, and agree with what the engine has recorded.
 */
@WithLab(hosts = 3)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VerbTestBase {
    /** What is due is looked for several times a lease. */
    private static final Duration LEASE = Duration.ofSeconds(2);

    final AdvancingClock clock = new AdvancingClock();
    LabEngine engine;

    @BeforeAll
    void open(Lab lab) {
        engine = LabEngine.over(
                lab, storageIds(), builder -> settings(builder.clock(clock).lease(LEASE)));
    }

    @AfterEach
    void clear() {
        engine.clear();
    }

    @AfterAll
    void close() throws IOException {
        engine.close();
    }

    /** {@return the storages of the hosts, h1's first} */
    List<String> storageIds() {
        return List.of("shared", "shared", "own");
    }

    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder;
    }

    Instances instances() {
        return engine.compute().instances();
    }

    static <T> T await(Operation<T> operation) {
        return operation.await(LabEngine.PATIENCE);
    }

    /** {@return the next heartbeat of the instance's guest, where the instance is now} */
    Heartbeat beat(Instance instance) {
        return guest(instance).awaitHeartbeat(LabEngine.PATIENCE);
    }

    /** {@return the first heartbeats of a guest that was booted anew} */
    Heartbeat rebooted(Instance instance, Heartbeat before) {
        return guest(instance).awaitReboot(before.bootId(), LabEngine.PATIENCE);
    }

    LabGuest guest(Instance instance) {
        return engine.guest(engine.get(instance));
    }

    static boolean isAlive(long process) {
        return ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent();
    }
}
