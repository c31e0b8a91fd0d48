package io.gantry.jmh.remote;

import io.gantry.flavor.Flavor;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.unit.DiskSize;
import java.util.Optional;

/** A {@link GuestSpec}, which has no form of its own that can be written, as a record. */
record GuestForm(
        InstanceId id,
        String name,
        Flavor flavor,
        Image image,
        DiskSize rootDisk,
        Optional<GuestSpec.DirectBoot> directBoot) {
    static GuestForm of(GuestSpec spec) {
        return new GuestForm(spec.id(), spec.name(), spec.flavor(), spec.image(), spec.rootDisk(), spec.directBoot());
    }

    GuestSpec toSpec() {
        GuestSpec.Builder builder = GuestSpec.builder(id, name, flavor, image).rootDisk(rootDisk);
        directBoot.ifPresent(builder::directBoot);
        return builder.build();
    }
}
