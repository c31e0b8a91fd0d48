package io.gantry.core;

import static java.util.Objects.requireNonNull;

import io.gantry.Compute;
import io.gantry.audit.DifferenceFound;
import io.gantry.core.identity.RolePolicy;
import io.gantry.core.lifecycle.LifecycleSettings;
import io.gantry.core.operation.OperationProbe;
import io.gantry.core.operation.OperationSettings;
import io.gantry.core.store.InMemoryStore;
import io.gantry.error.InvalidRequest;
import io.gantry.error.Unauthenticated;
import io.gantry.host.ZoneName;
import io.gantry.identity.Credentials;
import io.gantry.quota.QuotaResource;
import io.gantry.quota.Quotas;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.spi.fence.Fencer;
import io.gantry.spi.identity.AccessPolicy;
import io.gantry.spi.identity.IdentityProvider;
import io.gantry.spi.image.ImageStore;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.RequestFilter;
import io.gantry.spi.scheduler.WeightedWeigher;
import io.gantry.spi.store.StateStore;
import io.gantry.topology.PciAlias;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts an engine together; not safe for use by several threads. */
public final class ComputeEngineBuilder {
    private static final Map<QuotaResource, Long> UNLIMITED = Stream.of(
                    QuotaResource.INSTANCES, QuotaResource.CORES, QuotaResource.RAM)
            .collect(Collectors.toUnmodifiableMap(resource -> resource, resource -> Quotas.UNLIMITED));

    final Map<String, HypervisorDriver> drivers = new LinkedHashMap<>();
    final SchedulerSettings scheduling = new SchedulerSettings();
    StateStore store = InMemoryStore.create();
    Clock clock = Clock.systemUTC();
    ThreadFactory threads = Thread::new;
    RandomGenerator random = RandomGenerator.getDefault();
    Duration syncInterval = Duration.ofMinutes(1);
    Duration auditInterval = Duration.ofMinutes(10);
    boolean auditRepairs;
    Duration operationRetention = Duration.ofHours(24);
    Duration shutdownTimeout = Duration.ofSeconds(30);
    Duration connectTimeout = Duration.ofSeconds(30);
    String node = "node-" + UUID.randomUUID();
    Duration lease = Duration.ofSeconds(15);
    LifecycleSettings lifecycle = LifecycleSettings.DEFAULTS;
    Map<QuotaResource, Long> quotas = UNLIMITED;
    String defaultZone = "default";
    Optional<Fencer> fencer = Optional.empty();
    OperationProbe probe = OperationProbe.NONE;
    AccessPolicy policy = RolePolicy.defaults();
    IdentityProvider identities = credentials -> {
        throw new Unauthenticated();
    };
    SecureRandom secureRandom = new SecureRandom();
    private @Nullable ImageStore imageStore;

    ComputeEngineBuilder() {}

    /**
     * Adds a driver; hosts name it. At least one is needed.
     *
     * @param driver the driver; the engine closes it
     * @return this
     * @throws InvalidRequest if there is a driver of this name
     */
    public ComputeEngineBuilder driver(HypervisorDriver driver) {
        if (drivers.putIfAbsent(driver.name(), driver) != null) {
            throw new InvalidRequest("engine.driver", driver.name(), "was added before", "Add each driver once");
        }
        return this;
    }

    /**
     * Sets where images are kept; required.
     *
     * @param images the store; the engine closes it
     * @return this
     */
    public ComputeEngineBuilder imageStore(ImageStore images) {
        this.imageStore = requireNonNull(images, "images");
        return this;
    }

    /**
     * Sets where state is kept; in memory if not called.
     *
     * @param state the store; the engine closes it
     * @return this
     */
    public ComputeEngineBuilder stateStore(StateStore state) {
        this.store = requireNonNull(state, "state");
        return this;
    }

    /**
     * Adds filters, after those that were added before.
     *
     * @param more the filters, in the order in which they are asked
     * @return this
     * @throws InvalidRequest if there is a filter of the same name
     */
    public ComputeEngineBuilder filters(List<? extends HostFilter> more) {
        more.forEach(scheduling::addFilter);
        return this;
    }

