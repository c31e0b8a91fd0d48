package io.gantry.spi.driver;

import io.gantry.instance.InstanceId;
import io.gantry.topology.GuestLayout;
import java.util.Map;

/**
 * What a source tells a target of the guest that is to come, for the target to check and prepare by.
 *
 * @param guest the guest
 * @param hypervisorType such as {@code kvm}
 * @param hypervisorVersion the source's hypervisor version
 * @param description the guest in the driver's own form, such as a domain XML
 * @param facts further facts by names that only the driver knows
 * @param layout how the guest is to be laid out on the target; the engine sets it, the source leaves it to any
 */
public record MigrationOffer(
        InstanceId guest,
        String hypervisorType,
        String hypervisorVersion,
        String description,
        Map<String, String> facts,
        GuestLayout layout) {
    /**
     * Copies the facts.
     *
     * @param guest see the record
     * @param hypervisorType see the record
     * @param hypervisorVersion see the record
     * @param description see the record
     * @param facts see the record
     * @param layout see the record
     */
    public MigrationOffer {
        facts = Map.copyOf(facts);
    }

    /**
     * Creates what a source says.
     *
     * @param guest see the record
     * @param hypervisorType see the record
     * @param hypervisorVersion see the record
     * @param description see the record
     * @param facts see the record
     */
    public MigrationOffer(
            InstanceId guest,
            String hypervisorType,
            String hypervisorVersion,
            String description,
            Map<String, String> facts) {
        this(guest, hypervisorType, hypervisorVersion, description, facts, GuestLayout.ANYWHERE);
    }

    /**
     * {@return the offer for a target where the guest has this layout}
     *
     * @param onTarget the layout
     */
    public MigrationOffer withLayout(GuestLayout onTarget) {
        return new MigrationOffer(guest, hypervisorType, hypervisorVersion, description, facts, onTarget);
    }
}
