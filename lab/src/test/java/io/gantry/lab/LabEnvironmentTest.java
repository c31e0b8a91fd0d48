package io.gantry.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabEnvironmentTest {
    private static final String LINES = """
            root=/r
            shared=/r/shared
            kernel=/c/vmlinuz
            initrd=/c/initramfs
            cloud-init-initrd=/c/cloud-init.initramfs
            agent-initrd=/c/initramfs-agent
            base=/c/base.qcow2
            emulator=/l/qemu
            cmdline=console=ttyS0 quiet
            hosts=1
            h1.uri=qemu+unix:///system?socket=/r/s
            h1.peer-uri=qemu+tcp://10.99.0.1/system
            h1.migration-address=10.99.0.1
            """;

    @Test
    void parsesEverything() {
        LabEnvironment environment = LabEnvironment.parse(LINES);
        assertEquals(Path.of("/r/shared"), environment.shared());
        assertEquals(Path.of("/c/cloud-init.initramfs"), environment.cloudInitInitrd());
        assertEquals("console=ttyS0 quiet", environment.kernelCommandLine());
        assertEquals(
                List.of(new LabHost(
                        "h1", "qemu+unix:///system?socket=/r/s", "qemu+tcp://10.99.0.1/system", "10.99.0.1")),
                environment.hosts());
    }

    @Test
    void tellsWhatIsMissing() {
        String message = assertThrows(LabException.class, () -> LabEnvironment.parse(LINES.replace("h1.uri", "h9.uri")))
                .getMessage();
        assertEquals("lab env does not tell h1.uri", message);
    }

    @Test
    void rootIsOwnUnlessGiven() {
        assertEquals(Path.of("/x"), LabScript.chooseRoot(Map.of("GANTRY_LAB_ROOT", "/x")));
        Path own = LabScript.chooseRoot(Map.of());
        assertTrue(own.toString().contains(Long.toString(ProcessHandle.current().pid())));
        assertTrue(own.startsWith("/var/tmp"));
    }
}
