package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.storage.DiskFile;
import io.gantry.driver.libvirt.storage.DiskFiles;
import io.gantry.driver.libvirt.storage.DiskStorage;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.image.DiskFormat;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The disks of a QEMU host's guests. */
final class KvmDisks implements GuestDisks {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

    private final KvmHost host;
    private final DiskStorage disks;
    private final GuestMaker maker;
    private final DiskCopier copier;
    private final RootReplacement replacement;

    KvmDisks(KvmHost host, GuestMaker maker) {
        this.host = host;
        this.disks = host.storage().disks();
        this.maker = maker;
        this.copier = new DiskCopier(host);
        this.replacement = new RootReplacement(host);
    }

    @Override
    public String storageId() {
        return host.storageId();
    }

    @Override
    public List<GuestDisk> list() {
        return host.libvirt().read("list disks", port -> {
            Map<String, InstanceId> roots = new TreeMap<>();
            for (DomainStatus domain : host.lifecycle().domains(port)) {
                InstanceId id = new InstanceId(domain.id());
                rootHere(port, id).ifPresent(root -> roots.put(root.volume(), id));
            }
            DiskFiles files = disks.files(port);
            Set<InstanceId> guestsHere = Set.copyOf(roots.values());
            Set<InstanceId> unlisted = new HashSet<>(files.owners());
            unlisted.removeAll(guestsHere);
            Set<GuestDisk> found = new LinkedHashSet<>();
            for (DiskFile disk : files.all()) {
                boolean used = roots.containsKey(disk.volume());
                boolean here = guestsHere.contains(disk.instance());
                if (used) {
                    found.add(new GuestDisk(disk.instance(), Optional.empty(), true));
                } else if (disk.copy().isPresent() && (here || !files.isRoot(disk))) {
                    found.add(GuestDisk.copy(disk.instance(), disk.copy().get()));
                } else if (!here) {
                    found.add(new GuestDisk(disk.instance(), Optional.empty(), false));
                } // else what a replaced root disk left: it goes with the guest's next disk, or with the guest
            }
            found.forEach(disk -> unlisted.remove(disk.instance()));
            // Of these a crash has left less than a disk.
            unlisted.forEach(owner -> found.add(new GuestDisk(owner, Optional.empty(), false)));
            return List.copyOf(found);
        });
    }

