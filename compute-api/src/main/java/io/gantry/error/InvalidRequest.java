package io.gantry.error;

import static java.util.Objects.requireNonNull;

/** A field of a request has a value that cannot be accepted; nothing was changed. */
public class InvalidRequest extends ComputeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 120;

    private final String field;
    private final String value;

    /**
     * Creates the failure.
     *
     * @param field the field, with its object where that helps, such as {@code flavor.vcpus}
     * @param value the refused value; shown cut to 120 characters, control characters escaped
     * @param problem why it is refused, such as {@code must be at least 1}
     * @param remediation what to send instead
     */
    public InvalidRequest(String field, Object value, String problem, String remediation) {
        super("INVALID_REQUEST", false, null, field + " '" + shown(value) + "' " + problem, remediation, null);
        this.field = requireNonNull(field, "field");
        this.value = shown(value);
    }

    /** {@return the refused field} */
    public final String field() {
        return field;
    }

    /** {@return the refused value as text, cut to 120 characters, control characters escaped} */
    public final String value() {
        return value;
    }

    private static String shown(Object value) {
        StringBuilder text = new StringBuilder();
        String whole = String.valueOf(value);
        whole.codePoints().limit(SHOWN).forEach(c -> {
            if (Character.isISOControl(c)) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return whole.codePointCount(0, whole.length()) > SHOWN ? text + "…" : text.toString();
    }
}
