package io.gantry.flavor;

import io.gantry.error.Conflict;
import io.gantry.error.NotFound;
import java.util.List;

/** The flavors of an engine. Safe for use by many threads. */
public interface Flavors {
    /**
     * Adds a flavor.
     *
     * @param flavor the flavor
     * @return the flavor
     * @throws Conflict if one with this name exists
     */
    Flavor create(Flavor flavor);

    /**
     * {@return a flavor}
     *
     * @param name its name
     * @throws NotFound if there is none
     */
    Flavor get(String name);

    /** {@return all flavors, by name} */
    List<Flavor> list();

    /**
     * Removes a flavor; instances keep their copy.
     *
     * @param name its name
     * @throws NotFound if there is none
     */
    void delete(String name);
}
