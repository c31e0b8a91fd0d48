package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.host.HostSpec;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a request, the answer names it, and nothing is changed. */
final class BadInputTest {
    private SimEngine engine;
    private Path directory;

    @BeforeEach
    void open(@TempDir Path temporary) {
        directory = temporary;
        engine = SimEngine.open(temporary, 1);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<web/>", "a&b", "web'1", "web\"1", "$(reboot)", "`reboot`", "a;b", "a|b", "a\nb", "../web", ""})
    void aNameWithMetacharacters(String name) {
        InvalidRequest refused = refused(InvalidRequest.class, () -> engine.create(name));

        assertEquals("instance.name", refused.field());
        assertNothingCreated();
    }

    @Test
    void anAbsentImage() {
        ImageId absent = ImageId.random();

        NotFound refused = refused(
                NotFound.class,
                () -> engine.compute()
                        .instances()
                        .create(engine.spec("web-1").image(absent).build()));

        assertTrue(refused.getMessage().contains("image " + absent), refused.getMessage());
        assertNothingCreated();
    }

    @Test
    void anAbsentFlavor() {
        NotFound refused = refused(
                NotFound.class,
                () -> engine.compute()
                        .instances()
                        .create(engine.spec("web-1").flavor("m9.none").build()));

        assertTrue(refused.getMessage().contains("flavor m9.none"), refused.getMessage());
        assertNothingCreated();
    }

    @Test
    void aFlavorWithoutVcpus() {
        InvalidRequest refused = refused(
                InvalidRequest.class, () -> Flavor.builder("none").vcpus(0).build());

        assertEquals("flavor.vcpus", refused.field());
        assertEquals("0", refused.value());
    }

    @Test
    void anUnknownHost() {
        NotFound refused = refused(
                NotFound.class,
                () -> engine.compute()
                        .instances()
                        .create(engine.spec("web-1").host(HostId.of("h9")).build()));

        assertTrue(refused.getMessage().contains("host h9"), refused.getMessage());
        assertNothingCreated();
    }

    @Test
    void aTokenUsedAgainForAnotherBody() {
        RequestOptions token = RequestOptions.idempotencyToken("order-4711");
        InstanceSpec first = engine.spec("web-1").build();
        Operation<Instance> create = engine.compute().instances().create(first, token);

        IdempotencyConflict refused = refused(
                IdempotencyConflict.class,
                () -> engine.compute().instances().create(engine.spec("web-2").build(), token));

        assertTrue(refused.getMessage().contains("order-4711"), refused.getMessage());
        assertTrue(refused.getMessage().contains(create.id().toString()), refused.getMessage());
        create.await(SimEngine.PATIENCE);
        assertEquals(1, engine.compute().instances().list().size());
        assertEquals(
                create.id(),
                engine.compute()
                        .instances()
                        .create(engine.spec("web-1").build(), token)
                        .id());
        assertEquals(1, engine.compute().instances().list().size());
    }

    @Test
    void aTokenOfAnotherVerb() {
        RequestOptions token = RequestOptions.idempotencyToken("order-4711");
        Instance instance = engine.compute()
                .instances()
                .create(engine.spec("web-1").build(), token)
                .await(SimEngine.PATIENCE);

        refused(IdempotencyConflict.class, () -> engine.compute().instances().pause(instance.id(), token));
        assertTrue(engine.get(instance).task().isEmpty());
    }

    @Test
    void anUnknownInstance() {
        InstanceId absent = InstanceId.random();

        refused(NotFound.class, () -> engine.compute().instances().get(absent));
        refused(NotFound.class, () -> engine.compute().instances().delete(absent));
        refused(NotFound.class, () -> engine.compute().instances().placement(absent));
        refused(NotFound.class, () -> engine.compute().instances().consoleLog(absent, 10));
        refused(InvalidRequest.class, () -> InstanceId.of("web-1"));
    }

    @Test
    void aFlavorThatDoesNotFitTheImage() {
        ImageId demanding = engine.compute()
                .images()
                .importFile(
                        ImageSpec.builder("demanding", DiskFormat.RAW)
                                .minMemory(MemorySize.gib(1))
                                .minDisk(DiskSize.gib(10))
                                .build(),
                        file("demanding", new byte[512]))
                .await(SimEngine.PATIENCE)
                .id();

        InvalidRequest refused = refused(
                InvalidRequest.class,
                () -> engine.compute()
                        .instances()
                        .create(engine.spec("web-1").image(demanding).build()));

        assertEquals("flavor.memory", refused.field());
        assertNothingCreated();
    }

    @Test
    void aKernelForADisk() {
        Image kernel = engine.importImage("vmlinuz", DiskFormat.AKI);

        InvalidRequest refused = refused(
                InvalidRequest.class,
                () -> engine.compute()
                        .instances()
                        .create(engine.spec("web-1").image(kernel.id()).build()));

        assertEquals("instance.image", refused.field());
        assertNothingCreated();
    }

    @Test
    void aDiskForAKernel() {
        ImageId image = engine.compute()
                .images()
                .importFile(
                        ImageSpec.builder("direct", DiskFormat.RAW)
                                .directBoot(engine.image(), engine.image(), "quiet")
                                .build(),
                        file("direct", new byte[512]))
                .await(SimEngine.PATIENCE)
                .id();

        InvalidRequest refused = refused(
                InvalidRequest.class,
                () -> engine.compute()
                        .instances()
                        .create(engine.spec("web-1").image(image).build()));

        assertEquals("image.properties.kernel_id", refused.field());
        assertNothingCreated();
    }

    @Test
    void anImageFileThatIsNotWhatItIsDeclaredToBe() {
        Operation<Image> importing = engine.compute()
                .images()
                .importFile(ImageSpec.builder("liar", DiskFormat.QCOW2).build(), file("liar", new byte[512]));

        InvalidRequest refused = SimEngine.failure(InvalidRequest.class, importing);

        assertEquals("image.content", refused.field());
        assertEquals(1, engine.compute().images().list().size());
    }

    @Test
    void anImageFileThatIsNotThere() {
        InvalidRequest refused = refused(
                InvalidRequest.class,
                () -> engine.compute()
                        .images()
                        .importFile(ImageSpec.builder("absent", DiskFormat.RAW).build(), directory.resolve("absent")));

        assertEquals("image.file", refused.field());
    }

    @Test
    void anImageThatAnotherOneBootsWith() {
        Image kernel = engine.importImage("vmlinuz", DiskFormat.AKI);
        Image ramdisk = engine.importImage("initrd", DiskFormat.ARI);
        engine.compute()
                .images()
                .importFile(
                        ImageSpec.builder("direct", DiskFormat.RAW)
                                .directBoot(kernel.id(), ramdisk.id(), "quiet")
                                .build(),
                        file("direct", new byte[512]))
                .await(SimEngine.PATIENCE);

        refused(Conflict.class, () -> engine.compute().images().delete(kernel.id()));
        assertEquals(kernel, engine.compute().images().get(kernel.id()));
    }

    @Test
    void aHostOfAnUnknownDriverAddressOrProperty() {
        HostSpec.Builder host = HostSpec.builder("h2").connection("sim://h2");

        InvalidRequest driver = refused(
                InvalidRequest.class,
                () -> engine.compute().hosts().register(host.driver("vmware").build()));
        assertEquals("host.driver", driver.field());
        assertTrue(driver.remediation().contains("sim"), driver.remediation());
        refused(
                InvalidRequest.class,
                () -> engine.compute()
                        .hosts()
                        .register(host.driver("sim").property("colour", "blue").build()));
        assertEquals(1, engine.compute().hosts().list().size());
    }

    @Test
    void aHostRegisteredTwice() {
        refused(
                Conflict.class,
                () -> engine.compute().hosts().register(SimEngine.host("h1", "vcpus=8&memory-mib=16384&disk-gib=200")));
        assertEquals(1, engine.compute().hosts().list().size());
        assertFalse(engine.created("still-works").host().isEmpty());
    }

    @Test
    void aHostThatDoesNotAnswerIsNotRegistered() {
        engine.fleet().addHost("sim://h2?vcpus=8&memory-mib=16384&disk-gib=200");
        engine.host(2).powerFail();

        refused(
                HostUnreachable.class,
                () -> engine.compute().hosts().register(SimEngine.host("h2", "vcpus=8&memory-mib=16384&disk-gib=200")));
        assertEquals(1, engine.compute().hosts().list().size());
    }

    @Test
    void aHostInUseIsNotUnregistered() {
        Instance instance = engine.created("tenant");

        refused(Conflict.class, () -> engine.compute().hosts().unregister(HostId.of("h1")));
        engine.compute().instances().delete(instance.id()).await(SimEngine.PATIENCE);
        engine.compute().hosts().unregister(HostId.of("h1"));

        assertEquals(List.of(), engine.compute().hosts().list());
    }

    @Test
    void aBlankReasonOrATimeoutOfNothing() {
        refused(InvalidRequest.class, () -> engine.compute().hosts().disable(HostId.of("h1"), " "));
        refused(InvalidRequest.class, () -> engine.create("web-1").await(Duration.ZERO));
        refused(InvalidRequest.class, () -> engine.compute().instances().consoleLog(InstanceId.random(), 0));
    }

    @Test
    void anEngineWithoutDriverOrWithTheSameTwice() {
        refused(InvalidRequest.class, () -> ComputeEngine.builder().build());
        refused(
                InvalidRequest.class,
                () -> ComputeEngine.builder()
                        .driver(engine.fleet().driver())
                        .driver(engine.fleet().driver()));
    }

    @Test
    void aClosedEngineAcceptsNothing() {
        engine.compute().close();
        engine.compute().close();

        assertThrows(IllegalStateException.class, () -> engine.create("late"));
        assertNotEquals(0, engine.rows("host"));
    }

    private Path file(String name, byte[] content) {
        try {
            return Files.write(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <X extends ComputeException> X refused(Class<X> type, Runnable request) {
        X refused = assertThrows(type, request::run);
        assertFalse(refused.remediation().isBlank(), "says what to do");
        assertTrue(refused.getMessage().contains(refused.remediation()), "and shows it");
        return refused;
    }

    private void assertNothingCreated() {
        assertEquals(List.of(), engine.compute().instances().list());
        assertEquals(0, engine.rows("claim"));
        assertEquals(0, engine.fleet().disks());
        assertEquals(List.of(), engine.compute().runningOperations());
    }

    @Test
    void nobodysImagePassesForOneOfAnInstance() throws IOException {
        Path content = file("backup", new byte[512]);
        ImageSpec spec = ImageSpec.builder("backup", DiskFormat.RAW)
                .property("image_type", "backup")
                .property("instance_uuid", InstanceId.random().toString())
                .build();

        InvalidRequest refused =
                refused(InvalidRequest.class, () -> engine.compute().images().importFile(spec, content));

        assertEquals("image.properties.instance_uuid", refused.field());
    }
}
