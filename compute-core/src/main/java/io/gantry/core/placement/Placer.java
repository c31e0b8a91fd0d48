package io.gantry.core.placement;

import io.gantry.core.aggregate.HostZones;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.scheduler.Exclusion;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.AggregateRow;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.PlacementRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Transactor;
import io.gantry.error.ComputeException;
import io.gantry.error.InvalidRequest;
import io.gantry.error.UnexpectedFailure;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.ServerGroupId;
import io.gantry.operation.OperationId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.RequestFilter;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.PciAlias;
import io.gantry.topology.PciRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

    /** Name under which is reported what parts of a host cannot give. */
    private static final String PARTS = "Providers";

    private static final int FEW = 16;

    private final State state;
    private final Ledger ledger;
    private final GroupSlots slots;
    private final HintedHosts hinted;
    private final HostZones zones;
    private final HostRegistry hosts;
    private final HostScheduler scheduler;
    private final HostScheduler onRebuild;
    private final CandidateFeed candidates;
    private final List<RequestFilter> requestFilters;
    private final Map<String, PciAlias> aliases;
    private final int reported;

    /**
     * Creates a placer.
     *
     * @param candidates whose index decisions are made from
     * @param requestFilters what edits requests, in this order
     * @param aliases names of PCI devices in flavors
     * @param reported how many of the best hosts, and how many of the rejected ones, a decision names that is kept
     */
    public Placer(
            State state,
            Ledger ledger,
            HostZones zones,
            HostRegistry hosts,
            HostScheduler scheduler,
            CandidateFeed candidates,
            List<RequestFilter> requestFilters,
            Map<String, PciAlias> aliases,
            int reported) {
        this.state = state;
        this.ledger = ledger;
        this.slots = new GroupSlots(state);
        this.hinted = new HintedHosts(state);
        this.zones = zones;
        this.hosts = hosts;
        this.scheduler = scheduler;
        this.onRebuild = scheduler.onRebuild();
        this.candidates = candidates;
        this.requestFilters = List.copyOf(requestFilters);
        this.aliases = Map.copyOf(aliases);
        this.reported = reported;
    }

    /**
     * Ranks hosts; claims nothing.
     *
     * @param requested the only host in question, if one is requested
     * @param exclusion what the verb itself rules out
     */
    public Ranking rank(PlacementRequest asked, Optional<HostId> requested, Exclusion exclusion) {
        PlacementRequest request = named(asked);
        Demand demand = Demand.of(request);
        Set<HostId> unclean = state.read(tx -> unclean(tx, request));
        Exclusion all = requested.isEmpty() ? excluding(demand, unclean, exclusion) : excluding(unclean, exclusion);
        // Filters run outside of any transaction: they may take their time, and are plug-ins.
        return new Ranking(
                refused -> requested.isEmpty()
                        ? decide(edited(request), Map.of(), refused.or(all))
                        : scheduler.rank(
                                edited(request), state.read(tx -> view(tx, requested.get(), request)), refused.or(all)),
                candidates::reread,
                demand);
    }

    /**
     * As {@link #rank(PlacementRequest, Optional, Exclusion)}, by what a transaction sees.
     *
     * @param touched hosts on which it has claimed already
     */
    public Ranking rank(
            Transaction tx,
            PlacementRequest asked,
            Optional<HostId> requested,
            Exclusion exclusion,
            Collection<HostId> touched) {
        PlacementRequest request = named(asked);
        Demand demand = Demand.of(request);
        Set<HostId> unclean = unclean(tx, request);
        Exclusion all = requested.isEmpty() ? excluding(demand, unclean, exclusion) : excluding(unclean, exclusion);
        // What this transaction has done is not for others to see yet, so that refusals are not read again.
        return new Ranking(
                refused -> requested.isEmpty()
                        ? decide(edited(tx, request), overrides(tx, touched, request), refused.or(all))
                        : scheduler.rank(edited(tx, request), view(tx, requested.get(), request), refused.or(all)),
                host -> {},
                demand);
    }

    /**
     * Takes a host without asking filters: the claim alone says whether it has room. A host with an old guest of the instance
     * is out of the question in any case.
     *
     * @param forced the host
     */
    public Ranking force(PlacementRequest asked, HostId forced) {
        PlacementRequest request = named(asked);
        Set<HostId> unclean = state.read(tx -> unclean(tx, request));
        return new Ranking(
                refused -> unfiltered(
                        state.read(tx -> view(tx, forced, request)), refused.or(excluding(unclean, Exclusion.NONE))),
                candidates::reread,
                Demand.of(request));
    }

    /** As {@link #force(PlacementRequest, HostId)}, by what a transaction sees. */
    public Ranking force(Transaction tx, PlacementRequest asked, HostId forced) {
        PlacementRequest request = named(asked);
        Exclusion all = excluding(unclean(tx, request), Exclusion.NONE);
        return new Ranking(
                refused -> unfiltered(view(tx, forced, request), refused.or(all)), host -> {}, Demand.of(request));
    }

    private static PlacementReport unfiltered(List<HostView> hosts, Exclusion exclusion) {
        return new PlacementReport(
                Optional.empty(),
                hosts.stream()
                        .map(host -> new HostReport(
                                host.id(), exclusion.of(host).stream().toList(), List.of()))
                        .toList());
    }

    /** Of few hosts each is judged by itself: that costs next to nothing, and says why of each that is rejected. */
    private PlacementReport decide(PlacementRequest request, Map<HostId, HostView> overrides, Exclusion exclusion) {
        CandidateIndex index = candidates.index();
        return index.size() <= FEW
                ? scheduler.rank(request, index.views(overrides), exclusion).bounded(reported)
                : scheduler.decide(request, index, overrides, exclusion, reported);
    }

    /** {@return what a placement would decide now, with a report on every host; claims nothing} */
    public PlacementReport explain(PlacementRequest asked, Optional<HostId> requested) {
        PlacementRequest request = named(asked);
        Set<HostId> unclean = state.read(tx -> unclean(tx, request));
        List<HostView> views = requested
                .map(host -> state.read(tx -> view(tx, host, request)))
                .orElseGet(() -> candidates.index().views());
        PlacementReport ranking =
                scheduler.rank(edited(request), views, excluding(Demand.of(request), unclean, Exclusion.NONE));
        return ranking.withChosen(HostScheduler.accepted(ranking).stream().findFirst());
    }

    /**
     * Asks those filters about an instance's host that depend on its image; claims nothing and keeps no report.
     *
     * @param asked the instance, with the image that it is to be rebuilt from
     * @param host where it is
     * @throws NoValidHost if one of them rejects the host
     */
    public void checkRebuild(PlacementRequest asked, HostId host) {
        PlacementRequest request = named(asked);
        PlacementReport report =
                onRebuild.rank(edited(request), state.read(tx -> view(tx, host, request)), Exclusion.NONE);
        if (HostScheduler.accepted(report).isEmpty()) {
            throw new NoValidHost(request.instance().ref(), report);
        }
    }

    /** {@return a request with what filters need to know of others; the request itself if it concerns none} */
    public PlacementRequest seen(PlacementRequest asked) {
        return edited(named(asked));
    }

    /** As {@link #seen}, of a request whose devices are named. */
    private PlacementRequest edited(PlacementRequest request) {
        // As host filters, these run outside of any transaction.
        PlacementRequest filtered =
                requestFilters.isEmpty() ? request : filtered(request, state.read(this::aggregates));
        return filtered.groupId().isEmpty() && !HintedHosts.concerns(filtered)
                ? filtered
                : state.read(tx -> withOthers(tx, filtered));
    }

    /** As {@link #edited(PlacementRequest)}, by what a transaction sees. */
    private PlacementRequest edited(Transaction tx, PlacementRequest request) {
        return withOthers(tx, requestFilters.isEmpty() ? request : filtered(request, aggregates(tx)));
    }

    private PlacementRequest withOthers(Transaction tx, PlacementRequest request) {
        return hinted.seen(tx, slots.seen(tx, request));
    }

    /**
     * {@return the PCI devices that a flavor asks for}
     *
     * @throws InvalidRequest if it asks in another form, or for devices that no alias names
     */
    public List<PciRequest> devices(Flavor flavor, Image image) {
        return flavor.extraSpecs().containsKey(PciAlias.EXTRA_SPEC)
                ? PciAlias.requests(flavor.extraSpecs(), image.properties(), aliases)
                : List.of();
    }

    /**
     * {@return a request with the PCI devices that its flavor asks for; the request itself if it asks for none}
     *
     * @throws InvalidRequest as {@link #devices} does
     */
    public PlacementRequest named(PlacementRequest request) {
        List<PciRequest> devices = devices(request.flavor(), request.image());
        return devices.isEmpty()
                ? request
                : request.toBuilder().devices(devices).build();
    }

    private Map<String, Map<String, String>> aggregates(Transaction tx) {
        return state.aggregates().readable(tx).stream()
                .collect(Collectors.toUnmodifiableMap(AggregateRow::name, AggregateRow::metadata));
    }

    private PlacementRequest filtered(PlacementRequest request, Map<String, Map<String, String>> aggregates) {
        PlacementRequest filtered = request;
        for (RequestFilter filter : requestFilters) {
            filtered = applied(filter, filtered, aggregates);
        }
        return filtered;
    }

    /** What a plug-in breaks with is told as a failure of the instance's own, with the name of the plug-in. */
    private static PlacementRequest applied(
            RequestFilter filter, PlacementRequest request, Map<String, Map<String, String>> aggregates) {
        try {
            return filter.apply(request, aggregates);
        } catch (ComputeException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            throw new UnexpectedFailure(request.instance().ref(), "Request filter " + filter.name(), e);
        }
    }

    private List<HostView> view(Transaction tx, HostId host, PlacementRequest request) {
        return ledger
                .view(tx, host, hosts::state, request.topologyNeed().isAny())
                .map(view -> candidates.complete(host, view).build())
                .stream()
                .toList();
    }

    private Map<HostId, HostView> overrides(Transaction tx, Collection<HostId> touched, PlacementRequest request) {
        return touched.stream()
                .distinct()
                .flatMap(host -> view(tx, host, request).stream())
                .collect(Collectors.toMap(HostView::id, Function.identity()));
    }

    private Set<HostId> unclean(Transaction tx, PlacementRequest request) {
        return state.leftovers().find(tx, "instance", request.instance().toString()).stream()
                .map(entry -> entry.value().host())
                .collect(Collectors.toSet());
    }

    /**
     * Rules hosts out whose parts cannot give what is asked of them: the claim would refuse each in a transaction of its own,
     * and a dry run is to tell of them. Where a host is requested or forced, the claim alone says so, by what is there then.
     */
    private Exclusion excluding(Demand demand, Set<HostId> unclean, Exclusion exclusion) {
        Exclusion clean = excluding(unclean, exclusion);
        return demand.groups().isEmpty()
                ? clean
                : clean.or(view -> candidates.lack(view.id(), demand).map(lack -> new FilterResult(PARTS, lack)));
    }

    private static Exclusion excluding(Set<HostId> unclean, Exclusion exclusion) {
        return unclean.isEmpty()
                ? exclusion
                : view -> unclean.contains(view.id())
                        ? Optional.of(new FilterResult(
                                "Leftover",
                                Verdict.reject("OLD_GUEST", "a clean host", "an old guest of the instance")))
                        : exclusion.of(view);
    }

    /**
     * A claim to be made.
     *
     * @param transactor runs the claim's transaction
     * @param instance what is placed; its decision is kept
     * @param operation which operation decides
     * @param last asked before the claim: what only the host itself can tell
     * @param before what else to change in the claim's transaction, before the claim
     * @param after what else to change in the claim's transaction, after the claim
     */
    public record Claim(
            Transactor transactor,
            InstanceId instance,
            OperationId operation,
            Function<HostId, Optional<FilterResult>> last,
            Consumer<Transaction> before,
            BiConsumer<Transaction, HostId> after) {
        /** {@return a claim that asks no host and changes nothing before it} */
        public static Claim of(
                Transactor transactor,
                InstanceId instance,
                OperationId operation,
                BiConsumer<Transaction, HostId> after) {
            return new Claim(transactor, instance, operation, host -> Optional.empty(), tx -> {}, after);
        }

        /** {@return the claim with a question to each host} */
        public Claim asking(Function<HostId, Optional<FilterResult>> question) {
            return new Claim(transactor, instance, operation, question, before, after);
        }

        /** {@return the claim with a change before it} */
        public Claim preparing(Consumer<Transaction> change) {
            return new Claim(transactor, instance, operation, last, change, after);
        }
    }

    /**
     * Claims room on the first host of a ranking that has it. Where those that it names refuse, others are ranked.
     *
     * @return the host
     * @throws NoValidHost if none has room
     */
    public HostId claim(Ranking ranking, Claim claim) {
        while (true) {
            for (HostId host : HostScheduler.accepted(ranking.report())) {
                Optional<FilterResult> refusal = claim.last().apply(host);
                if (refusal.isEmpty()) {
                    refusal = tryClaim(claim, host, ranking);
                }
                if (refusal.isEmpty()) {
                    return host;
                }
                ranking.refused(host, refusal.get());
            }
            if (!ranking.goOn()) {
                PlacementReport report = ranking.report().bounded(reported);
                claim.transactor().change(tx -> keep(tx, claim, report));
                throw new NoValidHost(claim.instance().ref(), report);
            }
        }
    }

    private Optional<FilterResult> tryClaim(Claim claim, HostId host, Ranking ranking) {
        try {
            claim.transactor().change(tx -> {
                claim.before().accept(tx);
                Optional<Instance> instance = instance(tx, claim.instance());
                Optional<ServerGroupId> group = instance.flatMap(Instance::group);
                // Whatever the filters are, and whatever has changed since they were asked.
                Optional<Verdict> refusal = zones.refusal(tx, instance.flatMap(Instance::requestedZone), host)
                        .or(() -> group.flatMap(id -> slots.refusal(tx, id, claim.instance(), host)))
                        .or(() -> ledger.claim(tx, Need.instance(claim.instance()), host, ranking.demand()));
                if (refusal.isPresent()) {
                    throw new Refused(refusal.get());
                }
                group.ifPresent(id -> ledger.occupy(
                        tx, Need.instance(claim.instance()), host, new ClaimRow.GroupSlot(id, claim.instance())));
                claim.after().accept(tx, host);
                keep(tx, claim, ranking.report().withChosen(Optional.of(host)));
            });
            return Optional.empty();
        } catch (Refused e) {
            return Optional.of(new FilterResult(CLAIM, e.verdict));
        }
    }

    private Optional<Instance> instance(Transaction tx, InstanceId id) {
        return state.instances()
                .get(tx, id.toString())
                .map(entry -> entry.value().instance());
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

    private void keep(Transaction tx, Claim claim, PlacementReport report) {
        PlacementRow row = PlacementRow.of(claim.instance(), claim.operation(), report);
        state.placements()
                .get(tx, claim.instance().toString())
                .ifPresentOrElse(
                        entry -> state.placements().update(tx, entry, row.after(entry.value())),
                        () -> state.placements().insert(tx, row));
    }
}
