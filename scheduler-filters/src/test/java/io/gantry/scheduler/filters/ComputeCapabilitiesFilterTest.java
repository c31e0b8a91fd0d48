package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeCapabilitiesFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new ComputeCapabilitiesFilter();
    }

    @ParameterizedTest(name = "[{index}] {0}={1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    capabilities:hypervisor_type        | kvm                  | true
                    capabilities:hypervisor_type        | xen                  | false
                    hypervisor_type                     | <or> xen <or> kvm    | true
                    hypervisor_type                     | s== xen              | false
                    capabilities:cpu_info:arch          | x86_64               | true
                    capabilities:cpu_info:arch          | aarch64              | false
                    capabilities:hypervisor_version     | >= 7002000           | true
                    capabilities:hypervisor_version     | >= 7003000           | false
                    capabilities:host                   | node1                | true
                    capabilities:hypervisor_hostname    | s!= node1            | false
                    capabilities:vcpus_total            | == 8                 | true
                    capabilities:vcpus_used             | <= 1                 | false
                    capabilities:total_usable_ram_mb    | >= 16384             | true
                    free_ram_mb                         | >= 12288             | true
                    free_ram_mb                         | >= 12289             | false
                    capabilities:total_usable_disk_gb   | == 100               | true
                    capabilities:free_disk_mb           | <= 92160             | true
                    num_instances                       | <= 4                 | false
                    capabilities:cpu_allocation_ratio   | 4.0                  | true
                    capabilities:ram_allocation_ratio   | == 1                 | true
                    capabilities:disk_allocation_ratio  | != 1                 | false
                    capabilities:driver_capabilities    | <all-in> PAUSE       | true
                    capabilities:driver_capabilities    | <in> LIVE_MIGRATION  | false
                    # No attribute of hosts
                    ssd                                 | true                 | true
                    capabilities:ssd                    | true                 | false
                    capabilities:                       | true                 | false
                    capabilities:hypervisor_type:kvm    | kvm                  | false
                    # Of another namespace
                    hw:cpu_policy                       | dedicated            | true
                    aggregate_instance_extra_specs:host | node2                | true
                    quota:hypervisor_type               | required             | true
                    # Malformed
                    capabilities:vcpus_total            | >= many              | false
                    capabilities:vcpus_total            | >=                   | false
                    capabilities:hypervisor_type        | ''                   | false
                    """)
    void goldenTable(String key, String requirement, boolean passes) {
        assertEquals(passes, verdict(Map.of(key, requirement)).passed());
    }

    @Test
    void everyExtraSpecHasToBeMet() {
        assertEquals(Verdict.pass(), verdict(Map.of()));
        assertEquals(Verdict.pass(), verdict(Map.of("num_instances", "5", "hypervisor_type", "kvm")));
        assertEquals(
                Verdict.reject("CAPABILITY", "hypervisor_type xen", "hypervisor_type kvm"),
                verdict(Map.of("num_instances", "5", "hypervisor_type", "xen")));
    }

    @Test
    void attributeThatHostsDoNotHaveIsNamed() {
        assertEquals(Verdict.reject("CAPABILITY", "gpu >= 1", "no gpu"), verdict(Map.of("capabilities:gpu", ">= 1")));
    }

    @Test
    void eachListedAttributeIsThere() {
        HostAttributes.NAMES.forEach(name -> assertEquals(
                true, HostAttributes.value(Given.host("node1", 5, ""), name).isPresent(), name));
    }

    private Verdict verdict(Map<String, String> extraSpecs) {
        return filter().test(Given.flavor("f", extraSpecs), Given.host("node1", 5, ""));
    }
}
