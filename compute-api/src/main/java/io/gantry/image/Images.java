package io.gantry.image;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.operation.Operation;
import java.nio.file.Path;
import java.util.List;

/** The images of an engine. Safe for use by many threads. */
public interface Images {
    /**
     * Copies a file into the image store. The content is inspected against the declared format; content that refers to
     * other files is refused.
     *
     * @param spec describes the image
     * @param file the content; read in the background
     * @return yields the image
     * @throws InvalidRequest if the file cannot be read, or (from the operation) if its content is not what the spec
     *     declares
     */
    Operation<Image> importFile(ImageSpec spec, Path file);

    /**
     * {@return an image}
     *
     * @param id its id
     * @throws NotFound if there is none
     */
    Image get(ImageId id);

    /** {@return all images, by name} */
    List<Image> list();

    /**
     * Removes an image and its content from the store. Instances that were created from it keep running.
     *
     * @param id its id
     * @throws NotFound if there is none
     * @throws Conflict if another image boots with it as kernel or RAM disk
     */
    void delete(ImageId id);
}
