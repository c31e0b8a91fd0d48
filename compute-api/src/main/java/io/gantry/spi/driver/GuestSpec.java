package io.gantry.spi.driver;

import static java.util.Objects.requireNonNull;

import io.gantry.flavor.Flavor;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.topology.GuestLayout;
import io.gantry.unit.DiskSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What guest to make. Its images have been given to {@link HostConnection#cacheImage} before. Immutable. */
public final class GuestSpec {
    private final InstanceId id;
    private final String name;
    private final Flavor flavor;
    private final Image image;
    private final DiskSize rootDisk;
    private final @Nullable DirectBoot directBoot;
    private final @Nullable ConfigDrive configDrive;
    private final GuestLayout layout;

    private GuestSpec(Builder builder) {
        this.id = builder.id;
        this.name = builder.name;
        this.flavor = builder.flavor;
        this.image = builder.image;
        this.rootDisk = builder.rootDisk;
        this.directBoot = builder.directBoot;
        this.configDrive = builder.configDrive;
        this.layout = builder.layout;
    }

    /**
     * {@return a builder}
     *
     * @param id the guest's id, its UUID on the hypervisor
     * @param name the instance's name, for people; not unique
     * @param flavor its size
     * @param image what its root disk starts as
     */
    public static Builder builder(InstanceId id, String name, Flavor flavor, Image image) {
        return new Builder(id, name, flavor, image);
    }

    /** {@return the guest's id} */
    public InstanceId id() {
        return id;
    }

    /** {@return the instance's name} */
    public String name() {
        return name;
    }

    /** {@return its size} */
    public Flavor flavor() {
        return flavor;
    }

    /** {@return what its root disk starts as} */
    public Image image() {
        return image;
    }

    /** {@return the size of the root disk, at least the image's virtual size} */
    public DiskSize rootDisk() {
        return rootDisk;
    }

    /** {@return the kernel to boot directly, if the image names one} */
    public Optional<DirectBoot> directBoot() {
        return Optional.ofNullable(directBoot);
    }

    /** {@return what its cloud-init reads, if it is to have one} */
    public Optional<ConfigDrive> configDrive() {
        return Optional.ofNullable(configDrive);
    }

    /** {@return how it is laid out on its host} */
    public GuestLayout layout() {
        return layout;
    }

    /**
     * A kernel to boot without a boot loader.
     *
     * @param kernel the kernel's image
     * @param ramdisk the initial RAM disk's image
     * @param commandLine the kernel's command line
     */
    public record DirectBoot(Image kernel, Image ramdisk, String commandLine) {}

    /** Builds a {@link GuestSpec}; not safe for use by several threads. */
    public static final class Builder {
        private final InstanceId id;
        private final String name;
        private final Flavor flavor;
        private final Image image;
        private DiskSize rootDisk;
        private @Nullable DirectBoot directBoot;
        private @Nullable ConfigDrive configDrive;
        private GuestLayout layout = GuestLayout.ANYWHERE;

        private Builder(InstanceId id, String name, Flavor flavor, Image image) {
            this.id = requireNonNull(id, "id");
            this.name = requireNonNull(name, "name");
            this.flavor = requireNonNull(flavor, "flavor");
            this.image = requireNonNull(image, "image");
            this.rootDisk = image.virtualSize();
        }

        /**
         * Sets the size of the root disk; the image's virtual size if not called.
         *
         * @param size at least the image's virtual size
         * @return this
         */
        public Builder rootDisk(DiskSize size) {
            this.rootDisk = requireNonNull(size, "size");
            return this;
        }

        /**
         * Sets the kernel to boot directly.
         *
         * @param boot kernel, RAM disk and command line
         * @return this
         */
        public Builder directBoot(DirectBoot boot) {
            this.directBoot = requireNonNull(boot, "boot");
            return this;
        }

        /**
         * Gives the guest a config drive.
         *
         * @param drive what its cloud-init reads
         * @return this
         */
        public Builder configDrive(ConfigDrive drive) {
            this.configDrive = requireNonNull(drive, "drive");
            return this;
        }

        /**
         * Sets how the guest is laid out on its host; {@link GuestLayout#ANYWHERE} if not called.
         *
         * @param layout CPUs, memory and devices
         * @return this
         */
        public Builder layout(GuestLayout layout) {
            this.layout = requireNonNull(layout, "layout");
            return this;
        }

        /** {@return the specification} */
        public GuestSpec build() {
            return new GuestSpec(this);
        }
    }
}
