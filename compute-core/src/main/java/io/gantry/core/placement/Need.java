package io.gantry.core.placement;

import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.placement.ResourceClass;
import io.gantry.placement.ResourceNeeds;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;
import java.util.Optional;

/**
 * What an instance needs on a host.
 *
 * @param vcpus vCPUs
 * @param memory memory
 * @param disk local disk
 */
public record Need(int vcpus, MemorySize memory, DiskSize disk) {
    private static final String INSTANCE = "instance:";

    /** {@return what an instance of this flavor with this root disk needs, where extra specs do not say otherwise} */
    public static Need of(Flavor flavor, DiskSize rootDisk) {
        ResourceNeeds needs = ResourceNeeds.parse(flavor.extraSpecs(), Map.of());
        return new Need(
                needs.amount(ResourceClass.VCPU).map(Math::toIntExact).orElse(flavor.vcpus()),
                needs.amount(ResourceClass.MEMORY_MB).map(MemorySize::mib).orElse(flavor.memory()),
                needs.amount(ResourceClass.DISK_MB).map(DiskSize::mib).orElse(rootDisk));
    }

    /** {@return the consumer that an instance is} */
    public static String instance(InstanceId id) {
        return INSTANCE + id;
    }

    /** {@return the instance that a consumer is; empty if it is none} */
    public static Optional<InstanceId> instanceOf(String consumer) {
        return consumer.startsWith(INSTANCE)
                ? Optional.of(InstanceId.of(consumer.substring(INSTANCE.length())))
                : Optional.empty();
    }

    /** {@return the consumer that a migration is} */
    public static String migration(OperationId id) {
        return "migration:" + id;
    }
}
