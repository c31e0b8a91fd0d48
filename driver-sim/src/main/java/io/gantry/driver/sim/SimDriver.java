package io.gantry.driver.sim;

import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.HypervisorDriver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Hosts in process: {@code sim://NAME?vcpus=8&memory-mib=16384&disk-gib=200}, further {@code architecture},
 * {@code bandwidth-mib} (of the link for migrations), {@code version} and {@code storage}; every parameter may be given
 * as a host property instead. {@code numa-cells} divides CPUs and memory into so many cells, {@code threads} says how many
 * threads each core has, {@code huge-pages} how many pages of 2 MiB are set aside in each cell, and {@code pci-devices} which
 * PCI devices there are: {@code ADDRESS/VENDOR/PRODUCT/TYPE/CELL[/PHYSICAL_FUNCTION]}, with commas between them. A layout that
 * pins a guest to a CPU that another one may run on, or that is not there, is refused, as are devices in use and more huge
 * pages than there are. A host comes into being when it is first connected to; a later connection names the same values or none.
 *
 * <p>Guests are empty but behave: they boot at once, write a heartbeat to their console, hear the power button, own
 * memory that they dirty at the rate that extra specs of their flavor set ({@code sim:resident_mib},
 * {@code sim:working_set_mib}, {@code sim:dirty_rate_mib}, {@code sim:ignores_shutdown}), and move live between hosts of
 * the same {@link SimFleet}. The fleet is where tests steer what happens.
 *
 * <p>Their root disks hold what is written to them ({@link SimDisk}); copies of them are raw and end with the last block
 * that is not zero. Hosts that name the same {@code storage} see the same disks; any other host has storage of its own,
 * and a guest that moves live to other storage takes its root disk and the copies of it along.
 */
public final class SimDriver implements HypervisorDriver {
    static final String NAME = "sim";

    private static final int LISTENER_THREADS = 2;

    private final SimFleet fleet;
    private final boolean ownsFleet;
    private final Executor listeners;
    private final Runnable stopListeners;
    private final Set<SimConnection> connections = ConcurrentHashMap.newKeySet();

    private SimDriver(SimFleet fleet, boolean ownsFleet, Executor listeners, Runnable stopListeners) {
        this.fleet = fleet;
        this.ownsFleet = ownsFleet;
        this.listeners = listeners;
        this.stopListeners = stopListeners;
    }

    /** {@return a driver with a fleet of its own in real time, which ends when the driver is closed} */
    public static SimDriver create() {
        return withThreads(SimFleet.create(), true);
    }

    static SimDriver of(SimFleet fleet) {
        return withThreads(fleet, false);
    }

    static SimDriver of(SimFleet fleet, Executor listeners) {
        return new SimDriver(fleet, false, listeners, () -> {});
    }

    private static SimDriver withThreads(SimFleet fleet, boolean ownsFleet) {
        NamedThreads names = new NamedThreads("gantry-sim-events");
        ExecutorService threads = Executors.newFixedThreadPool(LISTENER_THREADS, names);
        return new SimDriver(fleet, ownsFleet, threads, () -> names.stop(threads));
    }

    /** {@return the fleet whose hosts this driver connects to} */
    public SimFleet fleet() {
        return fleet;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public HostConnection connect(HostEndpoint endpoint, HostListener listener) {
        HostNode node = fleet.nodeFor(endpoint.connection(), endpoint.properties());
        return node.gate().call(SimCall.CONNECT, fleet.surroundings().callTimeout(), () -> {
            Mailbox mailbox = new Mailbox(listener, listeners);
            SimConnection connection = new SimConnection(node, fleet, mailbox, connections::remove);
            connections.add(connection);
            node.gate().listeners().add(mailbox);
            return connection;
        });
    }

    /** Closes the driver's connections and threads; and its fleet, if it was made by {@link #create}. */
    @Override
    public void close() {
        connections.forEach(SimConnection::close);
        stopListeners.run();
        if (ownsFleet) {
            fleet.close();
        }
    }
}
