package io.gantry.core.state;

import io.gantry.host.AllocationRatios;
import io.gantry.host.Host;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostSpec;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.spi.scheduler.HostView;
import io.gantry.unit.IpNetwork;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A registered host. What is claimed there is in its {@link ProviderRow}, so that claims do not rewrite this row.
 *
 * @param id its id
 * @param driver its driver
 * @param connection where the driver connects to
 * @param properties the driver's settings
 * @param disabledReason why new instances may not go there; empty if they may
 * @param inventory what it has
 * @param ratios its over-commitment as it was registered
 * @param storageId the storage that holds its guests' disks, as far as its driver tells
 */
public record HostRow(
        HostId id,
        String driver,
        URI connection,
        Map<String, String> properties,
        Optional<String> disabledReason,
        HostInventory inventory,
        AllocationRatios ratios,
        Optional<String> storageId) {
    /** {@return the host's own IP address, if the connection names it by one: names are not resolved} */
    private Optional<String> address() {
        return Optional.ofNullable(connection.getHost())
                .map(host -> host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                .filter(IpNetwork::isAddress);
    }

    /** {@return the row with another reason for being disabled} */
    public HostRow withDisabledReason(Optional<String> reason) {
        return new HostRow(id, driver, connection, properties, reason, inventory, ratios, storageId);
    }

    /** {@return the row with another inventory} */
    public HostRow withInventory(HostInventory read) {
        return new HostRow(id, driver, connection, properties, disabledReason, read, ratios, storageId);
    }

    /** {@return how the host was specified} */
    public HostSpec spec() {
        HostSpec.Builder spec = HostSpec.builder(id.value())
                .driver(driver)
                .connection(connection.toString())
                .ratios(ratios);
        properties.forEach(spec::property);
        return spec.build();
    }

    /** {@return the host as callers see it} */
    public Host toHost(HostState state, AllocationRatios current, HostUsage usage) {
        return new Host(id, driver, state, disabledReason.isEmpty(), disabledReason, inventory, current, usage);
    }

    /** {@return the host as filters see it, for those who know more of it} */
    public HostView.Builder toView(
            HostState state,
            HostInventory usable,
            AllocationRatios current,
            HostUsage usage,
            String zone,
            Map<String, Map<String, String>> aggregates) {
        return HostView.builder(id, usable)
                .state(state)
                .disabled(disabledReason)
                .ratios(current)
                .usage(usage)
                .zone(zone)
                .aggregates(aggregates)
                .address(address());
    }
}
