package io.gantry.host;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import java.util.regex.Pattern;

/**
 * Names a host, unique within one engine.
 *
 * @param value 1 to 255 letters, digits, dots, underscores and hyphens; starts with a letter or digit
 */
public record HostId(String value) implements Comparable<HostId> {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

    /**
     * Checks the form.
     *
     * @param value see the record
     * @throws InvalidRequest if the name has another form
     */
    public HostId {
        if (!VALID.matcher(value).matches()) {
            throw new InvalidRequest(
                    "host.id",
                    value,
                    "must be 1 to 255 letters, digits, '.', '_' or '-', starting with a letter or digit",
                    "Use the host's name, such as 'rack1-node7'");
        }
    }

    /**
     * {@return the id with this value}
     *
     * @param value see the record
     */
    public static HostId of(String value) {
        return new HostId(value);
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("host", value);
    }

    @Override
    public int compareTo(HostId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
