package io.gantry.placement;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import java.util.regex.Pattern;

/**
 * Names a resource provider, unique within one engine. A host's own provider has the host's name.
 *
 * @param value 1 to 255 letters, digits, dots, underscores, colons and hyphens; starts with a letter or digit
 */
public record ProviderId(String value) implements Comparable<ProviderId> {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,254}");

    /**
     * Checks the form.
     *
     * @param value see the record
     * @throws InvalidRequest if the name has another form
     */
    public ProviderId {
        if (!VALID.matcher(value).matches()) {
            throw new InvalidRequest(
                    "provider.id",
                    value,
                    "must be 1 to 255 letters, digits, '.', '_', ':' or '-', starting with a letter or digit",
                    "Use a name such as 'node7:gpu0' or 'pool-ssd'");
        }
    }

    /**
     * {@return the id with this value}
     *
     * @param value see the record
     * @throws InvalidRequest if the name has another form
     */
    public static ProviderId of(String value) {
        return new ProviderId(value);
    }

    /**
     * {@return the id of a host's own provider, the root of its tree}
     *
     * @param host the host
     */
    public static ProviderId of(HostId host) {
        return new ProviderId(host.value());
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("provider", value);
    }

    @Override
    public int compareTo(ProviderId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
