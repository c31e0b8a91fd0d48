package io.gantry.core.lifecycle;

import io.gantry.core.host.GuestSignals;
import io.gantry.core.operation.StepContext;
import io.gantry.error.HypervisorError;
import io.gantry.error.NotFound;
import io.gantry.error.Unsupported;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What power verbs do on a host. */
final class PowerSteps {
    /** Bound on a call that starts or ends a guest. */
    static final Duration CALL = Duration.ofMinutes(2);

    /** How long a guest has for a reboot of its own, as in Nova. */
    static final Duration SOFT_REBOOT = Duration.ofMinutes(2);

    /** Bound on saving a guest's memory to disk, or reading it. */
    static final Duration SAVE = Duration.ofMinutes(30);

    private static final Logger LOG = LoggerFactory.getLogger(PowerSteps.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SIGNAL_AGAIN = Duration.ofSeconds(10);

    private final GuestSignals signals;

    PowerSteps(GuestSignals signals) {
        this.signals = signals;
    }

    /** Asks the guest to shut down, reminds it every 10 seconds, and pulls the plug after the timeout. */
    void stop(StepContext context, HostConnection connection, InstanceId id, Duration cleanTimeout)
            throws InterruptedException {
        boolean off =
                !isOn(connection, id) || (!cleanTimeout.isZero() && shutDown(context, connection, id, cleanTimeout));
        if (!off) {
            connection.powerOffGuest(context.call(CALL), id);
        }
    }

    private boolean shutDown(StepContext context, HostConnection connection, InstanceId id, Duration timeout)
            throws InterruptedException {
        if (power(connection, id) == PowerState.PAUSED) {
            LOG.debug("Guest {} is paused and cannot shut down by itself", id);
            return false;
        }
        long end = System.nanoTime() + timeout.toNanos();
        long signalAt = System.nanoTime();
        try (GuestSignals.Watch watch = signals.watch(id)) {
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                context.checkCancelled();
                if (now >= signalAt) {
                    connection.requestShutdown(context.call(CALL), id);
                    signalAt = now + SIGNAL_AGAIN.toNanos();
                }
                watch.await(shorter(LOOK, Duration.ofNanos(end - now)));
                if (!isOn(connection, id)) {
                    return true;
                }
            }
        } catch (Unsupported e) {
            LOG.info("Guest {} cannot be asked to shut down: {}", id, e.getMessage());
        }
        return false;
    }

    /** Asks the guest to reboot; if it has not within the timeout, resets it. */
    void reboot(StepContext context, HostConnection connection, InstanceId id, Duration timeout)
            throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try (GuestSignals.Watch watch = signals.watch(id)) {
            connection.requestReboot(context.call(CALL), id);
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                context.checkCancelled();
                if (watch.seen(GuestEvent.Kind.REBOOTED)) {
                    return;
                }
                if (!isOn(connection, id)) {
                    connection.startGuest(context.call(CALL), id);
                    return;
                }
                watch.await(shorter(LOOK, Duration.ofNanos(end - now)));
            }
            LOG.info("Guest {} has not rebooted within {}; it is reset", id, timeout);
        } catch (Unsupported e) {
            LOG.info("Guest {} cannot be asked to reboot: {}", id, e.getMessage());
        }
        reset(context, connection, id);
    }

    /** Powers the guest off and on. */
    void reset(StepContext context, HostConnection connection, InstanceId id) {
        connection.powerOffGuest(context.call(CALL), id);
        connection.startGuest(context.call(CALL), id);
    }

    /** {@return the power state of a guest that should be on} Fails if it is down by a fault. */
    static PowerState running(HostConnection connection, InstanceId id, String host) {
        GuestState guest = guest(connection, id);
        if (guest.power() == PowerState.CRASHED) {
            throw new HypervisorError(
                    host, 0, 0, "The guest ended as soon as it was started (" + guest.reason() + ")", null);
        }
        return guest.power();
    }

    /** {@return whether a guest has vCPUs, running or stopped} */
    static boolean isOn(HostConnection connection, InstanceId id) {
        PowerState power = power(connection, id);
        return power == PowerState.RUNNING || power == PowerState.PAUSED;
    }

    /** {@return a guest's power state} */
    static PowerState power(HostConnection connection, InstanceId id) {
        return guest(connection, id).power();
    }

    private static GuestState guest(HostConnection connection, InstanceId id) {
        return connection
                .guest(id)
                .orElseThrow(() -> new NotFound(id.ref(), "Its host no longer has the guest; delete the instance"));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