    /**
     * Adds a filter that edits requests before any host is looked at, after those that were added before.
     *
     * @param filter the filter
     * @return this
     * @throws InvalidRequest if there is one of the same name
     */
    public ComputeEngineBuilder requestFilter(RequestFilter filter) {
        scheduling.addRequestFilter(filter);
        return this;
    }

    /**
     * Adds weighers.
     *
     * @param more the weighers with their multipliers
     * @return this
     * @throws InvalidRequest if there is a weigher of the same name
     */
    public ComputeEngineBuilder weighers(List<WeightedWeigher> more) {
        more.forEach(scheduling::addWeigher);
        return this;
    }

    /**
     * Names PCI devices, so that flavors can ask for them: {@code pci_passthrough:alias=NAME:COUNT}. Aliases of the same name
     * are one, for the devices of each.
     *
     * @param alias the alias
     * @return this
     * @throws InvalidRequest if there is one of the same name with another policy
     */
    public ComputeEngineBuilder pciAlias(PciAlias alias) {
        scheduling.addAlias(alias);
        return this;
    }

    /**
     * Sets from how many of the best hosts the one that is tried first is drawn at random; 1, the best itself, if not
     * called. Several engines on one store, and many requests at once, get less into each other's way if it is more.
     *
     * @param size 1 or more; if fewer hosts pass, it is drawn from all of them
     * @return this
     * @throws InvalidRequest if it is less than 1
     */
    public ComputeEngineBuilder hostSubsetSize(int size) {
        scheduling.hostSubsetSize(atLeastOne("engine.hostSubsetSize", size, "Give 1 for the best host, or more"));
        return this;
    }

    /**
     * Sets whether hosts that weigh the same as the best one are tried in random order; if not called they are not, but in
     * the order of their ids.
     *
     * @param shuffles whether they are
     * @return this
     */
    public ComputeEngineBuilder shuffleBestSameWeighed(boolean shuffles) {
        scheduling.shuffleBestSameWeighed(shuffles);
        return this;
    }

    /**
     * Sets how many of the hosts that passed, and how many of those that did not, a placement names that is kept with its
     * instance or comes with a failure; 5 if not called. It counts the others. A dry run names all.
     *
     * @param hosts 1 or more
     * @return this
     * @throws InvalidRequest if it is less than 1
     */
    public ComputeEngineBuilder reportedHosts(int hosts) {
        scheduling.reportedHosts(atLeastOne("engine.reportedHosts", hosts, "Give 1 or more"));
        return this;
    }

    /**
     * Sets after how long a build that a host failed counts half, for {@code BuildFailureWeigher}; 10 minutes if not called.
     *
     * @param time 1 second or more
     * @return this
     */
    public ComputeEngineBuilder buildFailureHalfLife(Duration time) {
        scheduling.buildFailureHalfLife(atLeast("engine.buildFailureHalfLife", time, Duration.ofSeconds(1)));
        return this;
    }

    /**
     * Sets how many hosts a create tries where hosts fail it; 3 if not called. One that asks for a host tries that one only.
     *
     * @param hosts 1 or more
     * @return this
     */
    public ComputeEngineBuilder maxAttempts(int hosts) {
        this.lifecycle = lifecycle.withMaxAttempts(
                atLeastOne("engine.maxAttempts", hosts, "Give 1 to try one host, or more to try others"));
        return this;
    }

    /**
     * Sets the clock that dates what the engine records; the system's if not called.
     *
     * @param time the clock
     * @return this
     */
    public ComputeEngineBuilder clock(Clock time) {
        this.clock = requireNonNull(time, "time");
        return this;
    }

    /**
     * Sets what makes the engine's threads, which are named and made daemons by the engine.
     *
     * @param factory makes platform threads
     * @return this
     */
    public ComputeEngineBuilder threads(ThreadFactory factory) {
        this.threads = requireNonNull(factory, "factory");
        return this;
    }

