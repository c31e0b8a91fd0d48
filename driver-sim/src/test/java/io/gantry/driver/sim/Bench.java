package io.gantry.driver.sim;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTuning;
import io.gantry.unit.Bandwidth;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fleet in virtual time with a connection to each of its hosts. */
final class Bench implements AutoCloseable {
    static final MigrationTuning PLAIN = new MigrationTuning(Duration.ofMillis(300), new Bandwidth(0));

    final VirtualClock clock = new VirtualClock();
    final SimFleet fleet;
    final SimDriver driver;
    private final ImageSource image = TestImages.image();
    private final Map<String, HostConnection> connections = new ConcurrentHashMap<>();
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    Bench() {
        this(Duration.ZERO);
    }

    Bench(Duration latency) {
        fleet = SimFleet.builder().clock(clock).callLatency(latency).build();
        driver = fleet.driver();
    }

    /** What a listener was told, in words. */
    static final class Told implements HostListener {
        final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void onGuestEvent(GuestEvent event) {
            words.add(event.kind().name());
        }

        @Override
        public void onDisconnected(String reason) {
            words.add("disconnected: " + reason);
        }

        @Override
        public void onConnected() {
            words.add("connected");
        }

        boolean await(String... expected) {
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!words.equals(List.of(expected)) && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return words.equals(List.of(expected));
        }
    }

    static CallContext context() {
        return context(Duration.ofSeconds(10));
    }

    static CallContext context(Duration timeout) {
        return new CallContext(OperationId.random(), 1, timeout);
    }

    static HostEndpoint endpoint(String uri) {
        return new HostEndpoint(HostId.of("h"), URI.create(uri), Map.of());
    }

    HostConnection host(String uri) {
        String name = URI.create(uri).getAuthority();
        return connections.computeIfAbsent(name, n -> {
            Told listener = new Told();
            told.put(n, listener);
            HostConnection connection = driver.connect(endpoint(uri), listener);
            cache(connection);
            return connection;
        });
    }

    private void cache(HostConnection connection) {
        try {
            connection.cacheImage(context(), image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Told told(String host) {
        return Objects.requireNonNull(told.get(host), host);
    }

    static Flavor flavor(long memoryMib, String... extraSpecs) {
        Flavor.Builder flavor = Flavor.builder("f").memory(MemorySize.mib(memoryMib));
        for (int i = 0; i < extraSpecs.length; i += 2) {
            flavor.extraSpec(extraSpecs[i], extraSpecs[i + 1]);
        }
        return flavor.build();
    }

    static Flavor busy(long memoryMib, long residentMib, long workingSetMib, long rateMib) {
        return flavor(
                memoryMib,
                "sim:resident_mib",
                Long.toString(residentMib),
                "sim:working_set_mib",
                Long.toString(workingSetMib),
                "sim:dirty_rate_mib",
                Long.toString(rateMib));
    }

    GuestSpec spec(InstanceId id, Flavor flavor) {
        return GuestSpec.builder(id, "guest", flavor, image.image()).build();
    }

    InstanceId running(HostConnection host, Flavor flavor) {
        InstanceId id = InstanceId.random();
        host.createGuest(context(), spec(id, flavor));
        host.startGuest(context(), id);
        return id;
    }

    static MigrationJob migrate(HostConnection from, HostConnection to, InstanceId id, MigrationTuning tuning) {
        MigrationOffer offer = from.migrationSource().orElseThrow().offer(id);
        return from.migrationSource()
                .orElseThrow()
                .start(context(), offer, to.migrationTarget().orElseThrow().prepare(context(), offer), tuning);
    }

    static PowerState power(HostConnection host, InstanceId id) {
        return host.guest(id).map(GuestState::power).orElse(PowerState.NOSTATE);
    }

    @Override
    public void close() {
        driver.close();
        fleet.close();
    }
}
