package io.gantry.spi.driver;

import io.gantry.instance.InstanceId;
import java.util.Map;

/**
 * What a source tells a target of the guest that is to come, for the target to check and prepare by.
 *
 * @param guest the guest
 * @param hypervisorType such as {@code kvm}
 * @param hypervisorVersion the source's hypervisor version
 * @param description the guest in the driver's own form, such as a domain XML
 * @param facts further facts by names that only the driver knows
 */
public record MigrationOffer(
        InstanceId guest,
        String hypervisorType,
        String hypervisorVersion,
        String description,
        Map<String, String> facts) {
    /**
     * Copies the facts.
     *
     * @param guest see the record
     * @param hypervisorType see the record
     * @param hypervisorVersion see the record
     * @param description see the record
     * @param facts see the record
     */
    public MigrationOffer {
        facts = Map.copyOf(facts);
    }
}