    /**
     * Sets the source of random numbers, which spread retries and draw among hosts.
     *
     * @param source the source; used by one thread at a time
     * @return this
     */
    public ComputeEngineBuilder random(RandomGenerator source) {
        this.random = requireNonNull(source, "source");
        return this;
    }

    /**
     * Sets how often all guests of each host are looked at, beside the events that hosts report; 1 minute if not called.
     *
     * @param interval 100 ms or more
     * @return this
     */
    public ComputeEngineBuilder syncInterval(Duration interval) {
        this.syncInterval = atLeast("engine.syncInterval", interval, Duration.ofMillis(100));
        return this;
    }

    /**
     * Sets how long ended operations and idempotency tokens are kept; 24 hours if not called, and never more than the
     * last 10,000.
     *
     * @param retention zero or more
     * @return this
     */
    public ComputeEngineBuilder operationRetention(Duration retention) {
        this.operationRetention = atLeast("engine.operationRetention", retention, Duration.ZERO);
        return this;
    }

    /**
     * Names this control node, which has to be unique among those of one store; a random name if not called. An engine of
     * the same name, such as after a restart, carries on at once what the earlier one left; a second one while the first
     * still runs takes its place.
     *
     * @param id 1 to 64 characters
     * @return this
     */
    public ComputeEngineBuilder node(String id) {
        if (id.isBlank() || id.length() > 64) {
            throw new InvalidRequest("engine.node", id, "must have 1 to 64 characters", "Name the machine or the pod");
        }
        this.node = id;
        return this;
    }

    /**
     * Sets how long other control nodes leave this one's operations alone after it was last heard of; 15 seconds if not
     * called. Matters only for stores that several nodes share.
     *
     * @param duration 1 second or more
     * @return this
     */
    public ComputeEngineBuilder lease(Duration duration) {
        this.lease = atLeast("engine.lease", duration, Duration.ofSeconds(1));
        return this;
    }

