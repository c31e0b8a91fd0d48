package io.gantry.scheduler.filters;

import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PluginDescription;
import io.gantry.spi.scheduler.RequestFilter;
import io.gantry.spi.scheduler.WeightScale;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The page of the guide on scheduling: its tables are what filters and weighers say of themselves. */
final class SchedulingPage {
    static final Path PATH = Path.of("..", "docs", "guide", "scheduling.md");

    private static final String NONE = "–";

    private SchedulingPage() {}

    /** {@return every filter of the package, as it is by default} */
    static List<HostFilter> filters() {
        return List.of(
                new ComputeFilter(),
                new AvailabilityZoneFilter(),
                new ComputeCapabilitiesFilter(),
                new TraitsFilter(),
                new AggregatesFilter(),
                new ImagePropertiesFilter(),
                new RamFilter(),
                new VcpuFilter(),
                new DiskFilter(),
                new ServerGroupAntiAffinityFilter(),
                new ServerGroupAffinityFilter(),
                new PciPassthroughFilter(),
                new NUMATopologyFilter(),
                new AggregateImagePropertiesIsolationFilter(),
                new AggregateInstanceExtraSpecsFilter(),
                new AggregateIoOpsFilter(),
                new AggregateMultiTenancyIsolationFilter(),
                new AggregateNumInstancesFilter(),
                new AggregateTypeAffinityFilter(),
                new AllHostsFilter(),
                new DifferentHostFilter(),
                new IoOpsFilter(),
                new IsolatedHostsFilter(Set.of(), Set.of()),
                new NumInstancesFilter(),
                new SameHostFilter(),
                new SimpleCIDRAffinityFilter());
    }

    /** {@return every request filter of the package} */
    static List<RequestFilter> requestFilters() {
        return List.of(
                new ImageTraitsRequestFilter(),
                new IsolatedAggregatesRequestFilter(),
                new TenantAggregateRequestFilter());
    }

    /** {@return every weigher of the package} */
    static List<HostWeigher> weighers() {
        return List.of(
                new RamWeigher(),
                new CpuWeigher(),
                new DiskWeigher(),
                new ServerGroupSoftAffinityWeigher(),
                new ServerGroupSoftAntiAffinityWeigher(),
                new IoOpsWeigher(),
                new PciWeigher(),
                new BuildFailureWeigher(),
                new BestFitWeigher(),
                new HypervisorVersionWeigher(),
                new ImagePropertiesWeigher(Map.of("os_distro", 1.0)),
                new NumInstancesWeigher());
    }

