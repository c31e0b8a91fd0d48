package io.gantry.core.placement;

import io.gantry.core.aggregate.HostZones;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.PlacementRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Transactor;
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
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds a host for an instance, claims room on it, and keeps the reasons. */
public final class Placer {
    /** Name under which is reported what a host lacks at the moment of the claim: room, or the right zone. */
    public static final String CLAIM = "Claim";

    private final State state;
    private final Ledger ledger;
    private final HostZones zones;
    private final HostRegistry hosts;
    private final HostScheduler scheduler;

    /** Creates a placer. */
    public Placer(State state, Ledger ledger, HostZones zones, HostRegistry hosts, HostScheduler scheduler) {
        this.state = state;
        this.ledger = ledger;
        this.zones = zones;
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
        // Filters run outside of the transaction: they may take their time, and are plug-ins.
        Candidates candidates = state.read(tx -> candidates(tx, request, requested));
        return rank(request, candidates, first);
    }

    /** As {@link #rank(PlacementRequest, Optional, Function)}, by what a transaction sees. */
    public PlacementReport rank(Transaction tx, PlacementRequest request, Optional<HostId> requested) {
        return rank(request, candidates(tx, request, requested), host -> Optional.empty());
    }

    private record Candidates(List<HostView> views, Set<HostId> unclean) {}

    private Candidates candidates(Transaction tx, PlacementRequest request, Optional<HostId> requested) {
        List<HostView> views = requested
                .map(host -> ledger.view(tx, host, hosts::state).stream().toList())
                .orElseGet(() -> ledger.views(tx, hosts::state));
        Set<HostId> unclean = state
                .leftovers()
                .find(tx, "instance", request.instance().toString())
                .stream()
                .map(entry -> entry.value().host())
                .collect(Collectors.toSet());
        return new Candidates(views, unclean);
    }

    private PlacementReport rank(
            PlacementRequest request, Candidates candidates, Function<HostView, Optional<FilterResult>> first) {
        return scheduler.rank(
                request,
                candidates.views(),
                view -> candidates.unclean().contains(view.id())
                        ? Optional.of(new FilterResult(
                                "Leftover",
                                Verdict.reject("OLD_GUEST", "a clean host", "an old guest of the instance")))
                        : first.apply(view));
    }

    /** {@return a ranking as a dry run's answer: its first host as the chosen one} */
    public static PlacementReport best(PlacementReport ranking) {
        return new PlacementReport(HostScheduler.accepted(ranking).stream().findFirst(), ranking.hosts());
    }

    /**
     * A claim to be made.
     *
     * @param transactor runs the claim's transaction
     * @param instance what is placed; its decision is kept
     * @param need what it needs
     * @param last asked before the claim: what only the host itself can tell
     * @param before what else to change in the claim's transaction, before the claim
     * @param after what else to change in the claim's transaction, after the claim
     */
    public record Claim(
            Transactor transactor,
            InstanceId instance,
            Need need,
            Function<HostId, Optional<FilterResult>> last,
            Consumer<Transaction> before,
            BiConsumer<Transaction, HostId> after) {
        /** {@return a claim that asks no host and changes nothing before it} */
        public static Claim of(
                Transactor transactor, InstanceId instance, Need need, BiConsumer<Transaction, HostId> after) {
            return new Claim(transactor, instance, need, host -> Optional.empty(), tx -> {}, after);
        }

        /** {@return the claim with a question to each host} */
        public Claim asking(Function<HostId, Optional<FilterResult>> question) {
            return new Claim(transactor, instance, need, question, before, after);
        }

        /** {@return the claim with a change before it} */
        public Claim preparing(Consumer<Transaction> change) {
            return new Claim(transactor, instance, need, last, change, after);
        }
    }

    /**
     * Claims room on the first host of a ranking that has it.
     *
     * @return the host
     * @throws NoValidHost if none has room
     */
    public HostId claim(PlacementReport ranking, Claim claim) {
        List<HostReport> reports = new ArrayList<>(ranking.hosts());
        for (HostId host : HostScheduler.accepted(ranking)) {
            Optional<FilterResult> refusal = claim.last().apply(host);
            if (refusal.isEmpty()) {
                refusal = tryClaim(claim, host, reports);
            }
            if (refusal.isEmpty()) {
                return host;
            }
            reject(reports, host, refusal.get());
        }
        PlacementReport report = new PlacementReport(Optional.empty(), reports);
        claim.transactor().change(tx -> keep(tx, claim.instance(), report));
        throw new NoValidHost(claim.instance().ref(), report);
    }

    private Optional<FilterResult> tryClaim(Claim claim, HostId host, List<HostReport> reports) {
        try {
            claim.transactor().change(tx -> {
                claim.before().accept(tx);
                Optional<Verdict> refusal = zones.refusal(tx, requestedZone(tx, claim.instance()), host)
                        .or(() -> ledger.claim(tx, Need.instance(claim.instance()), host, claim.need()));
                if (refusal.isPresent()) {
                    throw new Refused(refusal.get());
                }
                claim.after().accept(tx, host);
                keep(tx, claim.instance(), new PlacementReport(Optional.of(host), reports));
            });
            return Optional.empty();
        } catch (Refused e) {
            return Optional.of(new FilterResult(CLAIM, e.verdict));
        }
    }

    /** Whatever the filters are, and whatever has changed since they were asked: who asked for a zone is not put elsewhere. */
    private Optional<String> requestedZone(Transaction tx, InstanceId instance) {
        return state.instances()
                .get(tx, instance.toString())
                .flatMap(entry -> entry.value().instance().requestedZone());
    }

    /** Ends a transaction that cannot claim, so that nothing of it stays. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Verdict verdict;

        Refused(Verdict verdict) {
            super("Refused", null, false, false);
            this.verdict = verdict;
        }
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
