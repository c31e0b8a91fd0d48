package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostState;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePropertiesFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new ImagePropertiesFilter();
    }

    @Test
    void imageWithoutWishesRunsAnywhere() {
        assertEquals(Verdict.pass(), verdict(Map.of("os_distro", "debian"), "riscv64", "xen"));
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64, x86_64, true",
        "X86_64, x86_64, true",
        "amd64, x86_64, true",
        "x86_64, amd64, true",
        "arm64, aarch64, true",
        "i386, i686, true",
        "aarch64, x86_64, false",
        "i686, x86_64, false",
        "'', x86_64, false"
    })
    void architectureMustMatch(String image, String host, boolean passes) {
        Verdict verdict = verdict(Map.of("hw_architecture", image), host, "kvm");
        assertEquals(passes ? Verdict.pass() : Verdict.reject("ARCHITECTURE", image, host), verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "kvm, kvm, true",
        "QEMU, qemu, true",
        "qemu, kvm, true",
        "kvm, qemu, false",
        "xen, xen, true",
        "xen, kvm, false",
        "sim, sim, true"
    })
    void hypervisorTypeMustMatch(String image, String host, boolean passes) {
        Verdict verdict = verdict(Map.of("img_hv_type", image), "x86_64", host);
        assertEquals(passes ? Verdict.pass() : Verdict.reject("HYPERVISOR_TYPE", image, host), verdict);
    }

    @ParameterizedTest(name = "[{index}] mode {0} and type {1} on {2}: {3}")
    @CsvSource({
        "hvm, , kvm, OK",
        "HVM, , kvm, OK",
        "hv, , kvm, OK",
        "xen, , kvm, VM_MODE",
        "pv, , xen, OK",
        "hvm, , xen, OK",
        "exe, , xen, VM_MODE",
        "'', , kvm, VM_MODE",
        "hvm, qemu, kvm, OK",
        "xen, qemu, kvm, VM_MODE",
        "xen, xen, kvm, HYPERVISOR_TYPE",
        "hvm, , sim, OK"
    })
    void modeMustBeOfferedTogetherWithTheType(String mode, String type, String host, String code) {
        Map<String, String> properties = new HashMap<>();
        properties.put("hw_vm_mode", mode);
        if (type != null) {
            properties.put("img_hv_type", type);
        }
        assertEquals(code, verdict(properties, "x86_64", host).code());
    }

    @ParameterizedTest(name = "[{index}] ''{0}'': {1}")
    @CsvSource({
        "'>=7.2', OK",
        "'>=6.0,<7.3', OK",
        "'<7.2.22', HYPERVISOR_VERSION",
        "'7.2', VERSION_PREDICATE",
        "'', VERSION_PREDICATE"
    })
    void versionMustMeetWhatTheImageAsksFor(String predicate, String code) {
        assertEquals(
                code,
                verdict(Map.of("img_hv_requested_version", predicate), "x86_64", "kvm")
                        .code());
    }

    private Verdict verdict(Map<String, String> properties, String architecture, String type) {
        return filter().test(
                        Given.image(properties),
                        Given.host(HostState.UP, Optional.empty(), Given.inventory(architecture, type)));
    }
}
