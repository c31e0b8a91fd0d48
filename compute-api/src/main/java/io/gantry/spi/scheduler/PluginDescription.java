package io.gantry.spi.scheduler;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * What a filter or weigher says of itself, for guides and operators. The same for all objects of one class: options are
 * described with their defaults, not with what one object was given.
 *
 * @param summary which hosts it passes, or what it measures: one phrase
 * @param reads what of the request and the host it looks at
 * @param options its options, in the constructor's order
 * @param codes the codes that it rejects with; empty for a weigher, and for a filter that does not say
 */
public record PluginDescription(String summary, List<String> reads, List<PluginOption> options, List<String> codes) {
    /** Of one that says nothing of itself. */
    public static final PluginDescription NONE = new PluginDescription("", List.of(), List.of(), List.of());

    /**
     * Copies the lists.
     *
     * @param summary see the record
     * @param reads see the record
     * @param options see the record
     * @param codes see the record
     */
    public PluginDescription {
        requireNonNull(summary, "summary");
        reads = List.copyOf(reads);
        options = List.copyOf(options);
        codes = List.copyOf(codes);
    }

    /**
     * {@return a description without options and codes}
     *
     * @param summary see the record
     * @param reads see the record
     */
    public static PluginDescription of(String summary, String... reads) {
        return new PluginDescription(summary, List.of(reads), List.of(), List.of());
    }

    /**
     * {@return the description with one more option}
     *
     * @param name see {@link PluginOption}
     * @param defaultValue see {@link PluginOption}
     * @param meaning see {@link PluginOption}
     */
    public PluginDescription option(String name, String defaultValue, String meaning) {
        List<PluginOption> more = new ArrayList<>(options);
        more.add(new PluginOption(name, defaultValue, meaning));
        return new PluginDescription(summary, reads, more, codes);
    }

    /**
     * {@return the description with these codes}
     *
     * @param all every code that the filter rejects with
     */
    public PluginDescription rejectingWith(String... all) {
        return new PluginDescription(summary, reads, options, List.of(all));
    }
}
