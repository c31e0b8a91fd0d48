package io.gantry.image;

import io.gantry.error.InvalidRequest;
import io.gantry.error.ResourceRef;
import java.util.UUID;

/**
 * Identifies an image.
 *
 * @param value a UUID
 */
public record ImageId(UUID value) {
    /** {@return a new random id} */
    public static ImageId random() {
        return new ImageId(UUID.randomUUID());
    }

    /**
     * {@return the id that the text shows}
     *
     * @param text a UUID
     * @throws InvalidRequest if it is no UUID
     */
    public static ImageId of(String text) {
        try {
            return new ImageId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest("imageId", text, "is no UUID", "List the images with compute.images().list()");
        }
    }

    /** {@return a reference for errors and events} */
    public ResourceRef ref() {
        return new ResourceRef("image", value.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
