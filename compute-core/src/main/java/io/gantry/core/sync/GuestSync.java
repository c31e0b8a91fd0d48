package io.gantry.core.sync;

import io.gantry.core.aggregate.HostZones;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.observe.EngineEvents;
import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Lanes;
import io.gantry.core.placement.Ledger;
import io.gantry.core.placement.Need;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.LeftoverRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.host.HostInventory;
import io.gantry.host.HostState;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what guests do by themselves. Events are hints: the guest's state is read before anything is recorded. While a
 * verb works on an instance, nothing is recorded; the instance is looked at again when the verb has ended.
 */
public final class GuestSync implements HostRegistry.Observer {
    /** Code of the fault of an instance whose guest ended by a fault of its own or of its hypervisor process. */
    public static final String GUEST_CRASHED = "GUEST_CRASHED";

    /** Code of the fault of an instance whose host no longer has its guest. */
    public static final String GUEST_MISSING = "GUEST_MISSING";

    private static final Logger LOG = LoggerFactory.getLogger(GuestSync.class);
    private static final Duration CLEANUP_TIMEOUT = Duration.ofSeconds(30);

    private final State state;
    private final Ledger ledger;
    private final HostZones zones;
    private final HostRegistry hosts;
    private final Leftovers leftovers;
    private final Lanes lanes;
    private final EngineEvents events;
    private final Clock clock;
    private final GuestLocator locator;
    private final Set<InstanceId> queued = ConcurrentHashMap.newKeySet();
    private final Set<HostId> queuedHosts = ConcurrentHashMap.newKeySet();
    private final Map<InstanceId, HostId> missed = new ConcurrentHashMap<>();

    /** Creates a follower of what is heard from hosts. */
    public GuestSync(
            State state,
            Ledger ledger,
            HostZones zones,
            HostRegistry hosts,
            Lanes lanes,
            EngineEvents events,
            Clock clock) {
        this.state = state;
        this.ledger = ledger;
        this.zones = zones;
        this.hosts = hosts;
        this.lanes = lanes;
        this.events = events;
        this.clock = clock;
        this.locator = new GuestLocator(hosts);
        this.leftovers = new Leftovers(state, hosts);
    }

    @Override
    public void onGuestEvent(HostId host, GuestEvent event) {
        look(host, event.guest());
    }

    @Override
    public void onHostState(HostId host, HostState hostState, String reason) {
        LOG.info("Host {} is {}: {}", host, hostState, reason);
        events.changed(host, hostState, reason);
        if (hostState == HostState.UP) {
            lookAtAll(host);
        }
    }

    /** Looks at an instance after a verb, if something was missed meanwhile or the verb failed. */
    public void afterVerb(Instance instance, boolean failed) {
        if (missed.remove(instance.id()) != null || failed) {
            instance.host().ifPresent(host -> look(host, instance.id()));
        }
    }

    /** Forgets an instance that is gone. */
    public void forget(InstanceId id) {
        missed.remove(id);
    }

    /** Looks at all guests of a host, soon. */
    public void lookAtAll(HostId host) {
        if (queuedHosts.add(host)) {
            inLane(host, () -> {
                queuedHosts.remove(host);
                syncAll(host);
            });
        }
    }

    private void look(HostId host, InstanceId id) {
        if (queued.add(id)) {
            inLane(host, () -> {
                queued.remove(id);
                sync(host, id);
            });
        }
    }

