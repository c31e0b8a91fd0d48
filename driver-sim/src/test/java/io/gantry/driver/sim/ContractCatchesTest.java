package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.gantry.error.Conflict;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The driver contract catches a driver that breaks a promise: the simulated one with a fault in front of it. */
class ContractCatchesTest {
    static List<Arguments> faults() {
        return List.of(
                Arguments.of(DeleteKeeps.class, "delete: removes a guest"),
                Arguments.of(CreateTwiceFails.class, "create: makes a guest that is off"),
                Arguments.of(UnknownIsIgnored.class, "unknown guest"),
                Arguments.of(EventsAreLost.class, "start and power off"),
                Arguments.of(ConsoleIsWhole.class, "console log"),
                Arguments.of(PausedStarts.class, "pause and unpause"),
                Arguments.of(ForeignGuestIsListed.class, "guests: lists what Gantry made"),
                Arguments.of(EpochsAreForgotten.class, "epochs"),
                Arguments.of(ThreadIsLeft.class, "close: the driver leaves no thread"),
                Arguments.of(PropertyIsIgnored.class, "connect: an unknown host property"),
                Arguments.of(OverlappingListener.class, "start and power off"),
                Arguments.of(SourceKeepsGuest.class, "migration: a running guest moves"),
                Arguments.of(AbortIsIgnored.class, "migration: aborted"),
                Arguments.of(AbandonIsIgnored.class, "migration: what was prepared"),
                Arguments.of(ArrivesRunning.class, "migration: a paused guest arrives paused"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void faultIsCaught(Class<?> contract, String displayName) {
        Set<String> failed = new TreeSet<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(contract))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                                    failed.add(test.getDisplayName());
                                }
                            }
                        });
        assertTrue(
                failed.stream().anyMatch(name -> name.startsWith(displayName)),
                () -> "'" + displayName + "' should have failed; failed: " + failed);
    }

    /** What a faulty driver does in place of the good one. */
    @FunctionalInterface
    interface Fault {
        /** What a call yields; {@code next} is what the good driver does. */
        @Nullable Object call(Method method, @Nullable Object[] arguments, Next next) throws Throwable;
    }

    @FunctionalInterface
    interface Next {
        @Nullable Object go() throws Throwable;
    }

    private static <T> T faulty(Class<T> type, T good, Fault fault) {
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
        final SimDriver sim = SimDriver.create();
        private final ImageSource image = TestImages.image();

        /** The connection, with its fault. */
        HostConnection spoil(HostConnection good) {
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
            return this;
        }

        @Override
        public HypervisorDriver driver() {
            return faulty(
                    HypervisorDriver.class,
                    sim,
                    (method, arguments, next) -> method.getName().equals("connect")
                            ? spoil(sim.connect(
                                    spoil((HostEndpoint) arguments[0]), spoil((HostListener) arguments[1])))
                            : next.go());
        }

        @Override
        public List<HostEndpoint> hosts() {
            return List.of(
                    new HostEndpoint(HostId.of("a"), URI.create("sim://a"), Map.of()),
                    new HostEndpoint(HostId.of("b"), URI.create("sim://b"), Map.of()));
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
        public double timeoutScale() {
            return 0.1;
        }

        @Override
        public void close() {
            sim.close();
        }
    }
}
