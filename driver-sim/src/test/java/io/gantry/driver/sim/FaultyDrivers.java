package io.gantry.driver.sim;

import io.gantry.error.Conflict;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.tck.DriverFixture;
import io.gantry.tck.HypervisorDriverContract;
import io.gantry.unit.MemorySize;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The simulated driver with one fault each, as the subjects of its contract. */
final class FaultyDrivers {
    private FaultyDrivers() {}

    /** What a faulty driver does in place of the good one. */
    @FunctionalInterface
    interface Fault {
        /** What a call yields; {@code next} is what the good driver does. */
        @Nullable
        Object call(Method method, @Nullable Object[] arguments, Next next) throws Throwable;
    }

    @FunctionalInterface
    interface Next {
        @Nullable
        Object go() throws Throwable;
    }

    static <T> T faulty(Class<T> type, T good, Fault fault) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    @Nullable Object[] arguments = given == null ? new @Nullable Object[0] : given;
                    return fault.call(method, arguments, () -> {
                        try {
                            return method.invoke(good, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause() == null ? e : e.getCause();
                        }
                    });
                }));
    }

    abstract static class Case extends HypervisorDriverContract implements DriverFixture {
        private SimDriver sim = SimDriver.create();
        private final ImageSource image = TestImages.image();

        SimDriver sim() {
            return sim;
        }

        /** The connection, with its fault. */
        HostConnection spoil(HostConnection good) {
            return faulty(
                    HostConnection.class,
                    good,
                    (method, arguments, next) -> method.getName().equals("disks")
                            ? good.disks().map(disks -> spoil(disks, good))
                            : next.go());
        }

        /** The disks of a connection, with their fault. */
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return good;
        }

        /** The listener as the good driver sees it. */
        HostListener spoil(HostListener listener) {
            return listener;
        }

        HostEndpoint spoil(HostEndpoint endpoint) {
            return endpoint;
        }

        @Override
        protected DriverFixture newFixture() {
            sim.close();
            sim = SimDriver.create();
            return this;
        }

        @Override
        public HypervisorDriver driver() {
            return faulty(
                    HypervisorDriver.class,
                    sim,
                    (method, arguments, next) -> method.getName().equals("connect")
                            ? spoil(sim.connect(spoil((HostEndpoint) arguments[0]), spoil((HostListener) arguments[1])))
                            : next.go());
        }

        @Override
        public List<HostEndpoint> hosts() {
            return List.of(
                    new HostEndpoint(HostId.of("a"), URI.create("sim://a?numa-cells=2"), Map.of()),
                    new HostEndpoint(HostId.of("b"), URI.create("sim://b?numa-cells=2"), Map.of()));
        }

        @Override
        public ImageSource image() {
            return image;
        }

        @Override
        public Flavor flavor() {
            return Bench.busy(64, 8, 0, 0);
        }

        @Override
        public boolean writeDiskMark(HostEndpoint host, InstanceId guest, long mark) {
            Marks.guest(sim, host, guest).disk().write(Marks.BLOCK, mark);
            return true;
        }

        @Override
        public OptionalLong readDiskMark(HostEndpoint host, InstanceId guest) {
            return OptionalLong.of(Marks.guest(sim, host, guest).disk().read(Marks.BLOCK));
        }

        @Override
        public Optional<String> memoryMark(HostEndpoint host, InstanceId guest) {
            return Optional.of(Marks.ofMemory(Marks.guest(sim, host, guest)));
        }

        @Override
        public Optional<MemorySize> memory(HostEndpoint host, InstanceId guest) {
            return Optional.of(Marks.guest(sim, host, guest).flavor().memory());
        }

        @Override
        public Set<String> traces(HostEndpoint host, InstanceId guest) {
            return Marks.traces(sim, host, guest);
        }

        @Override
        public double timeoutScale() {
            return 0.1;
        }

        @Override
        public void close() {
            sim.close();
        }
    }

    /** A fault of one method of the connection. */
    abstract static class ConnectionCase extends Case {
        private final String spoilt;
        private final Fault fault;

        ConnectionCase(String spoilt, Fault fault) {
            this.spoilt = spoilt;
            this.fault = fault;
        }

        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(
                    HostConnection.class,
                    good,
                    (method, arguments, next) ->
                            method.getName().equals(spoilt) ? fault.call(method, arguments, next) : next.go());
        }
    }

    static class NoFault extends Case {}

    static class DeleteKeeps extends ConnectionCase {
        DeleteKeeps() {
            super("deleteGuest", (method, arguments, next) -> null);
        }
    }

    static class CreateTwiceFails extends Case {
        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(HostConnection.class, good, (method, arguments, next) -> {
                if (method.getName().equals("createGuest")) {
                    InstanceId id = ((GuestSpec) arguments[1]).id();
                    if (good.guest(id).isPresent()) {
                        throw new Conflict(id.ref(), "it exists", "Choose another id");
                    }
                }
                return next.go();
            });
        }
    }

    static class UnknownIsIgnored extends Case {
        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(
                    HostConnection.class,
                    good,
                    (method, arguments, next) -> method.getName().equals("powerOffGuest")
                                    && good.guest((InstanceId) arguments[1]).isEmpty()
                            ? null
                            : next.go());
        }
    }

    static class PausedStarts extends Case {
        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(HostConnection.class, good, (method, arguments, next) -> {
                if (method.getName().equals("startGuest")) {
                    next.go();
                    good.unpauseGuest((CallContext) arguments[0], (InstanceId) arguments[1]);
                    return null;
                }
                return next.go();
            });
        }
    }

    static class ConsoleIsWhole extends Case {
        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(
                    HostConnection.class,
                    good,
                    (method, arguments, next) -> method.getName().equals("consoleLog")
                            ? good.consoleLog((InstanceId) arguments[0], 1 << 20)
                            : next.go());
        }
    }

    static class ForeignGuestIsListed extends ConnectionCase {
        private static final GuestState FOREIGN =
                new GuestState(InstanceId.random(), PowerState.RUNNING, "somebody else's");

        private boolean made;

        ForeignGuestIsListed() {
            super("guests", (method, arguments, next) -> next.go());
        }

        @Override
        public boolean makeForeignGuest(HostEndpoint host) {
            made = true;
            return true;
        }

        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(HostConnection.class, good, (method, arguments, next) -> {
                if (method.getName().equals("guests") && made) {
                    List<GuestState> all = new ArrayList<>(good.guests());
                    all.add(FOREIGN);
                    return all;
                }
                return next.go();
            });
        }
    }

    static class ThreadIsLeft extends Case {
        @Override
        public void close() {
            super.close();
            Thread waiting = new Thread(() -> sleep(Duration.ofSeconds(20)), "left-behind");
            waiting.setDaemon(true);
            waiting.start();
        }
    }

    static class PropertyIsIgnored extends Case {
        @Override
        HostEndpoint spoil(HostEndpoint endpoint) {
            return new HostEndpoint(endpoint.host(), endpoint.connection(), Map.of());
        }
    }

    static class EventsAreLost extends Case {
        @Override
        HostListener spoil(HostListener listener) {
            return faulty(HostListener.class, listener, (method, arguments, next) -> null);
        }
    }

    static class OverlappingListener extends Case {
        @Override
        HostListener spoil(HostListener listener) {
            return faulty(HostListener.class, listener, (method, arguments, next) -> {
                if (arguments[0] instanceof GuestEvent event) {
                    List<Thread> threads = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        threads.add(new Thread(() -> {
                            for (int n = 0; n < 500; n++) {
                                listener.onGuestEvent(event);
                            }
                        }));
                    }
                    threads.forEach(Thread::start);
                    for (Thread thread : threads) {
                        thread.join();
                    }
                }
                return null;
            });
        }
    }

    static class SourceKeepsGuest extends Case {
        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(HostConnection.class, good, (method, arguments, next) -> {
                Object result = next.go();
                boolean gone = method.getName().equals("guest") && result instanceof Optional<?> o && o.isEmpty();
                return gone
                        ? Optional.of(new GuestState((InstanceId) arguments[0], PowerState.RUNNING, "still here"))
                        : result;
            });
        }
    }

    /** A fault of one half of a migration. */
    abstract static class MigrationCase extends Case {
        MigrationJob spoil(MigrationJob job) {
            return job;
        }

        MigrationTarget spoil(MigrationTarget target) {
            return target;
        }

        @Override
        HostConnection spoil(HostConnection good) {
            return faulty(HostConnection.class, good, (method, arguments, next) -> switch (method.getName()) {
                case "migrationSource" -> good.migrationSource().map(this::spoilStart);
                case "migrationTarget" -> good.migrationTarget().map(this::spoil);
                default -> next.go();
            });
        }

        private MigrationSource spoilStart(MigrationSource source) {
            return faulty(MigrationSource.class, source, (method, arguments, next) -> {
                Object result = next.go();
                return result instanceof MigrationJob job ? spoil(job) : result;
            });
        }
    }

    static class AbortIsIgnored extends MigrationCase {
        @Override
        MigrationJob spoil(MigrationJob job) {
            return faulty(
                    MigrationJob.class,
                    job,
                    (method, arguments, next) -> method.getName().equals("abort") ? null : next.go());
        }
    }

    static class AbandonIsIgnored extends MigrationCase {
        @Override
        MigrationTarget spoil(MigrationTarget target) {
            return faulty(
                    MigrationTarget.class,
                    target,
                    (method, arguments, next) -> method.getName().equals("abandon") ? null : next.go());
        }
    }

    static class ArrivesRunning extends MigrationCase {
        @Override
        MigrationJob spoil(MigrationJob job) {
            return faulty(MigrationJob.class, job, (method, arguments, next) -> {
                Object ended = next.go();
                if (Boolean.TRUE.equals(ended)) {
                    for (GuestState guest : sim().fleet().host("b").guests()) {
                        HostConnection b = sim().connect(hosts().get(1), new Bench.Told());
                        b.unpauseGuest(Bench.context(), guest.id());
                        b.close();
                    }
                }
                return ended;
            });
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
