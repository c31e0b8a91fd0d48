package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;

/**
 * Prefers hosts with few PCI devices free: guests that ask for devices fill up one host after the other, and guests that ask
 * for none leave the hosts alone that have some. Yields 100 less the number of free devices, and 1 for 99 and more. A
 * negative multiplier would do the opposite of what the devices are for.
 *
 * <p>Aggregates may set another multiplier for their hosts with {@code pci_weight_multiplier}.
 */
public final class PciWeigher implements HostWeigher {
    private static final int MOST = 100;

    /** Creates the weigher. */
    public PciWeigher() {}

    @Override
    public double weigh(PlacementRequest request, HostView host) {
        return MOST - Math.min(host.freeDevices(), MOST - 1);
    }

    @Override
    public Optional<ColumnWeigher> columns(PlacementRequest request) {
        return Optional.of((hosts, rows, count, raw) -> {
            for (int i = 0; i < count; i++) {
                raw[i] = MOST - Math.min(hosts.freeDevices(rows[i]), MOST - 1);
            }
        });
    }

    @Override
    public Optional<String> multiplierKey() {
        return Optional.of("pci_weight_multiplier");
    }

    @Override
    public PluginDescription description() {
        return PluginDescription.of("100 less the PCI devices that are free, 1 at least", "PCI devices and their use");
    }
}
