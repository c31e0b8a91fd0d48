package io.gantry.driver.sim;

import io.gantry.error.HypervisorError;
import io.gantry.error.Unsupported;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Faults of what turns to a guest's own system, as the subjects of the driver's contract. */
final class FaultySystems {
    private FaultySystems() {}

    /** A fault of one method of the connection, which the fixture can look behind. */
    abstract static class SystemCase extends FaultyDrivers.Case {
        private final String verb;

        SystemCase(String verb) {
            this.verb = verb;
        }

        @Override
        HostConnection spoil(HostConnection good) {
            return FaultyDrivers.faulty(
                    HostConnection.class,
                    good,
                    (method, arguments, next) ->
                            method.getName().equals(verb) ? wrong(good, arguments, next) : next.go());
        }

        abstract @Nullable Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next)
                throws Throwable;

        static InstanceId id(@Nullable Object[] arguments) {
            return (InstanceId) Objects.requireNonNull(arguments[arguments.length == 1 ? 0 : 1]);
        }

        @Override
        public boolean awaitAgent(HostEndpoint host, InstanceId guest) {
            return true;
        }

        @Override
        public Optional<Boolean> acceptsPassword(HostEndpoint host, InstanceId guest, String user, String password) {
            return Optional.of(Marks.guest(sim(), host, guest).acceptsPassword(user, password));
        }

        @Override
        public OptionalLong interrupts(HostEndpoint host, InstanceId guest) {
            return OptionalLong.of(Marks.guest(sim(), host, guest).nmis());
        }
    }

    static class NmiIsIgnored extends SystemCase {
        NmiIsIgnored() {
            super("injectNmi");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            return Bench.power(good, id(arguments)) == PowerState.RUNNING ? null : next.go();
        }
    }

    static class NmiOfOffIsIgnored extends SystemCase {
        NmiOfOffIsIgnored() {
            super("injectNmi");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            return Bench.power(good, id(arguments)) == PowerState.SHUTDOWN ? null : next.go();
        }
    }

    static class NmiUnpauses extends SystemCase {
        NmiUnpauses() {
            super("injectNmi");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            good.unpauseGuest((CallContext) Objects.requireNonNull(arguments[0]), id(arguments));
            return next.go();
        }
    }

    static class PasswordIsIgnored extends SystemCase {
        PasswordIsIgnored() {
            super("setUserPassword");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            return "root".equals(arguments[2]) ? null : next.go();
        }
    }

    static class PasswordWithoutAgentIsIgnored extends SystemCase {
        PasswordWithoutAgentIsIgnored() {
            super("setUserPassword");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            try {
                return next.go();
            } catch (Unsupported e) {
                return null;
            }
        }
    }

    static class PasswordIsShown extends SystemCase {
        PasswordIsShown() {
            super("setUserPassword");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            try {
                return next.go();
            } catch (HypervisorError e) {
                AdminPassword password = (AdminPassword) Objects.requireNonNull(arguments[3]);
                throw new HypervisorError("a", 1, 1, "cannot set " + password.reveal(), e);
            }
        }
    }

    static class DiagnosticsStopTheGuest extends SystemCase {
        DiagnosticsStopTheGuest() {
            super("diagnostics");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            Object seen = next.go();
            good.pauseGuest(Bench.context(), id(arguments));
            return seen;
        }
    }

    static class DiagnosticsOfOffAreEmpty extends SystemCase {
        DiagnosticsOfOffAreEmpty() {
            super("diagnostics");
        }

        @Override
        @Nullable
        Object wrong(HostConnection good, @Nullable Object[] arguments, FaultyDrivers.Next next) throws Throwable {
            if (Bench.power(good, id(arguments)) != PowerState.SHUTDOWN) {
                return next.go();
            }
            return new InstanceDiagnostics(
                    PowerState.SHUTDOWN,
                    "sim",
                    "sim",
                    Optional.empty(),
                    List.of(),
                    new InstanceDiagnostics.Memory(MemorySize.ZERO, MemorySize.ZERO, Optional.empty()),
                    List.of());
        }
    }
}
