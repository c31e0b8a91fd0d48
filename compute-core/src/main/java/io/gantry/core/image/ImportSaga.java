package io.gantry.core.image;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.Saga;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.error.ComputeException;
import io.gantry.error.ResourceRef;
import io.gantry.image.DiskFormat;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.spi.image.ImageStore;
import io.gantry.spi.store.Transaction;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Copies a file into the image store. */
final class ImportSaga implements Saga<Image>, Step {
    static final String VERB = "import-image";

    private static final String IMAGE = "image";

    private final Request request;
    private final ImageStore store;
    private final Function<ImageId, Image> images;

    /**
     * What is asked.
     *
     * @param id the id of the image to be
     * @param name its name
     * @param format the format of the content
     * @param minMemory the least memory that a flavor must have
     * @param minDisk the least root disk that a flavor must have
     * @param properties the image's properties
     * @param file the content
     */
    record Request(
            ImageId id,
            String name,
            DiskFormat format,
            MemorySize minMemory,
            DiskSize minDisk,
            Map<String, String> properties,
            String file) {
        static Request of(ImageId id, ImageSpec spec, Path file) {
            return new Request(
                    id,
                    spec.name(),
                    spec.format(),
                    spec.minMemory(),
                    spec.minDisk(),
                    spec.properties(),
                    file.toAbsolutePath().toString());
        }

        ImageSpec spec() {
            ImageSpec.Builder spec =
                    ImageSpec.builder(name, format).minMemory(minMemory).minDisk(minDisk);
            properties.forEach(spec::property);
            return spec.build();
        }
    }

    ImportSaga(Request request, ImageStore store, Function<ImageId, Image> images) {
        this.request = request;
        this.store = store;
        this.images = images;
    }

    @Override
    public ResourceRef resource() {
        return request.id().ref();
    }

    @Override
    public List<Step> steps() {
        return List.of(this);
    }

    @Override
    public boolean cancellable() {
        return true;
    }

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public Lane lane(StepContext context) {
        return new Lane.Waiting();
    }

    @Override
    public void run(StepContext context) throws IOException {
        Path file = Path.of(request.file());
        long size = Math.max(1, Files.size(file));
        try (InputStream in = new ReportingStream(Files.newInputStream(file), context, size)) {
            context.record(IMAGE, store.add(request.id(), request.spec(), in));
        }
    }

    @Override
    public void undo(StepContext context) throws IOException {
        store.remove(request.id());
    }

    @Override
    public Image succeed(Transaction tx, StepContext context) {
        return context.recorded(IMAGE, Image.class).orElseGet(() -> images.apply(request.id()));
    }

    @Override
    public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
        // The store alone knows of the image, and the step's undoing has removed it there.
    }
}
