package io.gantry.core.state;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An instance and what is being done to it.
 *
 * @param instance as callers see it
 * @param operation the operation that holds its task
 * @param moveTo where a migration that has not been settled was taking it
 */
public record InstanceRow(Instance instance, Optional<OperationId> operation, Optional<HostId> moveTo) {
    /** {@return the row of a new instance} */
    public static InstanceRow building(
            InstanceId id,
            String name,
            Flavor flavor,
            ImageId image,
            Map<String, String> metadata,
            OperationId operation,
            Instant now) {
        Instance instance = new Instance(
                id,
                name,
                VmState.BUILDING,
                Optional.of(TaskState.SCHEDULING),
                PowerState.NOSTATE,
                Optional.empty(),
                flavor,
                image,
                metadata,
                Optional.empty(),
                now,
                now);
        return new InstanceRow(instance, Optional.of(operation), Optional.empty());
    }

    /** {@return the row with a task that an operation holds} */
    public InstanceRow withTask(TaskState task, OperationId holder, Instant now) {
        return with(instance.state(), Optional.of(task), instance.power(), instance.host(), instance.fault(), now)
                .heldBy(Optional.of(holder));
    }

    /** {@return the row without a task} */
    public InstanceRow withoutTask(Instant now) {
        return with(instance.state(), Optional.empty(), instance.power(), instance.host(), instance.fault(), now)
                .heldBy(Optional.empty());
    }

    /** {@return the row with other states} */
    public InstanceRow withState(VmState state, PowerState power, Instant now) {
        return with(state, instance.task(), power, instance.host(), instance.fault(), now);
    }

    /** {@return the row on another host, or on none} */
    public InstanceRow withHost(Optional<HostId> host, Instant now) {
        return with(instance.state(), instance.task(), instance.power(), host, instance.fault(), now);
    }

    /** {@return the row with another fault, or with none} */
    public InstanceRow withFault(Optional<InstanceFault> fault, Instant now) {
        return with(instance.state(), instance.task(), instance.power(), instance.host(), fault, now);
    }

    /** {@return the row with another unsettled target, or with none} */
    public InstanceRow withMoveTo(Optional<HostId> target) {
        return new InstanceRow(instance, operation, target);
    }

    private InstanceRow heldBy(Optional<OperationId> holder) {
        return new InstanceRow(instance, holder, moveTo);
    }

    private InstanceRow with(
            VmState state,
            Optional<TaskState> task,
            PowerState power,
            Optional<HostId> host,
            Optional<InstanceFault> fault,
            Instant now) {
        Instance changed = new Instance(
                instance.id(),
                instance.name(),
                state,
                task,
                power,
                host,
                instance.flavor(),
                instance.image(),
                instance.metadata(),
                fault,
                instance.createdAt(),
                now);
        return new InstanceRow(changed, operation, moveTo);
    }
}
