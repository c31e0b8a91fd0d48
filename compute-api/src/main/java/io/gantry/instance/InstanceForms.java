package io.gantry.instance;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;

/**
 * The verbs that change what an instance is made of; part of {@link Instances}.
 */
public interface InstanceForms {
    /**
     * Boots the instance from a rescue disk, with its own root disk as the second one.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED} or {@link VmState#ERROR}
     * @param image what the rescue disk is made from
     * @return yields the rescued instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> rescue(InstanceId id, ImageId image) {
        return rescue(id, image, RequestOptions.none());
    }

    /**
     * As {@link #rescue(InstanceId, ImageId)}, with options.
     *
     * @param id the instance
     * @param image what the rescue disk is made from
     * @param options beside the request
     * @return yields the rescued instance
     */
    Operation<Instance> rescue(InstanceId id, ImageId image, RequestOptions options);

    /**
     * Gives a rescued instance its normal form back: running if it was running before, else powered off.
     *
     * @param id an instance in state {@link VmState#RESCUED}
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> unrescue(InstanceId id) {
        return unrescue(id, RequestOptions.none());
    }

    /**
     * As {@link #unrescue(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> unrescue(InstanceId id, RequestOptions options);

    /**
     * Makes the root disk anew from an image; id, host, addresses and metadata stay. An instance that was powered off stays so.
     * Another image than the one that it has may ask for what its host does not have: the operation fails with
     * {@link NoValidHost} then, and nothing is changed.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED} or {@link VmState#ERROR}
     * @param image what to make it from; the same or another one
     * @return yields the instance
     * @throws InvalidRequest if the image does not fit the flavor
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> rebuild(InstanceId id, ImageId image) {
        return rebuild(id, image, RequestOptions.none());
    }

    /**
     * As {@link #rebuild(InstanceId, ImageId)}, with options.
     *
     * @param id the instance
     * @param image what to make it from; the same or another one
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> rebuild(InstanceId id, ImageId image, RequestOptions options);

    /**
     * Powers the instance off and keeps it as an image; its host is freed at once, or after the engine's shelved-offload time.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED}, {@link VmState#PAUSED} or {@link VmState#SUSPENDED}
     * @return yields the shelved instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> shelve(InstanceId id) {
        return shelve(id, RequestOptions.none());
    }

    /**
     * As {@link #shelve(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the shelved instance
     */
    Operation<Instance> shelve(InstanceId id, RequestOptions options);

    /**
     * Takes a shelved instance off its host.
     *
     * @param id an instance in state {@link VmState#SHELVED}
     * @return yields the instance, which is on no host
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> shelveOffload(InstanceId id) {
        return shelveOffload(id, RequestOptions.none());
    }

    /**
     * As {@link #shelveOffload(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance, which is on no host
     */
    Operation<Instance> shelveOffload(InstanceId id, RequestOptions options);

    /**
     * Brings a shelved instance back and powers it on.
     *
     * @param id an instance in state {@link VmState#SHELVED} or {@link VmState#SHELVED_OFFLOADED}
     * @param how where to; a host or zone only for an instance that is offloaded
     * @return yields the running instance; fails with {@link io.gantry.placement.NoValidHost} if no host can take it, and
     *     then it stays offloaded
     * @throws io.gantry.quota.QuotaExceeded if it no longer fits the project's quota
     * @throws NotFound if there is none, or no such host or zone
     * @throws InvalidRequest if the host is not in the zone that the instance asks for
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> unshelve(InstanceId id, UnshelveSpec how) {
        return unshelve(id, how, RequestOptions.none());
    }

    /**
     * As {@link #unshelve(InstanceId, UnshelveSpec)}, with options.
     *
     * @param id the instance
     * @param how where to; a host or zone only for an instance that is offloaded
     * @param options beside the request
     * @return yields the running instance; fails with {@link io.gantry.placement.NoValidHost} if no host can take it, and
     *     then it stays offloaded
     */
    Operation<Instance> unshelve(InstanceId id, UnshelveSpec how, RequestOptions options);

    /**
     * Gives the instance another flavor, on the same or another host; an instance that is on is powered off meanwhile. It
     * can be reverted until it is confirmed. The root disk does not shrink.
     *
     * @param id an instance in state {@link VmState#ACTIVE} or {@link VmState#STOPPED}
     * @param flavor the name of the flavor
     * @return yields the instance in state {@link VmState#RESIZED}
     * @throws InvalidRequest if it is the same flavor, or one with a smaller disk
     * @throws io.gantry.quota.QuotaExceeded if it does not fit the project's quota
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> resize(InstanceId id, String flavor) {
        return resize(id, flavor, RequestOptions.none());
    }

    /**
     * As {@link #resize(InstanceId, String)}, with options.
     *
     * @param id the instance
     * @param flavor the name of the flavor
     * @param options beside the request
     * @return yields the instance in state {@link VmState#RESIZED}
     */
    Operation<Instance> resize(InstanceId id, String flavor, RequestOptions options);

    /**
     * Keeps a resize or cold migration and removes what the old form needed.
     *
     * @param id an instance in state {@link VmState#RESIZED}
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> confirmResize(InstanceId id) {
        return confirmResize(id, RequestOptions.none());
    }

    /**
     * As {@link #confirmResize(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> confirmResize(InstanceId id, RequestOptions options);

    /**
     * Undoes a resize or cold migration: the instance is as and where it was, with the disk of that time.
     *
     * @param id an instance in state {@link VmState#RESIZED}
     * @return yields the instance
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    default Operation<Instance> revertResize(InstanceId id) {
        return revertResize(id, RequestOptions.none());
    }

    /**
     * As {@link #revertResize(InstanceId)}, with options.
     *
     * @param id the instance
     * @param options beside the request
     * @return yields the instance
     */
    Operation<Instance> revertResize(InstanceId id, RequestOptions options);

    /**
     * Makes an image of the root disk as it is at one moment; the instance goes on meanwhile.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED}, {@link VmState#PAUSED} or {@link VmState#SUSPENDED}
     * @param name the image's name
     * @param options beside the request
     * @return yields the image
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     * @throws InvalidRequest if the name has another form
     */
    Operation<Image> createImage(InstanceId id, String name, RequestOptions options);

    /**
     * As {@link #createImage(InstanceId, String, RequestOptions)}, without options.
     *
     * @param id the instance
     * @param name the image's name
     * @return yields the image
     */
    default Operation<Image> createImage(InstanceId id, String name) {
        return createImage(id, name, RequestOptions.none());
    }

    /**
     * Makes an image of the root disk, and deletes the oldest backups of the same kind beyond a number.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED}, {@link VmState#PAUSED} or {@link VmState#SUSPENDED}
     * @param spec how
     * @param options beside the request
     * @return yields the image; with a rotation of 0 it is deleted again, as all others of its kind
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws Conflict if something is being done to it, or it is locked
     */
    Operation<Image> backup(InstanceId id, BackupSpec spec, RequestOptions options);

    /**
     * As {@link #backup(InstanceId, BackupSpec, RequestOptions)}, without options.
     *
     * @param id the instance
     * @param spec how
     * @return yields the image
     */
    default Operation<Image> backup(InstanceId id, BackupSpec spec) {
        return backup(id, spec, RequestOptions.none());
    }
}
