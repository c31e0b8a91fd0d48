package io.gantry.driver.libvirt.jna;

import com.sun.jna.ptr.LongByReference;
import io.gantry.driver.libvirt.port.HostCalls;
import io.gantry.driver.libvirt.port.NodeInfo;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.virNodeInfo;

final class JnaHostCalls implements HostCalls {
    private static final int CPU_IDENTICAL = 1;

    private final NativeConnection connection;
    private final NativeLibvirt lib;

    JnaHostCalls(NativeConnection connection) {
        this.connection = connection;
        this.lib = connection.lib();
    }

    @Override
    public String hostname() {
        return connection.text(lib.virConnectGetHostname(connection.pointer()));
    }

    @Override
    public long libraryVersion() {
        LongByReference version = new LongByReference();
        connection.check(lib.virConnectGetLibVersion(connection.pointer(), version));
        return version.getValue();
    }

    @Override
    public long hypervisorVersion() {
        LongByReference version = new LongByReference();
        connection.check(lib.virConnectGetVersion(connection.pointer(), version));
        return version.getValue();
    }

    @Override
    public NodeInfo nodeInfo() {
        virNodeInfo info = new virNodeInfo();
        connection.check(lib.virNodeGetInfo(connection.pointer(), info));
        return new NodeInfo(info.cpus, info.memory.longValue() * 1024);
    }

    @Override
    public String capabilities() {
        return connection.text(lib.virConnectGetCapabilities(connection.pointer()));
    }

    @Override
    public String domainCapabilities(
            @Nullable String emulator, @Nullable String architecture, @Nullable String machine, String type) {
        return connection.text(
                lib.virConnectGetDomainCapabilities(connection.pointer(), emulator, architecture, machine, type, 0));
    }

    @Override
    public boolean canRunCpu(String emulator, String architecture, String machine, String type, String cpu) {
        return connection.check(lib.virConnectCompareHypervisorCPU(
                        connection.pointer(), emulator, architecture, machine, type, cpu, 0))
                >= CPU_IDENTICAL;
    }
}
