package io.gantry.driver.libvirt.jna;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.gantry.driver.libvirt.port.HostCalls;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.DevicePointer;
import org.libvirt.jna.virNodeInfo;

final class JnaHostCalls implements HostCalls {
    private static final int CPU_IDENTICAL = 1;
    private static final int PCI_DEVICES = 1 << 1;

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

    @Override
    public List<String> pciDevices() {
        PointerByReference array = new PointerByReference();
        int count = connection.check(lib.virConnectListAllNodeDevices(connection.pointer(), array, PCI_DEVICES));
        Pointer list = array.getValue();
        List<String> devices = new ArrayList<>(count);
        int used = 0;
        try {
            while (used < count) {
                DevicePointer device = device(list, used++);
                try {
                    devices.add(connection.text(lib.virNodeDeviceGetXMLDesc(device, 0)));
                } catch (LibvirtError e) {
                    if (e.code() != LibvirtError.NO_NODE_DEVICE) {
                        throw e;
                    } // else it was unplugged between the two calls
                } finally {
                    lib.virNodeDeviceFree(device);
                }
            }
            return devices;
        } finally {
            while (used < count) {
                lib.virNodeDeviceFree(device(list, used++));
            }
            if (list != null) {
                Native.free(Pointer.nativeValue(list));
            }
        }
    }

    private static DevicePointer device(Pointer list, int index) {
        DevicePointer device = new DevicePointer();
        device.setPointer(list.getPointer((long) index * Native.POINTER_SIZE));
        return device;
    }
}
