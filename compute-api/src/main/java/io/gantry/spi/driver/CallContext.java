package io.gantry.spi.driver;

import io.gantry.operation.OperationId;
import java.time.Duration;

/**
 * On whose behalf a driver is called. A driver records operation and epoch with each guest that it makes, where the
 * hypervisor can keep them (such as a domain's metadata).
 *
 * @param operation the operation that the call belongs to
 * @param epoch rises each time the operation's ownership changes; a driver refuses a lower one than it has recorded
 * @param timeout how long the call may take at most; a driver may have a tighter bound of its own for small calls
 */
public record CallContext(OperationId operation, long epoch, Duration timeout) {}
