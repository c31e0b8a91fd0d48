package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.scheduler.filters.ImagePropertiesWeigher;
import io.gantry.spi.scheduler.WeightedWeigher;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances whose images are alike go to the same hosts, if a weigher asks for that. */
final class LikeImagesTest {
    @TempDir
    Path directory;

    private static ComputeEngineBuilder together(ComputeEngineBuilder builder) {
        return builder.weighers(
                List.of(new WeightedWeigher(new ImagePropertiesWeigher(Map.of("os_distro", 1.0)), 1.0)));
    }

    private static Instance create(SimEngine engine, String name, ImageId image) {
        return engine.compute()
                .instances()
                .create(engine.spec(name).image(image).build())
                .await(SimEngine.PATIENCE);
    }

    private static Instance createOn(SimEngine engine, int host, String name, ImageId image) {
        return engine.compute()
                .instances()
                .create(engine.spec(name)
                        .image(image)
                        .host(HostId.of("h" + host))
                        .build())
                .await(SimEngine.PATIENCE);
    }

    @Test
    void likeImagesMeet() {
        try (SimEngine engine = SimEngine.open(directory, 3, LikeImagesTest::together)) {
            ImageId debian = engine.image(Map.of("os_distro", "debian"));
            ImageId windows = engine.image(Map.of("os_distro", "windows"));
            createOn(engine, 3, "debian", debian);
            Instance first = createOn(engine, 2, "windows", windows);

            assertEquals(
                    Optional.of(HostId.of("h3")),
                    create(engine, "debian-2", debian).host());
            assertEquals(
                    Optional.of(HostId.of("h2")),
                    create(engine, "windows-2", windows).host());

            createOn(engine, 1, "windows-3", windows);
            createOn(engine, 1, "windows-4", windows);
            engine.compute().instances().delete(first.id()).await(SimEngine.PATIENCE);
            assertEquals(
                    Optional.of(HostId.of("h1")),
                    create(engine, "windows-5", windows).host(),
                    "one that is deleted does not count");
        }
    }

    @Test
    void theImagesOfInstancesThatAreThereAlreadyCount() {
        try (SimEngine engine = SimEngine.open(directory, 3)) {
            ImageId debian = engine.image(Map.of("os_distro", "debian"));
            createOn(engine, 3, "debian", debian);

            try (SimEngine later = engine.another(LikeImagesTest::together)) {
                assertEquals(
                        Optional.of(HostId.of("h3")),
                        create(later, "debian-2", debian).host());
            }
        }
    }
}
