package io.gantry.core.lifecycle;

import io.gantry.core.image.ImageCatalog;
import io.gantry.core.operation.StepContext;
import io.gantry.core.state.InstanceRow;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The steps that make an image of an instance's root disk: a copy on its host, the upload, the copy's removal. */
final class ImageUpload {
    private static final String COPY = "copy";

    private final Services services;
    private final InstanceId id;
    private final ImageId image;
    private final String name;
    private final Map<String, String> properties;
    private final Function<StepContext, HostId> host;
    private final Function<HostId, GuestDisks> disks;

    ImageUpload(
            Services services,
            InstanceId id,
            ImageId image,
            String name,
            Map<String, String> properties,
            Function<StepContext, HostId> host,
            Function<HostId, GuestDisks> disks) {
        this.services = services;
        this.id = id;
        this.image = image;
        this.name = name;
        this.properties = Map.copyOf(properties);
        this.host = host;
        this.disks = disks;
    }

    List<GuestStep> steps() {
        return List.of(
                GuestStep.waiting("copy-disk", this::copy).undo(this::deleteCopy),
                GuestStep.waiting("upload-image", this::upload)
                        .undo(context -> services.images().remove(image)),
                GuestStep.waiting("delete-copy", this::deleteCopy));
    }

    private String copyName() {
        return "image-" + image;
    }

    private GuestDisks disks(StepContext context) {
        return disks.apply(host.apply(context));
    }

    private void copy(StepContext context) {
        DiskCopy copy = disks(context).copy(context.call(Guests.TRANSFER), id, copyName());
        context.record(COPY, copy);
    }

    private void upload(StepContext context) throws IOException {
        DiskCopy copy = context.recorded(COPY, DiskCopy.class).orElseThrow();
        InstanceRow row = services.state()
                .read(tx -> services.state().instances().get(tx, id.toString()))
                .orElseThrow()
                .value();
        ImageSpec.Builder spec = ImageSpec.builder(name, copy.format())
                .minMemory(row.boot().image().minMemory())
                .minDisk(copy.virtualSize())
                .property("base_image_ref", row.instance().image().toString())
                .property(ImageCatalog.INSTANCE, id.toString())
                .property("owner_project", row.instance().project().value());
        for (String kept : List.of(Image.OS_COMMAND_LINE, Image.HW_QEMU_GUEST_AGENT, Image.OS_ADMIN_USER)) {
            Optional.ofNullable(row.boot().image().properties().get(kept))
                    .ifPresent(value -> spec.property(kept, value));
        }
        row.boot()
                .kernel()
                .ifPresent(kernel -> spec.property(Image.KERNEL_ID, kernel.id().toString()));
        row.boot()
                .ramdisk()
                .ifPresent(
                        ramdisk -> spec.property(Image.RAMDISK_ID, ramdisk.id().toString()));
        properties.forEach(spec::property);
        try (InputStream content = disks(context).open(id, copyName())) {
            services.images().add(image, spec.build(), content, context, copy.contentBytes());
        }
    }

    private void deleteCopy(StepContext context) {
        disks(context).delete(context.call(PowerSteps.CALL), GuestDisk.copy(id, copyName()));
    }
}
