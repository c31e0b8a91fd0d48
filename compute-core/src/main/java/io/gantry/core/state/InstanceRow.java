package io.gantry.core.state;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceFault;
import io.gantry.instance.InstanceLock;
import io.gantry.instance.PowerState;
import io.gantry.instance.ServerGroupId;
import io.gantry.instance.TaskState;
import io.gantry.instance.VmState;
import io.gantry.operation.OperationId;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.unit.DiskSize;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An instance and what is being done to it.
 *
 * @param instance as callers with all rights see it
 * @param boot what its guest boots from
 * @param rootDisk the size of its root disk
 * @param settings what its guest is given at the first boot
 * @param epoch the highest epoch that an operation on it had; drivers refuse calls of lower ones
 * @param operation the operation that holds its task
 * @param next the delete that waits for that operation to end
 * @param moveTo where a migration that has not been settled was taking it
 * @param before the state that the present one interrupted, such as that before a rescue
 * @param resized what it takes to revert or confirm a resize
 * @param shelf the image that it is kept as while it is shelved
 * @param due when the engine goes on by itself: confirms, offloads or reclaims
 * @param hints what its owner told the scheduler
 */
public record InstanceRow(
        Instance instance,
        Boot boot,
        DiskSize rootDisk,
        Settings settings,
        long epoch,
        Optional<OperationId> operation,
        Optional<OperationId> next,
        Optional<HostId> moveTo,
        Optional<VmState> before,
        Optional<Resized> resized,
        Optional<ImageId> shelf,
        Optional<Instant> due,
        Hints hints) {
    /** The attribute by which the instances that asked for a zone are found. */
    public static final String REQUESTED_ZONE = "requested-zone";

    /** The attribute that names the host. */
    public static final String HOST = "host";

    /** The attribute that names where it is being moved to. */
    public static final String MOVE_TO = "move-to";

    /** The attribute by which the instances are found of which a task loads disks or network. */
    public static final String IO = "io";

    private static final Set<TaskState> LOADING = EnumSet.of(
            TaskState.SPAWNING,
            TaskState.RESCUING,
            TaskState.SHELVING,
            TaskState.SHELVING_OFFLOADING,
            TaskState.UNSHELVING,
            TaskState.REBUILDING,
            TaskState.EVACUATING,
            TaskState.RESIZING,
            TaskState.REVERTING_RESIZE,
            TaskState.IMAGE_SNAPSHOT,
            TaskState.IMAGE_BACKUP,
            TaskState.MIGRATING);

    /** The attribute by which the members of a server group are found. */
    public static final String GROUP = "group";

    /** Rows of earlier versions have no hints. */
    public InstanceRow {
        hints = hints == null ? Hints.NONE : hints;
    }

    /**
     * What a guest boots from, as it was when the guest was made.
     *
     * @param image the image
     * @param kernel its kernel, if it names one
     * @param ramdisk its RAM disk, if it names one
     */
    public record Boot(Image image, Optional<Image> kernel, Optional<Image> ramdisk) {}

    /**
     * What a guest's cloud-init is given, beside what the instance shows.
     *
     * @param publicKey the public key of the key pair
     * @param userData base64 of the owner's user data; empty for none
     * @param files base64 of the contents of files that are put into the guest, by their paths
     * @param configDrive whether the guest has a config drive to read it from
     * @param launchIndex which of several that were created together it is, from 0
     */
    public record Settings(
            Optional<String> publicKey,
            String userData,
            Map<String, String> files,
            boolean configDrive,
            int launchIndex) {
        /** Nothing. */
        public static final Settings NONE = new Settings(Optional.empty(), "", Map.of(), false, 0);

        /** Copies the files; rows of earlier versions have none. */
        public Settings {
            files = files == null ? Map.of() : Map.copyOf(files);
        }

        /** {@return what may be shown: user data may hold secrets} */
        @Override
        public String toString() {
            return "Settings[configDrive=" + configDrive + ", launchIndex=" + launchIndex + "]";
        }
    }

    /**
     * A resize or cold migration that is neither confirmed nor reverted.
     *
     * @param operation the operation that did it: the consumer of the source's claim
     * @param source where the instance was
     * @param flavor the flavor that it had
     * @param rootDisk the size of the root disk that it had
     * @param wasActive whether it was on
     * @param sameStorage whether source and target have one storage: the old disk is then a copy there
     */
    public record Resized(
            OperationId operation,
            HostId source,
            Flavor flavor,
            DiskSize rootDisk,
            boolean wasActive,
            boolean sameStorage) {}

    Map<String, String> attributes() {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("project", instance.project().value());
        instance.host().ifPresent(host -> attributes.put(HOST, host.value()));
        instance.requestedZone().ifPresent(zone -> attributes.put(REQUESTED_ZONE, zone));
        instance.group().ifPresent(group -> attributes.put(GROUP, group.toString()));
        due.ifPresent(when -> attributes.put("due", "true"));
        instance.task().filter(LOADING::contains).ifPresent(task -> {
            attributes.put(IO, "true");
            moveTo.ifPresent(target -> attributes.put(MOVE_TO, target.value()));
        });
        return attributes;
    }

    /** {@return what has to be placed to put it on a host} */
    public PlacementRequest placement() {
        return placement(instance.flavor(), rootDisk);
    }

    /** {@return what has to be placed to put it on a host with another size} */
    public PlacementRequest placement(Flavor flavor, DiskSize disk) {
        return placement(flavor, disk, instance.requestedZone());
    }

    /** {@return what has to be placed to put it on a host of another zone than it asked for before} */
    public PlacementRequest placement(Optional<String> zone) {
        return placement(instance.flavor(), rootDisk, zone);
    }

    /** {@return what has to be placed to have it from another image} */
    public PlacementRequest placement(Image image) {
        return placement(instance.flavor(), rootDisk, instance.requestedZone(), image);
    }

    private PlacementRequest placement(Flavor flavor, DiskSize disk, Optional<String> zone) {
        return placement(flavor, disk, zone, boot.image());
    }

    private PlacementRequest placement(Flavor flavor, DiskSize disk, Optional<String> zone, Image image) {
        return PlacementRequest.builder(instance.id(), instance.project(), flavor, image)
                .rootDisk(disk)
                .zone(zone)
                .metadata(instance.metadata())
                .groupId(instance.group())
                .hints(hints.typed())
                .build();
    }

    /** {@return the row with some changes} */
    public InstanceRow with(Instant now, Consumer<Edit> changes) {
        Edit edit = new Edit(this);
        changes.accept(edit);
        return edit.build(now);
    }

    /** Changes to a row; those that are not made leave what was. */
    public static final class Edit {
        private final InstanceRow from;
        private String name;
        private Optional<String> description;
        private String hostname;
        private VmState state;
        private Optional<TaskState> task;
        private PowerState power;
        private Optional<HostId> host;
        private Optional<String> zone;
        private Optional<String> requestedZone;
        private Flavor flavor;
        private ImageId image;
        private Map<String, String> metadata;
        private Set<String> tags;
        private Optional<InstanceLock> lock;
        private Optional<ServerGroupId> group;
        private Optional<InstanceFault> fault;
        private Boot boot;
        private DiskSize rootDisk;
        private long epoch;
        private Optional<OperationId> operation;
        private Optional<OperationId> next;
        private Optional<HostId> moveTo;
        private Optional<VmState> before;
        private Optional<Resized> resized;
        private Optional<ImageId> shelf;
        private Optional<Instant> due;

        private Edit(InstanceRow from) {
            this.from = from;
            Instance instance = from.instance;
            this.name = instance.name();
            this.description = instance.description();
            this.hostname = instance.hostname();
            this.state = instance.state();
            this.task = instance.task();
            this.power = instance.power();
            this.host = instance.host();
            this.zone = instance.zone();
            this.requestedZone = instance.requestedZone();
            this.flavor = instance.flavor();
            this.image = instance.image();
            this.metadata = instance.metadata();
            this.tags = instance.tags();
            this.lock = instance.lock();
            this.group = instance.group();
            this.fault = instance.fault();
            this.boot = from.boot;
            this.rootDisk = from.rootDisk;
            this.epoch = from.epoch;
            this.operation = from.operation;
            this.next = from.next;
            this.moveTo = from.moveTo;
            this.before = from.before;
            this.resized = from.resized;
            this.shelf = from.shelf;
            this.due = from.due;
        }

        /** Renames it. */
        public Edit name(String text) {
            this.name = text;
            return this;
        }

        /** Describes it. */
        public Edit description(Optional<String> text) {
            this.description = text;
            return this;
        }

        /** Sets the host name. */
        public Edit hostname(String text) {
            this.hostname = text;
            return this;
        }

        /** Sets the stable state. */
        public Edit state(VmState stable) {
            this.state = stable;
            return this;
        }

        /** Sets stable and power state. */
        public Edit state(VmState stable, PowerState seen) {
            this.state = stable;
            this.power = seen;
            return this;
        }

        /** Sets the task. */
        public Edit task(TaskState what) {
            this.task = Optional.of(what);
            return this;
        }

        /** Gives the task to an operation, and raises the epoch for it. */
        public Edit take(TaskState what, OperationId holder) {
            this.task = Optional.of(what);
            this.operation = Optional.of(holder);
            return raise();
        }

        /** Raises the epoch: calls on behalf of whoever had it before are refused from now on. */
        public Edit raise() {
            this.epoch++;
            return this;
        }

        /** Frees the task. A delete that waits for it keeps its own. */
        public Edit free() {
            this.task = next.isPresent() ? Optional.of(TaskState.DELETING) : Optional.empty();
            this.operation = Optional.empty();
            return this;
        }

        /** Sets the delete that waits. */
        public Edit next(Optional<OperationId> delete) {
            this.next = delete;
            return this;
        }

        /** Puts it on a host, or on none. */
        public Edit host(Optional<HostId> where) {
            this.host = where;
            return this;
        }

        /** Records the zone of its host. */
        public Edit zone(Optional<String> where) {
            this.zone = where;
            return this;
        }

        /** Sets the zone that it stays in, or unpins it. */
        public Edit requestedZone(Optional<String> asked) {
            this.requestedZone = asked;
            return this;
        }

        /** Gives it another size. */
        public Edit size(Flavor flavor, DiskSize disk) {
            this.flavor = flavor;
            this.rootDisk = disk;
            return this;
        }

        /** Gives it something else to boot from. */
        public Edit boot(Boot from) {
            this.boot = from;
            return this;
        }

        /** Records what its disk was made from. */
        public Edit image(ImageId from) {
            this.image = from;
            return this;
        }

        /** Sets the metadata. */
        public Edit metadata(Map<String, String> items) {
            this.metadata = items;
            return this;
        }

        /** Sets the tags. */
        public Edit tags(Set<String> all) {
            this.tags = all;
            return this;
        }

        /** Locks it, or lifts the lock. */
        public Edit lock(Optional<InstanceLock> by) {
            this.lock = by;
            return this;
        }

        /** Takes it out of its server group. */
        public Edit noGroup() {
            this.group = Optional.empty();
            return this;
        }

        /** Sets or clears the fault. */
        public Edit fault(Optional<InstanceFault> what) {
            this.fault = what;
            return this;
        }

        /** Sets or clears the unsettled target. */
        public Edit moveTo(Optional<HostId> target) {
            this.moveTo = target;
            return this;
        }

        /** Remembers or forgets the interrupted state. */
        public Edit before(Optional<VmState> interrupted) {
            this.before = interrupted;
            return this;
        }

        /** Remembers or forgets a resize. */
        public Edit resized(Optional<Resized> what) {
            this.resized = what;
            return this;
        }

        /** Remembers or forgets the image that it is shelved as. */
        public Edit shelf(Optional<ImageId> kept) {
            this.shelf = kept;
            return this;
        }

        /** Sets or clears when the engine goes on by itself. */
        public Edit due(Optional<Instant> when) {
            this.due = when;
            return this;
        }

        private InstanceRow build(Instant now) {
            Instance old = from.instance;
            Instance changed = new Instance(
                    old.id(),
                    old.project(),
                    old.user(),
                    name,
                    description,
                    hostname,
                    state,
                    task,
                    power,
                    host,
                    zone,
                    requestedZone,
                    flavor,
                    image,
                    metadata,
                    tags,
                    lock,
                    old.keyName(),
                    group,
                    fault,
                    old.createdAt(),
                    now);
            return new InstanceRow(
                    changed,
                    boot,
                    rootDisk,
                    from.settings,
                    epoch,
                    operation,
                    next,
                    moveTo,
                    before,
                    resized,
                    shelf,
                    due,
                    from.hints);
        }
    }
}