    /**
     * Sets how long the start waits for the hosts that are registered already; 30 seconds if not called.
     *
     * @param timeout zero or more
     * @return this
     */
    public ComputeEngineBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = atLeast("engine.connectTimeout", timeout, Duration.ZERO);
        return this;
    }

    /**
     * Lets deleted instances be restored for a while; not at all if not called.
     *
     * @param interval zero for not at all
     * @return this
     */
    public ComputeEngineBuilder reclaimAfter(Duration interval) {
        Duration checked = atLeast("engine.reclaimAfter", interval, Duration.ZERO);
        this.lifecycle = lifecycle.withReclaimAfter(checked);
        return this;
    }

    /**
     * Lets shelved instances keep their hosts for a while; not at all if not called.
     *
     * @param interval zero for not at all, negative for ever
     * @return this
     */
    public ComputeEngineBuilder offloadAfter(Duration interval) {
        this.lifecycle = lifecycle.withOffloadAfter(interval);
        return this;
    }

    /**
     * Confirms resizes after a while; never if not called.
     *
     * @param interval zero for never
     * @return this
     */
    public ComputeEngineBuilder confirmAfter(Duration interval) {
        Duration checked = atLeast("engine.confirmAfter", interval, Duration.ZERO);
        this.lifecycle = lifecycle.withConfirmAfter(checked);
        return this;
    }

    /**
     * Sets whether a resize may stay on its host; it may if not called.
     *
     * @param allowed whether it may
     * @return this
     */
    public ComputeEngineBuilder resizeOnSameHost(boolean allowed) {
        this.lifecycle = lifecycle.withResizeOnSameHost(allowed);
        return this;
    }

    /**
     * Sets how often the engine audits by itself; each 10 minutes if not called. What it finds for the first time is
     * logged, and told by a {@link DifferenceFound}. Of several control nodes on one store, one audits.
     *
     * @param interval zero for never
     * @param repairs whether it repairs as {@link Compute#repair} does; not if not called
     * @return this
     */
    public ComputeEngineBuilder auditEvery(Duration interval, boolean repairs) {
        this.auditInterval = atLeast("engine.auditEvery", interval, Duration.ZERO);
        this.auditRepairs = repairs;
        return this;
    }

    /**
     * Sets the limits of projects that have none of their own. Where none is set, instances, cores and memory are
     * unlimited, and the rest is as {@link QuotaResource#defaultLimit} says.
     *
     * @param limits by resource; -1 for unlimited
     * @return this
     */
    public ComputeEngineBuilder quotas(Map<QuotaResource, Long> limits) {
        Map<QuotaResource, Long> all = new EnumMap<>(UNLIMITED);
        all.putAll(limits);
        this.quotas = Map.copyOf(all);
        return this;
    }

    /**
     * Names the availability zone of the hosts that no aggregate puts in a zone; {@code default} if not called, and
     * {@code nova} for those who come from OpenStack. All engines of one store need the same. After a change, instances
     * that asked for it by its old name find no host until they are unshelved to another zone or to none.
     *
     * @param name 1 to 255 characters, none of them a control character or {@code :}; no space at either end
     * @return this
     * @throws InvalidRequest if the name has another form
     */
    public ComputeEngineBuilder defaultZone(String name) {
        this.defaultZone = ZoneName.check("engine.defaultZone", name);
        return this;
    }

    /**
     * Sets what proves that hosts are dead; without it, whoever evacuates gives the proof.
     *
     * @param proves the fencer
     * @return this
     */
    public ComputeEngineBuilder fencer(Fencer proves) {
        this.fencer = Optional.of(proves);
        return this;
    }

    /**
     * Sets what is told of each entry in the journal, for tests of crashes and failures, and for tracing.
     *
     * @param told the probe
     * @return this
     */
    public ComputeEngineBuilder probe(OperationProbe told) {
        this.probe = requireNonNull(told, "told");
        return this;
    }

    OperationSettings operationSettings() {
        return new OperationSettings(node, lease, operationRetention, shutdownTimeout);
    }

    /**
     * Sets what says who callers are; without it, {@link Compute#as(Credentials)} accepts nobody.
     *
     * @param provider such as {@code LocalIdentityProvider.open(path)}
     * @return this
     */
    public ComputeEngineBuilder identities(IdentityProvider provider) {
        this.identities = requireNonNull(provider, "provider");
        return this;
    }

    /**
     * Sets what says who may do what; the role matrix of the guide if not called.
     *
     * @param rules the policy, such as {@code RolePolicy.defaults().with(action, role)}
     * @return this
     */
    public ComputeEngineBuilder accessPolicy(AccessPolicy rules) {
        this.policy = requireNonNull(rules, "rules");
        return this;
    }

    /**
     * Sets how long {@link Compute#close} waits for running operations before it leaves them to the journal; 30 seconds if
     * not called.
     *
     * @param timeout zero or more
     * @return this
     */
    public ComputeEngineBuilder shutdownTimeout(Duration timeout) {
        this.shutdownTimeout = atLeast("engine.shutdownTimeout", timeout, Duration.ZERO);
        return this;
    }

    private static int atLeastOne(String field, int value, String remedy) {
        if (value < 1) {
            throw new InvalidRequest(field, value, "is less than 1", remedy);
        }
        return value;
    }

    private static Duration atLeast(String field, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new InvalidRequest(field, value, "is less than " + least, "Give a longer time");
        }
        return value;
    }

    /**
     * {@return a running engine}
     *
     * @throws InvalidRequest if no driver or no image store was given
     */
    public Compute build() {
        if (drivers.isEmpty()) {
            throw new InvalidRequest("engine.driver", "none", "is missing", "Add one, such as SimDriver.create()");
        }
        if (imageStore == null) {
            throw new InvalidRequest(
                    "engine.imageStore", "none", "is missing", "Set one, such as LocalDirectoryImageStore.open(path)");
        }
        return ComputeEngine.open(this, imageStore);
    }
}
