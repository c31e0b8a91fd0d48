package io.gantry.driver.sim;

import io.gantry.error.Conflict;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.host.HostInventory;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.RescueSpec;
import io.gantry.unit.DiskSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A simulated host: its guests, those that are to come, and the gate to it. Has no lock of its own. */
final class HostNode {
    private static final Set<String> CAPABILITIES =
            Arrays.stream(DriverCapability.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());
    private static final long MOST_MEMORY = 4L << 40;

    private final HostConfig config;
    private final Surroundings surroundings;
    private final Gate gate;
    private final Link link;
    private final HostInventory inventory;
    private final Occupancy occupancy;
    private final Map<InstanceId, Guest> guests = new ConcurrentHashMap<>();
    private final Map<InstanceId, Incoming> arriving = new ConcurrentHashMap<>();
    private final Set<ImageId> images = ConcurrentHashMap.newKeySet();
    private final Storage storage;
    private final ImageLibrary library;

    HostNode(HostConfig config, Storage storage, ImageLibrary library, Surroundings surroundings) {
        this.config = config;
        this.storage = storage;
        this.library = library;
        this.surroundings = surroundings;
        this.gate = new Gate(config.name(), surroundings);
        this.link = new Link(config.bandwidth());
        this.occupancy = new Occupancy(config.name(), config.topology());
        this.inventory = new HostInventory(
                config.name(),
                config.architecture(),
                SimDriver.NAME,
                config.version(),
                config.vcpus(),
                config.memory(),
                config.disk(),
                CAPABILITIES);
    }

    String name() {
        return config.name();
    }

    HostConfig config() {
        return config;
    }

    Gate gate() {
        return gate;
    }

    Link link() {
        return link;
    }

    HostInventory inventory() {
        return inventory.withTopology(occupancy.topology());
    }

    /** What its guests have of its CPUs and devices. */
    Occupancy occupancy() {
        return occupancy;
    }

    Map<InstanceId, Incoming> arriving() {
        return arriving;
    }

    Set<ImageId> images() {
        return images;
    }

    Storage storage() {
        return storage;
    }

    Collection<Guest> candidates() {
        return guests.values();
    }

    List<GuestState> states() {
        List<GuestState> states = new ArrayList<>(guests.size());
        for (InstanceId id : guests.keySet()) {
            state(id).ifPresent(states::add);
        }
        for (InstanceId id : arriving.keySet()) {
            if (!guests.containsKey(id)) {
                states.add(arrivingState(id));
            }
        }
        return states;
    }

    Optional<GuestState> state(InstanceId id) {
        Guest guest = guests.get(id);
        if (guest != null) {
            guest.lock.lock();
            try {
                if (guest.owner() == this) {
                    return Optional.of(guest.state());
                }
            } finally {
                guest.lock.unlock();
            }
        }
        return arriving.containsKey(id) ? Optional.of(arrivingState(id)) : Optional.empty();
    }

    private static GuestState arrivingState(InstanceId id) {
        return new GuestState(id, PowerState.NOSTATE, "arriving by migration");
    }

    /** A guest that is here, or was a moment ago. */
    @Nullable
    Guest find(InstanceId id) {
        return guests.get(id);
    }

    /** Makes a guest; its root disk is what is on the storage already, or a fresh one. */
    void create(CallContext context, GuestSpec spec) {
        make(context, spec, () -> {
            spec.directBoot().ifPresent(this::requireImages);
            storage.addRoot(spec.id(), spec.rootDisk(), () -> fresh(context, spec, "created"));
        });
    }

    /** Makes a guest whose root disk holds what is given, in the place of one that is on the storage. */
    void create(CallContext context, GuestSpec spec, DiskContent content, DiskSize size) {
        make(context, spec, () -> {
            spec.directBoot().ifPresent(this::requireImages);
            Disk disk = new Disk(content, size, new Disk.Origin(context.operation(), "created"));
            storage.putRoot(spec.id(), disk.grownTo(spec.rootDisk()));
        });
    }

    /** Whether there is nothing of a guest here; one that is here admits the call. */
    boolean isAbsent(CallContext context, InstanceId id) {
        if (arriving.containsKey(id)) {
            throw arrives(id);
        }
        Guest there = guests.get(id);
        return there == null || !isHere(context, there, () -> {});
    }

