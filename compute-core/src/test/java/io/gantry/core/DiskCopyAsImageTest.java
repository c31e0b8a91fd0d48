package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.driver.sim.SimDriver;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.image.ImageSpec;
import io.gantry.instance.Instance;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a simulated driver copies of a disk is an image that the image store takes, with the disk's content. */
class DiskCopyAsImageTest {
    private static final HostListener DEAF = new HostListener() {
        @Override
        public void onGuestEvent(GuestEvent event) {}

        @Override
        public void onDisconnected(String reason) {}

        @Override
        public void onConnected() {}
    };

    @TempDir
    private Path directory;

    @Test
    void instanceOfImageMadeOfCopyHasItsDisk() throws IOException {
        try (SimEngine engine = SimEngine.open(directory, 2)) {
            Instance instance = engine.createdOn(1, "original");
            engine.fleet().guest(instance.id()).disk().write(12, 144);
            Path file = directory.resolve("copy");
            DiskCopy copy = download(engine, instance, file);
            engine.fleet().guest(instance.id()).disk().write(12, 145);

            Image image = engine.compute()
                    .images()
                    .importFile(ImageSpec.builder("snapshot", copy.format()).build(), file)
                    .await(SimEngine.PATIENCE);
            Instance twin = engine.compute()
                    .instances()
                    .create(engine.spec("twin")
                            .image(image.id())
                            .host(HostId.of("h2"))
                            .build())
                    .await(SimEngine.PATIENCE);

            assertEquals(144, engine.fleet().guest(twin.id()).disk().read(12));
        }
    }

    private static DiskCopy download(SimEngine engine, Instance instance, Path file) throws IOException {
        HostEndpoint h1 = new HostEndpoint(HostId.of("h1"), URI.create("sim://h1"), Map.of());
        try (SimDriver driver = engine.fleet().driver();
                HostConnection host = driver.connect(h1, DEAF)) {
            GuestDisks disks = host.disks().orElseThrow();
            CallContext context = new CallContext(OperationId.random(), 1, SimEngine.PATIENCE);
            DiskCopy copy = disks.copy(context, instance.id(), "snapshot");
            try (InputStream content = disks.open(instance.id(), "snapshot")) {
                Files.copy(content, file);
            }
            return copy;
        }
    }
}
