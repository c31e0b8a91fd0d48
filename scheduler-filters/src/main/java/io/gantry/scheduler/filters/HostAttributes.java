package io.gantry.scheduler.filters;

import io.gantry.host.HostInventory;
import io.gantry.spi.scheduler.HostView;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The attributes of a host that extra specs can address: Nova's names, and what a driver can do. */
final class HostAttributes {
    /** Every name that {@link #value} knows. */
    static final List<String> NAMES = List.of(
            "host",
            "hypervisor_hostname",
            "hypervisor_type",
            "hypervisor_version",
            "cpu_info:arch",
            "vcpus_total",
            "vcpus_used",
            "total_usable_ram_mb",
            "free_ram_mb",
            "total_usable_disk_gb",
            "free_disk_mb",
            "num_instances",
            "cpu_allocation_ratio",
            "ram_allocation_ratio",
            "disk_allocation_ratio",
            "driver_capabilities");

    private HostAttributes() {}

    /** {@return the attribute as text; empty if hosts have none of that name} What is free is so without the ratio. */
    static Optional<String> value(HostView host, String name) {
        HostInventory has = host.inventory();
        return switch (name) {
            case "host" -> Optional.of(host.id().value());
            case "hypervisor_hostname" -> Optional.of(has.hostname());
            case "hypervisor_type" -> Optional.of(has.hypervisorType());
            case "hypervisor_version" -> number(HypervisorVersion.number(has.hypervisorVersion()));
            case "cpu_info:arch" -> Optional.of(has.architecture());
            case "vcpus_total" -> number(has.vcpus());
            case "vcpus_used" -> number(host.usage().vcpus());
            case "total_usable_ram_mb" -> number(has.memory().bytes() >> 20);
            case "free_ram_mb" ->
                number((has.memory().bytes() - host.usage().memory().bytes()) >> 20);
            case "total_usable_disk_gb" -> number(has.disk().bytes() >> 30);
            case "free_disk_mb" ->
                number((has.disk().bytes() - host.usage().disk().bytes()) >> 20);
            case "num_instances" -> number(host.usage().instances());
            case "cpu_allocation_ratio" ->
                Optional.of(Double.toString(host.ratios().vcpus()));
            case "ram_allocation_ratio" ->
                Optional.of(Double.toString(host.ratios().memory()));
            case "disk_allocation_ratio" ->
                Optional.of(Double.toString(host.ratios().disk()));
            case "driver_capabilities" -> Optional.of(String.join(" ", new TreeSet<>(has.capabilities())));
            default -> Optional.empty();
        };
    }

    private static Optional<String> number(long value) {
        return Optional.of(Long.toString(value));
    }
}
