package io.gantry.core.lifecycle;

import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.host.HostId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Moves a guest that is off from one host to another one, or gives it another size where it is, so that it can be brought
 * back. On one storage the disk stays, and a copy of it is kept for the way back, since the guest runs on the disk before
 * the move is confirmed; between two storages the disk is copied, and the source keeps its own for the way back.
 */
final class ColdMove {
    /** The name of the copy. */
    static final String COPY_NAME = "resize";

    private static final String COPY = "disk-copy";
    private static final String SAME_STORAGE = "same-storage";

    private final Services services;
    private final InstanceId id;
    private final Function<HostId, GuestDisks> disks;

    ColdMove(Services services, InstanceId id, Function<HostId, GuestDisks> disks) {
        this.services = services;
        this.id = id;
        this.disks = disks;
    }

    /** Copies the disk, for the way there or the way back. */
    void copy(StepContext context, HostId source, HostId target) {
        boolean same = source.equals(target)
                || disks.apply(source).storageId().equals(disks.apply(target).storageId());
        context.change(tx -> context.record(SAME_STORAGE, same));
        context.record(COPY, disks.apply(source).copy(context.call(Guests.TRANSFER), id, COPY_NAME));
    }

    boolean isSameStorage(StepContext context) {
        return context.isRecorded(SAME_STORAGE);
    }

    void deleteCopy(StepContext context, HostId source) {
        disks.apply(source).delete(context.call(PowerSteps.CALL), GuestDisk.copy(id, COPY_NAME));
    }

    /** Removes the copy that only served the transport. */
    void dropTransport(StepContext context, HostId source, HostId target) {
        if (!isSameStorage(context)) {
            deleteCopy(context, source);
        }
    }

    void to(StepContext context, HostId source, HostId target, InstanceRow row, GuestSpec spec) throws Exception {
        HostConnection there = connection(target);
        if (source.equals(target)) {
            there.resizeGuest(context.call(PowerSteps.CALL), spec);
            return;
        }
        if (isSameStorage(context)) {
            Guests.cache(services, context, target, row.boot());
            connection(source).releaseGuest(context.call(PowerSteps.CALL), id);
            there.createGuest(context.call(PowerSteps.CALL), spec);
            there.resizeGuest(context.call(PowerSteps.CALL), spec);
            return;
        }
        // The disk comes as it is; only what boots it has to be there.
        for (Image part : Stream.of(row.boot().kernel(), row.boot().ramdisk())
                .flatMap(Optional::stream)
                .toList()) {
            there.cacheImage(context.call(Guests.TRANSFER), services.images().source(part));
        }
        DiskCopy copy = context.recorded(COPY, DiskCopy.class).orElseThrow();
        disks.apply(target).createGuest(context.call(Guests.TRANSFER), spec, content(source, copy));
    }

    /** Brings the guest back from a move that was perhaps only begun. */
    void back(StepContext context, HostId source, HostId target, boolean sameStorage, GuestSpec old) {
        if (source.equals(target)) {
            restore(context, source);
            connection(source).resizeGuest(context.call(PowerSteps.CALL), old);
        } else if (sameStorage) {
            connection(target).releaseGuest(context.call(PowerSteps.CALL), id);
            connection(source).createGuest(context.call(PowerSteps.CALL), old);
            restore(context, source);
        } else {
            connection(target).deleteGuest(context.call(PowerSteps.CALL), id);
        }
    }

    /** The copy is there for as long as the move can be taken back; without one the guest was not moved yet, or is back. */
    private void restore(StepContext context, HostId host) {
        GuestDisks there = disks.apply(host);
        boolean copied = there.list().stream()
                .anyMatch(disk -> disk.instance().equals(id) && disk.copy().equals(Optional.of(COPY_NAME)));
        if (copied) {
            there.restore(context.call(PowerSteps.CALL), id, COPY_NAME);
        }
    }

    private DiskSource content(HostId source, DiskCopy copy) {
        return new DiskSource() {
            @Override
            public DiskFormat format() {
                return copy.format();
            }

            @Override
            public DiskSize virtualSize() {
                return copy.virtualSize();
            }

            @Override
            public long contentBytes() {
                return copy.contentBytes();
            }

            @Override
            public InputStream open() throws IOException {
                return disks.apply(source).open(id, copy.name());
            }
        };
    }

    private HostConnection connection(HostId host) {
        return services.hosts().connection(host);
    }
}
