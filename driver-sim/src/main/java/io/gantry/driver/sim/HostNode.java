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
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.GuestState;
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
    private final Map<InstanceId, Guest> guests = new ConcurrentHashMap<>();
    private final Map<InstanceId, Incoming> arriving = new ConcurrentHashMap<>();
    private final Set<ImageId> images = ConcurrentHashMap.newKeySet();

    HostNode(HostConfig config, Surroundings surroundings) {
        this.config = config;
        this.surroundings = surroundings;
        this.gate = new Gate(config.name(), surroundings);
        this.link = new Link(config.bandwidth());
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
        return inventory;
    }

    Map<InstanceId, Incoming> arriving() {
        return arriving;
    }

    Set<ImageId> images() {
        return images;
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

    void create(CallContext context, GuestSpec spec) {
        requireImages(spec);
        if (spec.flavor().memory().bytes() > MOST_MEMORY) {
            throw new HypervisorError(
                    name(),
                    0,
                    0,
                    "a simulated guest has at most 4 TiB of memory, not "
                            + spec.flavor().memory(),
                    null);
        }
        if (arriving.containsKey(spec.id())) {
            throw arrives(spec.id());
        }
        Guest guest = new Guest(spec, Workload.of(spec.flavor()), this, context, surroundings);
        while (true) {
            Guest there = guests.putIfAbsent(spec.id(), guest);
            if (there == null) {
                surroundings.disks().increment();
                return;
            }
            there.lock.lock();
            try {
                if (there.owner() == this) {
                    there.admit(context);
                    return;
                }
                // It is just leaving: make way for the new one.
                guests.remove(spec.id(), there);
            } finally {
                there.lock.unlock();
            }
        }
    }

    private void requireImages(GuestSpec spec) {
        requireImage(spec.image());
        spec.directBoot().ifPresent(boot -> {
            requireImage(boot.kernel());
            requireImage(boot.ramdisk());
        });
    }

    private void requireImage(Image image) {
        if (!images.contains(image.id())) {
            throw new HypervisorError(name(), 0, 0, "image " + image.id() + " is not on the host", null);
        }
    }

    void delete(CallContext context, InstanceId id) {
        Incoming incoming = arriving.get(id);
        if (incoming != null) {
            abandon(id);
        }
        Guest guest = guests.get(id);
        if (guest == null) {
            return;
        }
        guest.lock.lock();
        try {
            if (guest.owner() == this) {
                guest.admit(context);
                guest.remove();
                surroundings.disks().decrement();
            }
            guests.remove(id, guest);
        } finally {
            guest.lock.unlock();
        }
    }

    /** Changes a guest under its lock. */
    void change(CallContext context, InstanceId id, String verb, Consumer<Guest> change) {
        use(id, verb, guest -> {
            gate.requirePower();
            guest.admit(context);
            change.accept(guest);
            return guest;
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
            return refused == null ? "the target abandoned it" : refused;
        }
        guest.moveTo(this, copy);
        surroundings.handOvers().incrementAndGet();
        source.guests.remove(guest.id(), guest);
        arriving.remove(guest.id(), incoming);
        return null;
    }

    void abandon(InstanceId id) {
        Incoming incoming = arriving.get(id);
        if (incoming != null) {
            incoming.abandon();
            arriving.remove(id, incoming);
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
