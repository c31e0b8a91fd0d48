package io.gantry.core;

import io.gantry.core.placement.BuildFailures;
import io.gantry.core.scheduler.HostOrder;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.error.InvalidRequest;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.RequestFilter;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.topology.PciAlias;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** How an engine finds hosts, as its builder collects it. Not safe for use by several threads. */
final class SchedulerSettings {
    private final List<HostFilter> filters = new ArrayList<>();
    private final Map<String, RequestFilter> requestFilters = new LinkedHashMap<>();
    private final List<WeightedWeigher> weighers = new ArrayList<>();
    private final Map<String, PciAlias> aliases = new LinkedHashMap<>();
    private int hostSubsetSize = 1;
    private boolean shuffleBestSameWeighed;
    private int reportedHosts = 5;
    private Duration buildFailureHalfLife = Duration.ofMinutes(10);

    void addFilter(HostFilter filter) {
        if (filters.stream().anyMatch(other -> other.name().equals(filter.name()))) {
            throw new InvalidRequest("engine.filter", filter.name(), "was added before", "Add each filter once");
        }
        filters.add(filter);
    }

    void addRequestFilter(RequestFilter filter) {
        if (requestFilters.putIfAbsent(filter.name(), filter) != null) {
            throw new InvalidRequest("engine.requestFilter", filter.name(), "was added before", "Add each filter once");
        }
    }

    void addWeigher(WeightedWeigher weighted) {
        String name = weighted.weigher().name();
        if (weighers.stream().anyMatch(other -> other.weigher().name().equals(name))) {
            throw new InvalidRequest("engine.weigher", name, "was added before", "Add each weigher once");
        }
        weighers.add(weighted);
    }

    /** Aliases of the same name are one, for the devices of each. */
    void addAlias(PciAlias alias) {
        aliases.merge(alias.name(), alias, PciAlias::or);
    }

    void hostSubsetSize(int size) {
        hostSubsetSize = size;
    }

    void shuffleBestSameWeighed(boolean shuffles) {
        shuffleBestSameWeighed = shuffles;
    }

    void reportedHosts(int hosts) {
        reportedHosts = hosts;
    }

    void buildFailureHalfLife(Duration time) {
        buildFailureHalfLife = time;
    }

    HostScheduler scheduler(RandomGenerator random) {
        return new HostScheduler(filters, weighers, new HostOrder(hostSubsetSize, shuffleBestSameWeighed, random));
    }

    BuildFailures buildFailures(Clock clock) {
        return new BuildFailures(clock, buildFailureHalfLife);
    }

    List<RequestFilter> requestFilters() {
        return List.copyOf(requestFilters.values());
    }

    Map<String, PciAlias> aliases() {
        return Map.copyOf(aliases);
    }

    int reportedHosts() {
        return reportedHosts;
    }

    /** {@return the image properties that weighers ask for} */
    Set<String> imageProperties() {
        return weighers.stream()
                .flatMap(weigher -> weigher.weigher().imageProperties().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
