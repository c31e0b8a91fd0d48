package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestLifecycle;
import io.gantry.driver.libvirt.LibvirtHost;
import io.gantry.driver.libvirt.Turns;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.storage.GuestStorage;
import io.gantry.driver.libvirt.topology.HostCells;
import io.gantry.driver.libvirt.topology.PciDevices;
import io.gantry.error.HostUnreachable;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.topology.GuestLayout;
import io.gantry.topology.HostCell;
import io.gantry.topology.HostTopology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the parts of one host's connection share. Safe for use by many threads. */
final class KvmHost {
    // A daemon that has just started examines its emulators before it answers.
    private static final int PROFILE_DEADLINES = 6;

    private final LibvirtHost libvirt;
    private final HostProperties properties;
    private final GuestStorage storage;
    private final GuestLifecycle lifecycle;
    private final SharedStorage shared;
    private final Turns turns;

    private volatile @Nullable Known known;

    private record Known(KvmProfile profile, int generation) {}

    KvmHost(LibvirtHost libvirt, HostProperties properties, GuestStorage storage, SharedStorage shared, Turns turns) {
        this.libvirt = libvirt;
        this.properties = properties;
        this.storage = storage;
        this.lifecycle = new GuestLifecycle(libvirt);
        this.shared = shared;
        this.turns = turns;
    }

    LibvirtHost libvirt() {
        return libvirt;
    }

    HostProperties properties() {
        return properties;
    }

    GuestStorage storage() {
        return storage;
    }

    GuestLifecycle lifecycle() {
        return lifecycle;
    }

    /** {@return the path of a guest's config drive, which is there then; empty if it has none} */
    Optional<String> writeConfigDrive(LibvirtPort port, GuestSpec spec) throws IOException {
        return spec.configDrive().isEmpty()
                ? Optional.empty()
                : Optional.of(storage.configDrives()
                        .write(port, spec.id(), spec.configDrive().get()));
    }

    /** {@return the NUMA cells of the host, and the PCI devices that it gives away, as they are now} */
    HostTopology topology(LibvirtPort port) {
        List<HostCell> cells = HostCells.read(port.host().capabilities());
        if (properties.pciDevices().isEmpty()) {
            return new HostTopology(cells, List.of());
        }
        return new HostTopology(cells, PciDevices.read(port.host().pciDevices(), properties.pciDevices()));
    }

    /** @throws io.gantry.error.InvalidRequest if the guest could not have its layout here */
    void requireLayout(LibvirtPort port, GuestSpec spec) {
        if (!spec.layout().equals(GuestLayout.ANYWHERE)) {
            new LayoutChecks(libvirt.id(), topology(port)).require(spec.layout(), spec.flavor());
        }
    }

    SharedStorage shared() {
        return shared;
    }

    /** Steps that belong together. */
    @FunctionalInterface
    interface Steps<T> {
        T run() throws IOException;
    }

    /** Does something that takes several steps, while nobody else does so with the same guest. */
    void inTurn(InstanceId guest, CallContext context, Runnable steps) {
        var unused = inTurn(guest, context, () -> {
            steps.run();
            return true;
        });
    }

    /** Does something that takes several steps, while nobody else does so with the same guest. */
    <T> T inTurn(InstanceId guest, CallContext context, Steps<T> steps) {
        List<T> result = new ArrayList<>(1);
        try {
            if (!turns.take(libvirt.id() + "/" + guest, context.timeout(), () -> result.add(steps.run()))) {
                throw new HostUnreachable(
                        libvirt.id(), "another call for guest " + guest + " took too long to wait for", null);
            }
            return result.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostUnreachable(libvirt.id(), "interrupted while another call for guest " + guest + " ran", e);
        }
    }

    /** {@return what names the storage: hosts with equal names see the same files} */
    String storageId() {
        return properties.storageId().orElseGet(() -> {
            Known last = known; // read when it was connected; also a host that is away has its storage
            String machine = (last == null ? profile() : last.profile()).machineId();
            return machine + ":" + properties.storageDirectory();
        });
    }

    /** {@return the profile; read again after each new connection, since the host may have been upgraded} */
    KvmProfile profile() {
        int generation = libvirt.generation();
        Known last = known;
        if (last != null && last.generation() == generation) {
            return last.profile();
        }
        Duration deadline = libvirt.callDeadline().multipliedBy(PROFILE_DEADLINES);
        KvmProfile profile = libvirt.read("read capabilities", deadline, port -> KvmProfile.read(port, properties));
        known = new Known(profile, generation);
        return profile;
    }
}
