package io.gantry.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CloudInitReportTest {
    private static final List<String> LINES = List.of(
            "CLOUDINIT start up=2.13",
            "CLOUDINIT stage=init-local rc=0 up=6.03",
            "hello",
            "CLOUDINIT datasource=ConfigDrive instance-id=i-1 hostname=web",
            "CLOUDINIT authorized-key=ssh-rsa AAAA== me",
            "CLOUDINIT user-data-sha256=ab",
            "CLOUDINIT meta a\\=b=c\\\\n\\nd=e",
            "CLOUDINIT meta k=\u00c3\u00a4",
            "CLOUDINIT availability-zone=z",
            "CLOUDINIT error=no",
            "CLOUDINIT done up=12.42");

    @Test
    void parsesEverything() {
        assertEquals(
                Optional.of(new CloudInitReport(
                        "ConfigDrive",
                        "i-1",
                        "web",
                        List.of("ssh-rsa AAAA== me"),
                        "ab",
                        Map.of("a=b", "c\\n\nd=e", "k", "ä"),
                        Optional.of("z"),
                        List.of("no"),
                        List.of("hello"))),
                CloudInitReport.parse(LINES, 1));
    }

    @Test
    void waitsForTheEndOfEachBoot() {
        assertEquals(Optional.empty(), CloudInitReport.parse(LINES.subList(0, LINES.size() - 1), 1));
        List<String> restarted = Stream.concat(LINES.stream(), Stream.of("CLOUDINIT start up=2.00"))
                .toList();
        assertTrue(CloudInitReport.parse(restarted, 1).isPresent());
        assertEquals(Optional.empty(), CloudInitReport.parse(restarted, 2));
        List<String> twice = Stream.concat(LINES.stream(), LINES.stream()).toList();
        for (int boot = 1; boot <= 2; boot++) {
            assertEquals(
                    List.of("hello"),
                    CloudInitReport.parse(twice, boot).orElseThrow().output());
        }
        assertEquals(Optional.empty(), CloudInitReport.parse(twice, 3));
    }
}