    /** {@return the root disk of a guest of this host; empty if the guest is not here} */
    private Optional<DiskFile> rootHere(LibvirtPort port, InstanceId id) {
        try {
            return disks.at(GuestDefinition.parse(port.domains().xml(id.value(), DomainCalls.XML_INACTIVE))
                    .rootPath());
        } catch (LibvirtError e) {
            if (e.code() == LibvirtError.NO_DOMAIN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** {@return those disks that are a guest's copies of a name, whole or not} */
    private List<DiskFile> copies(LibvirtPort port, DiskFiles files, InstanceId id, String name) {
        Optional<DiskFile> root = rootHere(port, id);
        List<DiskFile> copies = new ArrayList<>();
        for (DiskFile disk : files.of(id)) {
            boolean isRoot = root.isPresent() ? disk.equals(root.get()) : files.isRoot(disk);
            if (!isRoot && disk.copy().equals(Optional.of(name))) {
                copies.add(disk);
            }
        }
        return copies;
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequest(
                    "name",
                    name,
                    "must be 1 to 63 lower-case letters, digits and '-'",
                    "Use a name such as 'backup-1'");
        }
        return name;
    }

    @Override
    public DiskCopy copy(CallContext context, InstanceId id, String name) {
        checked(name);
        return host.inTurn(id, context, () -> {
            record Found(Optional<DiskCopy> whole, boolean parts) {}
            String what = "look for copy " + name + " of guest " + id;
            Found found = host.libvirt().change(what, context.timeout(), port -> {
                host.lifecycle().claim(port, context, id);
                DiskFiles files = disks.files(port);
                boolean parts = !files.of(id).stream().allMatch(files::isWhole);
                return new Found(whole(port, id, name), parts);
            });
            if (found.whole().isPresent()) {
                return found.whole().get();
            }
            if (found.parts()) {
                copier.stop(id); // a caller who is gone may have left it copying
            }
            return make(context, id, name);
        });
    }

    private Optional<DiskCopy> whole(LibvirtPort port, InstanceId id, String name) throws IOException {
        DiskFiles files = disks.files(port);
        for (DiskFile disk : copies(port, files, id, name)) {
            Optional<DiskSize> size = files.isWhole(disk) ? disks.size(port, disk) : Optional.empty();
            if (size.isPresent()) {
                return Optional.of(new DiskCopy(name, DiskFormat.QCOW2, size.get(), disks.fileBytes(port, disk)));
            }
        }
        return Optional.empty();
    }

    /** A guest's root disk, and how it is to be read. */
    private record Source(DiskFile root, String path, String device, boolean active) {
        /** {@return where to copy it to; not to itself, if it is what the same operation made as a copy of that name} */
        DiskFile target(CallContext context, String name) {
            DiskFile target = DiskFile.copy(root.instance(), name, context);
            return target.equals(root)
                    ? new DiskFile(
                            root.instance(), Optional.of(name), target.epoch(), Optional.of(OperationId.random()))
                    : target;
        }
    }

    private DiskCopy make(CallContext context, InstanceId id, String name) {
        Source source = host.libvirt().read("look at root disk of guest " + id, port -> source(port, id));
        DiskFile target = source.target(context, name);
        boolean done = false;
        try {
            host.libvirt().change("begin copy " + name + " of guest " + id, context.timeout(), port -> {
                DiskFiles files = disks.files(port);
                copies(port, files, id, name).forEach(part -> disks.delete(port, files, part));
                DiskSize size = disks.size(port, source.root())
                        .orElseThrow(() -> new LibvirtError(
                                LibvirtError.NO_STORAGE_VOL,
                                LibvirtError.FROM_STORAGE,
                                "the root disk is no QCOW2 file"));
                disks.begin(port, target);
                disks.createEmpty(port, target, size);
                return true;
            });
            if (source.active()) {
                copier.copyLive(context, id, source.device(), target);
            } else {
                copier.copyFile(context, source.path(), "qcow2", target);
            }
            DiskCopy copy = host.libvirt().change("end copy " + name + " of guest " + id, context.timeout(), port -> {
                disks.finish(port, target);
                return whole(port, id, name).orElseThrow(() -> noCopy(id, name));
            });
            done = true;
            return copy;
        } finally {
            if (!done) {
                disks.discard(target);
            }
        }
    }

    private Source source(LibvirtPort port, InstanceId id) {
        boolean active = host.lifecycle().require(port, id).isActive();
        GuestDefinition guest =
                GuestDefinition.parse(port.domains().xml(id.value(), active ? 0 : DomainCalls.XML_INACTIVE));
        DiskFile root = disks.at(guest.rootPath())
                .orElseThrow(() -> new LibvirtError(
                        LibvirtError.NO_STORAGE_VOL,
                        LibvirtError.FROM_STORAGE,
                        "the root disk is none of this storage"));
        return new Source(root, guest.rootPath(), guest.rootDevice(), active);
    }

    static NotFound noCopy(InstanceId id, String name) {
        return new NotFound(new ResourceRef("copy", id + "/" + name), "List the disks to see what copies there are");
    }

    /** Stops what copies a disk of a guest that is to be deleted. */
    void letGo(InstanceId id) {
        copier.letGo(id);
    }

    @Override
    public InputStream open(InstanceId id, String name) {
        checked(name);
        record Content(DiskFile disk, long bytes) {}
        Content content = host.libvirt().read("open copy " + name + " of guest " + id, port -> {
            DiskFiles files = disks.files(port);
            DiskFile disk = copies(port, files, id, name).stream()
                    .filter(files::isWhole)
                    .findFirst()
                    .orElseThrow(() -> noCopy(id, name));
            return new Content(disk, disks.fileBytes(port, disk));
        });
        return disks.open(content.disk(), content.bytes());
    }

    @Override
    public void restore(CallContext context, InstanceId id, String name) {
        checked(name);
        host.inTurn(id, context, () -> replacement.restore(context, id, name));
    }

    @Override
    public void rebuild(CallContext context, GuestSpec spec) {
        host.inTurn(spec.id(), context, () -> replacement.rebuild(context, spec));
    }

    @Override
    public void createGuest(CallContext context, GuestSpec spec, DiskSource content) throws IOException {
        try {
            host.inTurn(spec.id(), context, () -> {
                maker.create(context, spec, content);
                return true;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void delete(CallContext context, GuestDisk disk) {
        host.inTurn(disk.instance(), context, () -> {
            if (disk.copy().isPresent()) {
                deleteCopy(context, disk.instance(), disk.copy().get());
            } else {
                deleteRoot(context, disk.instance());
            }
        });
    }

    private void deleteCopy(CallContext context, InstanceId id, String name) {
        checked(name);
        host.libvirt().change("delete copy " + name + " of guest " + id, context.timeout(), port -> {
            if (host.lifecycle().find(port, id).isPresent()) {
                host.lifecycle().claim(port, context, id);
            }
            DiskFiles files = disks.files(port);
            copies(port, files, id, name).forEach(copy -> disks.delete(port, files, copy));
            return true;
        });
    }

    private void deleteRoot(CallContext context, InstanceId id) {
        host.libvirt().change("delete root disk of guest " + id, context.timeout(), port -> {
            if (host.lifecycle().find(port, id).isPresent()) {
                host.lifecycle().claim(port, context, id);
                throw new Conflict(
                        id.ref(),
                        id.ref() + " on host " + host.libvirt().id() + " uses that disk",
                        "Delete the guest, or release it from this host first");
            }
            DiskFiles files = disks.files(port);
            if (files.owners().contains(id)) {
                host.shared().requireNotElsewhere(host, id);
            }
            for (DiskFile disk : files.of(id)) {
                if (files.isRoot(disk)) {
                    disks.delete(port, files, disk);
                }
            }
            disks.deleteRescue(port, id);
            host.storage().configDrives().deleteAllBut(port, id, Optional.empty());
            host.storage().deleteLogs(port, id);
            return true;
        });
    }
}
