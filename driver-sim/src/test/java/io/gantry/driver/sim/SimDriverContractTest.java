package io.gantry.driver.sim;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.ConfigDrive;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HypervisorDriver;
import io.gantry.spi.driver.ImageSource;
import io.gantry.tck.DriverFixture;
import io.gantry.tck.HypervisorDriverContract;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

class SimDriverContractTest extends HypervisorDriverContract {
    @Override
    protected DriverFixture newFixture() {
        return new SimFixture();
    }

    private static final class SimFixture implements DriverFixture {
        private final SimDriver driver = SimDriver.create();
        private final ImageSource image = TestImages.image();

        @Override
        public HypervisorDriver driver() {
            return driver;
        }

        @Override
        public List<HostEndpoint> hosts() {
            return List.of(endpoint("a"), endpoint("b"));
        }

        private static HostEndpoint endpoint(String name) {
            return new HostEndpoint(
                    HostId.of("host-" + name),
                    URI.create("sim://" + name + "?vcpus=4&numa-cells=2&storage=s"),
                    Map.of());
        }

        @Override
        public ImageSource image() {
            return image;
        }

        @Override
        public Flavor flavor() {
            return Flavor.builder("contract")
                    .memory(MemorySize.mib(64))
                    .extraSpec("sim:resident_mib", "8")
                    .extraSpec("sim:working_set_mib", "4")
                    .extraSpec("sim:dirty_rate_mib", "10")
                    .build();
        }

        @Override
        public boolean crash(HostEndpoint host, InstanceId guest) {
            driver.fleet().host(host.connection().getAuthority()).guest(guest).crash();
            return true;
        }

        @Override
        public boolean writeDiskMark(HostEndpoint host, InstanceId guest, long mark) {
            Marks.guest(driver, host, guest).disk().write(Marks.BLOCK, mark);
            return true;
        }

        @Override
        public OptionalLong readDiskMark(HostEndpoint host, InstanceId guest) {
            return OptionalLong.of(Marks.guest(driver, host, guest).disk().read(Marks.BLOCK));
        }

        @Override
        public Optional<String> memoryMark(HostEndpoint host, InstanceId guest) {
            return Optional.of(Marks.ofMemory(Marks.guest(driver, host, guest)));
        }

        @Override
        public Optional<MemorySize> memory(HostEndpoint host, InstanceId guest) {
            return Optional.of(Marks.guest(driver, host, guest).flavor().memory());
        }

        @Override
        public Optional<byte[]> configDrive(HostEndpoint host, InstanceId guest) throws IOException {
            Optional<ConfigDrive> drive = Marks.guest(driver, host, guest).configDrive();
            return drive.isEmpty()
                    ? Optional.empty()
                    : Optional.of(drive.get().open().readAllBytes());
        }

        @Override
        public OptionalLong interrupts(HostEndpoint host, InstanceId guest) {
            return OptionalLong.of(Marks.guest(driver, host, guest).nmis());
        }

        @Override
        public boolean awaitAgent(HostEndpoint host, InstanceId guest) {
            return true;
        }

        @Override
        public Optional<Boolean> acceptsPassword(HostEndpoint host, InstanceId guest, String user, String password) {
            return Optional.of(Marks.guest(driver, host, guest).acceptsPassword(user, password));
        }

        @Override
        public Set<String> traces(HostEndpoint host, InstanceId guest) {
            return Marks.traces(driver, host, guest);
        }

        @Override
        public void close() {
            driver.close();
        }
    }
}
