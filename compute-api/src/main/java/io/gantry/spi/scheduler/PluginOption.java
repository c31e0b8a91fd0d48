package io.gantry.spi.scheduler;

import static java.util.Objects.requireNonNull;

/**
 * An option of a filter or weigher, for guides and operators.
 *
 * @param name its name, as the constructor has it
 * @param defaultValue what holds if it is not given, in words
 * @param meaning what it does, one phrase
 */
public record PluginOption(String name, String defaultValue, String meaning) {
    /**
     * Checks that all parts are there.
     *
     * @param name see the record
     * @param defaultValue see the record
     * @param meaning see the record
     */
    public PluginOption {
        requireNonNull(name, "name");
        requireNonNull(defaultValue, "defaultValue");
        requireNonNull(meaning, "meaning");
    }
}
