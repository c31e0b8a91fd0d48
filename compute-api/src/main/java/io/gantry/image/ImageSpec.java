package io.gantry.image;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;
import java.util.TreeMap;

/** Describes an image to import. Immutable. */
public final class ImageSpec {
    private static final int MAX_NAME = 255;

    private final String name;
    private final DiskFormat format;
    private final MemorySize minMemory;
    private final DiskSize minDisk;
    private final Map<String, String> properties;

    private ImageSpec(Builder builder) {
        this.name = builder.name;
        this.format = builder.format;
        this.minMemory = builder.minMemory;
        this.minDisk = builder.minDisk;
        this.properties = Map.copyOf(builder.properties);
    }

    /**
     * {@return a builder}
     *
     * @param name 1 to 255 characters, none of them a control character
     * @param format the format of the content
     */
    public static Builder builder(String name, DiskFormat format) {
        return new Builder(name, format);
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return the format of the content} */
    public DiskFormat format() {
        return format;
    }

    /** {@return the least memory that a flavor must have} */
    public MemorySize minMemory() {
        return minMemory;
    }

    /** {@return the least root disk that a flavor must have, where it sets one} */
    public DiskSize minDisk() {
        return minDisk;
    }

    /** {@return image properties by Glance's names} */
    public Map<String, String> properties() {
        return properties;
    }

    /** Builds an {@link ImageSpec}; not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final DiskFormat format;
        private final Map<String, String> properties = new TreeMap<>();
        private MemorySize minMemory = MemorySize.ZERO;
        private DiskSize minDisk = DiskSize.ZERO;

        private Builder(String name, DiskFormat format) {
            this.name = requireNonNull(name, "name");
            this.format = requireNonNull(format, "format");
        }

        /**
         * Sets the least memory that a flavor must have.
         *
         * @param minMemory the amount
         * @return this
         */
        public Builder minMemory(MemorySize minMemory) {
            this.minMemory = requireNonNull(minMemory, "minMemory");
            return this;
        }

        /**
         * Sets the least root disk that a flavor must have.
         *
         * @param minDisk the amount
         * @return this
         */
        public Builder minDisk(DiskSize minDisk) {
            this.minDisk = requireNonNull(minDisk, "minDisk");
            return this;
        }

        /**
         * Adds an image property.
         *
         * @param key one of Glance's names, such as {@link Image#KERNEL_ID}
         * @param value its value
         * @return this
         */
        public Builder property(String key, String value) {
            properties.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * Boots the image by a kernel of its own instead of the guest's boot loader.
         *
         * @param kernel an image of format {@link DiskFormat#AKI}
         * @param ramdisk an image of format {@link DiskFormat#ARI}
         * @param commandLine the kernel's command line
         * @return this
         */
        public Builder directBoot(ImageId kernel, ImageId ramdisk, String commandLine) {
            return property(Image.KERNEL_ID, kernel.toString())
                    .property(Image.RAMDISK_ID, ramdisk.toString())
                    .property(Image.OS_COMMAND_LINE, commandLine);
        }

        /**
         * {@return the specification}
         *
         * @throws InvalidRequest if the name or the value of a property that Gantry understands has another form
         */
        public ImageSpec build() {
            if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidRequest(
                        "image.name",
                        name,
                        "must have 1 to 255 characters, none of them a control character",
                        "Give a name such as 'debian-12'");
            }
            Image.check(properties);
            return new ImageSpec(this);
        }
    }
}
