package io.gantry.core.lifecycle;

import io.gantry.core.configdrive.GuestMetadata;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.instance.Instance;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import io.gantry.topology.GuestLayout;
import io.gantry.unit.DiskSize;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** What hosts are told of guests. */
final class Guests {
    /** Bound on bringing an image to a host, or a disk from one host to another. */
    static final Duration TRANSFER = Duration.ofHours(1);

    private Guests() {}

    /** {@return what guest an instance has} */
    static GuestSpec spec(InstanceRow row, GuestLayout layout) {
        return spec(row, row.instance().flavor(), row.rootDisk(), row.boot(), layout);
    }

    /** {@return what guest an instance would have with another size, or from other images} */
    static GuestSpec spec(
            InstanceRow row, Flavor flavor, DiskSize rootDisk, InstanceRow.Boot boot, GuestLayout layout) {
        GuestSpec.Builder guest = GuestSpec.builder(
                        row.instance().id(), row.instance().name(), flavor, boot.image())
                .rootDisk(rootDisk)
                .layout(layout);
        directBoot(boot).ifPresent(guest::directBoot);
        if (row.settings().configDrive()) {
            guest.configDrive(metadata(row).toConfigDrive());
        }
        return guest.build();
    }

    private static GuestMetadata metadata(InstanceRow row) {
        Instance instance = row.instance();
        InstanceRow.Settings settings = row.settings();
        return new GuestMetadata(
                instance.id(),
                instance.project(),
                instance.name(),
                instance.hostname(),
                instance.zone(),
                settings.launchIndex(),
                instance.metadata(),
                settings.publicKey()
                        .map(text -> new GuestMetadata.Key(instance.keyName().orElseThrow(), text)),
                settings.userData(),
                settings.files());
    }

    static Optional<GuestSpec.DirectBoot> directBoot(InstanceRow.Boot boot) {
        return boot.kernel()
                .flatMap(kernel -> boot.ramdisk()
                        .map(ramdisk -> new GuestSpec.DirectBoot(
                                kernel, ramdisk, boot.image().properties().getOrDefault(Image.OS_COMMAND_LINE, ""))));
    }

    static void cache(Services services, StepContext context, HostId host, InstanceRow.Boot boot) throws Exception {
        HostConnection connection = services.hosts().connection(host);
        for (Image image : Stream.of(Optional.of(boot.image()), boot.kernel(), boot.ramdisk())
                .flatMap(Optional::stream)
                .toList()) {
            context.checkCancelled();
            connection.cacheImage(context.call(TRANSFER), services.images().source(image));
        }
    }

    /** {@return the size of a root disk: the flavor's, or as large as the image where the flavor sets none} */
    static DiskSize rootDisk(Flavor flavor, Image image) {
        return flavor.disk().bytes() == 0 ? image.virtualSize() : flavor.disk();
    }
}
