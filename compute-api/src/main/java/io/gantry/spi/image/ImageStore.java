package io.gantry.spi.image;

import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Keeps images: their metadata and their content. Safe for use by many threads.
 *
 * <p>An image becomes visible only when its content is wholly stored, and is gone only when its metadata is.
 */
public interface ImageStore extends AutoCloseable {
    /**
     * Stores an image, inspecting the content against the declared format.
     *
     * @param id the image's id; importing it again replaces nothing and yields the image that is there
     * @param spec describes the image
     * @param content read to its end; closed by the caller
     * @return the image
     * @throws IOException if the content cannot be read or stored; nothing is left behind
     * @throws InvalidRequest if the content is not what the spec declares; nothing is left behind
     */
    Image add(ImageId id, ImageSpec spec, InputStream content) throws IOException;

    /**
     * {@return an image; empty if there is none}
     *
     * @param id its id
     */
    Optional<Image> find(ImageId id);

    /** {@return all images} */
    List<Image> list();

    /**
     * Opens an image's content; the caller closes it.
     *
     * @param id the image
     * @return the content from its first byte
     * @throws NotFound if there is no such image
     * @throws IOException if the content cannot be read
     */
    InputStream open(ImageId id) throws IOException;

    /**
     * Removes an image. Does nothing if it is not there.
     *
     * @param id the image
     * @throws IOException if it cannot be removed
     */
    void remove(ImageId id) throws IOException;

    /** Releases what the store holds; images stay. Closing twice does nothing. */
    @Override
    default void close() {}
}
