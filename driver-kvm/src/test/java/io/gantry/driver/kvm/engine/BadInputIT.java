package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.error.InvalidRequest;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.VmState;
import io.gantry.lab.Lab;
import io.gantry.lab.WithLab;
import io.gantry.placement.NoValidHost;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What real hosts never get to see, or survive seeing. */
@WithLab(hosts = 3)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputIT {
    private LabEngine engine;

    @BeforeAll
    void open(Lab lab) {
        engine = LabEngine.over(lab, 2);
    }

    @AfterAll
    void close() throws IOException {
        engine.close();
    }

    @Test
    void aHostileNameIsRefusedAndLeavesNoDomain() {
        String domains = domains();

        InvalidRequest refused = assertThrows(
                InvalidRequest.class,
                () -> InstanceSpec.builder("</name><on_crash>preserve")
                        .flavor("lab")
                        .build());

        assertEquals("instance.name", refused.field());
        assertEquals(domains, domains());
    }

    @Test
    void aHostileCommandLineStaysText() {
        ImageId image = engine.image("lab.ws=4 lab.rate=1 foo='</cmdline><x>&amp;\"$(reboot)`");

        Instance instance = engine.compute()
                .instances()
                .create(InstanceSpec.builder("text")
                        .flavor(LabEngine.FLAVOR)
                        .image(image)
                        .build())
                .await(LabEngine.PATIENCE);

        String booted = engine.guest(instance).command("sh cat /proc/cmdline");
        assertTrue(booted.contains("foo='</cmdline><x>&amp;\"$(reboot)`"), booted);
        engine.compute().instances().delete(instance.id()).await(LabEngine.PATIENCE);
    }

    @Test
    void aGuestThatCannotStartLeavesNothing() {
        // A kernel that is none: QEMU refuses it when it starts.
        ImageId broken = engine.importFile("broken", DiskFormat.AKI, file());
        ImageId image = engine.compute()
                .images()
                .importFile(
                        ImageSpec.builder("unbootable", DiskFormat.QCOW2)
                                .directBoot(broken, broken(), "")
                                .build(),
                        engine.lab().baseImage())
                .await(LabEngine.PATIENCE)
                .id();
        String domains = domains();

        assertThrows(
                ComputeException.class,
                () -> engine.compute()
                        .instances()
                        .create(InstanceSpec.builder("unbootable")
                                .flavor(LabEngine.FLAVOR)
                                .image(image)
                                .build())
                        .await(LabEngine.PATIENCE));

        Instance failed = engine.compute().instances().list().stream()
                .filter(instance -> instance.name().equals("unbootable"))
                .findFirst()
                .orElseThrow();
        assertEquals(VmState.ERROR, failed.state());
        assertTrue(failed.host().isEmpty());
        assertEquals(domains, domains());
        assertEquals(List.of(), engine.filesOf(failed.id()));
        engine.compute().instances().delete(failed.id()).await(LabEngine.PATIENCE);
    }

    @Test
    void aRequestThatFitsNowhereNamesTheNumbersOfRealHosts() {
        engine.compute()
                .flavors()
                .create(Flavor.builder("too-large")
                        .memory(MemorySize.gib(1 << 20))
                        .build());

        NoValidHost refused = assertThrows(
                NoValidHost.class,
                () -> engine.compute()
                        .instances()
                        .create(InstanceSpec.builder("too-large")
                                .flavor("too-large")
                                .image(engine.image(""))
                                .build())
                        .await(LabEngine.PATIENCE));

        assertEquals(2, refused.report().rejected().size());
        assertTrue(refused.getMessage().contains("RamFilter"), refused.getMessage());
    }

    @Test
    void aFlavorSmallerThanTheImageIsRefused() {
        engine.compute()
                .flavors()
                .create(Flavor.builder("small-disk")
                        .memory(MemorySize.mib(96))
                        .disk(DiskSize.mib(1))
                        .build());

        InvalidRequest refused = assertThrows(
                InvalidRequest.class,
                () -> engine.compute()
                        .instances()
                        .create(InstanceSpec.builder("small-disk")
                                .flavor("small-disk")
                                .image(engine.image(""))
                                .build()));

        assertEquals("flavor.disk", refused.field());
    }

    @Test
    void aHostThatIsNotThereOrIsMisconfiguredIsNotRegistered() {
        HostSpec absent = HostSpec.builder("absent")
                .driver("kvm")
                .connection("qemu+unix:///system?socket=/nonexistent/libvirt-sock")
                .build();
        HostSpec mistaken = HostSpec.builder("mistaken")
                .driver("kvm")
                .connection(engine.lab().host(1).uri())
                .property("storage.dir", "/srv")
                .build();

        assertThrows(HostUnreachable.class, () -> engine.compute().hosts().register(absent));
        InvalidRequest refused = assertThrows(
                InvalidRequest.class, () -> engine.compute().hosts().register(mistaken));

        assertTrue(refused.getMessage().contains("storage.dir"), refused.getMessage());
        assertThrows(Conflict.class, () -> engine.compute().hosts().register(engine.spec(1, "shared")));
        assertEquals(2, engine.compute().hosts().list().size());
    }

    private ImageId broken() {
        return engine.importFile("broken ramdisk", DiskFormat.ARI, file());
    }

    private Path file() {
        return engine.lab().emulator();
    }

    private String domains() {
        return engine.lab().exec(engine.lab().host(1), "virsh", "-q", "list", "--all", "--uuid")
                + engine.lab().exec(engine.lab().host(2), "virsh", "-q", "list", "--all", "--uuid");
    }
}
