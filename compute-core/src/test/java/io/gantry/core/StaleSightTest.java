package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.core.image.LocalDirectoryImageStore;
import io.gantry.driver.sim.SimFleet;
import io.gantry.flavor.Flavor;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.scheduler.filters.SchedulerDefaults;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host says of its guests may be old by the time it is heard. */
final class StaleSightTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final SimFleet fleet = SimFleet.create();
    private final Map<String, Hold> before = new ConcurrentHashMap<>();
    private final Map<String, Hold> after = new ConcurrentHashMap<>();
    private final AtomicInteger looks = new AtomicInteger();
    private Compute compute;
    private ImageId image;

    /** Where one call stops. */
    private static final class Hold {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        void stop() throws InterruptedException {
            reached.countDown();
            assertTrue(released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }

        void await() throws InterruptedException {
            assertTrue(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    /** Its calls can be stopped before they reach the host, and after it has answered. */
    private final class Holding implements HypervisorDriver {
        private final HypervisorDriver driver = fleet.driver();

        @Override
        public String name() {
            return driver.name();
        }

        @Override
        public HostConnection connect(HostEndpoint endpoint, HostListener listener) {
            HostConnection connection = driver.connect(endpoint, listener);
            return (HostConnection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {HostConnection.class}, (proxy, method, arguments) -> {
                        Optional<Hold> first = Optional.ofNullable(before.remove(method.getName()));
                        if (first.isPresent()) {
                            first.get().stop();
                        }
                        if (method.getName().equals("guests")) {
                            looks.incrementAndGet();
                        }
                        Optional<Hold> then = Optional.ofNullable(after.remove(method.getName()));
                        try {
                            Object result = method.invoke(connection, arguments);
                            if (then.isPresent()) {
                                then.get().stop();
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public void close() {
            driver.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        compute = ComputeEngine.builder()
                .driver(new Holding())
                .imageStore(LocalDirectoryImageStore.open(directory.resolve("images")))
                .filters(SchedulerDefaults.filters())
                .weighers(SchedulerDefaults.weighers())
                .syncInterval(Duration.ofMillis(100))
                .build();
        compute.hosts().register(SimEngine.host("h1", "vcpus=8&memory-mib=16384&disk-gib=200"));
        compute.flavors()
                .create(Flavor.builder("small")
                        .memory(MemorySize.mib(256))
                        .disk(DiskSize.gib(1))
                        .build());
        Path content = Files.write(directory.resolve("content"), new byte[4096]);
        image = compute.images()
                .importFile(ImageSpec.builder("blank", DiskFormat.RAW).build(), content)
                .await(PATIENCE)
                .id();
    }

    @AfterEach
    void close() {
        compute.close();
        fleet.close();
    }

    /** Creates an instance while a host is looked at; what it says then is heard when the instance is there. */
    private Instance createdDuringALook(String heldCall) throws InterruptedException {
        Hold verb = new Hold();
        before.put(heldCall, verb);
        Operation<Instance> create = compute.instances()
                .create(InstanceSpec.builder("web").flavor("small").image(image).build());
        verb.await();
        Hold look = new Hold();
        after.put("guests", look);
        look.await();
        verb.released.countDown();
        Instance made = create.await(PATIENCE);
        assertEquals(VmState.ACTIVE, made.state());
        look.released.countDown();
        // The look that was held, and the one that it may have asked for, are over when later ones have begun.
        int seen = looks.get();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (looks.get() < seen + 3 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertTrue(looks.get() >= seen + 3);
        return compute.instances().get(made.id());
    }

    @Test
    void aGuestThatWasNotThereYetIsNotMissing() throws InterruptedException {
        Instance seen = createdDuringALook("createGuest");
        assertEquals(VmState.ACTIVE, seen.state());
        assertEquals(Optional.empty(), seen.fault());
    }

    @Test
    void aGuestThatWasNotOnYetHasNotStopped() throws InterruptedException {
        Instance seen = createdDuringALook("startGuest");
        assertEquals(VmState.ACTIVE, seen.state());
        assertEquals(PowerState.RUNNING, seen.power());
    }
}
