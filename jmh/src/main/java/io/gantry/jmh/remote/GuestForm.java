package io.gantry.jmh.remote;

import io.gantry.flavor.Flavor;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.ConfigDrive;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.unit.DiskSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;

/** A {@link GuestSpec}, which has no form of its own that can be written, as a record. */
record GuestForm(
        InstanceId id,
        String name,
        Flavor flavor,
        Image image,
        DiskSize rootDisk,
        Optional<GuestSpec.DirectBoot> directBoot,
        Optional<String> configDrive) {
    static GuestForm of(GuestSpec spec) {
        return new GuestForm(
                spec.id(),
                spec.name(),
                spec.flavor(),
                spec.image(),
                spec.rootDisk(),
                spec.directBoot(),
                spec.configDrive().map(GuestForm::content));
    }

    private static String content(ConfigDrive drive) {
        try (InputStream content = drive.open()) {
            return Base64.getEncoder().encodeToString(content.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GuestSpec toSpec() {
        GuestSpec.Builder builder = GuestSpec.builder(id, name, flavor, image).rootDisk(rootDisk);
        directBoot.ifPresent(builder::directBoot);
        configDrive.map(Base64.getDecoder()::decode).map(ConfigDrive::new).ifPresent(builder::configDrive);
        return builder.build();
    }
}
