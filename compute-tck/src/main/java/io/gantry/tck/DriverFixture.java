package io.gantry.tck;

import io.gantry.flavor.Flavor;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DriverCapability;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.spi.driver.ImageSource;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What {@link HypervisorDriverContract} needs of a driver under test. The contract makes a fixture for each test, and
 * closes it after the test; hosts that are dear may outlive the fixture.
 */
public interface DriverFixture {
    /** {@return the driver; the same one each time} */
    HypervisorDriver driver();

    /** {@return hosts that answer; at least one, and two (a source and a target) for a driver that migrates} */
    List<HostEndpoint> hosts();

    /**
     * {@return an image whose guest boots, writes to its serial console, and answers the power button and a reboot
     * request where the driver can deliver them}
     */
    ImageSource image();

    /** {@return the kernel to boot the image with, if it has no boot loader} */
    default Optional<Kernel> kernel() {
        return Optional.empty();
    }

    /**
     * {@return a size in which several guests of the image fit on one host; a booted guest has at least 8 MiB of memory
     * that is not zero, so that a migration at 1 MiB/s lasts long enough to be aborted}
     */
    Flavor flavor();

    /** {@return what the hosts are expected to be capable of; all by default} */
    default Set<DriverCapability> capabilities() {
        return Set.of(DriverCapability.values());
    }

    /**
     * {@return what the contract's waits are multiplied by: 1.0 for guests that boot in less than 10 seconds; more for
     * slow ones}
     */
    default double timeoutScale() {
        return 1.0;
    }

    /** {@return how many guests the concurrency tests make at a time; 8 by default} */
    default int concurrentGuests() {
        return 8;
    }

    /** {@return whether the driver keeps operation and epoch with a guest, and refuses stale ones; true by default} */
    default boolean keepsEpochs() {
        return true;
    }

    /**
     * Kills a running guest from outside, as a fault of its hypervisor process would.
     *
     * @param host where it runs
     * @param guest the guest
     * @return false if the fixture cannot do that; the crash tests are skipped then
     * @throws Exception if it could not be killed
     */
    default boolean crash(HostEndpoint host, InstanceId guest) throws Exception {
        return false;
    }

    /**
     * Makes a guest on a host past the driver, as somebody else's, and leaves its removal to {@link #close}.
     *
     * @param host where
     * @return false if the fixture cannot do that
     * @throws Exception if it could not be made
     */
    default boolean makeForeignGuest(HostEndpoint host) throws Exception {
        return false;
    }

    /**
     * Writes a mark to the root disk of a guest, always at the same place, which the guest itself leaves alone.
     *
     * @param host where the guest is
     * @param guest the guest, which is off
     * @param mark any number but 0
     * @return false if the fixture cannot do that; what disks hold is not checked then
     * @throws Exception if it could not be written
     */
    default boolean writeDiskMark(HostEndpoint host, InstanceId guest, long mark) throws Exception {
        return false;
    }

    /**
     * Reads what {@link #writeDiskMark} wrote.
     *
     * @param host where the guest is
     * @param guest the guest, which is off
     * @return what is at that place: any other number on a disk without a mark; empty if the fixture cannot do that
     * @throws Exception if it could not be read
     */
    default OptionalLong readDiskMark(HostEndpoint host, InstanceId guest) throws Exception {
        return OptionalLong.empty();
    }

    /**
     * Reads what a running guest knows from its memory alone, such as the id of its boot: the same for as long as its
     * memory is kept, and another one after each boot. A fixture whose guests check their memory fails if it is damaged.
     *
     * @param host where it runs
     * @param guest the guest
     * @return the mark; empty if the fixture cannot do that, and whether memory is kept is not checked then
     * @throws Exception if it could not be read
     */
    default Optional<String> memoryMark(HostEndpoint host, InstanceId guest) throws Exception {
        return Optional.empty();
    }

    /**
     * Reads how much memory a guest has, by the hypervisor's own words.
     *
     * @param host where the guest is
     * @param guest the guest
     * @return how much; empty if the fixture cannot do that
     * @throws Exception if it could not be read
     */
    default Optional<MemorySize> memory(HostEndpoint host, InstanceId guest) throws Exception {
        return Optional.empty();
    }

    /**
     * Reads the config drive that a guest sees, by the hypervisor's own words.
     *
     * @param host where the guest is
     * @param guest the guest
     * @return its content; none if the guest has no config drive
     * @throws Exception if it could not be read
     * @throws UnsupportedOperationException if the fixture cannot do that; config drives are not checked then
     */
    default Optional<byte[]> configDrive(HostEndpoint host, InstanceId guest) throws Exception {
        throw new UnsupportedOperationException("This fixture does not see config drives");
    }

    /**
     * Counts the non-maskable interrupts that a guest's own system has seen since it was made, such as by its console log.
     *
     * @param host where it is
     * @param guest the guest, which has booted
     * @return how many; empty if the fixture cannot do that, and whether they come is not checked then
     * @throws Exception if they could not be counted
     */
    default OptionalLong interrupts(HostEndpoint host, InstanceId guest) throws Exception {
        return OptionalLong.empty();
    }

    /**
     * Waits until the agent in a guest answers, whose image has the property {@code hw_qemu_guest_agent}.
     *
     * @param host where it runs
     * @param guest the guest
     * @return false if the fixture's guests have no agent; passwords are not set then
     * @throws Exception if it does not answer
     */
    default boolean awaitAgent(HostEndpoint host, InstanceId guest) throws Exception {
        return false;
    }

    /**
     * Looks in a guest whether a user's password is a given one.
     *
     * @param host where it runs
     * @param guest the guest
     * @param user the user
     * @param password what the password may be
     * @return whether it is; empty if the fixture cannot do that
     * @throws Exception if it could not be looked at
     */
    default Optional<Boolean> acceptsPassword(HostEndpoint host, InstanceId guest, String user, String password)
            throws Exception {
        return Optional.empty();
    }

    /**
     * Looks for what is left of a guest that was deleted, past the driver: disks, copies, saved memory, logs.
     *
     * @param host where it was
     * @param guest the guest
     * @return the names of what is left; empty by default
     * @throws Exception if it could not be looked for
     */
    default Set<String> traces(HostEndpoint host, InstanceId guest) throws Exception {
        return Set.of();
    }

    /**
     * Waits until the guest's own system has booted so far that it hears the power button; by default this does
     * not wait, and the contract repeats its requests.
     *
     * @param host where it runs
     * @param guest the guest
     * @throws Exception if it does not boot
     */
    default void awaitBoot(HostEndpoint host, InstanceId guest) throws Exception {}

    /**
     * A kernel to boot directly.
     *
     * @param kernel the kernel's image
     * @param ramdisk the initial RAM disk's image
     * @param commandLine the kernel's command line
     */
    record Kernel(ImageSource kernel, ImageSource ramdisk, String commandLine) {}

    /**
     * Releases what the fixture holds, the driver included.
     *
     * @throws Exception fails the test
     */
    void close() throws Exception;
}
