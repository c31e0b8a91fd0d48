package io.gantry.driver.kvm.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.InstanceUpdate;
import io.gantry.keypair.KeyAlgorithm;
import io.gantry.lab.CloudInitReport;
import io.gantry.migration.LiveMigrationSpec;
import io.gantry.operation.RequestOptions;
import io.gantry.unit.MemorySize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Debian's cloud-init, in real guests, makes of what their owners gave them. */
final class ConfigDriveIT extends VerbTestBase {
    private static final String FLAVOR = "cloud-init";
    private static final byte[] USER_DATA =
            "#!/bin/sh\necho user data ran on $(hostname)\ncat /srv/app/greeting 2>/dev/null && echo\n"
                    .getBytes(StandardCharsets.US_ASCII);

    @BeforeAll
    void addFlavor() {
        engine.compute()
                .flavors()
                .create(Flavor.builder(FLAVOR).memory(MemorySize.mib(192)).build());
    }

    private static InstanceSpec.Builder spec(String name, ImageId image) {
        return InstanceSpec.builder(name).flavor(FLAVOR).image(image);
    }

    private CloudInitReport report(Instance instance) {
        return report(instance, 1);
    }

    /** {@return the report of one of the boots that are in the console's log where the instance is now} */
    private CloudInitReport report(Instance instance, int boot) {
        return guest(instance).awaitCloudInit(boot, LabEngine.PATIENCE);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Path> drives(Instance instance) {
        return engine.filesOf(instance.id()).stream()
                .filter(file -> file.getFileName().toString().endsWith(".iso"))
                .toList();
    }

    @Test
    void keyUserDataMetadataAndNameReachTheGuestAndWhatChangesReachesItWithARebuild() {
        String key = engine.compute()
                .keyPairs()
                .generate("laptop", KeyAlgorithm.ED25519)
                .keyPair()
                .publicKey();
        Instance instance = await(instances()
                .create(spec("Web 1", engine.cloudInitImage("ide"))
                        .hostname("web-1")
                        .keyName("laptop")
                        .metadata("role", "front \"end\" = ü")
                        .userData(USER_DATA)
                        .file("/srv/app/greeting", "hello from a file".getBytes(StandardCharsets.US_ASCII))
                        .build()));

        CloudInitReport first = report(instance);
        assertEquals("ConfigDrive", first.datasource());
        assertEquals(instance.id().toString(), first.instanceId());
        assertEquals("web-1", first.hostname());
        assertEquals(List.of(key), first.authorizedKeys());
        assertEquals(Map.of("role", "front \"end\" = ü"), first.metadata());
        assertEquals(instance.zone(), first.availabilityZone());
        assertEquals(sha256(USER_DATA), first.userDataSha256());
        assertTrue(first.output().contains("user data ran on web-1"), first.output()::toString);
        assertTrue(first.output().contains("hello from a file"), first.output()::toString);
        assertEquals(List.of(), first.errors());

        instances()
                .update(instance.id(), InstanceUpdate.builder().hostname("shop").build());
        instances().setMetadata(instance.id(), Map.of("role", "back"));
        ImageId scsi = engine.cloudInitImage("scsi");
        await(instances().rebuild(instance.id(), scsi));

        CloudInitReport second = report(instance, 2);
        assertEquals("shop", second.hostname());
        assertEquals(Map.of("role", "back"), second.metadata());
        assertEquals(List.of(key), second.authorizedKeys());
        assertEquals(sha256(USER_DATA), second.userDataSha256());
        assertEquals(1, drives(instance).size(), "the drive before is gone");
    }

    @Test
    void aGuestFindsItsDriveWhereverItBootsAnew() {
        Instance instance = await(instances()
                .create(spec("mover", engine.cloudInitImage("ide"))
                        .host(engine.hostId(1))
                        .userData(USER_DATA)
                        .build()));
        assertEquals(sha256(USER_DATA), report(instance).userDataSha256());

        await(engine.compute().migrations().live(instance.id(), LiveMigrationSpec.to(engine.hostId(2))));
        engine.assertConsistent();
        assertEquals(1, drives(instance).size(), "two hosts of one storage have one drive");

        await(engine.compute().migrations().cold(instance.id(), Optional.of(engine.hostId(3)), RequestOptions.none()));
        await(instances().confirmResize(instance.id()));
        CloudInitReport moved = report(instance);
        assertEquals(instance.id().toString(), moved.instanceId());
        assertEquals(sha256(USER_DATA), moved.userDataSha256());
        assertTrue(moved.output().contains("user data ran on mover"), moved.output()::toString);
        assertEquals(List.of(), engine.filesOn(1, instance.id()), "the storage that it has left");
        assertEquals(1, drives(instance).size());
    }

    @Test
    void aGuestWithoutADriveIsToldNothing() {
        Instance instance = await(instances()
                .create(spec("alone", engine.cloudInitImage("ide"))
                        .configDrive(false)
                        .build()));
        assertEquals("None", report(instance).datasource());
        assertEquals(List.of(), drives(instance));
    }
}
