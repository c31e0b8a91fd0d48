package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Prefers hosts with few PCI devices free: guests that ask for devices fill up one host after the other, and guests that ask
 * for none leave the hosts alone that have some. Measures 0 less the number of free devices, -99 at least. A negative
 * multiplier is not heeded.
 *
 * <p>Aggregates may set another multiplier for their hosts with {@code pci_weight_multiplier}.
 */
public final class PciWeigher implements HostWeigher {
    private static final int MOST = 99;

    /** Creates the weigher. */
    public PciWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return -Math.min(host.freeDevices(), MOST);
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Optional.of(ColumnWeigher.unless(hosts -> !hosts.mayHaveFreeDevices(), (hosts, rows, count, raw) -> {
            for (int i = 0; i < count; i++) {
                raw[i] = -Math.min(hosts.freeDevices(rows[i]), MOST);
            }
        }));
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("pci_weight_multiplier");
    }

    @Override
    public boolean allowsNegativeMultiplier() {
        return false;
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("0 less the PCI devices that are free, -99 at least", "PCI devices and their use");
    }
}
