package io.gantry.core.lifecycle;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A checked request to create an instance.
 *
 * @param id the new instance's id
 * @param name its name
 * @param flavor its size
 * @param image what it boots from
 * @param kernel the image's kernel, if it names one
 * @param ramdisk the image's RAM disk, if it names one
 * @param host the requested host, if one is
 * @param metadata the owner's key-value pairs
 */
record CreateRequest(
        InstanceId id,
        String name,
        Flavor flavor,
        Image image,
        Optional<Image> kernel,
        Optional<Image> ramdisk,
        Optional<HostId> host,
        Map<String, String> metadata) {
    /** {@return the root disk: the flavor's, or as large as the image} */
    DiskSize rootDisk() {
        return rootDisk(flavor, image);
    }

    static DiskSize rootDisk(Flavor flavor, Image image) {
        return flavor.disk().bytes() == 0 ? image.virtualSize() : flavor.disk();
    }

    /** {@return the images that the host needs} */
    List<Image> images() {
        return Stream.of(Optional.of(image), kernel, ramdisk)
                .flatMap(Optional::stream)
                .toList();
    }

    PlacementRequest placement() {
        return new PlacementRequest(id, flavor, rootDisk(), image, metadata);
    }
}
