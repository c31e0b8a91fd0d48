package io.gantry.driver.libvirt.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Calls about a host's storage pools. */
public interface StorageCalls {
    /**
     * {@return a pool; empty if there is none}
     *
     * @param pool its name
     */
    Optional<PoolInfo> pool(String pool);

    /**
     * {@return a pool's XML}
     *
     * @param pool its name
     */
    String poolXml(String pool);

    /**
     * Defines a persistent pool.
     *
     * @param xml the pool
     */
    void definePool(String xml);

    /**
     * Makes a pool's directory unless it is there, starts the pool, and has it start with the host from now on.
     *
     * @param pool its name
     */
    void startPool(String pool);

    /**
     * Reads a pool's volumes anew.
     *
     * @param pool its name
     */
    void refreshPool(String pool);

    /**
     * {@return the names of all volumes that the pool knows}
     *
     * @param pool its name
     */
    List<String> volumes(String pool);

    /**
     * {@return a volume; empty if the pool knows none}
     *
     * @param pool the pool's name
     * @param volume its name
     */
    Optional<VolumeInfo> volume(String pool, String volume);

    /**
     * Makes a volume.
     *
     * @param pool the pool's name
     * @param xml the volume
     */
    void createVolume(String pool, String xml);

    /**
     * Grows a volume.
     *
     * @param pool the pool's name
     * @param volume its name
     * @param capacity bytes that a reader of its format sees from now on
     */
    void growVolume(String pool, String volume, long capacity);

    /**
     * Deletes a volume, unless there is none.
     *
     * @param pool the pool's name
     * @param volume its name
     */
    void deleteVolume(String pool, String volume);

    /**
     * Fills a volume.
     *
     * @param pool the pool's name
     * @param volume its name
     * @param content read to its end
     * @return how many bytes were written
     * @throws IOException if the content cannot be read
     */
    long upload(String pool, String volume, InputStream content) throws IOException;

    /**
     * Reads from a volume.
     *
     * @param pool the pool's name
     * @param volume its name
     * @param offset where to start
     * @param length how much
     * @param sink where to
     * @throws IOException if the sink fails
     */
    void download(String pool, String volume, long offset, long length, OutputStream sink) throws IOException;
}
