package io.gantry.host;

import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import java.util.List;

/** The hosts of an engine. Safe for use by many threads. */
public interface Hosts {
    /**
     * Connects to a host, reads its inventory and makes it available for placement. Blocks up to the driver's deadline.
     *
     * @param spec which host
     * @return the host as registered
     * @throws InvalidRequest if the driver is unknown or refuses a setting
     * @throws HostUnreachable if the host does not answer; it is not registered then
     * @throws Conflict if a host with this id is registered
     */
    Host register(HostSpec spec);

    /**
     * {@return a host}
     *
     * @param id its id
     * @throws NotFound if there is none
     */
    Host get(HostId id);

    /** {@return all hosts, by id} */
    List<Host> list();

    /**
     * Lets new instances go to a host again.
     *
     * @param id its id
     * @return the host afterwards
     * @throws NotFound if there is none
     */
    Host enable(HostId id);

    /**
     * Keeps new instances from a host; those that are there stay.
     *
     * @param id its id
     * @param reason shown in placement reports; not blank
     * @return the host afterwards
     * @throws NotFound if there is none
     * @throws InvalidRequest if the reason is blank
     */
    Host disable(HostId id, String reason);

    /**
     * Forgets a host and closes its connection.
     *
     * @param id its id
     * @throws NotFound if there is none
     * @throws Conflict if instances or operations hold claims there
     */
    void unregister(HostId id);
}
