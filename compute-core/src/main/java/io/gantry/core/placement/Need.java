package io.gantry.core.placement;

import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Optional;

/**
 * What an instance needs on a host.
 *
 * @param vcpus vCPUs that share CPUs
 * @param pcpus CPUs of the host for the instance alone
 * @param memory memory
 * @param disk local disk
 */
public record Need(int vcpus, int pcpus, MemorySize memory, DiskSize disk) {
    private static final String INSTANCE = "instance:";

    /** Creates a need of shared CPUs only. */
    public Need(int vcpus, MemorySize memory, DiskSize disk) {
        this(vcpus, 0, memory, disk);
    }

    /** {@return what a request needs} */
    public static Need of(PlacementRequest request) {
        return new Need(
                Math.toIntExact(request.vcpus()),
                Math.toIntExact(request.pcpus()),
                request.memory(),
                request.localDisk());
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
