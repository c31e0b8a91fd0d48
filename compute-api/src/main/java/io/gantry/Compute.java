package io.gantry;

import io.gantry.audit.Audit;
import io.gantry.error.Forbidden;
import io.gantry.error.NotFound;
import io.gantry.error.Unauthenticated;
import io.gantry.event.ComputeEventListener;
import io.gantry.event.Subscription;
import io.gantry.flavor.Flavors;
import io.gantry.host.Aggregates;
import io.gantry.host.Hosts;
import io.gantry.host.Zones;
import io.gantry.identity.Caller;
import io.gantry.identity.Credentials;
import io.gantry.image.Images;
import io.gantry.instance.Instances;
import io.gantry.keypair.KeyPairs;
import io.gantry.maintenance.Maintenance;
import io.gantry.migration.Migrations;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.placement.Providers;
import io.gantry.quota.Quotas;
import io.gantry.servergroup.ServerGroups;
import java.util.List;

/**
 * A compute service in process: everything starts here.
 *
 * <p>Safe for use by many threads; callers may use virtual threads. An implementation comes from
 * {@code ComputeEngine.builder()} in {@code compute-core}.
 */
public interface Compute extends AutoCloseable {
    /** {@return the hypervisor hosts} */
    Hosts hosts();

    /** {@return the sets that hosts are in} */
    Aggregates aggregates();

    /** {@return the zones that instances can ask for} */
    Zones zones();

    /** {@return the sizes that instances come in} */
    Flavors flavors();

    /** {@return what instances boot from} */
    Images images();

    /** {@return the instances} */
    Instances instances();

    /** {@return the groups whose members are placed together, or apart} */
    ServerGroups serverGroups();

    /** {@return on whose behalf everything is done that is asked of this object} */
    Caller caller();

    /**
     * {@return the service as another caller has it} What it may do and what it sees is the access policy's to say; it
     * needs no closing.
     *
     * @param credentials who that is, for the engine's identity provider
     * @throws Unauthenticated if the identity provider does not accept them
     */
    Compute as(Credentials credentials);

    /**
     * {@return the service as another caller has it, whom the host application has authenticated itself}
     *
     * @param other the caller
     * @throws Forbidden if this object's own caller does not run the cloud
     */
    Compute as(Caller other);

    /** {@return the users' key pairs: the caller's own} */
    KeyPairs keyPairs();

    /** {@return limits of projects and users, and what they use} */
    Quotas quotas();

    /** {@return what hosts have, in parts and together} */
    Providers providers();

    /**
     * Compares store, ledger and hypervisors. Asks every host; blocks up to the drivers' deadlines.
     *
     * @return every difference that no operation under way explains
     * @throws Forbidden if the caller may not
     */
    Audit audit();

    /**
     * As {@link #audit}, and repairs what is provably Gantry's own.
     *
     * @return every difference, with whether it was repaired
     * @throws Forbidden if the caller may not
     */
    Audit repair();

    /** {@return moves between hosts} */
    Migrations migrations();

    /** {@return moves of many instances by one plan: emptying a host, rebalancing} */
    Maintenance maintenance();

    /**
     * {@return the operation with this id}
     *
     * @param id its id
     * @throws NotFound if there is none
     */
    Operation<?> operation(OperationId id);

    /** {@return the operations that have not ended, oldest first} */
    List<Operation<?>> runningOperations();

    /**
     * Registers a listener for everything that happens from now on.
     *
     * @param listener told each event
     * @return closes the registration
     */
    Subscription subscribe(ComputeEventListener listener);

    /**
     * Accepts no further requests, waits for the running operations up to the engine's shutdown timeout, leaves those that
     * have not ended by then to the journal, and closes the hosts' connections, the plug-ins and the engine's threads.
     * Guests keep running; the next engine on the same store carries the operations on. Closing twice does nothing.
     */
    @Override
    void close();
}
