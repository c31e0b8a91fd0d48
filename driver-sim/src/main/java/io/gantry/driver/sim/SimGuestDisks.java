package io.gantry.driver.sim;

import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The disks of a simulated host. */
final class SimGuestDisks implements GuestDisks {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

    private final SimConnection connection;
    private final HostNode node;
    private final Duration timeout;

    SimGuestDisks(SimConnection connection, HostNode node, Duration timeout) {
        this.connection = connection;
        this.node = node;
        this.timeout = timeout;
    }

    @Override
    public String storageId() {
        return node.storage().id();
    }

    @Override
    public List<GuestDisk> list() {
        return connection.call(SimCall.LIST_DISKS, timeout, node::listDisks);
    }

    @Override
    public DiskCopy copy(CallContext context, InstanceId id, String name) {
        requireName(name);
        Disk.Origin origin = new Disk.Origin(context.operation(), "copied");
        return connection.call(
                SimCall.COPY_DISK,
                context.timeout(),
                () -> node.changing(
                        context,
                        id,
                        "copy the disk of",
                        guest -> node.storage()
                                .makeCopy(id, name, origin)
                                .orElseGet(() -> node.requireRoot(id))
                                .describe(name)));
    }

    @Override
    public InputStream open(InstanceId id, String name) throws IOException {
        return connection.call(SimCall.OPEN_COPY, timeout, () -> {
            Disk copy = node.storage().copy(id, name).orElseThrow(() -> unknown(id, name));
            return copy.content().open(copy.contentBytes());
        });
    }

    @Override
    public void restore(CallContext context, InstanceId id, String name) {
        Disk.Origin origin = new Disk.Origin(context.operation(), "restored from " + name);
        connection.run(
                SimCall.RESTORE_DISK,
                context,
                () -> node.change(context, id, "restore the disk of", guest -> {
                    if (!done(id, origin)) {
                        guest.requireOff("restore the disk of");
                        if (!node.storage().restore(id, name, origin)) {
                            throw unknown(id, name);
                        }
                    }
                }));
    }

    @Override
    public void rebuild(CallContext context, GuestSpec spec) {
        String how = "rebuilt";
        InstanceId id = spec.id();
        connection.run(
                SimCall.REBUILD,
                context,
                () -> node.change(context, id, "rebuild", guest -> {
                    if (!done(id, new Disk.Origin(context.operation(), how))) {
                        guest.requireOff("rebuild");
                        node.requireMemory(spec);
                        spec.directBoot().ifPresent(node::requireImages);
                        Workload workload = Workload.of(spec.flavor());
                        node.occupancy().take(id, spec.layout());
                        node.storage().putRoot(id, node.fresh(context, spec, how));
                        guest.rebuild(spec, workload);
                    }
                }));
    }

    /** Whether the root disk is what the same call has made of it before. */
    private boolean done(InstanceId id, Disk.Origin origin) {
        return node.storage()
                .root(id)
                .filter(root -> root.origin().equals(origin))
                .isPresent();
    }

    @Override
    public void createGuest(CallContext context, GuestSpec spec, DiskSource content) throws IOException {
        if (!content.format().isDisk()) {
            throw new InvalidRequest("content.format", content.format(), "is no format of a disk", "Use RAW or QCOW2");
        }
        try {
            connection.run(SimCall.CREATE_FROM_DISK, context, () -> {
                if (node.isAbsent(context, spec.id())) {
                    DiskContent read = read(content).disk(content.format());
                    node.create(context, spec, read, content.virtualSize());
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static ScannedContent read(DiskSource source) {
        try (InputStream content = source.open()) {
            ScannedContent scanned = ScannedContent.read(content);
            if (scanned.size() != source.contentBytes()) {
                throw new IOException(
                        "The content of the disk has " + scanned.size() + " bytes instead of " + source.contentBytes());
            }
            return scanned;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void delete(CallContext context, GuestDisk disk) {
        InstanceId id = disk.instance();
        connection.run(SimCall.DELETE_DISK, context, () -> {
            if (disk.copy().isPresent()) {
                node.fence(context, id);
                node.storage().removeCopy(id, disk.copy().get());
            } else {
                node.removeRoot(context, id);
            }
        });
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidRequest(
                    "copy.name",
                    name,
                    "must be 1 to 63 lower-case letters, digits and '-'",
                    "Give a name such as 'snapshot-1'");
        }
    }

    private static NotFound unknown(InstanceId id, String name) {
        return new NotFound(new ResourceRef("disk copy", id + "/" + name), "List the disks of the host");
    }
}
