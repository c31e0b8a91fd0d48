package io.gantry.driver.kvm;

import io.gantry.driver.libvirt.port.HostCalls;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.xml.XmlNode;
import org.jspecify.annotations.Nullable;

/**
 * What guests on a host are made of, as its daemon resolves it.
 *
 * @param hostname the host's own name
 * @param type {@code kvm}, or {@code qemu} where software emulates the processor
 * @param emulator the emulator's path
 * @param architecture such as {@code x86_64}
 * @param machine a versioned machine type
 * @param version the hypervisor's version: major * 1,000,000 + minor * 1,000 + release
 * @param machineId the UUID by which the daemon tells its machine from others
 */
record KvmProfile(
        String hostname,
        String type,
        String emulator,
        String architecture,
        String machine,
        long version,
        String machineId) {
    static final String KVM = "kvm";
    static final String QEMU = "qemu";

    private static final int INVALID_ARGUMENT = 8;
    private static final long FIRST_SAFE_TCG = 9_000_000;

    static KvmProfile read(LibvirtPort port, HostProperties properties) {
        HostCalls host = port.host();
        @Nullable String emulator = properties.emulator().orElse(null);
        String capabilities;
        try {
            capabilities = host.domainCapabilities(emulator, null, properties.machine(), KVM);
        } catch (LibvirtError e) {
            if (e.code() != INVALID_ARGUMENT && !e.isUnsupported()) {
                throw e;
            }
            // No KVM here; if it is anything else that is wrong, the next call says so.
            capabilities = host.domainCapabilities(emulator, null, properties.machine(), QEMU);
        }
        XmlNode found = XmlNode.parse(capabilities);
        return new KvmProfile(
                host.hostname(),
                text(found, "domain"),
                text(found, "path"),
                text(found, "arch"),
                text(found, "machine"),
                host.hypervisorVersion(),
                XmlNode.parse(host.capabilities())
                        .find("host/uuid")
                        .map(XmlNode::text)
                        .orElse(host.hostname()));
    }

    private static String text(XmlNode node, String name) {
        return node.find(name)
                .map(XmlNode::text)
                .orElseThrow(() -> new LibvirtError(
                        LibvirtError.INTERNAL_ERROR, 0, "the domain capabilities do not name the " + name));
    }

    boolean isKvm() {
        return type.equals(KVM);
    }

    /** {@return whether a running guest keeps all of its memory when it is migrated from here} */
    boolean migratesSafely(boolean declaredSafe) {
        return isKvm() || version >= FIRST_SAFE_TCG || declaredSafe;
    }

    /** {@return the version as people write it} */
    String versionText() {
        return versionText(version);
    }

    static String versionText(long version) {
        return version / 1_000_000 + "." + version / 1_000 % 1_000 + "." + version % 1_000;
    }

    /** {@return the number of a version as people write it} */
    static long versionNumber(String text) {
        long number = 0;
        String[] parts = text.split("\\.", -1);
        for (int i = 0; i < 3; i++) {
            number = number * 1_000 + (i < parts.length ? Long.parseLong(parts[i]) : 0);
        }
        return number;
    }
}