    private void inLane(HostId host, Runnable work) {
        try {
            lanes.executor(new Lane.Sync(host)).execute(() -> {
                try {
                    work.run();
                } catch (ComputeException e) {
                    LOG.info("Host {} was not looked at: {}", host, e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("Looking at host {} failed", host, e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The engine closes; host {} is not looked at", host, e);
        }
    }

    /**
     * Looks at one guest. While a verb is at work, the host is not even asked: what it said might be judged after the verb's
     * end, although it is from before.
     */
    private void sync(HostId host, InstanceId id) {
        // Noted before the record is read, so that a verb that ends after that finds it.
        missed.put(id, host);
        Optional<InstanceRow> row =
                state.read(tx -> state.instances().get(tx, id.toString())).map(Table.Entry::value);
        if (row.filter(busy -> busy.operation().isPresent()).isPresent()) {
            return;
        }
        missed.remove(id);
        Optional<GuestState> guest = hosts.connection(host).guest(id);
        record(host, id, guest, epoch(row));
    }

    private static OptionalLong epoch(Optional<InstanceRow> row) {
        return row.map(known -> OptionalLong.of(known.epoch())).orElse(OptionalLong.empty());
    }

    /** Looks at all guests of a host; where nothing has changed, with a few readings and no transaction that could write. */
    private void syncAll(HostId host) {
        leftovers.remove(host);
        Set<InstanceId> missedBefore = missed(host);
        HostConnection connection = hosts.connection(host);
        HostInventory inventory = connection.inventory();
        List<InstanceRow> known = state.read(tx -> state.instances().findReadable(tx, "host", host.value()));
        Map<InstanceId, GuestState> guests =
                connection.guests().stream().collect(Collectors.toMap(GuestState::id, Function.identity()));
        if (!state.<Boolean>read(tx -> ledger.hasInventory(tx, host, inventory))) {
            state.change(tx -> ledger.updateInventory(tx, host, inventory));
        }
        for (InstanceRow row : known) {
            InstanceId id = row.instance().id();
            Optional<GuestState> guest = Optional.ofNullable(guests.remove(id));
            if (row.operation().isPresent()) {
                missedBefore.remove(id);
                look(host, id);
            } else if (row.moveTo().isPresent() || change(row.instance(), guest).isPresent()) {
                record(host, id, guest, OptionalLong.of(row.epoch()));
            }
        }
        // What verbs of other control nodes left here, which nobody will ask for.
        missedBefore.forEach(missed::remove);
        guests.keySet().forEach(stranger -> look(host, stranger));
    }

    private Set<InstanceId> missed(HostId host) {
        return missed.entrySet().stream()
                .filter(entry -> entry.getValue().equals(host))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** What is to be done after the transaction. */
    private enum Next {
        NOTHING,
        FOLLOW,
        AGAIN,
        SETTLE,
        ABANDON,
        REAP
    }

    /**
     * Records what a host said, unless an operation has had the instance since the host was asked: what it said may be from
     * before that.
     */
    private void record(HostId host, InstanceId id, Optional<GuestState> guest, OptionalLong asked) {
        Change change = state.read(tx -> judge(tx, host, id, guest, asked));
        if (change.next() == Next.FOLLOW) {
            change = state.transact(tx -> {
                Change now = judge(tx, host, id, guest, asked);
                return now.next() == Next.FOLLOW ? follow(tx, id, guest) : now;
            });
        }
        change.changed().ifPresent(instance -> events.changed(instance, "hypervisor"));
        switch (change.next()) {
            case AGAIN -> look(host, id);
            case REAP -> reap(host, id);
            case SETTLE -> change.row().ifPresent(this::settle);
            case ABANDON -> change.row().ifPresent(row -> abandon(host, row));
            case FOLLOW, NOTHING -> {}
        }
    }

    /** {@return what follows from what a host said} Changes nothing. */
    private Change judge(Transaction tx, HostId host, InstanceId id, Optional<GuestState> guest, OptionalLong asked) {
        Optional<InstanceRow> known = state.instances().get(tx, id.toString()).map(Table.Entry::value);
        if (known.isEmpty()) {
            boolean deleted = guest.isPresent()
                    && state.tombstones().get(tx, id.toString()).isPresent();
            return Change.of(deleted ? Next.REAP : Next.NOTHING);
        }
        InstanceRow row = known.get();
        if (!asked.equals(OptionalLong.of(row.epoch())) || row.operation().isPresent()) {
            return Change.of(Next.AGAIN);
        }
        if (row.moveTo().isPresent()) {
            return new Change(Next.SETTLE, Optional.empty(), known);
        }
        if (!row.instance().host().equals(Optional.of(host))) {
            boolean stray = guest.isPresent()
                    && row.instance().host().isPresent()
                    && row.resized()
                            .filter(resized -> resized.source().equals(host))
                            .isEmpty();
            return stray ? new Change(Next.ABANDON, Optional.empty(), known) : Change.of(Next.NOTHING);
        }
        return Change.of(change(row.instance(), guest).isPresent() ? Next.FOLLOW : Next.NOTHING);
    }

    /**
     * Removes a guest whose instance was deleted: a call of a control node that was cut off came through after its
     * successor had done all. Ids are used once, so it can be nobody else's.
     */
    private void reap(HostId host, InstanceId id) {
        LOG.warn("Guest {} on host {} is removed: its instance was deleted", id, host);
        hosts.connection(host).deleteGuest(new CallContext(OperationId.random(), Long.MAX_VALUE, CLEANUP_TIMEOUT), id);
    }

    private record Change(Next next, Optional<Instance> changed, Optional<InstanceRow> row) {
        static Change of(Next next) {
            return new Change(next, Optional.empty(), Optional.empty());
        }
    }

    /** What an instance is, as its guest says. */
    private record Seen(VmState state, PowerState power) {}

    /** {@return what an instance is, if that is not what it was} */
    private static Optional<Seen> change(Instance before, Optional<GuestState> guest) {
        PowerState power = guest.map(GuestState::power).orElse(PowerState.NOSTATE);
        VmState next =
                guest.isEmpty() && isSettled(before.state()) ? VmState.ERROR : PowerRules.follow(before.state(), power);
        return next == before.state() && power == before.power()
                ? Optional.empty()
                : Optional.of(new Seen(next, power));
    }

    private Change follow(Transaction tx, InstanceId id, Optional<GuestState> guest) {
        Table.Entry<InstanceRow> entry =
                state.instances().get(tx, id.toString()).orElseThrow();
        Instance before = entry.value().instance();
        Seen seen = change(before, guest).orElseThrow();
        InstanceRow after = entry.value().with(clock.instant(), edit -> {
            edit.state(seen.state(), seen.power());
            Optional<InstanceFault> fault = fault(before, guest);
            if (fault.isPresent()) {
                edit.fault(fault);
            }
        });
        state.instances().update(tx, entry, after);
        return new Change(Next.NOTHING, Optional.of(after.instance()), Optional.empty());
    }

    private static boolean isSettled(VmState vmState) {
        return vmState == VmState.ACTIVE
                || vmState == VmState.PAUSED
                || vmState == VmState.SUSPENDED
                || vmState == VmState.STOPPED;
    }

    private Optional<InstanceFault> fault(Instance before, Optional<GuestState> guest) {
        if (guest.isEmpty() && isSettled(before.state())) {
            return Optional.of(
                    new InstanceFault(GUEST_MISSING, "The host no longer has the instance's guest", clock.instant()));
        }
        return guest.filter(seen -> seen.power() == PowerState.CRASHED)
                .map(seen -> new InstanceFault(
                        GUEST_CRASHED, "The guest ended unexpectedly (" + seen.reason() + ")", clock.instant()));
    }

    /** Finds out where a guest is whose migration ended without anybody being able to tell. */
    private void settle(InstanceRow doubtful) {
        Instance instance = doubtful.instance();
        HostId source = instance.host().orElseThrow();
        HostId target = doubtful.moveTo().orElseThrow();
        GuestLocator.Located located = locator.locate(instance.id(), source, target);
        if (located.host().isEmpty()) {
            LOG.warn("Instance {} is on neither {} nor {}, as far as they answer", instance.id(), source, target);
            return;
        }
        HostId found = located.host().get();
        Optional<Instance> settled = state.transact(tx -> {
            Table.Entry<InstanceRow> entry =
                    state.instances().get(tx, instance.id().toString()).orElse(null);
            if (entry == null || !entry.value().equals(doubtful)) {
                return Optional.empty();
            }
            keepOnly(tx, instance, found);
            InstanceRow after = doubtful.with(
                    clock.instant(),
                    edit -> edit.moveTo(Optional.empty())
                            .host(Optional.of(found))
                            .zone(Optional.of(zones.zone(tx, found)))
                            .state(PowerRules.ofGuest(instance.state(), located.power()), located.power()));
            state.instances().update(tx, entry, after);
            // A cold move leaves a whole guest behind, a live one at most an empty shell.
            HostId other = found.equals(source) ? target : source;
            state.leave(
                    tx,
                    new LeftoverRow(
                            instance.id(), other, after.epoch(), sameStorage(tx, source, target), clock.instant()));
            return Optional.of(after.instance());
        });
        settled.ifPresent(after -> {
            LOG.info("Instance {} was found on {} after a migration in doubt", after.id(), found);
            events.changed(after, "hypervisor");
            HostId other = found.equals(source) ? target : source;
            lookAtAll(other);
        });
    }

    /** Disks stay where it is not known that the two hosts have storage of their own. */
    private boolean sameStorage(Transaction tx, HostId one, HostId other) {
        Optional<String> a = storage(tx, one);
        Optional<String> b = storage(tx, other);
        return a.isEmpty() || b.isEmpty() || a.equals(b);
    }

    private Optional<String> storage(Transaction tx, HostId host) {
        return state.hosts()
                .get(tx, host.value())
                .flatMap(entry -> entry.value().storageId());
    }

    /** Leaves an instance one claim: that of the host it was found on. */
    private void keepOnly(Transaction tx, Instance instance, HostId found) {
        String consumer = Need.instance(instance.id());
        ledger.claims(tx, consumer).stream()
                .filter(claim -> !claim.host().equals(found))
                .forEach(claim -> ledger.release(tx, consumer, claim.host()));
    }

    /** Removes what a failed migration left on a host that could not be cleaned then. */
    private void abandon(HostId host, InstanceRow row) {
        InstanceId id = row.instance().id();
        LOG.info("Host {} has a leftover of instance {}, which is elsewhere", host, id);
        hosts.connection(host)
                .migrationTarget()
                .ifPresent(target ->
                        target.abandon(new CallContext(OperationId.random(), row.epoch(), CLEANUP_TIMEOUT), id));
    }
}
