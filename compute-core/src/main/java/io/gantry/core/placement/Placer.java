package io.gantry.core.placement;

import io.gantry.core.host.HostRegistry;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.PlacementRow;
import io.gantry.core.state.State;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Finds a host for an instance, claims room on it, and keeps the reasons. */
public final class Placer {
    /** Name under which a lack of room at the moment of the claim is reported. */
    public static final String CLAIM = "Claim";

    private final State state;
    private final Ledger ledger;
    private final HostRegistry hosts;
    private final HostScheduler scheduler;

    /** Creates a placer. */
    public Placer(State state, Ledger ledger, HostRegistry hosts, HostScheduler scheduler) {
        this.state = state;
        this.ledger = ledger;
        this.hosts = hosts;
        this.scheduler = scheduler;
    }

    /**
     * Ranks hosts; claims nothing.
     *
     * @param requested the only host in question, if one is requested
     * @param first asked before the filters: what the verb itself rules out
     */
    public PlacementReport rank(
            PlacementRequest request, Optional<HostId> requested, Function<HostView, Optional<FilterResult>> first) {
        List<HostView> views = state.transact(tx -> requested
                .map(host -> ledger.view(tx, host, hosts::state).stream().toList())
                .orElseGet(() -> ledger.views(tx, hosts::state)));
        return scheduler.rank(request, views, first);
    }

    /** {@return a ranking as a dry run's answer: its first host as the chosen one} */
    public static PlacementReport best(PlacementReport ranking) {
        return new PlacementReport(HostScheduler.accepted(ranking).stream().findFirst(), ranking.hosts());
    }

    /**
     * Claims room on the first host of a ranking that has it.
     *
     * @param instance what is placed; its decision is kept
     * @param last asked before the claim: what only the host itself can tell
     * @param alongside what else to change in the claim's transaction
     * @return the host
     * @throws NoValidHost if none has room
     */
    public HostId claim(
            InstanceId instance,
            PlacementReport ranking,
            Need need,
            Function<HostId, Optional<FilterResult>> last,
            BiConsumer<Transaction, HostId> alongside) {
        List<HostReport> reports = new ArrayList<>(ranking.hosts());
        for (HostId host : HostScheduler.accepted(ranking)) {
            Optional<FilterResult> refusal = last.apply(host);
            if (refusal.isEmpty()) {
                refusal = state.transact(tx -> {
                    Optional<Verdict> lack = ledger.claim(tx, Need.instance(instance), host, need);
                    if (lack.isEmpty()) {
                        alongside.accept(tx, host);
                        keep(tx, instance, new PlacementReport(Optional.of(host), reports));
                    }
                    return lack.map(verdict -> new FilterResult(CLAIM, verdict));
                });
            }
            if (refusal.isEmpty()) {
                return host;
            }
            reject(reports, host, refusal.get());
        }
        PlacementReport report = new PlacementReport(Optional.empty(), reports);
        state.change(tx -> keep(tx, instance, report));
        throw new NoValidHost(instance.ref(), report);
    }

    private void keep(Transaction tx, InstanceId instance, PlacementReport report) {
        PlacementRow row = new PlacementRow(instance, report);
        state.placements()
                .get(tx, instance.toString())
                .ifPresentOrElse(
                        entry -> state.placements().update(tx, entry, row),
                        () -> state.placements().insert(tx, row));
    }

    private static void reject(List<HostReport> reports, HostId host, FilterResult refusal) {
        reports.replaceAll(report -> {
            if (!report.host().equals(host)) {
                return report;
            }
            List<FilterResult> filters = new ArrayList<>(report.filters());
            filters.add(refusal);
            return new HostReport(host, filters, report.scores());
        });
    }
}
