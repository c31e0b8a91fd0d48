package io.gantry.driver.libvirt.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls about a host. */
public interface HostCalls {
    /** {@return the host's own name} */
    String hostname();

    /** {@return the daemon's version: major * 1,000,000 + minor * 1,000 + release} */
    long libraryVersion();

    /** {@return the hypervisor's version: major * 1,000,000 + minor * 1,000 + release} */
    long hypervisorVersion();

    /** {@return processors and memory} */
    NodeInfo nodeInfo();

    /** {@return the capabilities XML} */
    String capabilities();

    /**
     * {@return the domain capabilities XML}
     *
     * @param emulator path of the emulator, or null for the default
     * @param architecture such as {@code x86_64}, or null for the host's
     * @param machine a machine type or alias, or null for the default
     * @param type such as {@code kvm}
     */
    String domainCapabilities(
            @Nullable String emulator, @Nullable String architecture, @Nullable String machine, String type);

    /**
     * {@return whether guests with this CPU can run here}
     *
     * @param emulator path of the emulator
     * @param architecture such as {@code x86_64}
     * @param machine a machine type
     * @param type such as {@code kvm}
     * @param cpu a {@code <cpu>} element
     */
    boolean canRunCpu(String emulator, String architecture, String machine, String type, String cpu);

    /** {@return the node device XML of each of the host's PCI devices} */
    List<String> pciDevices();
}
