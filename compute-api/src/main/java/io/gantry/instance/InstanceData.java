package io.gantry.instance;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.quota.QuotaExceeded;
import java.util.Map;
import java.util.Set;

/**
 * The verbs that change what is recorded of instances, at once; part of {@link Instances}.
 */
public interface InstanceData {
    /**
     * Changes name, description or host name.
     *
     * @param id the instance, in any state
     * @param update what changes
     * @return the instance afterwards
     * @throws NotFound if there is none
     * @throws InstanceLocked if somebody else has locked it
     */
    Instance update(InstanceId id, InstanceUpdate update);

    /**
     * Sets metadata; items of other keys stay.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED}, {@link VmState#PAUSED} or {@link VmState#SUSPENDED}
     * @param items the items to add or replace; as for {@link InstanceSpec.Builder#metadata}
     * @return the instance afterwards
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws InstanceLocked if somebody else has locked it
     * @throws InvalidRequest if an item has a form that is not allowed
     * @throws QuotaExceeded if there would be more than the limit on {@code metadata_items}
     */
    Instance setMetadata(InstanceId id, Map<String, String> items);

    /**
     * Removes metadata items; does nothing for keys that are not there.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED}, {@link VmState#PAUSED} or {@link VmState#SUSPENDED}
     * @param keys the keys
     * @return the instance afterwards
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws InstanceLocked if somebody else has locked it
     */
    Instance removeMetadata(InstanceId id, Set<String> keys);

    /**
     * Replaces the tags.
     *
     * @param id an instance in state {@link VmState#ACTIVE}, {@link VmState#STOPPED}, {@link VmState#PAUSED} or {@link VmState#SUSPENDED}
     * @param tags all tags that it is to have; at most 50, as for {@link InstanceSpec.Builder#tag}
     * @return the instance afterwards
     * @throws NotFound if there is none
     * @throws InvalidState if it is in another state
     * @throws InvalidRequest if a tag has a form that is not allowed, or there are too many
     */
    Instance setTags(InstanceId id, Set<String> tags);

    /**
     * Locks an instance: whoever is not its locker, or has no greater role, is refused the verbs that change it. Locking
     * again by the same locker replaces the reason.
     *
     * @param id the instance, in any state
     * @param reason why, up to 255 characters; empty for none
     * @return the instance afterwards
     * @throws NotFound if there is none
     * @throws InstanceLocked if somebody else has locked it
     * @throws InvalidRequest if the reason is too long
     */
    Instance lock(InstanceId id, String reason);

    /**
     * Lifts a lock; does nothing if there is none.
     *
     * @param id the instance, in any state
     * @return the instance afterwards
     * @throws NotFound if there is none
     * @throws InstanceLocked if somebody else has locked it and the caller may not lift that
     */
    Instance unlock(InstanceId id);

    /**
     * Corrects the recorded state; touches no guest.
     *
     * @param id the instance, in any state
     * @param state {@link VmState#ACTIVE} or {@link VmState#ERROR}
     * @return the instance afterwards
     * @throws NotFound if there is none
     * @throws Conflict if something is being done to it
     * @throws InvalidRequest if it is another state
     */
    Instance resetState(InstanceId id, VmState state);
}
