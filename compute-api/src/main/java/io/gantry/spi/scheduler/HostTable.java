package io.gantry.spi.scheduler;

/**
 * The hosts of an engine as columns of numbers, for filters and weighers that judge many hosts without an object for each.
 * Rows are counted from 0, by the hosts' ids. It is valid during the call that it is given to, by the thread that makes it;
 * its numbers are those of {@link HostView}.
 */
public interface HostTable {
    /** {@return how many hosts there are} */
    int size();

    /**
     * {@return a host as an object, for what is not in a column; nothing is made for it}
     *
     * @param row 0 to {@code size() - 1}
     */
    HostView view(int row);

    /**
     * {@return whether a host is up and enabled}
     *
     * @param row 0 to {@code size() - 1}
     */
    boolean available(int row);

    /**
     * {@return the number of its platform: hosts with the same number have the same architecture, hypervisor, version and
     * capabilities} A filter that looks at nothing else judges each platform once.
     *
     * @param row 0 to {@code size() - 1}
     */
    int platform(int row);

    /** {@return how many platforms there are or have been; numbers are less than that} */
    int platforms();

    /**
     * {@return some host of a platform}
     *
     * @param platform 0 to {@code platforms() - 1}
     */
    HostView example(int platform);

    /**
     * {@return the number of its availability zone}
     *
     * @param row 0 to {@code size() - 1}
     */
    int zone(int row);

    /**
     * {@return the number of a zone; -1 if no host is in it}
     *
     * @param name the zone's name
     */
    int zoneNumber(String name);

    /**
     * {@return the vCPUs that it has}
     *
     * @param row 0 to {@code size() - 1}
     */
    long vcpus(int row);

    /**
     * {@return the vCPUs that may still be claimed; negative if over-committed beyond the ratio}
     *
     * @param row 0 to {@code size() - 1}
     */
    long freeVcpus(int row);

    /**
     * {@return the bytes of memory that it has}
     *
     * @param row 0 to {@code size() - 1}
     */
    long memory(int row);

    /**
     * {@return the bytes of memory that may still be claimed; negative if over-committed beyond the ratio}
     *
     * @param row 0 to {@code size() - 1}
     */
    long freeMemory(int row);

    /**
     * {@return the bytes of disk that it has}
     *
     * @param row 0 to {@code size() - 1}
     */
    long disk(int row);

    /**
     * {@return the bytes of disk that may still be claimed; negative if over-committed beyond the ratio}
     *
     * @param row 0 to {@code size() - 1}
     */
    long freeDisk(int row);

    /**
     * {@return the number of instances that hold a claim there}
     *
     * @param row 0 to {@code size() - 1}
     */
    int instances(int row);

    /**
     * {@return how many builds, moves, snapshots and the like are in progress there}
     *
     * @param row 0 to {@code size() - 1}
     */
    default int ioOps(int row) {
        return view(row).ioOps();
    }

    /**
     * {@return how many builds failed there since the last one that succeeded, those of long ago less}
     *
     * @param row 0 to {@code size() - 1}
     */
    default double failedBuilds(int row) {
        return view(row).failedBuilds();
    }

    /** {@return whether {@link #ioOps} of some host may not be 0} */
    default boolean mayHaveIoOps() {
        return true;
    }

    /** {@return whether {@link #failedBuilds} of some host may not be 0} */
    default boolean mayHaveFailedBuilds() {
        return true;
    }
}
