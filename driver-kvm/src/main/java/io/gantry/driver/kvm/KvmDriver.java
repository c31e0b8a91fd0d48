package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.LibvirtEndpoint;
import io.gantry.driver.libvirt.LibvirtHost;
import io.gantry.driver.libvirt.Turns;
import io.gantry.driver.libvirt.storage.GuestStorage;
import io.gantry.driver.libvirt.storage.StorageLayout;
import io.gantry.error.InvalidRequest;
import io.gantry.error.Unsupported;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import io.gantry.spi.driver.HypervisorDriver;

/**
 * QEMU/KVM hosts through libvirt, and QEMU's software emulation (TCG) where a host has no KVM. A host's connection is a
 * libvirt URI such as {@code qemu+tls://host/system}.
 *
 * <p>A suspended guest is powered on by {@code resumeGuest} alone, since {@code startGuest} cannot say that memory comes
 * back; it refuses such a guest, and so do resizing and rescue. Powering off, restoring and rebuilding give the memory up.
 *
 * <p>Guests are laid out as their specification says, by {@code cputune}, {@code numatune}, {@code numa}, {@code
 * memoryBacking} and {@code hostdev}, and anew by each resize, rebuild and live migration. A layout that the host cannot
 * give is refused. A guest with devices of its host is neither suspended nor migrated live.
 *
 * <table class="striped">
 * <caption>Host properties</caption>
 * <thead><tr><th>Name</th><th>Default</th><th>Meaning</th></tr></thead>
 * <tbody>
 * <tr><td>{@code storage.directory}</td><td>{@code /var/lib/gantry}</td>
 *     <td>directory on the host; below it are the storage pools {@code gantry-images} (in {@code images}) and
 *     {@code gantry-instances} (in {@code instances}), made at the first connection</td></tr>
 * <tr><td>{@code storage.id}</td><td>not shared</td>
 *     <td>hosts with the same value declare that their {@code storage.directory} is the same storage; guests migrate
 *     live between such hosts only, and a guest that one of them lost is made on another over the same disk</td></tr>
 * <tr><td>{@code emulator}</td><td>the daemon's choice</td><td>path of the emulator on the host</td></tr>
 * <tr><td>{@code machine}</td><td>{@code pc}</td>
 *     <td>machine type of new guests; an alias is resolved to its version when a guest is made</td></tr>
 * <tr><td>{@code migration.uri}</td><td>none</td>
 *     <td>libvirt URI by which the other hosts' daemons reach this one; without it the host is no target</td></tr>
 * <tr><td>{@code migration.address}</td><td>the host of {@code migration.uri}</td>
 *     <td>address to which guests' memory is sent</td></tr>
 * <tr><td>{@code tcg.migration-safe}</td><td>{@code false}</td>
 *     <td>{@code true} declares that this host's emulator does not lose memory of running guests when it migrates them
 *     under TCG, as QEMU before 9.0 does; KVM is not affected</td></tr>
 * <tr><td>{@code pci.devices}</td><td>none</td>
 *     <td>which PCI devices guests can be given: kinds such as {@code 10de:1eb8} (vendor and product) and addresses such as
 *     {@code 0000:81:00.0}, with {@code *} for any slot or function, separated by commas. What the host itself uses must
 *     not be among them. Bridges, and devices without an IOMMU group, are not offered</td></tr>
 * <tr><td>{@code deadline.call}</td><td>{@code PT10S}</td><td>how long a small call may take</td></tr>
 * </tbody>
 * </table>
 */
public final class KvmDriver implements HypervisorDriver {
    static final String NAME = "kvm";
    private static final String ARCHITECTURE = "x86_64";

    private final SharedStorage shared = new SharedStorage();
    private final Turns turns = new Turns();

    private KvmDriver() {}

    /** {@return a driver} */
    public static KvmDriver create() {
        return new KvmDriver();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public HostConnection connect(HostEndpoint endpoint, HostListener listener) {
        String scheme = endpoint.connection().getScheme();
        if (scheme == null || !(scheme.equals("qemu") || scheme.startsWith("qemu+"))) {
            throw new InvalidRequest(
                    "host.connection",
                    endpoint.connection(),
                    "is no libvirt URI of a QEMU daemon",
                    "Use a URI such as 'qemu+tls://host/system'");
        }
        HostProperties properties = HostProperties.parse(endpoint.properties());
        LibvirtHost libvirt = LibvirtHost.connect(
                new LibvirtEndpoint(endpoint.host(), endpoint.connection().toString(), properties.callDeadline()),
                listener);
        boolean connected = false;
        try {
            GuestStorage storage = new GuestStorage(
                    libvirt,
                    new StorageLayout(properties.storageDirectory()),
                    turns,
                    properties.storageId().orElse("host " + endpoint.host()));
            KvmHost host = new KvmHost(libvirt, properties, storage, shared, turns);
            KvmProfile profile = host.profile();
            if (!profile.architecture().equals(ARCHITECTURE)) {
                throw new Unsupported(
                        endpoint.host().ref(),
                        "ARCHITECTURE",
                        "its guests would be " + profile.architecture(),
                        "Register hosts of architecture " + ARCHITECTURE);
            }
            libvirt.change("prepare storage", properties.callDeadline(), storage::prepare);
            shared.add(host);
            connected = true;
            return new KvmConnection(host);
        } finally {
            if (!connected) {
                libvirt.close();
            }
        }
    }
}
