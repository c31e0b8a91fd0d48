package io.gantry.core.placement;

import io.gantry.core.scheduler.Exclusion;
import io.gantry.host.HostId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Hosts in the order in which they are to be tried, as far as they were ranked, and what those said that were tried. For one
 * thread.
 */
public final class Ranking {
    private final Function<Exclusion, PlacementReport> ranker;
    private final Consumer<HostId> onRefusal;
    private final Demand demand;
    private final Map<HostId, FilterResult> refusals = new LinkedHashMap<>();
    private PlacementReport report;

    /**
     * Ranks.
     *
     * @param ranker ranks hosts, without those that it is told of
     * @param onRefusal told of each host that refuses
     * @param demand what a host has to give
     */
    Ranking(Function<Exclusion, PlacementReport> ranker, Consumer<HostId> onRefusal, Demand demand) {
        this.ranker = ranker;
        this.onRefusal = onRefusal;
        this.demand = demand;
        this.report = ranker.apply(Exclusion.NONE);
    }

    /** {@return what a host has to give} */
    Demand demand() {
        return demand;
    }

    /** {@return what is known so far, without a choice} */
    public PlacementReport report() {
        return report;
    }

    /** Takes note of a host's refusal. */
    void refused(HostId host, FilterResult refusal) {
        refusals.put(host, refusal);
        onRefusal.accept(host);
        List<HostReport> hosts = new ArrayList<>();
        for (HostReport named : report.hosts()) {
            hosts.add(named.host().equals(host) ? refused(named, refusal) : named);
        }
        report = report.withHosts(hosts);
    }

    private static HostReport refused(HostReport named, FilterResult refusal) {
        List<FilterResult> filters = new ArrayList<>(named.filters());
        filters.add(refusal);
        return new HostReport(named.host(), filters, named.scores());
    }

    /**
     * Ranks those that were not tried yet, or, if there are none, finds out for all why.
     *
     * @return whether there are hosts to try
     */
    boolean goOn() {
        if (report.passedOver() == 0 && report.others().isEmpty()) {
            return false;
        }
        report = ranker.apply(view -> Optional.ofNullable(refusals.get(view.id())));
        return report.hosts().stream().anyMatch(host -> host.rejection().isEmpty());
    }
}
