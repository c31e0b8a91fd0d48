package io.gantry.topology;

import io.gantry.error.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A name by which flavors ask for PCI devices: {@code pci_passthrough:alias=name:count,name:count}.
 *
 * @param name the name, without comma, colon or blank
 * @param anyOf what the devices may be, 1 or more; each device is of one of them
 * @param policy where they may be, unless flavor or image say so
 */
public record PciAlias(String name, List<PciRequest.Match> anyOf, PciNumaPolicy policy) {
    /** The extra spec by which flavors ask. */
    public static final String EXTRA_SPEC = "pci_passthrough:alias";

    private static final String REMEDY = "Send NAME:COUNT, with commas between several.";

    /**
     * Copies the list and checks the name.
     *
     * @param name see the record
     * @param anyOf see the record
     * @param policy see the record
     * @throws InvalidRequest if the name has another form or nothing is named
     */
    public PciAlias {
        anyOf = List.copyOf(anyOf);
        if (!name.matches("[^\\s,:]{1,255}")) {
            throw new InvalidRequest(
                    "pciAlias.name", name, "has another form", "Send 1 to 255 characters, none of them , : or blank.");
        }
        if (anyOf.isEmpty()) {
            throw new InvalidRequest("pciAlias.anyOf", name, "names no device", "Name vendor, product or type.");
        }
    }

    /**
     * {@return an alias of the same name for the devices of both}
     *
     * @param other another alias of this name
     * @throws InvalidRequest if its name or policy differs
     */
    public PciAlias or(PciAlias other) {
        if (!name.equals(other.name) || policy != other.policy) {
            throw new InvalidRequest(
                    "pciAlias",
                    other.name + " " + other.policy,
                    "is not of the same name and policy as " + name + " " + policy,
                    "Give both the same policy, or another name.");
        }
        return new PciAlias(
                name, Stream.concat(anyOf.stream(), other.anyOf.stream()).toList(), policy);
    }

    /**
     * {@return the devices that a flavor asks for, in its order}
     *
     * @param extraSpecs the flavor's extra specs
     * @param imageProperties the image's properties
     * @param aliases all aliases by name
     * @throws InvalidRequest if the request is malformed, an alias is unknown, or flavor and image name different policies
     */
    public static List<PciRequest> requests(
            Map<String, String> extraSpecs, Map<String, String> imageProperties, Map<String, PciAlias> aliases) {
        Optional<PciNumaPolicy> policy = TopologyRequest.pciNumaPolicy(extraSpecs, imageProperties);
        String text = extraSpecs.getOrDefault(EXTRA_SPEC, "");
        List<PciRequest> requests = new ArrayList<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            String[] pair = part.strip().split(":", -1);
            if (pair.length != 2) {
                throw new InvalidRequest(EXTRA_SPEC, text, "has another form", REMEDY);
            }
            int count = Numbers.within(EXTRA_SPEC, pair[1], 1, PciRequest.MAX, REMEDY);
            PciAlias alias = Optional.ofNullable(aliases.get(pair[0]))
                    .orElseThrow(() -> new InvalidRequest(
                            EXTRA_SPEC,
                            pair[0],
                            "is no alias",
                            aliases.isEmpty()
                                    ? "There are none; choose a flavor without devices."
                                    : "Name one of "
                                            + aliases.keySet().stream().sorted().collect(Collectors.joining(", "))));
            requests.add(new PciRequest(alias.name, alias.anyOf, policy.orElse(alias.policy), count));
        }
        return requests;
    }
}
