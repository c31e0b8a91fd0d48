package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.List;
import java.util.Optional;

/**
 * Devices that a guest asks for.
 *
 * @param alias the name by which it asks
 * @param anyOf what the devices may be, 1 or more; each device is of one of them
 * @param policy where they may be
 * @param count how many, 1 to 64
 */
public record PciRequest(String alias, List<Match> anyOf, PciNumaPolicy policy, int count) {
    static final int MAX = 64;

    /**
     * Copies the list and checks the range.
     *
     * @param alias see the record
     * @param anyOf see the record
     * @param policy see the record
     * @param count see the record
     * @throws InvalidRequest if the count is out of range or nothing is named
     */
    public PciRequest {
        anyOf = List.copyOf(anyOf);
        if (count < 1 || count > MAX) {
            throw new InvalidRequest(
                    "pci_passthrough:alias", alias + ":" + count, "must ask for 1 to " + MAX, "Send NAME:COUNT.");
        }
        if (anyOf.isEmpty()) {
            throw new InvalidRequest("pciAlias", alias, "names no device", "Name vendor and product.");
        }
    }

    boolean accepts(PciDevice device) {
        return anyOf.stream().anyMatch(match -> match.accepts(device));
    }

    /**
     * What a device is.
     *
     * @param vendor its vendor, if only one is wanted
     * @param product its product, if only one is wanted
     * @param type its type
     */
    public record Match(Optional<String> vendor, Optional<String> product, PciType type) {
        boolean accepts(PciDevice device) {
            return device.type() == type
                    && vendor.map(device.vendor()::equals).orElse(true)
                    && product.map(device.product()::equals).orElse(true);
        }
    }
}
