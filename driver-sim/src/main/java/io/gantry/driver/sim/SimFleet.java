package io.gantry.driver.sim;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.instance.InstanceId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The machine room of {@link SimDriver}: simulated hosts with their guests, which outlive the drivers that connect to
 * them, and the means to make things go wrong there. Safe for use by many threads; verbs on different guests do not wait
 * for each other.
 */
public final class SimFleet implements AutoCloseable {
    private static final int REAL_THREADS = 2;

    private final Surroundings surroundings;
    private final Runnable stopClock;
    private final Map<String, HostNode> nodes = new ConcurrentHashMap<>();
    private final Map<String, Storage> storages = new ConcurrentHashMap<>();
    private final ImageLibrary images = new ImageLibrary();
    private final AtomicLong tickets = new AtomicLong();

    private SimFleet(Surroundings surroundings, Runnable stopClock) {
        this.surroundings = surroundings;
        this.stopClock = stopClock;
    }

    /** {@return a fleet without hosts, in real time, whose calls take no time} */
    public static SimFleet create() {
        return builder().build();
    }

    /** {@return a builder with the values of {@link #create}} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a new driver that connects to this fleet's hosts; closing it leaves the fleet as it is} */
    public SimDriver driver() {
        return SimDriver.of(this);
    }

    /**
     * {@return a new driver that connects to this fleet's hosts; closing it leaves the fleet as it is}
     *
     * @param listeners tells the engine's listeners what happens; not closed by the driver
     */
    public SimDriver driver(Executor listeners) {
        return SimDriver.of(this, requireNonNull(listeners, "listeners"));
    }

    /**
     * Adds a host before anybody connects to it.
     *
     * @param uri such as {@code sim://node1?vcpus=8}; see {@link SimDriver}
     * @return the host; the one that is there if it has the same values
     * @throws InvalidRequest if the URI has a value or parameter that is refused
     */
    public SimHost addHost(String uri) {
        try {
            return new SimHost(nodeFor(URI.create(uri), Map.of()), surroundings.clock());
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("host.connection", uri, "is no URI", "Use a URI such as 'sim://node1?vcpus=8'");
        }
    }

    /**
     * {@return a host}
     *
     * @param name the name in its URI
     * @throws NotFound if there is none
     */
    public SimHost host(String name) {
        return new SimHost(node(name), surroundings.clock());
    }

    /** {@return the names of all hosts} */
    public Set<String> hosts() {
        return new TreeSet<>(nodes.keySet());
    }

    /**
     * {@return every copy of a guest, wherever it is; looks at each host. More than one means that it was created
     * twice}
     *
     * @param id the guest
     */
    public List<SimGuest> copies(InstanceId id) {
        while (true) {
            long before = surroundings.handOvers().get();
            List<SimGuest> copies = nodes.values().stream()
                    .flatMap(node -> Optional.ofNullable(node.find(id)).stream())
                    .distinct()
                    .map(SimGuest::new)
                    .filter(guest -> guest.host().isPresent())
                    .toList();
            // A guest that moved from a host not yet looked at to one already looked at was missed.
            if (!copies.isEmpty() || surroundings.handOvers().get() == before) {
                return copies;
            }
        }
    }

    /**
     * {@return the one copy of a guest, wherever it is; looks at each host}
     *
     * @param id the guest
     * @throws NotFound if there is none, or more than one
     */
    public SimGuest guest(InstanceId id) {
        List<SimGuest> copies = copies(id);
        if (copies.size() != 1) {
            throw new NotFound(id.ref(), "It has " + copies.size() + " copies in the fleet; look at copies(id)");
        }
        return copies.get(0);
    }

    /**
     * {@return what a check of a guest's memory finds}
     *
     * @param id the guest; see {@link #guest}
     */
    public PageReport verify(InstanceId id) {
        return guest(id).verify();
    }

    /** {@return how many pages of 4 KiB the guests and the migrations under way own} */
    public long pages() {
        return surroundings.pages().sum();
    }

    /** {@return how many disks there are: root disks, copies of them, and rescue disks} */
    public long disks() {
        return surroundings.disks().sum();
    }

    /** {@return how many migrations are under way} */
    public int migrations() {
        return surroundings.migrations().size();
    }

    /**
     * Ends it all: hosts cease to answer, migrations under way fail, the fleet's threads stop. Closing twice does nothing.
     */
    @Override
    public void close() {
        nodes.values().forEach(node -> node.gate().network(false));
        surroundings.migrations().forEach(job -> job.fail("failed: the fleet was closed"));
        stopClock.run();
    }

    Surroundings surroundings() {
        return surroundings;
    }

    ImageLibrary imageLibrary() {
        return images;
    }

    long nextTicket() {
        return tickets.incrementAndGet();
    }

    HostNode node(String name) {
        HostNode node = nodes.get(name);
        if (node == null) {
            throw new NotFound(new ResourceRef("host", name), "Add it with addHost, or connect to it");
        }
        return node;
    }

    HostNode nodeFor(URI uri, Map<String, String> properties) {
        String name = HostConfig.name(uri);
        HostNode there = nodes.get(name);
        if (there == null) {
            HostConfig config = HostConfig.defaults(name).with(uri, properties);
            there = nodes.computeIfAbsent(name, n -> new HostNode(config, storage(config), images, surroundings));
        }
        HostConfig asked = there.config().with(uri, properties);
        if (!asked.equals(there.config())) {
            throw new InvalidRequest(
                    "host.connection",
                    uri,
                    "differs from host " + name + " as it is: " + there.config(),
                    "Name the same values or none");
        }
        return there;
    }

    private Storage storage(HostConfig config) {
        return storages.computeIfAbsent(config.storageId(), id -> new Storage(id, surroundings.disks()));
    }

    /** Builds a {@link SimFleet}; not safe for use by several threads. */
    public static final class Builder {
        private @Nullable SimClock clock;
        private Duration callLatency = Duration.ZERO;
        private Duration callTimeout = Duration.ofSeconds(5);
        private Duration guestReaction = Duration.ofMillis(20);

        private Builder() {}

        /**
         * Sets the time that the fleet follows; the real time if not called.
         *
         * @param clock such as a {@link VirtualClock}
         * @return this
         */
        public Builder clock(SimClock clock) {
            this.clock = requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets how long each call to a host takes; nothing if not called.
         *
         * @param latency zero or more
         * @return this
         */
        public Builder callLatency(Duration latency) {
            this.callLatency = notNegative("callLatency", latency);
            return this;
        }

        /**
         * Sets the deadline of calls that come without one; 5 seconds if not called.
         *
         * @param timeout zero or more
         * @return this
         */
        public Builder callTimeout(Duration timeout) {
            this.callTimeout = notNegative("callTimeout", timeout);
            return this;
        }

        /**
         * Sets how long a guest takes to shut down or reboot when it is asked to; 20 ms if not called.
         *
         * @param reaction zero or more
         * @return this
         */
        public Builder guestReaction(Duration reaction) {
            this.guestReaction = notNegative("guestReaction", reaction);
            return this;
        }

        private static Duration notNegative(String field, Duration duration) {
            if (duration.isNegative()) {
                throw new InvalidRequest(field, duration, "is negative", "Give zero or more");
            }
            return duration;
        }

        /** {@return the fleet} */
        public SimFleet build() {
            if (clock != null) {
                return new SimFleet(new Surroundings(clock, callLatency, callTimeout, guestReaction), () -> {});
            }
            RealClock real = new RealClock(REAL_THREADS);
            return new SimFleet(new Surroundings(real, callLatency, callTimeout, guestReaction), real::close);
        }
    }
}
