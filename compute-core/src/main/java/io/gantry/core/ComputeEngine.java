package io.gantry.core;

import io.gantry.Compute;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.image.ImageCatalog;
import io.gantry.core.lifecycle.InstanceVerbs;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.migration.MigrationVerbs;
import io.gantry.core.observe.EngineEvents;
import io.gantry.core.observe.EventBus;
import io.gantry.core.operation.Lanes;
import io.gantry.core.operation.OperationEngine;
import io.gantry.core.placement.Ledger;
import io.gantry.core.placement.Placer;
import io.gantry.core.scheduler.HostScheduler;
import io.gantry.core.state.State;
import io.gantry.core.sync.GuestSync;
import io.gantry.event.ComputeEventListener;
import io.gantry.event.Subscription;
import io.gantry.flavor.Flavors;
import io.gantry.host.Hosts;
import io.gantry.image.Images;
import io.gantry.instance.Instances;
import io.gantry.migration.Migrations;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.spi.image.ImageStore;
import io.gantry.spi.store.StateStore;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A compute service in this process.
 *
 * <p>It owns what its builder was given: closing it closes drivers and stores too.
 */
public final class ComputeEngine implements Compute {
    private static final int NOTIFICATION_THREADS = 4;

    private final StateStore store;
    private final ImageStore imageStore;
    private final Lanes lanes;
    private final ThreadPoolExecutor notifications;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> syncTimer;
    private final EventBus bus;
    private final HostRegistry registry;
    private final OperationEngine operations;
    private final EngineHosts hosts;
    private final EngineFlavors flavors;
    private final ImageCatalog images;
    private final InstanceVerbs instances;
    private final MigrationVerbs migrations;
    private final AtomicBoolean closed = new AtomicBoolean();

    ComputeEngine(ComputeEngineBuilder builder, ImageStore imageStore) {
        this.store = builder.store;
        this.imageStore = imageStore;
        this.lanes = new Lanes(builder.threads);
        this.notifications = notifications(builder.threads);
        this.timer = Executors.newSingleThreadScheduledExecutor(named(builder.threads, "gantry-timer"));
        this.bus = new EventBus(notifications);
        EngineEvents events = new EngineEvents(bus, builder.clock);
        State state = new State(store, builder.random);
        Ledger ledger = new Ledger(state);
        this.registry = new HostRegistry(builder.drivers);
        GuestSync sync = new GuestSync(state, ledger, registry, lanes, events, builder.clock);
        this.operations = new OperationEngine(
                state, lanes, notifications, builder.clock, builder.operationRetention, builder.shutdownTimeout);
        HostScheduler scheduler = new HostScheduler(builder.filters, builder.weighers);
        this.images = new ImageCatalog(imageStore, operations);
        Services services = new Services(state, ledger, registry, images, operations, sync, events, builder.clock);
        Placer placer = new Placer(state, ledger, registry, scheduler);
        this.hosts = new EngineHosts(state, ledger, registry, sync, lanes);
        this.flavors = new EngineFlavors(state);
        this.instances = new InstanceVerbs(services, placer);
        this.migrations = new MigrationVerbs(services, placer);
        long period = builder.syncInterval.toNanos();
        this.syncTimer = timer.scheduleWithFixedDelay(
                () -> registry.ids().forEach(sync::lookAtAll), period, period, TimeUnit.NANOSECONDS);
    }

    /** {@return a builder} */
    public static ComputeEngineBuilder builder() {
        return new ComputeEngineBuilder();
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

    @Override
    public Hosts hosts() {
        return hosts;
    }

    @Override
    public Flavors flavors() {
        return flavors;
    }

    @Override
    public Images images() {
        return images;
    }

    @Override
    public Instances instances() {
        return instances;
    }

    @Override
    public Migrations migrations() {
        return migrations;
    }

    @Override
    public Operation<?> operation(OperationId id) {
        return operations.get(id);
    }

    @Override
    public List<Operation<?>> runningOperations() {
        return operations.running();
    }

    @Override
    public Subscription subscribe(ComputeEventListener listener) {
        return bus.subscribe(listener);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        operations.close();
        syncTimer.cancel(true);
        timer.shutdownNow();
        lanes.close();
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
