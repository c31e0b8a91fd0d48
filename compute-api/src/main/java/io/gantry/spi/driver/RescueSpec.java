package io.gantry.spi.driver;

import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import java.util.Optional;

/**
 * How to boot a guest for rescue. The images have been given to {@link HostConnection#cacheImage} before.
 *
 * @param id the guest
 * @param image what the rescue disk starts as; the first disk meanwhile
 * @param directBoot the kernel to boot directly, if the rescue image names one
 */
public record RescueSpec(InstanceId id, Image image, Optional<GuestSpec.DirectBoot> directBoot) {}
