package io.gantry.driver.libvirt.port;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A job's figures by libvirt's names; values are {@link Long}, {@link Double}, {@link Boolean} or {@link String}.
 *
 * @param values the figures
 */
public record JobStatistics(Map<String, Object> values) {
    /**
     * Copies the figures.
     *
     * @param values see the record
     */
    public JobStatistics {
        values = Map.copyOf(values);
    }

    /**
     * {@return a figure that is a whole number}
     *
     * @param name libvirt's name
     */
    public OptionalLong number(String name) {
        return values.get(name) instanceof Long value ? OptionalLong.of(value) : OptionalLong.empty();
    }

    /** {@return whether the job ended well; empty if that is not told} */
    public Optional<Boolean> success() {
        return values.get("success") instanceof Boolean value ? Optional.of(value) : Optional.empty();
    }

    /** {@return why the job ended as it did; empty if that is not told} */
    public Optional<String> problem() {
        return values.get("errmsg") instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * {@return these figures as those of a job that has ended}
     *
     * @param well whether it ended well
     */
    public JobStatistics ended(boolean well) {
        Map<String, Object> ended = new LinkedHashMap<>(values);
        ended.put("success", well);
        return new JobStatistics(ended);
    }

    /** {@return all figures as text} */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        values.forEach((name, value) -> text.put(name, value.toString()));
        return text;
    }
}
