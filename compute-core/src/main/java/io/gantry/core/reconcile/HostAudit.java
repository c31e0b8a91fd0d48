package io.gantry.core.reconcile;

import io.gantry.audit.Finding;
import io.gantry.audit.Finding.Kind;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.state.InstanceRow;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestState;
import io.gantry.spi.driver.HostConnection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what a host has with what is recorded. */
final class HostAudit {
    private static final String REMOVE_GUEST = "remove the guest: its instance was deleted";
    private static final String REMOVE_DISK = "remove the disk";
    private static final Set<VmState> WITH_GUEST = EnumSet.of(
            VmState.ACTIVE,
            VmState.PAUSED,
            VmState.SUSPENDED,
            VmState.STOPPED,
            VmState.RESCUED,
            VmState.RESIZED,
            VmState.SOFT_DELETED,
            VmState.SHELVED);

    private final HostRegistry hosts;
    private final Snapshot snapshot;

    HostAudit(HostRegistry hosts, Snapshot snapshot) {
        this.hosts = hosts;
        this.snapshot = snapshot;
    }

    /** {@return the differences on a host; throws what its driver throws if it does not answer} */
    List<Finding> run(HostId host) {
        HostConnection connection = hosts.connection(host);
        List<Finding> findings = new ArrayList<>();
        Set<InstanceId> guests =
                connection.guests().stream().map(GuestState::id).collect(Collectors.toSet());
        guests.forEach(id -> guest(host, id).ifPresent(findings::add));
        snapshot.byHost().getOrDefault(host, List.of()).stream()
                .filter(row -> WITH_GUEST.contains(row.instance().state()))
                .map(row -> row.instance().id())
                .filter(id -> !guests.contains(id) && !snapshot.inMotion(id))
                .forEach(id -> findings.add(new Finding(
                        Kind.MISSING_GUEST, id.ref(), Optional.of(host), "a guest", "none", Optional.empty(), false)));
        connection.disks().ifPresent(disks -> disks(host, disks, findings));
        snapshot.leftovers().stream()
                .filter(row -> row.host().equals(host))
                .forEach(row -> findings.add(new Finding(
                        Kind.LEFTOVER,
                        row.instance().ref(),
                        Optional.of(host),
                        "no guest",
                        "a guest to be removed since " + row.since(),
                        Optional.of("remove the guest"),
                        false)));
        return findings;
    }

    private Optional<Finding> guest(HostId host, InstanceId id) {
        if (snapshot.inMotion(id) || isLeftover(id, host)) {
            return Optional.empty();
        }
        InstanceRow row = snapshot.instances().get(id);
        if (row == null) {
            return Optional.of(new Finding(
                    Kind.UNKNOWN_GUEST,
                    id.ref(),
                    Optional.of(host),
                    "no guest",
                    "a guest",
                    snapshot.gone().contains(id) ? Optional.of(REMOVE_GUEST) : Optional.empty(),
                    false));
        }
        if (Snapshot.belongs(row, host)) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Kind.GUEST_ELSEWHERE,
                id.ref(),
                Optional.of(host),
                "a guest on " + row.instance().host().map(HostId::value).orElse("no host"),
                "a guest here",
                Optional.empty(),
                false));
    }

    private boolean isLeftover(InstanceId id, HostId host) {
        return snapshot.leftovers().stream()
                .anyMatch(row -> row.instance().equals(id) && row.host().equals(host));
    }

    private void disks(HostId host, GuestDisks disks, List<Finding> findings) {
        for (GuestDisk disk : disks.list()) {
            InstanceId id = disk.instance();
            if (!isLeaked(host, disk, disks.storageId())) {
                continue;
            }
            boolean ours = snapshot.gone().contains(id) || snapshot.instances().containsKey(id);
            findings.add(new Finding(
                    Kind.LEAKED_DISK,
                    id.ref(),
                    Optional.of(host),
                    "no disk",
                    disk.copy().map(name -> "a copy '" + name + "'").orElse("a root disk"),
                    ours ? Optional.of(REMOVE_DISK) : Optional.empty(),
                    false));
        }
    }

    /** {@return whether a disk on a host belongs to nothing} */
    boolean isLeaked(HostId host, GuestDisk disk, String storage) {
        InstanceId id = disk.instance();
        return !disk.inUse() && !snapshot.inMotion(id) && !isLeftover(id, host) && !needed(disk, storage);
    }

    /** {@return whether an instance needs a disk that no guest of the host uses} */
    private boolean needed(GuestDisk disk, String storage) {
        InstanceRow row = snapshot.instances().get(disk.instance());
        if (row == null) {
            return false;
        }
        if (disk.copy().isPresent()) {
            return row.resized().isPresent();
        }
        return snapshot.hosts().values().stream()
                .filter(host -> host.storageId().equals(Optional.of(storage)))
                .anyMatch(host -> Snapshot.belongs(row, host.id()));
    }
}
