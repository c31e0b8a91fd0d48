package io.gantry.spi.scheduler;

import io.gantry.flavor.Flavor;
import io.gantry.identity.ProjectId;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.unit.DiskSize;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be placed.
 *
 * @param instance the instance
 * @param project whose it is; from the record of the instance or from the caller, never from what the caller sends
 * @param flavor its size
 * @param rootDisk its root disk: the flavor's, or the image's virtual size if the flavor sets none
 * @param image what it boots from
 * @param zone the availability zone that it has to be in; empty for any
 * @param metadata the owner's key-value pairs
 */
public record PlacementRequest(
        InstanceId instance,
        ProjectId project,
        Flavor flavor,
        DiskSize rootDisk,
        Image image,
        Optional<String> zone,
        Map<String, String> metadata) {
    /**
     * Copies the metadata.
     *
     * @param instance see the record
     * @param project see the record
     * @param flavor see the record
     * @param rootDisk see the record
     * @param image see the record
     * @param zone see the record
     * @param metadata see the record
     */
    public PlacementRequest {
        metadata = Map.copyOf(metadata);
    }
}