    private void make(CallContext context, GuestSpec spec, Runnable makeRoot) {
        requireMemory(spec);
        if (arriving.containsKey(spec.id())) {
            throw arrives(spec.id());
        }
        Guest guest = new Guest(spec, Workload.of(spec.flavor()), this, context, surroundings);
        guest.lock.lock();
        try {
            while (true) {
                Guest there = guests.putIfAbsent(spec.id(), guest);
                if (there == null) {
                    finish(guest, makeRoot);
                    return;
                }
                if (isHere(context, there, () -> {})) {
                    return;
                }
            }
        } finally {
            guest.lock.unlock();
        }
    }

    private void finish(Guest guest, Runnable makeRoot) {
        try {
            occupancy.take(guest.id(), guest.spec().layout());
            makeRoot.run();
            gate.faults().passAfterDisk();
        } catch (RuntimeException e) {
            guest.discard();
            guests.remove(guest.id(), guest);
            occupancy.drop(guest.id());
            throw e;
        }
    }

    /** Does something with a guest if it is here, which admits the call; one that is just leaving makes way. */
    private boolean isHere(CallContext context, Guest there, Runnable action) {
        there.lock.lock();
        try {
            if (there.owner() == this) {
                there.admit(context);
                action.run();
                return true;
            }
            guests.remove(there.id(), there);
            return false;
        } finally {
            there.lock.unlock();
        }
    }

    void requireMemory(GuestSpec spec) {
        if (spec.flavor().memory().bytes() > MOST_MEMORY) {
            throw new HypervisorError(
                    name(),
                    0,
                    0,
                    "a simulated guest has at most 4 TiB of memory, not "
                            + spec.flavor().memory(),
                    null);
        }
    }

    /** A root disk as the guest's image says. */
    Disk fresh(CallContext context, GuestSpec spec, String how) {
        requireImage(spec.image());
        DiskContent content = library.content(spec.image().id()).orElseThrow();
        return new Disk(content, spec.rootDisk(), new Disk.Origin(context.operation(), how));
    }

    void requireImages(GuestSpec.DirectBoot boot) {
        requireImage(boot.kernel());
        requireImage(boot.ramdisk());
    }

    void requireImage(Image image) {
        if (!images.contains(image.id())) {
            throw new HypervisorError(name(), 0, 0, "image " + image.id() + " is not on the host", null);
        }
    }

    /** Removes a guest with its disks, also those that are left over of one that is not here. */
    void delete(CallContext context, InstanceId id) {
        boolean arrives = abandon(context, id);
        remove(context, id, "deleted", () -> {
            if (!arrives) {
                storage.removeAll(id);
            }
        });
    }

    /** Removes a guest, and leaves its disks. */
    void release(CallContext context, InstanceId id) {
        abandon(context, id);
        remove(context, id, "released", () -> {});
    }

    private void remove(CallContext context, InstanceId id, String why, Runnable disks) {
        while (!absent(id, disks)) {
            Guest guest = guests.get(id);
            if (guest != null
                    && isHere(context, guest, () -> {
                        guest.remove(why);
                        disks.run();
                        guests.remove(id, guest);
                        occupancy.drop(id);
                    })) {
                return;
            }
        }
    }

    /** Does something with the storage of a guest that is not here, before one can be made; false if one is here. */
    private boolean absent(InstanceId id, Runnable action) {
        return guests.compute(id, (key, there) -> {
                    if (there == null) {
                        action.run();
                    }
                    return there;
                })
                == null;
    }

    /** Removes a root disk that no guest here uses. */
    void removeRoot(CallContext context, InstanceId id) {
        while (!absent(id, () -> storage.removeRoot(id))) {
            Guest guest = guests.get(id);
            if (guest != null
                    && isHere(context, guest, () -> {
                        throw new Conflict(
                                id.ref(),
                                "Its root disk is in use on host " + name(),
                                "Delete the guest with its disks");
                    })) {
                return;
            }
        }
    }

    /** Lets later calls through only; a guest that is not here has no epoch. */
    void fence(CallContext context, InstanceId id) {
        Incoming incoming = arriving.get(id);
        if (incoming != null) {
            incoming.admit(context);
        }
        Guest guest = guests.get(id);
        if (guest != null) {
            isHere(context, guest, () -> {});
        }
    }

    void resize(CallContext context, GuestSpec spec) {
        change(context, spec.id(), "resize", guest -> {
            guest.requireOff("resize");
            requireMemory(spec);
            Workload workload = Workload.of(spec.flavor());
            requireRoot(spec.id());
            occupancy.take(spec.id(), spec.layout());
            storage.changeRoot(spec.id(), disk -> disk.grownTo(spec.rootDisk()));
            guest.resize(spec, workload, requireRoot(spec.id()).size());
        });
    }

