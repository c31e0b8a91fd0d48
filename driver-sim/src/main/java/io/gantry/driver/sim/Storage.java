package io.gantry.driver.sim;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.unit.DiskSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The disks of one host, or of several that share them. Each method is atomic. */
final class Storage {
    private final String id;
    private final LongAdder fleetDisks;
    private final Map<InstanceId, Shelf> shelves = new ConcurrentHashMap<>();

    /** The disks of one instance; its map is never changed. */
    private record Shelf(@Nullable Disk root, Map<String, Disk> copies) {
        static final Shelf EMPTY = new Shelf(null, Map.of());

        int count() {
            return copies.size() + (root == null ? 0 : 1);
        }

        Shelf withRoot(@Nullable Disk changed) {
            return new Shelf(changed, copies);
        }

        Shelf with(String name, Disk copy) {
            Map<String, Disk> changed = new TreeMap<>(copies);
            changed.put(name, copy);
            return new Shelf(root, changed);
        }

        Shelf without(String name) {
            Map<String, Disk> changed = new TreeMap<>(copies);
            changed.remove(name);
            return new Shelf(root, changed);
        }
    }

    Storage(String id, LongAdder fleetDisks) {
        this.id = id;
        this.fleetDisks = fleetDisks;
    }

    String id() {
        return id;
    }

    private Shelf shelf(InstanceId instance) {
        return shelves.getOrDefault(instance, Shelf.EMPTY);
    }

    private Shelf change(InstanceId instance, UnaryOperator<Shelf> change) {
        Shelf after = shelves.compute(instance, (key, there) -> {
            Shelf before = there == null ? Shelf.EMPTY : there;
            Shelf changed = change.apply(before);
            fleetDisks.add(changed.count() - before.count());
            return changed.count() == 0 ? null : changed;
        });
        return after == null ? Shelf.EMPTY : after;
    }

    Optional<Disk> root(InstanceId instance) {
        return Optional.ofNullable(shelf(instance).root());
    }

    Optional<Disk> copy(InstanceId instance, String name) {
        return Optional.ofNullable(shelf(instance).copies().get(name));
    }

    /** Makes a root disk, or takes the one that is there, grown to a size. */
    void addRoot(InstanceId instance, DiskSize least, Supplier<Disk> fresh) {
        change(instance, shelf -> shelf.withRoot((shelf.root() == null ? fresh.get() : shelf.root()).grownTo(least)));
    }

    /** Puts a disk in the place of the root disk, whether there is one or not. */
    void putRoot(InstanceId instance, Disk root) {
        change(instance, shelf -> shelf.withRoot(root));
    }

    /** Changes the root disk; false if there is none. */
    boolean changeRoot(InstanceId instance, UnaryOperator<Disk> change) {
        return change(instance, shelf -> shelf.root() == null ? shelf : shelf.withRoot(change.apply(shelf.root())))
                        .root()
                != null;
    }

    /** Copies the root disk, unless the copy is there; empty if there is neither. */
    Optional<Disk> makeCopy(InstanceId instance, String name, Disk.Origin origin) {
        Shelf after = change(
                instance,
                shelf -> shelf.root() == null || shelf.copies().containsKey(name)
                        ? shelf
                        : shelf.with(name, shelf.root().from(origin)));
        return Optional.ofNullable(after.copies().get(name));
    }

    /** Puts a copy in the place of the root disk; false if there is no such copy. */
    boolean restore(InstanceId instance, String name, Disk.Origin origin) {
        Shelf after = change(instance, shelf -> {
            Disk copy = shelf.copies().get(name);
            return copy == null ? shelf : shelf.without(name).withRoot(copy.from(origin));
        });
        return after.root() != null && after.root().origin().equals(origin);
    }

    void removeCopy(InstanceId instance, String name) {
        change(instance, shelf -> shelf.without(name));
    }

    void removeRoot(InstanceId instance) {
        change(instance, shelf -> shelf.withRoot(null));
    }

    /** Removes the root disk and all copies. */
    void removeAll(InstanceId instance) {
        change(instance, shelf -> Shelf.EMPTY);
    }

    /** Hands an instance's disks to another storage, in the place of what is there; nothing happens within one. */
    void handOver(InstanceId instance, Storage target) {
        if (target != this) {
            Shelf leaving = shelf(instance);
            target.change(instance, shelf -> leaving);
            removeAll(instance);
        }
    }

    List<GuestDisk> list(Predicate<InstanceId> inUse) {
        List<GuestDisk> disks = new ArrayList<>();
        shelves.forEach((instance, shelf) -> {
            if (shelf.root() != null) {
                disks.add(new GuestDisk(instance, Optional.empty(), inUse.test(instance)));
            }
            shelf.copies().keySet().forEach(name -> disks.add(GuestDisk.copy(instance, name)));
        });
        return List.copyOf(disks);
    }
}
