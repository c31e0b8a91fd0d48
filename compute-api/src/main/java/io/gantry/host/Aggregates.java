package io.gantry.host;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import java.util.List;

/**
 * The host aggregates of an engine, and with them its availability zones. Safe for use by many threads; of two calls at
 * once that exclude each other, one is refused.
 *
 * <p>A host may be in many aggregates, but in one zone only; in the engine's default zone if none of its aggregates makes
 * one. Its zone does not change while an instance is there that asked for that zone: such a change is refused, whatever
 * call would make it.
 */
public interface Aggregates {
    /**
     * Adds an aggregate without members.
     *
     * @param spec what it is
     * @return the aggregate
     * @throws InvalidRequest if its zone is the default zone, whose hosts are those that no aggregate puts in a zone
     * @throws Conflict if one with this name exists
     */
    Aggregate create(AggregateSpec spec);

    /**
     * {@return an aggregate}
     *
     * @param name its name
     * @throws NotFound if there is none
     */
    Aggregate get(String name);

    /** {@return all aggregates, by name} */
    List<Aggregate> list();

    /**
     * Changes an aggregate: all that the update says, or nothing.
     *
     * @param name its name
     * @param update what changes
     * @return the aggregate afterwards
     * @throws NotFound if there is none
     * @throws InvalidRequest if the new zone is the default zone
     * @throws Conflict if another aggregate has the new name, a host would be in two zones, or instances on its hosts
     *     asked for the zone that the hosts would leave
     */
    Aggregate update(String name, AggregateUpdate update);

    /**
     * Removes an aggregate that has no members.
     *
     * @param name its name
     * @throws NotFound if there is none
     * @throws Conflict if hosts, parts of hosts or pools are in it
     */
    void delete(String name);

    /**
     * Puts a host into an aggregate; nothing happens if it is there.
     *
     * @param name the aggregate's name
     * @param host the host
     * @return the aggregate afterwards
     * @throws NotFound if there is no such aggregate or host
     * @throws Conflict if the host would be in two zones, or instances on it asked for the zone that it would leave
     */
    Aggregate addHost(String name, HostId host);

    /**
     * Takes a host out of an aggregate; nothing happens if it is not there.
     *
     * @param name the aggregate's name
     * @param host the host
     * @return the aggregate afterwards
     * @throws NotFound if there is no such aggregate or host
     * @throws Conflict if instances on the host asked for the zone that it would leave
     */
    Aggregate removeHost(String name, HostId host);
}
