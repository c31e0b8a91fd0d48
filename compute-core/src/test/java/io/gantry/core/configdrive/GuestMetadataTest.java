package io.gantry.core.configdrive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gantry.identity.ProjectId;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.ConfigDrive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestMetadataTest {
    private static final InstanceId ID = InstanceId.of("11111111-2222-3333-4444-555555555555");
    private static final String SSH = "ssh-ed25519 AAAA me";

    private static GuestMetadata guest(Optional<GuestMetadata.Key> key, byte[] userData) {
        return new GuestMetadata(
                ID,
                new ProjectId("shop"),
                "Größe 1",
                "web-1",
                Optional.of("east"),
                2,
                Map.of("role", "front \"end\"\n"),
                key,
                Base64.getEncoder().encodeToString(userData),
                Map.of("/etc/b", "Yg==", "/etc/a", ""));
    }

    private static Map<String, byte[]> files(GuestMetadata guest) throws IOException {
        return IsoReader.joliet(guest.toConfigDrive().open().readAllBytes()).files();
    }

    private static JsonNode json(GuestMetadata guest) throws IOException {
        return new ObjectMapper().readTree(files(guest).get("openstack/latest/meta_data.json;1"));
    }

    @Test
    void theDriveHasTheLabelThatGuestsLookFor() throws IOException {
        byte[] image =
                guest(Optional.empty(), new byte[0]).toConfigDrive().open().readAllBytes();
        assertEquals(ConfigDrive.LABEL, IsoReader.primary(image).label());
        assertEquals("config-2", IsoReader.joliet(image).label());
    }

    @Test
    void theMetadataIsNovas() throws IOException {
        JsonNode json = json(guest(Optional.of(new GuestMetadata.Key("mine", SSH)), new byte[0]));
        assertEquals(ID.toString(), json.get("uuid").asText());
        assertEquals("Größe 1", json.get("name").asText());
        assertEquals("web-1", json.get("hostname").asText());
        assertEquals("shop", json.get("project_id").asText());
        assertEquals("east", json.get("availability_zone").asText());
        assertEquals(2, json.get("launch_index").asInt());
        assertEquals("front \"end\"\n", json.get("meta").get("role").asText());
        assertEquals(SSH, json.get("public_keys").get("mine").asText());
        assertEquals("ssh", json.get("keys").get(0).get("type").asText());
        assertEquals("mine", json.get("keys").get(0).get("name").asText());
        assertEquals(SSH, json.get("keys").get(0).get("data").asText());
    }

    @Test
    void aCertificateIsNoSshKey() throws IOException {
        String pem = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----";
        JsonNode json = json(guest(Optional.of(new GuestMetadata.Key("mine", pem)), new byte[0]));
        assertFalse(json.has("public_keys"));
        assertEquals("x509", json.get("keys").get(0).get("type").asText());
        assertEquals(pem, json.get("keys").get(0).get("data").asText());
    }

    @Test
    void filesAreListedWithWhereTheirContentIs() throws IOException {
        GuestMetadata guest = guest(Optional.empty(), new byte[0]);
        assertEquals(
                "[{\"path\":\"/etc/a\",\"content_path\":\"/content/0000\"},"
                        + "{\"path\":\"/etc/b\",\"content_path\":\"/content/0001\"}]",
                json(guest).get("files").toString());
        assertArrayEquals(new byte[0], files(guest).get("openstack/content/0000;1"));
        assertArrayEquals(new byte[] {'b'}, files(guest).get("openstack/content/0001;1"));
    }

    @Test
    void userDataIsThereByteForByte() throws IOException {
        byte[] data = new byte[49_149];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31);
        }
        assertArrayEquals(data, files(guest(Optional.empty(), data)).get("openstack/latest/user_data;1"));
        assertFalse(files(guest(Optional.empty(), new byte[0])).containsKey("openstack/latest/user_data;1"));
    }

    @Test
    void theSameGuestHasTheSameDrive() {
        byte[] data = "#!/bin/sh".getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                guest(Optional.empty(), data).toConfigDrive(),
                guest(Optional.empty(), data).toConfigDrive());
    }

    @Test
    void whatIsShownHasNoSecrets() {
        byte[] secret = "password: hunter2".getBytes(StandardCharsets.US_ASCII);
        GuestMetadata guest = guest(Optional.empty(), secret);
        assertFalse((guest + " " + guest.toConfigDrive()).contains("hunter2"));
        assertFalse(guest.toString().contains(Base64.getEncoder().encodeToString(secret)));
    }
}
