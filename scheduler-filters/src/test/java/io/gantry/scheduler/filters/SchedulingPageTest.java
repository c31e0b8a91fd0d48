package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.RequestFilter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide shows filters and weighers as they are. Run with {@code -Dgantry.docs.write=true} to write the page. */
class SchedulingPageTest {
    @Test
    void theGuideShowsFiltersAndWeighersAsTheyAre() throws IOException {
        String page = SchedulingPage.render();
        if (Boolean.getBoolean("gantry.docs.write")) {
            Files.writeString(SchedulingPage.PATH, page);
        }

        assertEquals(page, Files.readString(SchedulingPage.PATH), "docs/guide/scheduling.md says how to renew it");
    }

    @Test
    void noFilterAndNoWeigherIsLeftOut() throws IOException, URISyntaxException {
        Set<String> all = names(Stream.concat(
                SchedulingPage.filters().stream().map(HostFilter::name),
                SchedulingPage.requestFilters().stream().map(RequestFilter::name)));
        assertEquals(compiled("Filter"), all);
        assertEquals(
                compiled("Weigher"), names(SchedulingPage.weighers().stream().map(HostWeigher::name)));
    }

    @Test
    void eachOneDescribesItself() {
        List<PluginDescription> all = Stream.concat(
                        SchedulingPage.filters().stream().map(HostFilter::description),
                        SchedulingPage.weighers().stream().map(HostWeigher::description))
                .toList();
        all.forEach(description -> assertFalse(description.summary().isBlank()));
        all.forEach(description -> assertFalse(description.toString().contains("|"), "a bar ends a cell of the table"));
    }

    private static Set<String> names(Stream<String> names) {
        return names.collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> compiled(String kind) throws IOException, URISyntaxException {
        Path classes = Path.of(
                        ComputeFilter.class.getResource("ComputeFilter.class").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(classes)) {
            return names(files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(kind + ".class") && !file.contains("$"))
                    .map(file -> file.substring(0, file.length() - ".class".length())));
        }
    }
}
