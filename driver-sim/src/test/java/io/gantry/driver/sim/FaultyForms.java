package io.gantry.driver.sim;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.Unsupported;
import io.gantry.host.HostInventory;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.RescueSpec;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Faults of suspend, resume, resize, rescue, fencing and release, as the subjects of the driver's contract. */
final class FaultyForms {
    private FaultyForms() {}

    /** A fault of one method of the connection, by the connection itself. */
    abstract static class VerbCase extends FaultyDrivers.Case {
        private final String verb;

        VerbCase(String verb) {
            this.verb = verb;
        }

        @Override
        HostConnection spoil(HostConnection good) {
            return FaultyDrivers.faulty(HostConnection.class, good, (method, arguments, next) -> {
                if (method.getName().equals(verb)) {
                    wrong(good, arguments, next);
                    return null;
                }
                return next.go();
            });
        }

        abstract void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next)
                throws Throwable;

        static CallContext context(@Nullable Object[] arguments) {
            return (CallContext) Objects.requireNonNull(arguments[0]);
        }

        static InstanceId id(@Nullable Object[] arguments) {
            return (InstanceId) Objects.requireNonNull(arguments[1]);
        }

        static GuestSpec spec(@Nullable Object[] arguments) {
            return (GuestSpec) Objects.requireNonNull(arguments[1]);
        }
    }

    static class ResumeBootsAnew extends VerbCase {
        ResumeBootsAnew() {
            super("resumeGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            if (Bench.power(good, id(arguments)) == PowerState.SUSPENDED) {
                good.powerOffGuest(context(arguments), id(arguments));
                good.startGuest(context(arguments), id(arguments));
            } else {
                next.go();
            }
        }
    }

    static class SuspendOnlyPauses extends VerbCase {
        SuspendOnlyPauses() {
            super("suspendGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            good.pauseGuest(context(arguments), id(arguments));
        }
    }

    static class SuspendTwiceFails extends VerbCase {
        SuspendTwiceFails() {
            super("suspendGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            if (Bench.power(good, id(arguments)) == PowerState.SUSPENDED) {
                throw new InvalidState(id(arguments).ref(), "suspend", "SUSPENDED", List.of("RUNNING"));
            }
            next.go();
        }
    }

    static class SuspendOfOffIsIgnored extends VerbCase {
        SuspendOfOffIsIgnored() {
            super("suspendGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            if (Bench.power(good, id(arguments)) != PowerState.SHUTDOWN) {
                next.go();
            }
        }
    }

    static class StartResumes extends VerbCase {
        StartResumes() {
            super("startGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            if (Bench.power(good, id(arguments)) == PowerState.SUSPENDED) {
                good.resumeGuest(context(arguments), id(arguments));
            } else {
                next.go();
            }
        }
    }

    static class PowerOffKeepsSavedMemory extends VerbCase {
        PowerOffKeepsSavedMemory() {
            super("powerOffGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            if (Bench.power(good, id(arguments)) != PowerState.SUSPENDED) {
                next.go();
            }
        }
    }

    static class ResizeKeepsMemory extends VerbCase {
        ResizeKeepsMemory() {
            super("resizeGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            GuestSpec asked = spec(arguments);
            GuestSpec kept = GuestSpec.builder(asked.id(), asked.name(), flavor(), asked.image())
                    .rootDisk(asked.rootDisk())
                    .build();
            good.resizeGuest(context(arguments), kept);
        }
    }

    static class ResizeKeepsDisk extends VerbCase {
        ResizeKeepsDisk() {
            super("resizeGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            GuestSpec asked = spec(arguments);
            good.resizeGuest(
                    context(arguments),
                    GuestSpec.builder(asked.id(), asked.name(), asked.flavor(), asked.image())
                            .build());
        }
    }

    static class ResizeReplacesDisk extends VerbCase {
        ResizeReplacesDisk() {
            super("resizeGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            next.go();
            good.disks().orElseThrow().rebuild(Bench.context(), spec(arguments));
        }
    }

    static class ResizeOfRunningIsIgnored extends VerbCase {
        ResizeOfRunningIsIgnored() {
            super("resizeGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            if (Bench.power(good, spec(arguments).id()) != PowerState.RUNNING) {
                next.go();
            }
        }
    }

    static class RescueBootsNormally extends VerbCase {
        RescueBootsNormally() {
            super("rescueGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            RescueSpec rescue = (RescueSpec) Objects.requireNonNull(arguments[1]);
            good.startGuest(context(arguments), rescue.id());
        }
    }

    static class UnrescueOnlyPowersOff extends VerbCase {
        UnrescueOnlyPowersOff() {
            super("unrescueGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            good.powerOffGuest(context(arguments), id(arguments));
        }
    }

    static class UnrescueStopsNormalGuest extends VerbCase {
        UnrescueStopsNormalGuest() {
            super("unrescueGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            next.go();
            good.powerOffGuest(context(arguments), id(arguments));
        }
    }

    static class ReleaseDeletes extends VerbCase {
        ReleaseDeletes() {
            super("releaseGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            good.deleteGuest(context(arguments), id(arguments));
        }
    }

    static class ReleaseKeepsGuest extends VerbCase {
        ReleaseKeepsGuest() {
            super("releaseGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            good.powerOffGuest(context(arguments), id(arguments));
        }
    }

    static class DeleteKeepsDisks extends VerbCase {
        DeleteKeepsDisks() {
            super("deleteGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            good.releaseGuest(context(arguments), id(arguments));
        }
    }

    static class DeleteKeepsCopies extends VerbCase {
        DeleteKeepsCopies() {
            super("deleteGuest");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {
            good.releaseGuest(context(arguments), id(arguments));
            good.disks()
                    .orElseThrow()
                    .delete(context(arguments), new GuestDisk(id(arguments), Optional.empty(), false));
        }
    }

    /** Releases for two hosts on one storage. */
    static class SharedReleaseDeletes extends ReleaseDeletes {
        @Override
        public List<HostEndpoint> hosts() {
            return shared();
        }
    }

    static class TakingOverMakesFreshDisk extends VerbCase {
        TakingOverMakesFreshDisk() {
            super("createGuest");
        }

        @Override
        public List<HostEndpoint> hosts() {
            return shared();
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            boolean there = good.guest(spec(arguments).id()).isPresent();
            next.go();
            if (!there) {
                good.disks().orElseThrow().rebuild(Bench.context(), spec(arguments));
            }
        }
    }

    private static List<HostEndpoint> shared() {
        return List.of(Bench.endpoint("sim://a?storage=s"), Bench.endpoint("sim://b?storage=s"));
    }

    static class FenceIsIgnored extends VerbCase {
        FenceIsIgnored() {
            super("fence");
        }

        @Override
        void wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) {}
    }

    /** A fault of what a driver makes of operations and epochs. */
    abstract static class EpochCase extends FaultyDrivers.Case {
        /** On whose behalf the good driver takes a call to be. */
        abstract CallContext changed(CallContext context, String host);

        @Override
        HostConnection spoil(HostConnection good) {
            String host = good.inventory().hostname();
            return FaultyDrivers.faulty(HostConnection.class, good, (method, arguments, next) -> {
                change(arguments, host);
                return method.getName().equals("disks") ? good.disks().map(disks -> spoil(disks, good)) : next.go();
            });
        }

        @Override
        GuestDisks spoil(GuestDisks good, HostConnection connection) {
            String host = connection.inventory().hostname();
            return FaultyDrivers.faulty(GuestDisks.class, good, (method, arguments, next) -> {
                change(arguments, host);
                return next.go();
            });
        }

        private void change(@Nullable Object[] arguments, String host) {
            if (arguments.length > 0 && arguments[0] instanceof CallContext context) {
                arguments[0] = changed(context, host);
            }
        }
    }

    static class EpochsAreForgotten extends EpochCase {
        @Override
        CallContext changed(CallContext context, String host) {
            return new CallContext(context.operation(), 1, context.timeout());
        }
    }

    /** Refuses what is stale within one operation, and lets other operations do what they like. */
    static class EpochsOfOneOperation extends EpochCase {
        private final Map<OperationId, Long> highest = new ConcurrentHashMap<>();

        @Override
        CallContext changed(CallContext context, String host) {
            if (context.epoch() < highest.merge(context.operation(), context.epoch(), Math::max)) {
                throw new Conflict(InstanceId.random().ref(), "it is stale", "Leave it to its owner");
            }
            return new CallContext(context.operation(), 1, context.timeout());
        }
    }

    static class EpochsAreNotMigrated extends EpochCase {
        @Override
        CallContext changed(CallContext context, String host) {
            return host.equals("b") ? new CallContext(context.operation(), 1_000_000, context.timeout()) : context;
        }
    }

    /** No fault: a driver that can do none of the newer things, and says so. */
    static class FewCapabilities extends FaultyDrivers.Case {
        private static final Map<String, DriverCapability> MISSING = Map.of(
                "suspendGuest", DriverCapability.SUSPEND,
                "resumeGuest", DriverCapability.SUSPEND,
                "resizeGuest", DriverCapability.RESIZE,
                "rescueGuest", DriverCapability.RESCUE,
                "unrescueGuest", DriverCapability.RESCUE,
                "releaseGuest", DriverCapability.DISKS,
                "injectNmi", DriverCapability.CRASH_DUMP,
                "setUserPassword", DriverCapability.SET_USER_PASSWORD,
                "diagnostics", DriverCapability.DIAGNOSTICS);

        @Override
        public Set<DriverCapability> capabilities() {
            Set<DriverCapability> few = EnumSet.allOf(DriverCapability.class);
            few.removeAll(MISSING.values());
            return few;
        }

        @Override
        HostConnection spoil(HostConnection good) {
            return FaultyDrivers.faulty(HostConnection.class, good, (method, arguments, next) -> {
                refuse(method);
                return switch (method.getName()) {
                    case "inventory" -> fewer(good.inventory());
                    case "disks" -> Optional.empty();
                    default -> next.go();
                };
            });
        }

        private static void refuse(Method method) {
            DriverCapability missing = MISSING.get(method.getName());
            if (missing != null) {
                throw new Unsupported(InstanceId.random().ref(), missing.name(), "it cannot", "Take another host");
            }
        }

        private HostInventory fewer(HostInventory all) {
            return new HostInventory(
                    all.hostname(),
                    all.architecture(),
                    all.hypervisorType(),
                    all.hypervisorVersion(),
                    all.vcpus(),
                    all.memory(),
                    all.disk(),
                    capabilities().stream().map(Enum::name).collect(Collectors.toSet()));
        }
    }
}
