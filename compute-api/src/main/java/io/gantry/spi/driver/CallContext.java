package io.gantry.spi.driver;

import io.gantry.operation.OperationId;
import java.time.Duration;

/**
 * On whose behalf a driver is called. A driver records operation and epoch with each guest that it makes or changes,
 * where the hypervisor can keep them (such as a domain's metadata), and refuses a changing call with a lower epoch than the
 * guest's with {@link io.gantry.error.Conflict}, whatever operation it belongs to, and before it looks at anything else:
 * its caller has lost the instance to another operation or control node. A call with a higher epoch is recorded, also if
 * it finds nothing to do. The epoch moves with the guest in a live migration, and goes with a guest that is removed.
 *
 * @param operation the operation that the call belongs to
 * @param epoch rises with each operation on the instance, and each time an operation passes to another control node
 * @param timeout how long the call may take at most; a driver may have a tighter bound of its own for small calls
 */
public record CallContext(OperationId operation, long epoch, Duration timeout) {}
