package io.gantry.core;

import io.gantry.Compute;
import io.gantry.core.aggregate.AggregateBook;
import io.gantry.core.aggregate.HostZones;
import io.gantry.core.aggregate.Memberships;
import io.gantry.core.aggregate.ZoneList;
import io.gantry.core.flavor.FlavorBook;
import io.gantry.core.host.HostDirectory;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.identity.AccessControl;
import io.gantry.core.image.ImageCatalog;
import io.gantry.core.keypair.KeyPairBook;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.Upkeep;
import io.gantry.core.lifecycle.VerbRegistry;
import io.gantry.core.maintenance.PlanRuns;
import io.gantry.core.migration.LiveMigrations;
import io.gantry.core.observe.EngineEvents;
import io.gantry.core.observe.EventBus;
import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Lanes;
import io.gantry.core.operation.OperationEngine;
import io.gantry.core.placement.BuildFailures;
import io.gantry.core.placement.CandidateFeed;
import io.gantry.core.placement.Ledger;
import io.gantry.core.placement.Placer;
import io.gantry.core.placement.ResourceProviders;
import io.gantry.core.quota.QuotaBook;
import io.gantry.core.reconcile.AuditWatch;
import io.gantry.core.reconcile.Reconciler;
import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.servergroup.ServerGroupBook;
import io.gantry.core.state.State;
import io.gantry.core.sync.GuestSync;
import io.gantry.core.sync.HostRounds;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.spi.image.ImageStore;
import io.gantry.spi.store.StateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compute service in this process, as the host application itself has it: as an administrator. It owns what its builder
 * was given: closing it closes drivers and stores too.
 */
public final class ComputeEngine extends ComputeView implements Compute {
    private static final Logger LOG = LoggerFactory.getLogger(ComputeEngine.class);
    private static final int NOTIFICATION_THREADS = 4;
    private static final Duration FOLLOW = Duration.ofMillis(250);

    /** How old what other control nodes claimed is, at most, when this one decides; the claim itself sees all. */
    private static final Duration COMPARE_SHARED = Duration.ofSeconds(1);

    /** Where nobody else changes the store, only what a commit of unknown outcome left is to be found. */
    private static final Duration COMPARE = Duration.ofSeconds(30);

    /** Who the host application itself is. */
    public static final Caller EMBEDDER = new Caller(ProjectId.of("default"), UserId.of("embedder"), Role.ADMIN);

    private final Parts parts;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ComputeEngine(Parts parts) {
        super(parts.shared, EMBEDDER);
        this.parts = parts;
    }

    /** {@return a builder} */
    public static ComputeEngineBuilder builder() {
        return new ComputeEngineBuilder();
    }

