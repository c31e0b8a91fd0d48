package io.gantry.flavor;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import java.util.List;

/** The flavors of an engine. Safe for use by many threads. */
public interface Flavors {
    /**
     * Adds a flavor, which all projects may use.
     *
     * <p>Extra specs of the namespaces {@code hw:}, {@code resources} and {@code trait}, with or without a group, {@code
     * pci_passthrough:} and {@code group_policy} are checked: one that Gantry does not know there, or cannot read, is refused,
     * since a guest without what they ask for would be another one. All others are for filters, aggregates and drivers, and
     * not looked at.
     *
     * @param flavor the flavor
     * @return the flavor
     * @throws Conflict if one with this name exists
     * @throws InvalidRequest if an extra spec is refused
     */
    Flavor create(Flavor flavor);

    /**
     * Puts a flavor in the place of the one of its name. Instances keep what they have; who may use the flavor stays, too.
     *
     * @param flavor the flavor
     * @return the flavor
     * @throws NotFound if there is none of this name
     * @throws InvalidRequest if an extra spec is refused, as for {@link #create}
     */
    Flavor update(Flavor flavor);

    /**
     * {@return a flavor}
     *
     * @param name its name
     * @throws NotFound if there is none that the caller may see
     */
    Flavor get(String name);

    /** {@return the flavors that the caller may see, by name; without those that are disabled, unless it may write flavors} */
    List<Flavor> list();

    /**
     * Removes a flavor; instances keep their copy.
     *
     * @param name its name
     * @throws NotFound if there is none
     */
    void delete(String name);

    /**
     * {@return who may use a flavor; for callers who may write flavors}
     *
     * @param name its name
     * @throws NotFound if there is none
     */
    FlavorAccess access(String name);

    /**
     * Says who may use a flavor from now on.
     *
     * @param name its name
     * @param access who may use it
     * @throws NotFound if there is none
     */
    void setAccess(String name, FlavorAccess access);
}
