package io.gantry.driver.libvirt.port;

/**
 * A storage volume.
 *
 * @param path its path on the host
 * @param capacity bytes that a reader of its format sees
 * @param physical bytes of the file itself
 */
public record VolumeInfo(String path, long capacity, long physical) {}
