package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.RequestFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestFiltersTest {
    private static final Map<String, Map<String, String>> AGGREGATES = Map.of(
            "ours", Map.of("filter_tenant_id", "acme, other"),
            "ours-too", Map.of("filter_tenant_id_2", "acme"),
            "theirs", Map.of("filter_tenant_id", "other"),
            "ssd", Map.of("trait:CUSTOM_SSD", "required"),
            "both", Map.of("trait:CUSTOM_SSD", "required", "trait:CUSTOM_GPU", " required "),
            "odd", Map.of("trait:CUSTOM_SSD", "maybe"));

    private static PlacementRequest requiring(String... traits) {
        return Given.project("acme").toBuilder().requireTraits(Set.of(traits)).build();
    }

    @Test
    void aProjectIsKeptInTheAggregatesThatNameIt() {
        assertEquals(
                List.of(Set.of("ours", "ours-too")),
                new TenantAggregateRequestFilter()
                        .apply(Given.project("acme"), AGGREGATES)
                        .requiredAggregates());
    }

    @Test
    void aProjectThatNobodyNamesMayGoAnywhereUnlessAnAggregateIsMandatory() {
        PlacementRequest request = Given.project("acm");

        assertSame(request, new TenantAggregateRequestFilter().apply(request, AGGREGATES));
        RequestFilter mandatory = new TenantAggregateRequestFilter(true);
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> mandatory.apply(request, AGGREGATES));
        assertEquals("instance.project", refused.field());
        assertEquals("acm", refused.value());
    }

    @Test
    void isolatedAggregatesAreForThoseWhoRequireTheirTraits() {
        RequestFilter filter = new IsolatedAggregatesRequestFilter();

        assertEquals(
                Set.of("ssd", "both"), filter.apply(requiring(), AGGREGATES).forbiddenAggregates());
        assertEquals(
                Set.of("both"),
                filter.apply(requiring("CUSTOM_SSD"), AGGREGATES).forbiddenAggregates());
        PlacementRequest all = requiring("CUSTOM_SSD", "CUSTOM_GPU");
        assertSame(all, filter.apply(all, AGGREGATES));
    }

    @Test
    void whatAnImageAsksForIsRequiredAsTraits() {
        RequestFilter filter = new ImageTraitsRequestFilter();
        PlacementRequest request = Given.image(Map.of(
                "hw_architecture", "x86_64",
                "hw_disk_bus", "virtio",
                "hw_cdrom_bus", "sata",
                "hw_emulation_architecture", "aarch64",
                "hw_video_model", "qxl",
                "hw_vif_model", " ne2k-pci ",
                "os_distro", "debian"));

        assertEquals(
                Set.of(
                        "HW_ARCH_X86_64",
                        "COMPUTE_STORAGE_BUS_VIRTIO",
                        "COMPUTE_STORAGE_BUS_SATA",
                        "COMPUTE_ARCH_AARCH64",
                        "COMPUTE_GRAPHICS_MODEL_QXL",
                        "COMPUTE_NET_VIF_MODEL_NE2K_PCI"),
                filter.apply(request, Map.of()).needs().required());
        PlacementRequest plain = Given.image(Map.of("os_distro", "debian"));
        assertSame(plain, filter.apply(plain, Map.of()));
    }

    @Test
    void anImageThatAsksForNoModelIsRefused() {
        for (String value : List.of("", "vir tio", "virtio!", "v".repeat(65))) {
            PlacementRequest request = Given.image(Map.of("hw_vif_model", value));
            InvalidRequest refused =
                    assertThrows(InvalidRequest.class, () -> new ImageTraitsRequestFilter().apply(request, Map.of()));
            assertEquals("image.properties.hw_vif_model", refused.field());
        }
    }

    @Test
    void whatFiltersAddIsAddedToWhatIsAskedFor() {
        PlacementRequest request =
                Given.flavor("f", Map.of("trait:CUSTOM_A", "required", "trait:CUSTOM_B", "forbidden"));

        PlacementRequest more = request.toBuilder()
                .requireTraits(Set.of("CUSTOM_C"))
                .requireTraits(Set.of("CUSTOM_D"))
                .forbidTraits(Set.of("CUSTOM_E"))
                .build()
                .toBuilder()
                .build();

        assertEquals(Set.of("CUSTOM_A", "CUSTOM_C", "CUSTOM_D"), more.needs().required());
        assertEquals(Set.of("CUSTOM_B", "CUSTOM_E"), more.needs().forbidden());
    }
}
