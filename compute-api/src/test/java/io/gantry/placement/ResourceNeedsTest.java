package io.gantry.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResourceNeedsTest {
    private static final ResourceClass GPU = ResourceClass.of("CUSTOM_GPU");
    private static final ResourceClass NIC = ResourceClass.of("CUSTOM_NIC");

    @Test
    void otherExtraSpecsAskForNothing() {
        assertEquals(
                ResourceNeeds.NONE,
                ResourceNeeds.parse(
                        Map.of("hw:cpu_policy", "shared", "traits", "x", "resource:VCPU", "1"),
                        Map.of("os_distro", "debian", "traits:X", "required")));
    }

    @Test
    void traitsOfFlavorAndImageAddUp() {
        ResourceNeeds needs = ResourceNeeds.parse(
                Map.of("trait:CUSTOM_A", "required", "trait:CUSTOM_B", "forbidden"),
                Map.of("trait:CUSTOM_A", "required", "trait:CUSTOM_C", "required"));

        assertEquals(Set.of("CUSTOM_A", "CUSTOM_C"), needs.required());
        assertEquals(Set.of("CUSTOM_B"), needs.forbidden());
        assertEquals(Map.of(), needs.groups());
    }

    @Test
    void amountsTakeThePlaceOfTheFlavors() {
        ResourceNeeds needs = ResourceNeeds.parse(
                Map.of("resources:VCPU", "0", "resources:DISK_GB", "3", "resources:CUSTOM_GPU", "2"), Map.of());

        assertEquals(Optional.of(0L), needs.amount(ResourceClass.VCPU));
        assertEquals(Optional.empty(), needs.amount(ResourceClass.MEMORY_MB));
        assertEquals(Optional.of(3072L), needs.amount(ResourceClass.DISK_MB));
        assertEquals(Optional.of(2L), needs.amount(GPU));
    }

    @Test
    void groupsAreByName() {
        ResourceNeeds needs = ResourceNeeds.parse(
                Map.of(
                        "resources1:CUSTOM_GPU", "1",
                        "trait1:CUSTOM_FAST", "required",
                        "trait1:CUSTOM_OLD", "forbidden",
                        "resources_net-2:CUSTOM_NIC", "2",
                        "resources_net-2:CUSTOM_GPU", "0",
                        "group_policy", "isolate"),
                Map.of());

        assertEquals(
                Map.of(
                        "1",
                        new ResourceNeeds.Group(Map.of(GPU, 1L), Set.of("CUSTOM_FAST"), Set.of("CUSTOM_OLD")),
                        "_net-2",
                        new ResourceNeeds.Group(Map.of(NIC, 2L), Set.of(), Set.of())),
                needs.groups());
        assertEquals(true, needs.isolate());
        assertEquals(Map.of(), needs.amounts());
    }

    @ParameterizedTest(name = "[{index}] {0} = ''{1}''")
    @CsvSource({
        "trait:CUSTOM_A, ''",
        "trait:CUSTOM_A, Required",
        "trait:CUSTOM_A, 'required '",
        "trait:custom_a, required",
        "trait:, required",
        "trait1:in:CUSTOM_A, required",
        "resources:VCPU, -1",
        "resources:VCPU, 1.5",
        "resources:VCPU, ''",
        "resources:VCPU, many",
        "resources:VCPU, 3000000000",
        "resources:VCPU, 1234567890123456",
        "resources:GPU, 1",
        "resources:CUSTOM_gpu, 1",
        "resources1:, 1",
        "group_policy, together"
    })
    void whatHasAnotherFormIsRefused(String key, String value) {
        InvalidRequest refused =
                assertThrows(InvalidRequest.class, () -> ResourceNeeds.parse(Map.of(key, value), Map.of()));

        assertEquals("flavor.extraSpecs." + key, refused.field());
    }

    @Test
    void oneClassIsSetOnce() {
        assertThrows(
                InvalidRequest.class,
                () -> ResourceNeeds.parse(Map.of("resources:DISK_GB", "1", "resources:DISK_MB", "1024"), Map.of()));
    }

    @Test
    void aTraitThatTheFlavorForbidsAndTheImageRequiresIsRefusedWithBothNames() {
        InvalidRequest refused = assertThrows(
                InvalidRequest.class,
                () -> ResourceNeeds.parse(Map.of("trait:CUSTOM_A", "forbidden"), Map.of("trait:CUSTOM_A", "required")));

        assertEquals("image.properties.trait:CUSTOM_A", refused.field());
        assertEquals(true, refused.getMessage().contains("flavor, whose extra spec trait:CUSTOM_A is 'forbidden'"));
    }

    @Test
    void imagesForbidNothing() {
        InvalidRequest refused = assertThrows(
                InvalidRequest.class, () -> ResourceNeeds.parse(Map.of(), Map.of("trait:CUSTOM_A", "forbidden")));

        assertEquals("image.properties.trait:CUSTOM_A", refused.field());
        assertEquals("forbidden", refused.value());
    }
}