    static String render() {
        StringBuilder page = new StringBuilder("""
                # Scheduling

                Where an instance goes is decided in two steps: *filters*, in their order, say which hosts may take it, and
                *weighers* rate those that passed. The best one on which the claim succeeds is taken. Reports say why, and
                `compute.instances().explain(spec)` asks without creating anything.

                ```java
                List<HostFilter> filters = new ArrayList<>(SchedulerDefaults.filters());
                filters.add(new NumInstancesFilter(100));
                ComputeEngine.builder()
                        .filters(filters)
                        .weighers(SchedulerDefaults.weighers())
                        .weighers(List.of(new WeightedWeigher(new HypervisorVersionWeigher(), 0.5)))
                ```

                The tables are rendered from what filters and weighers say of themselves (`description()`), and a test compares
                the page with it. After a change:

                    mvn -o test -pl scheduler-filters -am -Dtest=SchedulingPageTest -Dsurefire.failIfNoSpecifiedTests=false \\
                        -Dgantry.docs.write=true

                A decision reads no store: each control node keeps its hosts in memory, and follows each change of the ledger
                ([ADR 011](../adr/011-candidate-index.md)). Hosts are judged in bulk by columns of numbers; filters are asked in the
                order of what a rejection costs, as measured. The claim has the last word: where it is refused, the next best host
                is tried. A filter or weigher of your own needs only `test` or `weigh`; `columns` makes it faster, and the contract
                kit checks that both say the same.

                ### Reports

                What the last five operations decided for an instance is kept with it (`compute.instances().placement(id)` is the
                last decision, `placement(id, operation)` that of one operation, also of one that failed). A report that is kept or
                comes with `NoValidHost` names the best hosts with all scores, `reportedHosts(n)` of them, 5 if not set, or as many of the rejected ones, and counts
                the others by filter; with up to 16 hosts, a report of a success names rejected ones too. `explain` names every
                host with the first filter, in the configured order, that rejects it, and the numbers. Where no host passes,
                `advice()` says in one line what is scarcest and what would help: what most hosts are rejected for first, and the
                host that lacks the least of one thing and nothing else. `table()` is all of it as text.

                ## Filters

                """);
        Set<String> defaults =
                SchedulerDefaults.filters().stream().map(HostFilter::name).collect(Collectors.toSet());
        row(page, "Filter", "Default", "Passes hosts", "Reads", "Options", "Rejects with");
        row(page, "---", ":-:", "---", "---", "---", "---");
        for (HostFilter filter : filters()) {
            PluginDescription says = filter.description();
            row(
                    page,
                    code(filter.name()),
                    defaults.contains(filter.name()) ? "yes" : NONE,
                    says.summary(),
                    joined(says.reads()),
                    joined(says.options().stream()
                            .map(option ->
                                    code(option.name()) + " (" + option.defaultValue() + "): " + option.meaning())
                            .toList()),
                    joined(says.codes().stream().map(SchedulingPage::code).toList()));
        }
        page.append("""

                Options are given to the constructor; what holds without is in parentheses. A filter that throws rejects the host with
                `FILTER_ERROR`. *Aggregate metadata* is that of all aggregates that the host is in. Several values of one key,
                of one aggregate with commas between them or of several aggregates, count one by one, except
                `max_instances_per_host` and `max_io_ops_per_host`, of which each aggregate sets one.

                An instance that is rebuilt from another image stays where it is, with its claim. Of the filters those are asked
                again about its host that depend on the image (`runsOnRebuild()`):
                """);
        page.append(filters().stream()
                        .filter(HostFilter::runsOnRebuild)
                        .map(filter -> code(filter.name()))
                        .collect(Collectors.joining(", ")))
                .append(".\n");
        page.append("""
                Where one rejects it, the rebuild fails with `NoValidHost`, and the instance is as it was.

                What Nova calls JsonFilter and MetricsWeigher are filters of one's own here: `samples/custom-policy` has both, to copy.

                *I/O operations* are builds, rebuilds, resizes, migrations, evacuations, snapshots, backups, rescues, shelvings and
                unshelvings: they load disks or network. What counts is the tasks of the instances in the store, so that none is
                forgotten when an engine dies; a move counts on both hosts.

                ### Request filters

                A request filter edits the request before any host is looked at: `ComputeEngine.builder().requestFilter(...)`, none by
                default. It may ask for traits and aggregates, which `TraitsFilter` and `AggregatesFilter` heed, or refuse the request
                with an error of its own. They are asked again at each move. Nova's pre-filters for zones and for disabled hosts are
                `AvailabilityZoneFilter` and `ComputeFilter` here: each is one pass over a column, before any host is looked at, and
                reports tell of the hosts that they reject.

                """);
        row(page, "Request filter", "What it does", "Reads", "Options");
        row(page, "---", "---", "---", "---");
        for (RequestFilter filter : requestFilters()) {
            PluginDescription says = filter.description();
            row(
                    page,
                    code(filter.name()),
                    says.summary(),
                    joined(says.reads()),
                    joined(says.options().stream()
                            .map(option ->
                                    code(option.name()) + " (" + option.defaultValue() + "): " + option.meaning())
                            .toList()));
        }
        page.append("""

                ### Extra specs

                | Extra spec's value | Is met by |
                | --- | --- |
                | `= 4`, `>= 4` | numbers from 4 on |
                | `== 4`, `!= 4`, `<= 4` | the number 4, other numbers, numbers up to 4 |
                | `s== a`, `s!= a`, `s< a`, `s<= a`, `s> a`, `s>= a` | text, compared character by character |
                | `<in> a` | text that contains `a` |
                | `<all-in> a b` | text that contains `a` and `b` |
                | `<or> a <or> b` | `a` and `b` |
                | anything else, such as `a` | exactly that |

                There is a space after an operator. An operator without operand is met by nothing, and so is a comparison of numbers
                where one of them is none.

                `ComputeCapabilitiesFilter` reads these attributes of hosts. They have Nova's names, and mean the same: what is free is
                so without over-commitment, the version is one number, 7002022 for 7.2.22. `driver_capabilities` is Gantry's own: the
                names of what the driver can do there, `<all-in> SUSPEND RESCUE`.

                """);
        page.append(HostAttributes.NAMES.stream().map(SchedulingPage::code).collect(Collectors.joining(", ")))
                .append(".\n");
        page.append("""

                A key without namespace is asked of the host if it is one of these names without a colon, and, where
                `AggregateInstanceExtraSpecsFilter` is used, of the aggregates whatever it is. A namespace, `capabilities:` or
                `aggregate_instance_extra_specs:`, says which is meant. Extra specs of other namespaces concern neither.

                ### Resources and traits

                | Extra spec | Meaning |
                | --- | --- |
                | `trait:TRAIT` = `required`, `forbidden` | the host has to have the trait, or not to have it; images can have the property `trait:TRAIT` = `required` |
                | `resources:CLASS` = n | n of the class is claimed; of `VCPU`, `PCPU`, `MEMORY_MB` and `DISK_MB` (or `DISK_GB`) instead of the flavor's amount, 0 for none |
                | `resourcesG:CLASS` = n, `traitG:TRAIT` = … | all with the same name `G` is to come from one provider: the host itself or a part of it |
                | `group_policy` = `none`, `isolate` | whether each `G` needs a provider of its own |

                `TraitsFilter` asks about the traits of the host's own provider; `RamFilter`, `VcpuFilter` and `DiskFilter` heed the
                amounts. Whether custom classes and groups fit a host and its parts is asked besides the filters; reports call that
                rejection `Providers`. The claim looks again, and goes on to the next host where they no longer fit. Other forms, and
                a trait that the flavor forbids and the image requires, are refused before anything is changed. What the guest gets
                is the flavor's size in any case.

                ### Isolation

                `AggregateMultiTenancyIsolationFilter` and `AggregateTypeAffinityFilter` keep others out of a host; they do not
                keep anybody in, who may go to any host that names nobody as well. The project is that of the instance, or of the
                caller who creates it; nothing that callers send changes it.

                ### Hints

                `InstanceSpec.builder(name).hints(SchedulerHints.builder().differentHost(other).build())` tells filters more about an
                instance than its size. Hints stay with the instance and hold wherever it is moved, unlike a host that was requested.
                They name instances that the caller may see; where those are is looked up for each decision. Hints that contradict
                each other leave no host. Nobody looks at hints whose filter the engine does not have, and
                `request.hints().custom()` is for filters of your own.

                ## Weighers

                """);
        Map<String, Double> multipliers = SchedulerDefaults.weighers().stream()
                .collect(Collectors.toMap(weighted -> weighted.weigher().name(), weighted -> weighted.multiplier()));
        row(
                page,
                "Weigher",
                "Default multiplier",
                "Measures",
                "Reads",
                "Scale",
                "Aggregate metadata with another multiplier");
        row(page, "---", ":-:", "---", "---", "---", "---");
        for (HostWeigher weigher : weighers()) {
            PluginDescription says = weigher.description();
            row(
                    page,
                    code(weigher.name()),
                    multipliers.containsKey(weigher.name()) ? multipliers.get(weigher.name()) + "" : NONE,
                    says.summary(),
                    joined(says.reads()),
                    weigher.scale() == WeightScale.FROM_ZERO ? "raw / max" : "(raw - min) / (max - min)",
                    weigher.multiplierKey().map(SchedulingPage::code).orElse(NONE));
        }
        page.append("""

                The host with the greatest sum of multiplier times scaled value is the best. Scales are over the hosts that passed;
                on `raw / max` negative values count as 0, and where nothing tells hosts apart on the other one, all have 0. A
                negative multiplier turns a preference round: `new WeightedWeigher(new RamWeigher(), -1.0)` packs. If several
                aggregates of a host set a multiplier the least counts; if one of them is no number, the configured one stays. The
                multipliers of `PciWeigher`, `ServerGroupSoftAffinityWeigher` and `ServerGroupSoftAntiAffinityWeigher` are 0 or more;
                an aggregate's that is less is not heeded. Where only one host passes nothing is weighed, and its report has no scores.

                `SchedulerDefaults.weighers()` spreads. `SchedulerDefaults.packingWeighers()` packs by best fit: with it a fleet takes
                more instances before it refuses one (`./measure packing`), at the price of hosts that are full while others are
                idle. No weighers at all are first fit, by the hosts' ids.

                `BuildFailureWeigher` leaves hosts to the last that failed builds. A success makes up for all failures; a failure of
                long ago counts for less, half after `buildFailureHalfLife(time)`, 10 minutes by default, so that a host that was
                repaired is tried again. Only what a host failed counts, not what a filter, a quota or a caller ended. Each control
                node keeps its own count, in memory.

                ## Which host is tried first

                | Setting of the engine | Default | Meaning |
                | --- | --- | --- |
                | `hostSubsetSize(n)` | 1 | the host that is tried first is drawn at random from the `n` best |
                | `shuffleBestSameWeighed(true)` | false | those that weigh the same as the best are shuffled before, instead of by id |
                | `maxAttempts(n)` | 3 | how many hosts a create tries, one after the other, if hosts fail it |

                `InstanceSpec.builder(name).host(id)` requests a host, which has to pass the filters like any other. An administrator's
                `forcedHost(id)` asks no filter: a host that is disabled takes the instance, too. The claim holds for both, so that
                no host gets more than it has room for, and neither is tried elsewhere if the host fails it. Neither is kept: later
                moves go where filters let them.

                The others follow, best first, for the case that the claim on the first one does not succeed. With several engines on
                one store, or many requests at once, drawing keeps them from all trying the same host. Reports list hosts in the
                order in which they were tried.
                """);
        return page.toString();
    }

    private static String joined(List<String> words) {
        return words.isEmpty() ? NONE : String.join("; ", words);
    }

    private static String code(String word) {
        return "`" + word + "`";
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
