package io.gantry.spi.driver;

import io.gantry.image.Image;
import java.io.IOException;
import java.io.InputStream;

/** An image together with the way to its content. */
public interface ImageSource {
    /** {@return the image} */
    Image image();

    /**
     * Opens the content; the caller closes it.
     *
     * @return the content from its first byte
     * @throws IOException if it cannot be read
     */
    InputStream open() throws IOException;
}
