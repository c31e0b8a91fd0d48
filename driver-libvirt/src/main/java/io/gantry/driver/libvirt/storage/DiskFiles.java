package io.gantry.driver.libvirt.storage;

import io.gantry.driver.libvirt.storage.DiskFile.RootMark;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The disks among the volumes of a pool. Immutable. */
public final class DiskFiles {
    private final Map<String, DiskFile> disks = new LinkedHashMap<>();
    private final Map<String, RootMark> rootMarks = new LinkedHashMap<>();
    private final Set<String> volumes;

    DiskFiles(Collection<String> volumes) {
        this.volumes = Set.copyOf(volumes);
        for (String volume : volumes) {
            DiskFile.parse(volume).ifPresent(disk -> disks.put(volume, disk));
            RootMark.parse(volume)
                    .ifPresent(mark -> rootMarks.merge(
                            mark.volume(), mark, (one, other) -> one.epoch() >= other.epoch() ? one : other));
        }
    }

    /** {@return all disks} */
    public List<DiskFile> all() {
        return List.copyOf(disks.values());
    }

    /** {@return the guests of whom there is any file} */
    public Set<InstanceId> owners() {
        return volumes.stream().map(DiskFile::owner).flatMap(Optional::stream).collect(Collectors.toSet());
    }

    /**
     * {@return a guest's disks}
     *
     * @param guest the guest
     */
    public List<DiskFile> of(InstanceId guest) {
        return disks.values().stream()
                .filter(disk -> disk.instance().equals(guest))
                .toList();
    }

    /**
     * {@return whether all of a disk is there}
     *
     * @param disk the disk
     */
    public boolean isWhole(DiskFile disk) {
        return volumes.contains(disk.volume()) && !volumes.contains(disk.partMark());
    }

    /**
     * {@return whether a disk is a root disk by what the storage says}
     *
     * @param disk the disk
     */
    public boolean isRoot(DiskFile disk) {
        return disk.copy().isEmpty() || rootMarks.containsKey(disk.volume());
    }

    /**
     * {@return the root disk of a guest that no host asked has: of several the one of the latest operation}
     *
     * @param guest the guest
     */
    public Optional<DiskFile> root(InstanceId guest) {
        return of(guest).stream()
                .filter(disk -> isRoot(disk) && isWhole(disk))
                .max(Comparator.comparingLong(this::rootSince));
    }

    private long rootSince(DiskFile disk) {
        RootMark mark = rootMarks.get(disk.volume());
        return mark == null ? disk.epoch() : mark.epoch();
    }

    /**
     * {@return the operation that has made a copy a root disk}
     *
     * @param disk the disk
     */
    public Optional<OperationId> restoredBy(DiskFile disk) {
        return Optional.ofNullable(rootMarks.get(disk.volume())).map(RootMark::operation);
    }

    /**
     * {@return the volumes of a disk and its marks}
     *
     * @param disk the disk
     */
    List<String> withMarks(DiskFile disk) {
        String prefix = disk.volume() + ".";
        return volumes.stream()
                .filter(volume -> volume.equals(disk.volume()) || volume.startsWith(prefix))
                .sorted() // the disk before what says that it is a part
                .toList();
    }
}
