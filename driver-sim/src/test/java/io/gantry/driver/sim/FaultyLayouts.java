package io.gantry.driver.sim;

import io.gantry.host.HostInventory;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.MigrationTarget;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Faults of how guests are laid out on hosts, as the subjects of the driver's contract. */
final class FaultyLayouts {
    private FaultyLayouts() {}

    /** Makes the guest, or resizes it, wherever the host likes. */
    abstract static class LayoutIsIgnored extends FaultyDrivers.Case {
        private final String verb;

        LayoutIsIgnored(String verb) {
            this.verb = verb;
        }

        @Override
        HostConnection spoil(HostConnection good) {
            return FaultyDrivers.faulty(HostConnection.class, good, (method, arguments, next) -> {
                if (method.getName().equals(verb)) {
                    arguments[1] = anywhere((GuestSpec) arguments[1]);
                }
                return next.go();
            });
        }

        private static @Nullable Object anywhere(@Nullable Object asked) {
            if (!(asked instanceof GuestSpec spec)) {
                return asked;
            }
            GuestSpec.Builder anywhere = GuestSpec.builder(spec.id(), spec.name(), spec.flavor(), spec.image())
                    .rootDisk(spec.rootDisk());
            spec.directBoot().ifPresent(anywhere::directBoot);
            spec.configDrive().ifPresent(anywhere::configDrive);
            return anywhere.build();
        }
    }

    static class CreateIgnoresLayout extends LayoutIsIgnored {
        CreateIgnoresLayout() {
            super("createGuest");
        }
    }

    static class ResizeIgnoresLayout extends LayoutIsIgnored {
        ResizeIgnoresLayout() {
            super("resizeGuest");
        }
    }

    static class TargetTakesAnyLayout extends FaultyDrivers.MigrationCase {
        @Override
        MigrationTarget spoil(MigrationTarget target) {
            return FaultyDrivers.faulty(
                    MigrationTarget.class,
                    target,
                    (method, arguments, next) -> method.getName().equals("refusals") ? List.of() : next.go());
        }
    }

    static class CpusAreDedicated extends FaultyDrivers.Case {
        @Override
        HostConnection spoil(HostConnection good) {
            return FaultyDrivers.faulty(HostConnection.class, good, (method, arguments, next) -> {
                Object result = next.go();
                return result instanceof HostInventory has
                        ? has.withTopology(has.topology().withDedicated(Set.of(0)))
                        : result;
            });
        }
    }
}
