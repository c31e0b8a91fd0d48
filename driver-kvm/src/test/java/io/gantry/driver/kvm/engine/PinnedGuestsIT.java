package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabGuest;
import io.gantry.lab.WithLab;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.placement.NoValidHost;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flavors with dedicated CPUs on real hosts: of h1 CPU 1 is for dedicated vCPUs, of h2 CPU 0. */
@WithLab(hosts = 3)
class PinnedGuestsIT {
    private static final String PINNED = "pinned";

    private LabEngine engine;

    @BeforeEach
    void open(Lab lab) {
        Assumptions.assumeTrue(Files.exists(Path.of("/sys/devices/system/cpu/cpu1")), "needs CPUs 0 and 1");
        engine = LabEngine.over(lab, 2);
        engine.dedicate(1, Set.of(1));
        engine.dedicate(2, Set.of(0));
        engine.compute()
                .flavors()
                .create(Flavor.builder(PINNED)
                        .memory(MemorySize.mib(96))
                        .extraSpec("hw:cpu_policy", "dedicated")
                        .build());
    }

    @AfterEach
    void close() throws IOException {
        if (engine != null) {
            engine.close();
        }
    }

    private InstanceSpec.Builder spec(String name, String flavor) {
        return InstanceSpec.builder(name).flavor(flavor).image(engine.image("lab.ws=8 lab.rate=2"));
    }

    private Instance bootOn(int n, String name, String flavor) {
        return engine.boot(spec(name, flavor).host(engine.hostId(n)).build());
    }

    /** {@return what virsh says of each vCPU, then of the emulator} */
    private String pinning(Instance instance) {
        return Stream.of("vcpupin", "emulatorpin")
                .flatMap(what -> engine.lab()
                        .exec(
                                engine.labHost(engine.get(instance)),
                                "virsh",
                                what,
                                instance.id().toString())
                        .lines())
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .filter(line -> line.matches("(\\d+|\\*:) [0-9,-]+"))
                .collect(Collectors.joining("; "));
    }

    private void migrate(Instance instance, int n) {
        Heartbeat before = engine.guest(engine.get(instance)).awaitHeartbeat(LabEngine.PATIENCE);
        engine.compute()
                .migrations()
                .live(instance.id(), LiveMigrationSpec.to(engine.hostId(n)))
                .await(LabEngine.PATIENCE);
        Instance moved = engine.get(instance);
        assertEquals(Optional.of(engine.hostId(n)), moved.host());
        LabGuest guest = engine.guest(moved);
        assertEquals(before.bootId(), guest.awaitHeartbeat(LabEngine.PATIENCE).bootId());
        assertTrue(guest.verify().ok());
    }

    @Test
    void aDedicatedCpuIsGivenOnceAndTheOthersAreForEverybody() {
        Instance first = bootOn(1, "first", PINNED);
        Instance plain = bootOn(1, "plain", LabEngine.FLAVOR);
        assertEquals("0 1; *: 0", pinning(first));
        assertEquals("0 0; *: 0", pinning(plain));

        Instance second = engine.boot(spec("second", PINNED).build());
        assertEquals(Optional.of(engine.hostId(2)), second.host());
        assertEquals("0 0; *: 1", pinning(second));

        var third = engine.compute().instances().create(spec("third", PINNED).build());
        assertThrows(NoValidHost.class, () -> third.await(LabEngine.PATIENCE));
    }

    @Test
    void aGuestGetsTheCpuThatItsNewHostHasForIt() {
        Instance pinned = bootOn(1, "pinned", PINNED);
        Instance plain = bootOn(1, "plain", LabEngine.FLAVOR);
        migrate(pinned, 2);
        migrate(plain, 2);
        assertEquals("0 0; *: 1", pinning(pinned));
        assertEquals("0 1; *: 1", pinning(plain));
        engine.assertConsistent();

        migrate(pinned, 1);
        assertEquals("0 1; *: 0", pinning(pinned));
    }

    @Test
    void aGuestThatIsResizedToAnOrdinaryFlavorGivesItsCpuBackAndARevertTakesItAgain() {
        Instance pinned = bootOn(1, "pinned", PINNED);
        engine.compute().hosts().disable(engine.hostId(2), "the resize is to stay on h1");

        Instance resized = engine.compute()
                .instances()
                .resize(pinned.id(), LabEngine.FLAVOR)
                .await(LabEngine.PATIENCE);
        assertEquals(VmState.RESIZED, resized.state());
        assertEquals("0 0; *: 0", pinning(pinned));

        engine.compute().instances().revertResize(pinned.id()).await(LabEngine.PATIENCE);
        assertEquals("0 1; *: 0", pinning(pinned));
        engine.assertConsistent();

        engine.compute().instances().resize(pinned.id(), LabEngine.FLAVOR).await(LabEngine.PATIENCE);
        engine.compute().instances().confirmResize(pinned.id()).await(LabEngine.PATIENCE);
        String definition = engine.lab()
                .exec(
                        engine.lab().host(1),
                        "virsh",
                        "dumpxml",
                        "--inactive",
                        pinned.id().toString());
        assertFalse(definition.contains("<numa>"), definition);
        assertEquals(List.of("h1"), engine.definedOn(pinned.id()));
    }
}
