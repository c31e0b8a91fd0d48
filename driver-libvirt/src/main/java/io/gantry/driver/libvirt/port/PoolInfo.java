package io.gantry.driver.libvirt.port;

/**
 * A storage pool.
 *
 * @param active whether it is started
 * @param capacity bytes in all
 * @param available bytes free
 */
public record PoolInfo(boolean active, long capacity, long available) {}