    static ComputeEngine open(ComputeEngineBuilder builder, ImageStore imageStore) {
        Parts parts = new Parts(builder, imageStore);
        ComputeEngine engine = new ComputeEngine(parts);
        try {
            parts.start();
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
        return engine;
    }

    /** What an engine consists of. */
    private static final class Parts {
        private final StateStore store;
        private final ImageStore imageStore;
        private final Lanes lanes;
        private final ThreadPoolExecutor notifications;
        private final ScheduledExecutorService timer;
        private final ScheduledExecutorService leaseTimer;
        private final ScheduledExecutorService auditTimer;
        private final List<ScheduledFuture<?>> timers = new ArrayList<>();
        private final HostRegistry registry;
        private final HostDirectory directory;
        private final CandidateFeed candidates;
        private final HostRounds rounds;
        private final OperationEngine operations;
        private final Upkeep upkeep;
        private final AuditWatch watch;
        private final EngineShared shared;
        private final ComputeEngineBuilder settings;

        Parts(ComputeEngineBuilder builder, ImageStore imageStore) {
            this.settings = builder;
            this.store = builder.store;
            this.imageStore = imageStore;
            this.lanes = new Lanes(builder.threads);
            this.notifications = notifications(builder.threads);
            this.timer = Executors.newSingleThreadScheduledExecutor(named(builder.threads, "gantry-timer"));
            this.leaseTimer = Executors.newSingleThreadScheduledExecutor(named(builder.threads, "gantry-lease"));
            this.auditTimer = Executors.newSingleThreadScheduledExecutor(named(builder.threads, "gantry-audit"));
            EventBus bus = new EventBus(notifications);
            EngineEvents events = new EngineEvents(bus, builder.clock);
            RandomGenerator random = new LockedRandom(builder.random);
            State state = new State(store, random);
            HostZones zones = new HostZones(state, builder.defaultZone);
            Memberships memberships = new Memberships(state, zones, builder.clock);
            Ledger ledger = new Ledger(state, zones);
            this.registry = new HostRegistry(builder.drivers);
            GuestSync sync = new GuestSync(state, ledger, zones, registry, lanes, events, builder.clock);
            this.operations = new OperationEngine(
                    state, lanes, notifications, builder.clock, builder.operationSettings(), builder.probe);
            QuotaBook quotas = new QuotaBook(state, builder.quotas);
            KeyPairBook keyPairs = new KeyPairBook(state, quotas, builder.clock, builder.secureRandom);
            HostScheduler scheduler = builder.scheduling.scheduler(random);
            BuildFailures buildFailures = builder.scheduling.buildFailures(builder.clock);
            this.candidates = new CandidateFeed(
                    state, zones, registry, new CandidateIndex(), buildFailures, builder.scheduling.imageProperties());
            this.directory = new HostDirectory(
                    state, registry, sync, candidates::hosts, host -> lanes.executor(new Lane.Sync(host)));
            this.rounds = new HostRounds(settings.syncInterval, registry::ids, operations::share, sync::lookAtAll);
            Placer placer = new Placer(
                    state,
                    ledger,
                    zones,
                    registry,
                    scheduler,
                    candidates,
                    builder.scheduling.requestFilters(),
                    builder.scheduling.aliases(),
                    builder.scheduling.reportedHosts());
            AccessControl access = new AccessControl(builder.policy);
            Services services = new Services(
                    state,
                    ledger,
                    zones,
                    quotas,
                    keyPairs,
                    new FlavorBook(state, access, builder.scheduling.aliases()),
                    placer,
                    buildFailures,
                    registry,
                    new ImageCatalog(imageStore, operations),
                    operations,
                    sync,
                    events,
                    access,
                    builder.fencer,
                    builder.lifecycle,
                    builder.clock);
            Reconciler reconciler = new Reconciler(services);
            this.watch = new AuditWatch(reconciler, operations, events, builder.auditRepairs);
            VerbRegistry verbs = new VerbRegistry(services);
            LiveMigrations live = new LiveMigrations(services);
            this.shared = new EngineShared(
                    services,
                    verbs,
                    live,
                    new PlanRuns(services, verbs, live, scheduler),
                    new EngineHosts(state, ledger, registry, sync, lanes),
                    new ResourceProviders(state, memberships),
                    new AggregateBook(state, zones, memberships, events),
                    new ZoneList(state, zones, registry::state),
                    new ServerGroupBook(state, quotas, access, builder.clock),
                    reconciler,
                    builder.identities,
                    bus);
            this.upkeep = new Upkeep(services, new ComputeView(shared, EMBEDDER).instanceVerbs());
        }

        void start() {
            candidates.compare();
            connectHosts();
            operations.start();
            Duration tick = operations.tickInterval();
            every(rounds.tick(), timer, "sync", rounds::run);
            every(tick, timer, "upkeep", () -> {
                directory.refresh();
                operations.tick();
                upkeep.run();
            });
            every(FOLLOW, timer, "follow", operations::followOthers);
            every(store.shared() ? COMPARE_SHARED : COMPARE, timer, "candidates", () -> {
                candidates.compare();
                directory.follow();
            });
            every(tick, leaseTimer, "lease", operations::renew);
            if (!settings.auditInterval.isZero()) {
                every(settings.auditInterval, auditTimer, "audit", watch::run);
            }
        }

        private void every(Duration period, ScheduledExecutorService on, String what, Runnable work) {
            long nanos = period.toNanos();
            timers.add(on.scheduleWithFixedDelay(guarded(what, work), nanos, nanos, TimeUnit.NANOSECONDS));
        }

        /** Operations that are carried on find their hosts connected, unless those do not answer. */
        private void connectHosts() {
            try {
                if (!directory.refresh().await(settings.connectTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("Not all hosts have answered within {}", settings.connectTimeout);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** A timer's work that throws would not be called again. */
        private static Runnable guarded(String what, Runnable work) {
            return () -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.warn("The engine's {} timer failed; it will run again", what, e);
                }
            };
        }

        void close() {
            operations.close();
            timers.forEach(task -> task.cancel(false));
            timer.shutdownNow();
            auditTimer.shutdownNow();
            lanes.close();
            operations.release();
            leaseTimer.shutdownNow();
            registry.close();
            imageStore.close();
            store.close();
            notifications.shutdown();
            try {
                notifications.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ThreadPoolExecutor notifications(ThreadFactory threads) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                NOTIFICATION_THREADS,
                NOTIFICATION_THREADS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named(threads, "gantry-notify"));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static ThreadFactory named(ThreadFactory threads, String name) {
        return work -> {
            Thread thread = threads.newThread(work);
            thread.setName(name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** {@return the verbs that operations can have, for tools that list or test them} */
    public List<String> verbs() {
        return parts.operations.verbs();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            parts.close();
        }
    }
}
