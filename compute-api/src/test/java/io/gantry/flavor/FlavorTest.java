package io.gantry.flavor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flavors, and the specifications of images, whose names follow the same rule. */
class FlavorTest {
    private final Flavor flavor = Flavor.builder("m1.small")
            .vcpus(2)
            .memory(MemorySize.gib(4))
            .disk(DiskSize.gib(20))
            .extraSpec("hw:cpu_policy", "dedicated")
            .build();

    @Test
    void defaultsAreAsSaid() {
        Flavor plain = Flavor.builder("f").build();
        assertEquals(1, plain.vcpus());
        assertEquals(MemorySize.mib(512), plain.memory());
        assertEquals(DiskSize.ZERO, plain.disk());
        assertEquals(Map.of(), plain.extraSpecs());
    }

    @Test
    void builderOfFlavorYieldsItsEqual() {
        assertEquals(flavor, flavor.toBuilder().build());
        assertEquals(flavor.hashCode(), flavor.toBuilder().build().hashCode());
        assertNotEquals(flavor, flavor.toBuilder().vcpus(3).build());
        assertNotEquals(flavor, flavor.toBuilder().memory(MemorySize.gib(5)).build());
        assertNotEquals(flavor, flavor.toBuilder().disk(DiskSize.gib(5)).build());
        assertNotEquals(flavor, flavor.toBuilder().extraSpec("a", "b").build());
        assertEquals("m1.small (2 vCPU, 4 GiB, disk 20 GiB)", flavor.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\nb", "a\0", "\u001b[31mred", "a\u0085"})
    void nameOfAnotherFormIsRefused(String name) {
        assertRefused("flavor.name", () -> Flavor.builder(name).build());
        assertRefused(
                "image.name", () -> ImageSpec.builder(name, DiskFormat.RAW).build());
    }

    @Test
    void nameHasAtMost255Characters() {
        assertEquals(255, Flavor.builder("a".repeat(255)).build().name().length());
        assertRefused("flavor.name", () -> Flavor.builder("a".repeat(256)).build());
        assertRefused(
                "image.name",
                () -> ImageSpec.builder("a".repeat(256), DiskFormat.RAW).build());
    }

    @Test
    void sizesHaveTheirLeast() {
        assertRefused("flavor.vcpus", () -> Flavor.builder("f").vcpus(0).build());
        assertRefused(
                "flavor.memory",
                () -> Flavor.builder("f").memory(new MemorySize((1 << 20) - 1)).build());
        assertEquals(
                MemorySize.mib(1),
                Flavor.builder("f").memory(MemorySize.mib(1)).build().memory());
    }

    @Test
    void directBootIsKeptByGlancesNames() {
        ImageId kernel = ImageId.random();
        ImageId ramdisk = ImageId.random();
        ImageSpec spec = ImageSpec.builder("i", DiskFormat.RAW)
                .directBoot(kernel, ramdisk, "console=ttyS0")
                .build();
        assertEquals(
                Map.of(
                        Image.KERNEL_ID,
                        kernel.toString(),
                        Image.RAMDISK_ID,
                        ramdisk.toString(),
                        Image.OS_COMMAND_LINE,
                        "console=ttyS0"),
                spec.properties());
    }

    @Test
    void onlyDisksCanBeRootDisks() {
        assertTrue(DiskFormat.RAW.isDisk() && DiskFormat.QCOW2.isDisk());
        assertTrue(!DiskFormat.AKI.isDisk() && !DiskFormat.ARI.isDisk());
    }

    private static void assertRefused(String field, Runnable build) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, build::run);
        assertEquals(field, refused.field());
        assertTrue(refused.remediation().length() > 5, refused.getMessage());
    }
}
