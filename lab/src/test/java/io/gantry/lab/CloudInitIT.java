package io.gantry.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The guest with cloud-init tells what a config drive says. */
@WithLab(hosts = 2)
class CloudInitIT {
    private static final Duration BOOT = Duration.ofMinutes(2);
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJCfLxp41wmVb0jvHGuG6w4UTrPj0sZUWDlFm0rnuhuD";
    private static final String METADATA = """
            {"uuid": "83679162-1378-4288-a2d4-70e13ec132aa", "hostname": "web-1", "availability_zone": "zone-a",
             "meta": {"role": "db", "a=\\u00e4": "two\\nlines\\\\"},
             "public_keys": {"one": "%s one", "two": "%s two"}}
            """.formatted(KEY, KEY);
    private static final String SCRIPT = "#!/bin/sh\necho \"user data ran on $(hostname)\"\n";

    @Test
    void configDriveReachesTheGuestThroughCloudInit(Lab lab) throws Exception {
        byte[] userData = SCRIPT.getBytes(UTF_8);
        try (TinyGuest guest =
                start(lab, "configured", Map.of("meta_data.json", METADATA.getBytes(UTF_8), "user_data", userData))) {
            CloudInitReport report = guest.console().awaitCloudInit(1, BOOT);
            assertEquals("ConfigDrive", report.datasource());
            assertEquals("83679162-1378-4288-a2d4-70e13ec132aa", report.instanceId());
            assertEquals("web-1", report.hostname());
            assertEquals(Set.of(KEY + " one", KEY + " two"), Set.copyOf(report.authorizedKeys()));
            assertEquals(
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(userData)),
                    report.userDataSha256());
            assertEquals(Map.of("role", "db", "a=ä", "two\nlines\\"), report.metadata());
            assertEquals(Optional.of("zone-a"), report.availabilityZone());
            assertEquals(List.of(), report.errors());
            assertTrue(report.output().contains("user data ran on web-1"), report::toString);

            guest.virsh(lab.host(1), "shutdown", "--mode", "acpi");
            Poll.await(
                    "end of the guest",
                    BOOT,
                    () -> guest.state(lab.host(1)).equals("shut off"),
                    () -> guest.state(lab.host(1)));
        }
    }

    @Test
    void driveWithoutMetadataIsNone(Lab lab) throws Exception {
        try (TinyGuest guest = start(lab, "unconfigured", Map.of())) {
            CloudInitReport report = guest.console().awaitCloudInit(1, BOOT);
            assertEquals("None", report.datasource());
            assertEquals(List.of(), report.authorizedKeys());
            assertEquals(Map.of(), report.metadata());
            assertEquals(List.of(), report.errors());
        }
    }

    private static TinyGuest start(Lab lab, String name, Map<String, byte[]> files) throws Exception {
        Path drive = lab.sharedDirectory().resolve(name + ".iso");
        Files.write(drive, new TestConfigDrive(files).image());
        return TinyGuest.startCloudInit(lab, name, drive);
    }
}
