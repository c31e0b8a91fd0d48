package io.gantry.core.lifecycle;

import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.spi.store.Transaction;
import java.util.Optional;

/** Checks a request to create an instance against what the engine has; changes nothing. */
final class CreateChecks {
    private final Services services;

    CreateChecks(Services services) {
        this.services = services;
    }

    CreateRequest check(InstanceSpec spec, InstanceId id) {
        Image image = services.images().get(spec.image());
        if (!image.format().isDisk()) {
            throw new InvalidRequest(
                    "instance.image",
                    image.id(),
                    "has format " + image.format() + ", which is no disk",
                    "Name an image of format RAW or QCOW2");
        }
        Flavor flavor = services.state().transact(tx -> {
            spec.host().ifPresent(host -> requireHost(tx, services.state(), host));
            return flavor(tx, services.state(), spec.flavor());
        });
        checkFit(flavor, image);
        Optional<Image> kernel = part(image, Image.KERNEL_ID, DiskFormat.AKI);
        Optional<Image> ramdisk = part(image, Image.RAMDISK_ID, DiskFormat.ARI);
        if (kernel.isPresent() != ramdisk.isPresent()) {
            throw new InvalidRequest(
                    "image.properties",
                    image.properties().keySet(),
                    "has one of kernel_id and ramdisk_id without the other",
                    "Import the image again with both, or with neither");
        }
        return new CreateRequest(id, spec.name(), flavor, image, kernel, ramdisk, spec.host(), spec.metadata());
    }

    static Flavor flavor(Transaction tx, State state, String name) {
        return state.flavors()
                .get(tx, name)
                .map(Table.Entry::value)
                .orElseThrow(() -> new NotFound(
                        new ResourceRef("flavor", name), "List the flavors with compute.flavors().list()"));
    }

    static void requireHost(Transaction tx, State state, HostId host) {
        if (state.hosts().get(tx, host.value()).isEmpty()) {
            throw new NotFound(host.ref(), "List the hosts with compute.hosts().list()");
        }
    }

    private static void checkFit(Flavor flavor, Image image) {
        if (flavor.memory().compareTo(image.minMemory()) < 0) {
            throw new InvalidRequest(
                    "flavor.memory",
                    flavor.memory(),
                    "is less than the " + image.minMemory() + " that image " + image.name() + " needs",
                    "Choose a larger flavor");
        }
        if (flavor.disk().bytes() == 0) {
            return;
        }
        if (flavor.disk().compareTo(image.virtualSize()) < 0) {
            throw new InvalidRequest(
                    "flavor.disk",
                    flavor.disk(),
                    "is smaller than image " + image.name() + ", whose disk has " + image.virtualSize(),
                    "Choose a flavor with a larger disk");
        }
        if (flavor.disk().compareTo(image.minDisk()) < 0) {
            throw new InvalidRequest(
                    "flavor.disk",
                    flavor.disk(),
                    "is less than the " + image.minDisk() + " that image " + image.name() + " needs",
                    "Choose a flavor with a larger disk");
        }
    }

    private Optional<Image> part(Image image, String property, DiskFormat format) {
        return Optional.ofNullable(image.properties().get(property)).map(value -> {
            Image part = services.images().get(ImageId.of(value));
            if (part.format() != format) {
                throw new InvalidRequest(
                        "image.properties." + property,
                        value,
                        "has format " + part.format() + " instead of " + format,
                        "Import the file again with format " + format);
            }
            return part;
        });
    }
}
