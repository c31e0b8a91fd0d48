package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.GuestMark;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.driver.libvirt.storage.DiskFiles;
import io.gantry.driver.libvirt.storage.DiskStorage;
import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidRequest;
import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes guests. */
final class GuestMaker {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final KvmHost host;
    private final DiskStorage disks;
    private final DiskCopier copier;

    GuestMaker(KvmHost host) {
        this.host = host;
        this.disks = host.storage().disks();
        this.copier = new DiskCopier(host);
    }

    /** Makes a guest with the root disk that is there, or else with one over its image. */
    void create(CallContext context, GuestSpec spec) {
        if (isThere(context, spec.id())) {
            return;
        }
        KvmProfile profile = host.profile();
        host.libvirt().change("create guest " + spec.id(), context.timeout(), port -> {
            if (host.lifecycle().find(port, spec.id()).isEmpty()) {
                host.requireLayout(port, spec);
                define(port, profile, context, spec, adoptOrCreate(port, spec));
            }
            return true;
        });
    }

    private boolean isThere(CallContext context, InstanceId id) {
        return host.libvirt().change("look for guest " + id, context.timeout(), port -> {
            boolean found = host.lifecycle().find(port, id).isPresent();
            if (found) {
                host.lifecycle().claim(port, context, id);
            }
            return found;
        });
    }

    private void define(LibvirtPort port, KvmProfile profile, CallContext context, GuestSpec spec, DiskFile root)
            throws IOException {
        GuestMark mark = new GuestMark(spec.name(), context.operation(), context.epoch());
        Optional<String> configDrive = host.writeConfigDrive(port, spec);
        port.domains().define(new KvmDomainXml(profile, host.storage().layout()).write(spec, mark, root, configDrive));
    }

    /**
     * A root disk without a guest here is that of a guest that another host had, or of a creation that was broken off.
     * Only for a file that is to be replaced are other hosts asked whether they have the guest.
     */
    private DiskFile adoptOrCreate(LibvirtPort port, GuestSpec spec) throws IOException {
        // Reading the pool anew takes the longer the more disks there are.
        boolean shared = host.properties().storageId().isPresent();
        DiskFiles files = shared ? disks.files(port) : disks.knownFiles(port);
        Optional<DiskFile> found = files.root(spec.id());
        if (found.isPresent() && disks.size(port, found.get()).isPresent()) {
            host.shared().requireNotOnElsewhere(host, spec.id());
            disks.grow(port, found.get(), spec.rootDisk());
            return found.get();
        }
        DiskFile first = DiskFile.first(spec.id());
        if (found.isPresent()) {
            host.shared().requireNotElsewhere(host, spec.id());
            disks.delete(port, files, found.get());
        }
        disks.createOverlay(port, first, spec.image(), spec.rootDisk());
        return first;
    }

    /** Makes a guest with a root disk of given content. */
    void create(CallContext context, GuestSpec spec, DiskSource content) throws IOException {
        if (!content.format().isDisk()) {
            throw new InvalidRequest(
                    "content.format", content.format(), "is no format of a disk", "Give content in RAW or QCOW2");
        }
        if (isThere(context, spec.id())) {
            return;
        }
        host.libvirt().read("check layout of guest " + spec.id(), port -> {
            host.requireLayout(port, spec);
            return true;
        });
        KvmProfile profile = host.profile();
        DiskFile root = DiskFile.root(spec.id(), context);
        boolean filled = false;
        try (InputStream stream = new BoundedInput(content.open(), context.timeout())) {
            fill(context, root, content, stream);
            DiskSize whole = DiskStorage.roomFor(content.virtualSize().bytes());
            grow(context, root, whole.compareTo(spec.rootDisk()) > 0 ? whole : spec.rootDisk());
            filled = true;
        } finally {
            if (!filled) {
                disks.discard(root);
            }
        }
        try {
            host.libvirt().change("create guest " + spec.id(), context.timeout(), port -> {
                define(port, profile, context, spec, root);
                return true;
            });
        } catch (HypervisorError e) { // after any other failure the guest may be there, and needs its disk
            disks.discard(root);
            throw e;
        }
        host.libvirt().change("remove old disks of guest " + spec.id(), context.timeout(), port -> {
            DiskFiles files = disks.files(port);
            old(files, root).forEach(disk -> disks.delete(port, files, disk));
            return true;
        });
    }

    private void fill(CallContext context, DiskFile root, DiskSource content, InputStream stream) {
        String what = "upload root disk of guest " + root.instance();
        host.libvirt().transfer(what, context.timeout().plus(GRACE), port -> {
            if (!old(disks.files(port), root).isEmpty()) {
                host.shared().requireNotElsewhere(host, root.instance());
            }
            disks.begin(port, root);
            upload(port, root, content, stream);
            return true;
        });
        if (content.format() == DiskFormat.RAW) {
            convert(context, root, content);
        }
    }

    private void grow(CallContext context, DiskFile root, DiskSize size) {
        host.libvirt().change("grow root disk of guest " + root.instance(), context.timeout(), port -> {
            disks.grow(port, root, size);
            disks.finish(port, root);
            return true;
        });
    }

    /** {@return what is left of root disks of a guest that was not here} */
    private static List<DiskFile> old(DiskFiles files, DiskFile root) {
        return files.of(root.instance()).stream()
                .filter(disk -> files.isRoot(disk) && !disk.equals(root))
                .toList();
    }

    private void upload(LibvirtPort port, DiskFile root, DiskSource content, InputStream stream) throws IOException {
        if (content.format() == DiskFormat.QCOW2) {
            disks.upload(port, root, stream, content.contentBytes(), content.virtualSize());
        } else {
            disks.uploadRaw(port, root, stream, content.contentBytes());
        }
    }

    private void convert(CallContext context, DiskFile root, DiskSource content) {
        DiskSize size = DiskStorage.roomFor(content.contentBytes());
        host.libvirt().change("make root disk of guest " + root.instance(), context.timeout(), port -> {
            disks.createEmpty(port, root, size);
            return true;
        });
        copier.copyFile(context, disks.rawPath(root), "raw", root);
        host.libvirt().change("remove upload of guest " + root.instance(), context.timeout(), port -> {
            disks.discardRaw(port, root);
            return true;
        });
    }
}