    void rescue(CallContext context, RescueSpec spec) {
        change(context, spec.id(), "rescue", guest -> {
            requireImage(spec.image());
            spec.directBoot().ifPresent(this::requireImages);
            guest.rescue();
        });
    }

    /** The root disk of a guest that is here; another host on the same storage may have removed it. */
    Disk requireRoot(InstanceId id) {
        return storage.root(id)
                .orElseThrow(
                        () -> new HypervisorError(name(), 0, 0, "the root disk of guest " + id + " is gone", null));
    }

    List<GuestDisk> listDisks() {
        return storage.list(this::hasGuest);
    }

    private boolean hasGuest(InstanceId id) {
        Guest guest = guests.get(id);
        if (guest == null) {
            return false;
        }
        guest.lock.lock();
        try {
            return guest.owner() == this;
        } finally {
            guest.lock.unlock();
        }
    }

    /** Changes a guest under its lock. */
    void change(CallContext context, InstanceId id, String verb, Consumer<Guest> change) {
        changing(context, id, verb, guest -> {
            change.accept(guest);
            return guest;
        });
    }

    /** Changes a guest or what is its own under its lock. */
    <T> T changing(CallContext context, InstanceId id, String verb, Function<Guest, T> change) {
        return use(id, verb, guest -> {
            gate.requirePower();
            guest.admit(context);
            return change.apply(guest);
        });
    }

    /** Does something with a guest under its lock. */
    <T> T use(InstanceId id, String verb, Function<Guest, T> use) {
        Guest guest = guests.get(id);
        if (guest != null) {
            guest.lock.lock();
            try {
                if (guest.owner() == this) {
                    return use.apply(guest);
                }
            } finally {
                guest.lock.unlock();
            }
        }
        if (arriving.containsKey(id)) {
            throw new InvalidState(id.ref(), verb, "arriving by migration", List.of("RUNNING", "PAUSED", "SHUTDOWN"));
        }
        throw new NotFound(id.ref(), "List the guests of host " + name());
    }

    static Conflict arrives(InstanceId id) {
        return new Conflict(id.ref(), id.ref() + " arrives by migration", "Wait for its end, or abandon it first");
    }

    /** Takes a guest over, whose lock is held; says what keeps it from that. */
    @Nullable
    String accept(Guest guest, Incoming incoming, HostNode source) {
        if (guests.putIfAbsent(guest.id(), guest) != null) {
            return "the target has a guest of this id";
        }
        // First in the list, then the look at the power: who cuts it first notes that, then stops all in the list.
        @Nullable String refused = gate.linkUp() && source.gate.linkUp() ? null : "a host lost its network";
        @Nullable PageTable copy = refused == null ? incoming.arrive() : null;
        if (copy == null) {
            guests.remove(guest.id(), guest);
            if (!arriving.containsKey(guest.id())) {
                occupancy.drop(guest.id());
            }
            return refused == null ? "the target abandoned it" : refused;
        }
        source.storage.handOver(guest.id(), storage);
        guest.moveTo(this, copy);
        surroundings.handOvers().incrementAndGet();
        source.guests.remove(guest.id(), guest);
        source.occupancy.drop(guest.id());
        arriving.remove(guest.id(), incoming);
        return null;
    }

    /** Gives up what is to come here, for an operation that may; says whether there was something. */
    boolean abandon(CallContext context, InstanceId id) {
        Incoming incoming = arriving.get(id);
        if (incoming == null) {
            return false;
        }
        incoming.admit(context);
        abandon(id);
        return true;
    }

    void abandon(InstanceId id) {
        Incoming incoming = arriving.get(id);
        if (incoming != null) {
            incoming.abandon();
            arriving.remove(id, incoming);
            if (!guests.containsKey(id)) {
                occupancy.drop(id);
            }
        }
    }

    /** The machine loses power: guests that are on end, what was to arrive is lost. */
    void powerFail() {
        gate.power(false);
        List.copyOf(arriving.keySet()).forEach(this::abandon);
        for (Guest guest : guests.values()) {
            guest.lock.lock();
            try {
                if (guest.owner() == this && guest.on()) {
                    guest.powerOff("the host lost power", PowerState.CRASHED);
                }
            } finally {
                guest.lock.unlock();
            }
        }
    }

    void publish(GuestEvent event) {
        if (gate.answers()) {
            gate.listeners().forEach(listener -> listener.post(l -> l.onGuestEvent(event)));
        }
    }
}
