package io.gantry.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gantry.core.configdrive.IsoReader;
import io.gantry.driver.sim.SimGuest;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.InstanceUpdate;
import io.gantry.instance.UnshelveSpec;
import io.gantry.keypair.KeyAlgorithm;
import io.gantry.keypair.KeyPair;
import io.gantry.operation.RequestOptions;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guests are told of themselves, on simulated hosts. */
final class ConfigDriveTest extends VerbTestBase {
    private static final byte[] USER_DATA = "#!/bin/sh\necho hello\n".getBytes(StandardCharsets.US_ASCII);

    private Map<String, byte[]> files(InstanceId id) {
        HostId host = get(id).host().orElseThrow();
        SimGuest guest = engine.fleet().host(host.value()).guest(id);
        try {
            return IsoReader.joliet(guest.configDrive().orElseThrow().open().readAllBytes())
                    .files();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode metadata(InstanceId id) {
        try {
            return new ObjectMapper().readTree(files(id).get("openstack/latest/meta_data.json;1"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] userData(InstanceId id) {
        return requireNonNull(files(id).get("openstack/latest/user_data;1"));
    }

    private Instance withUserData(String name) {
        return await(instances()
                .create(engine.spec(name).host(h(1)).userData(USER_DATA).build()));
    }

    @Test
    void aGuestIsToldWhoItIsAndWhatItsOwnerHasForIt() {
        KeyPair key = engine.compute()
                .keyPairs()
                .generate("laptop", KeyAlgorithm.ED25519)
                .keyPair();
        Instance instance = await(instances()
                .create(engine.spec("Web 1")
                        .hostname("web-1.example.org")
                        .keyName("laptop")
                        .metadata("role", "front")
                        .userData(USER_DATA)
                        .build()));
        engine.compute().keyPairs().delete("laptop");

        JsonNode told = metadata(instance.id());
        assertEquals(instance.id().toString(), told.get("uuid").asText());
        assertEquals("Web 1", told.get("name").asText());
        assertEquals("web-1.example.org", told.get("hostname").asText());
        assertEquals(instance.project().value(), told.get("project_id").asText());
        assertEquals(
                instance.zone().orElseThrow(), told.get("availability_zone").asText());
        assertEquals("front", told.get("meta").get("role").asText());
        assertEquals(key.publicKey(), told.get("public_keys").get("laptop").asText());
        assertArrayEquals(USER_DATA, userData(instance.id()));
    }

    @Test
    void filesAreOnTheDriveAsFarAsTheQuotasAllow() {
        Instance instance = await(instances()
                .create(engine.spec("web")
                        .file("/etc/motd", USER_DATA)
                        .file("/b", new byte[10_240])
                        .build()));
        assertEquals(
                "/etc/motd",
                metadata(instance.id()).get("files").get(1).get("path").asText());
        assertArrayEquals(USER_DATA, files(instance.id()).get("openstack/content/0001;1"));

        InstanceSpec.Builder many = engine.spec("many");
        for (int i = 0; i < 6; i++) {
            many.file("/f" + i, new byte[1]);
        }
        overQuota("injected_files", many);
        overQuota("injected_file_content_bytes", engine.spec("large").file("/f", new byte[10_241]));
        overQuota("injected_file_path_bytes", engine.spec("long").file("/" + "ü".repeat(128), new byte[0]));
        engine.compute().quotas().setDefaults(Map.of(QuotaResource.INJECTED_FILE_CONTENT_BYTES, -1L));
        await(instances()
                .create(engine.spec("large").file("/f", new byte[10_241]).build()));
        assertEquals(2, instances().list().size());
    }

    private void overQuota(String resource, InstanceSpec.Builder spec) {
        assertEquals(
                resource,
                assertThrows(QuotaExceeded.class, () -> instances().create(spec.build()))
                        .quota());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "motd", "etc/motd", "/etc/", "/etc//motd", "/etc/../motd", "/..", "/a\nb", "/a\u0000"})
    void aPathThatIsNoneIsRefused(String path) {
        InstanceSpec.Builder spec = engine.spec("web").file(path, USER_DATA);
        assertEquals(
                "instance.files",
                assertThrows(InvalidRequest.class, spec::build).field());
    }

    @Test
    void filesAreBoundedEvenWithoutQuotas() {
        InstanceSpec.Builder many = engine.spec("many");
        for (int i = 0; i < 129; i++) {
            many.file("/f" + i, new byte[0]);
        }
        assertThrows(InvalidRequest.class, many::build);
        InstanceSpec.Builder large = engine.spec("large").file("/a", new byte[1 << 19]);
        assertEquals(1, large.build().files().size());
        large.file("/b", new byte[(1 << 19) + 1]);
        assertThrows(InvalidRequest.class, large::build);
    }

    @Test
    void eachOfSeveralIsToldWhichOneItIs() {
        List<Integer> indices = instances().create(engine.spec("web").build(), 3, 3, NO_OPTIONS).stream()
                .map(this::await)
                .map(instance -> metadata(instance.id()).get("launch_index").asInt())
                .toList();
        assertEquals(List.of(0, 1, 2), indices);
    }

    @Test
    void aRebuiltGuestIsToldWhatHoldsNow() {
        Instance instance = withUserData("web");
        instances()
                .update(
                        instance.id(),
                        InstanceUpdate.builder().name("shop").hostname("shop").build());
        instances().setMetadata(instance.id(), Map.of("role", "back"));
        assertEquals("web", metadata(instance.id()).get("name").asText(), "until then it knows what it was told");

        await(instances().rebuild(instance.id(), engine.image()));

        assertEquals("shop", metadata(instance.id()).get("name").asText());
        assertEquals("shop", metadata(instance.id()).get("hostname").asText());
        assertEquals("back", metadata(instance.id()).get("meta").get("role").asText());
        assertArrayEquals(USER_DATA, userData(instance.id()));
    }

    @Test
    void aGuestHasItWhereverItIsMoved() {
        InstanceId id = withUserData("web").id();

        await(instances().resize(id, LARGE));
        assertArrayEquals(USER_DATA, userData(id), "resized");
        await(instances().revertResize(id));
        assertArrayEquals(USER_DATA, userData(id), "reverted");
        await(engine.compute().migrations().cold(id, Optional.of(h(2)), NO_OPTIONS));
        await(instances().confirmResize(id));
        assertArrayEquals(USER_DATA, userData(id), "migrated");
        await(instances().shelve(id));
        await(instances().unshelve(id, UnshelveSpec.on(h(3))));
        assertArrayEquals(USER_DATA, userData(id), "unshelved");
        await(instances().rescue(id, engine.image()));
        assertArrayEquals(USER_DATA, userData(id), "in rescue");
        await(instances().unrescue(id));
        assertArrayEquals(USER_DATA, userData(id), "out of rescue");
    }

    @Test
    void aGuestMayHaveNone() {
        Instance instance = await(instances()
                .create(engine.spec("web").host(h(1)).configDrive(false).build()));
        assertTrue(engine.host(1).guest(instance.id()).configDrive().isEmpty());
        await(instances().rebuild(instance.id(), engine.image()));
        assertTrue(engine.host(1).guest(instance.id()).configDrive().isEmpty());
    }

    @Test
    void whatCannotReachTheGuestIsRefused() {
        InstanceSpec.Builder spec = engine.spec("web").configDrive(false).userData(USER_DATA);
        assertEquals(
                "instance.configDrive",
                assertThrows(InvalidRequest.class, spec::build).field());
        InstanceSpec.Builder withKey = engine.spec("web").configDrive(false).keyName("laptop");
        assertThrows(InvalidRequest.class, withKey::build);
        InstanceSpec.Builder withFile = engine.spec("web").configDrive(false).file("/f", USER_DATA);
        assertThrows(InvalidRequest.class, withFile::build);
        assertEquals(List.of(), instances().list());
    }

    @ParameterizedTest
    @ValueSource(strings = {"floppy", "IDE", "", "virtio"})
    void aBusThatNoCdromHasIsRefused(String bus) {
        ImageSpec.Builder odd = ImageSpec.builder("odd", DiskFormat.RAW).property(Image.CDROM_BUS, bus);
        InvalidRequest refused = assertThrows(InvalidRequest.class, odd::build);
        assertEquals("image.properties.hw_cdrom_bus", refused.field());
    }

    @Test
    void aTokenIsForOneHostnameAndOneUserData() {
        RequestOptions once = RequestOptions.idempotencyToken("t-1");
        await(instances().create(engine.spec("web").hostname("a").build(), once));
        for (InstanceSpec other : List.of(
                engine.spec("web").hostname("b").build(),
                engine.spec("web").hostname("a").userData(USER_DATA).build(),
                engine.spec("web").hostname("a").file("/f", USER_DATA).build(),
                engine.spec("web").hostname("a").configDrive(false).build())) {
            assertThrows(IdempotencyConflict.class, () -> instances().create(other, once));
        }
        assertEquals(1, instances().list().size());
    }
}
