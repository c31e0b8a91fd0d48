package io.gantry.instance;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what instance to create. Immutable. */
public final class InstanceSpec {
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N} ._:-]{0,253}[\\p{L}\\p{M}\\p{N}._:-])?");
    private static final Pattern METADATA_KEY = Pattern.compile("[A-Za-z0-9_:. -]{1,255}");
    private static final int MAX_METADATA_VALUE = 255;
    private static final int MAX_METADATA_ITEMS = 128;

    private final String name;
    private final String flavor;
    private final ImageId image;
    private final @Nullable HostId host;
    private final Map<String, String> metadata;

    private InstanceSpec(Builder builder, String flavor, ImageId image) {
        this.name = builder.name;
        this.flavor = flavor;
        this.image = image;
        this.host = builder.host;
        this.metadata = Map.copyOf(builder.metadata);
    }

    /**
     * {@return a builder}
     *
     * @param name 1 to 255 letters, digits, spaces and {@code . _ : -}; starts with a letter or digit, does not end with
     *     a space; letters of any script
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return the name of the flavor} */
    public String flavor() {
        return flavor;
    }

    /** {@return the image to boot from} */
    public ImageId image() {
        return image;
    }

    /** {@return the requested host, if one is requested; it still has to pass the filters} */
    public Optional<HostId> host() {
        return Optional.ofNullable(host);
    }

    /** {@return the owner's key-value pairs} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Builds an {@link InstanceSpec}; not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final Map<String, String> metadata = new TreeMap<>();
        private @Nullable String flavor;
        private @Nullable ImageId image;
        private @Nullable HostId host;

        private Builder(String name) {
            this.name = requireNonNull(name, "name");
        }

        /**
         * Sets the flavor; required.
         *
         * @param name a flavor of the engine
         * @return this
         */
        public Builder flavor(String name) {
            this.flavor = requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the image to boot from; required.
         *
         * @param image an image of the engine
         * @return this
         */
        public Builder image(ImageId image) {
            this.image = requireNonNull(image, "image");
            return this;
        }

        /**
         * Requests a host instead of leaving the choice to the scheduler; it still has to pass the filters.
         *
         * @param host a host of the engine
         * @return this
         */
        public Builder host(HostId host) {
            this.host = requireNonNull(host, "host");
            return this;
        }

        /**
         * Adds a key-value pair.
         *
         * @param key 1 to 255 ASCII letters, digits, spaces and {@code - _ : .}
         * @param value up to 255 characters
         * @return this
         */
        public Builder metadata(String key, String value) {
            metadata.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
            return this;
        }

        /**
         * {@return the specification}
         *
         * @throws InvalidRequest if the name or a metadata item has a form that is not allowed, or flavor or image was
         *     not set
         */
        public InstanceSpec build() {
            if (!NAME.matcher(name).matches()) {
                throw new InvalidRequest(
                        "instance.name",
                        name,
                        "must be 1 to 255 letters, digits, spaces and '. _ : -', starting with a letter or digit",
                        "Choose a name such as 'web-1'; keep free text in metadata");
            }
            if (metadata.size() > MAX_METADATA_ITEMS) {
                throw new InvalidRequest(
                        "instance.metadata", metadata.size() + " items", "must have at most 128 items", "Remove items");
            }
            metadata.forEach(Builder::checkMetadata);
            if (flavor == null) {
                throw new InvalidRequest(
                        "instance.flavor", "null", "is missing", "Name one of compute.flavors().list()");
            }
            if (image == null) {
                throw new InvalidRequest(
                        "instance.image", "null", "is missing", "Give the id of one of compute.images().list()");
            }
            return new InstanceSpec(this, flavor, image);
        }

        private static void checkMetadata(String key, String value) {
            if (!METADATA_KEY.matcher(key).matches()) {
                throw new InvalidRequest(
                        "instance.metadata.key",
                        key,
                        "must be 1 to 255 ASCII letters, digits, spaces and '- _ : .'",
                        "Rename the key");
            }
            if (value.length() > MAX_METADATA_VALUE) {
                throw new InvalidRequest(
                        "instance.metadata." + key, value, "must have at most 255 characters", "Shorten the value");
            }
        }
    }
}
