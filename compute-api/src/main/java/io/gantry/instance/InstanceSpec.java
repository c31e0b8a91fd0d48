package io.gantry.instance;

import static java.util.Objects.requireNonNull;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.host.ZoneName;
import io.gantry.image.ImageId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what instance to create. Immutable. */
public final class InstanceSpec {
    private final String name;
    private final String flavor;
    private final ImageId image;
    private final @Nullable HostId host;
    private final boolean forced;
    private final @Nullable String zone;
    private final @Nullable ServerGroupId group;
    private final SchedulerHints hints;
    private final Map<String, String> metadata;
    private final Set<String> tags;
    private final @Nullable String description;
    private final @Nullable String hostname;
    private final @Nullable String keyName;
    private final byte[] userData;
    private final Map<String, byte[]> files;
    private final boolean configDrive;

    private InstanceSpec(Builder builder, String flavor, ImageId image) {
        this.name = builder.name;
        this.flavor = flavor;
        this.image = image;
        this.host = builder.host;
        this.forced = builder.forced;
        this.zone = builder.zone;
        this.group = builder.group;
        this.hints = builder.hints;
        this.metadata = Map.copyOf(builder.metadata);
        this.tags = Set.copyOf(builder.tags);
        this.description = builder.description;
        this.hostname = builder.hostname;
        this.keyName = builder.keyName;
        this.userData = builder.userData;
        this.files = Map.copyOf(builder.files);
        this.configDrive = builder.configDrive;
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

    /** {@return the host that is requested or forced, if one is} */
    public Optional<HostId> host() {
        return Optional.ofNullable(host);
    }

    /** {@return whether the host is forced: no filter is asked about it. One that is requested has to pass them} */
    public boolean forced() {
        return forced;
    }

    /** {@return the availability zone that the instance is to be in, and stay in, if one is requested} */
    public Optional<String> zone() {
        return Optional.ofNullable(zone);
    }

    /** {@return the server group that the instance is to be a member of, if one is named} */
    public Optional<ServerGroupId> group() {
        return Optional.ofNullable(group);
    }

    /** {@return what the scheduler is told about the instance} */
    public SchedulerHints hints() {
        return hints;
    }

    /** {@return the owner's key-value pairs} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** {@return the owner's tags} */
    public Set<String> tags() {
        return tags;
    }

    /** {@return free text} */
    public Optional<String> description() {
        return Optional.ofNullable(description);
    }

    /**
     * {@return what the guest calls itself: the host name that was set, or one derived from the name}
     *
     * @param id the instance's id, from which the name comes where the instance's name has no letter or digit of ASCII
     */
    public String hostname(InstanceId id) {
        return hostname == null ? InstanceText.hostname(name, "server-" + id) : hostname;
    }

    /** {@return the host name that was set; empty if it is to be derived from the name} */
    public Optional<String> hostname() {
        return Optional.ofNullable(hostname);
    }

    /** {@return the name of one of the caller's key pairs, if one is to be put into the guest} */
    public Optional<String> keyName() {
        return Optional.ofNullable(keyName);
    }

    /** {@return what the guest's cloud-init is given; empty for nothing} */
    public byte[] userData() {
        return userData.clone();
    }

    /** {@return the contents of files that cloud-init is to write in the guest, by their paths; copies} */
    public Map<String, byte[]> files() {
        return files.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().clone()));
    }

    /** {@return whether the guest gets a config drive, from which its cloud-init learns all this} */
    public boolean configDrive() {
        return configDrive;
    }

    /**
     * {@return this specification for one of several instances that are created together}
     *
     * @param number its number, from 1
     * @throws InvalidRequest if the name gets too long with the number
     */
    public InstanceSpec numbered(int number) {
        Builder builder = new Builder(name + "-" + number).flavor(flavor).image(image);
        builder.host = host;
        builder.forced = forced;
        builder.zone = zone;
        builder.group = group;
        builder.hints = hints;
        builder.description = description;
        builder.keyName = keyName;
        builder.userData = userData;
        builder.configDrive = configDrive;
        builder.files.putAll(files);
        builder.metadata.putAll(metadata);
        builder.tags.addAll(tags);
        return builder.build();
    }

    /** Builds an {@link InstanceSpec}; not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final Map<String, String> metadata = new TreeMap<>();
        private @Nullable String flavor;
        private @Nullable ImageId image;
        private @Nullable HostId host;
        private boolean forced;
        private @Nullable String zone;
        private @Nullable ServerGroupId group;
        private SchedulerHints hints = SchedulerHints.NONE;
        private final Set<String> tags = new TreeSet<>();
        private @Nullable String description;
        private @Nullable String hostname;
        private @Nullable String keyName;
        private byte[] userData = {};
        private boolean configDrive = true;
        private final Map<String, byte[]> files = new TreeMap<>();

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
            this.forced = false;
            return this;
        }

        /**
         * Forces a host: no filter is asked, so that it may be disabled, for one. It has to have room, to be in the zone that is
         * asked for, and to suit the policy of a server group. For administrators; only for this creation, not for later moves.
         *
         * @param host a host of the engine
         * @return this
         */
        public Builder forcedHost(HostId host) {
            this.host = requireNonNull(host, "host");
            this.forced = true;
            return this;
        }

        /**
         * Requests an availability zone, in which the instance then stays wherever it is moved. Without one it may be
         * moved to any zone.
         *
         * @param zone one of the engine's zones
         * @return this
         */
        public Builder zone(String zone) {
            this.zone = requireNonNull(zone, "zone");
            return this;
        }

        /**
         * Makes the instance a member of a server group, whose policy then holds for it wherever it is moved. It stays one
         * until it is deleted.
         *
         * @param group a server group of the project
         * @return this
         */
        public Builder group(ServerGroupId group) {
            this.group = requireNonNull(group, "group");
            return this;
        }

        /**
         * Tells the scheduler about the instance; nothing if not called.
         *
         * @param hints the hints; the instances that they name are ones that the caller may see
         * @return this
         */
        public Builder hints(SchedulerHints hints) {
            this.hints = requireNonNull(hints, "hints");
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
         * Adds a tag.
         *
         * @param tag 1 to 60 characters, none of them {@code /}, {@code ,} or a control character
         * @return this
         */
        public Builder tag(String tag) {
            tags.add(requireNonNull(tag, "tag"));
            return this;
        }

        /**
         * Describes the instance.
         *
         * @param description up to 255 characters
         * @return this
         */
        public Builder description(String description) {
            this.description = requireNonNull(description, "description");
            return this;
        }

        /**
         * Sets what the guest calls itself; derived from the name if not called.
         *
         * @param hostname a DNS name in lower case, up to 255 characters, labels up to 63
         * @return this
         */
        public Builder hostname(String hostname) {
            this.hostname = requireNonNull(hostname, "hostname");
            return this;
        }

        /**
         * Names one of the caller's key pairs, of which the public key is put into the guest.
         *
         * @param name the key pair's name
         * @return this
         */
        public Builder keyName(String name) {
            this.keyName = requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets what the guest's cloud-init is given.
         *
         * @param data up to 49,149 bytes, which are 65,535 characters of base64
         * @return this
         */
        public Builder userData(byte[] data) {
            this.userData = data.clone();
            return this;
        }

        /**
         * Has cloud-init write a file in the guest when it boots for the first time. How many there may be and how large they
         * are is limited by quota, too: by default 5 files of 10,240 bytes with paths of 255 bytes.
         *
         * @param path an absolute path of at most 4,096 characters, without {@code ..} and control characters
         * @param content its content; all files together have at most 1 MiB
         * @return this
         */
        public Builder file(String path, byte[] content) {
            files.put(requireNonNull(path, "path"), content.clone());
            return this;
        }

        /**
         * Sets whether the guest gets a config drive: a read-only device from which its cloud-init takes host name, public
         * key, user data, files and metadata. It gets one if this is not called.
         *
         * @param wanted whether it gets one
         * @return this
         */
        public Builder configDrive(boolean wanted) {
            this.configDrive = wanted;
            return this;
        }

        /**
         * {@return the specification}
         *
         * @throws InvalidRequest if a value has a form that is not allowed, flavor or image was not set, or there is a key,
         *     user data or a file but no config drive to bring it to the guest
         */
        public InstanceSpec build() {
            InstanceText.checkName(name);
            InstanceText.checkMetadata(metadata);
            InstanceText.checkTags(tags);
            InstanceText.checkUserData(userData);
            InstanceText.checkFiles(files);
            if (description != null) {
                InstanceText.checkDescription(description);
            }
            if (hostname != null) {
                InstanceText.checkHostname(hostname);
            }
            if (zone != null) {
                ZoneName.check("instance.zone", zone);
            }
            if (!configDrive && (keyName != null || userData.length > 0 || !files.isEmpty())) {
                throw new InvalidRequest(
                        "instance.configDrive",
                        false,
                        "leaves no way for the key, the user data or files to reach the guest",
                        "Let the guest have a config drive, or leave out keyName, userData and files");
            }
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
    }
}
