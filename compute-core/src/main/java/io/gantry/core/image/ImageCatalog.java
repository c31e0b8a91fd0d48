package io.gantry.core.image;

import io.gantry.core.operation.Lane;
import io.gantry.core.operation.OperationEngine;
import io.gantry.core.operation.Saga;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.error.UnexpectedFailure;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.image.Images;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.image.ImageStore;
import io.gantry.spi.store.Transaction;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The images of an engine, over an image store. */
public final class ImageCatalog implements Images {
    private final ImageStore store;
    private final OperationEngine operations;

    /** Creates a catalog. */
    public ImageCatalog(ImageStore store, OperationEngine operations) {
        this.store = store;
        this.operations = operations;
    }

    @Override
    public Operation<Image> importFile(ImageSpec spec, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new InvalidRequest("image.file", file, "is no readable file", "Give the path of the image's content");
        }
        ImageId id = ImageId.random();
        return operations.submit(file, RequestOptions.none(), (tx, operation) -> new ImportSaga(id, spec, file));
    }

    @Override
    public Image get(ImageId id) {
        return store.find(id).orElseThrow(() -> new NotFound(id.ref(), "List the images with compute.images().list()"));
    }

    @Override
    public List<Image> list() {
        return store.list().stream()
                .sorted(Comparator.comparing(Image::name)
                        .thenComparing(image -> image.id().toString()))
                .toList();
    }

    @Override
    public void delete(ImageId id) {
        get(id);
        store.list().stream()
                .filter(image -> image.properties().containsValue(id.toString()))
                .findFirst()
                .ifPresent(user -> {
                    throw new Conflict(
                            id.ref(),
                            "Image " + user.name() + " (" + user.id() + ") boots with it",
                            "Delete that one first");
                });
        try {
            store.remove(id);
        } catch (IOException e) {
            throw new UnexpectedFailure(id.ref(), "Removing an image", e);
        }
    }

    /** {@return an image with the way to its content} */
    public ImageSource source(Image image) {
        return new ImageSource() {
            @Override
            public Image image() {
                return image;
            }

            @Override
            public InputStream open() throws IOException {
                return store.open(image.id());
            }
        };
    }

    /** Copies a file into the store. */
    private final class ImportSaga implements Saga<Image>, Step {
        private final ImageId id;
        private final ImageSpec spec;
        private final Path file;
        private volatile @Nullable Image image;

        ImportSaga(ImageId id, ImageSpec spec, Path file) {
            this.id = id;
            this.spec = spec;
            this.file = file;
        }

        @Override
        public String verb() {
            return "import-image";
        }

        @Override
        public ResourceRef resource() {
            return id.ref();
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
            long size = Math.max(1, Files.size(file));
            try (InputStream in = new ReportingStream(Files.newInputStream(file), context, size)) {
                image = store.add(id, spec, in);
            }
        }

        @Override
        public void undo(StepContext context) throws IOException {
            store.remove(id);
        }

        @Override
        public Image succeed(Transaction tx, StepContext context) {
            Image added = image;
            if (added == null) {
                throw new IllegalStateException("The image was not copied");
            }
            return added;
        }

        @Override
        public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
            // The store alone knows of the image, and the step's undoing has removed it there.
        }
    }

    /** Reports how much was read, and ends when the owner cancels. */
    private static final class ReportingStream extends FilterInputStream {
        private static final int STEP_PERCENT = 5;

        private final StepContext context;
        private final long size;
        private long done;
        private long reported;

        ReportingStream(InputStream in, StepContext context, long size) {
            super(in);
            this.context = context;
            this.size = size;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            advance(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            advance(Math.max(0, count));
            return count;
        }

        private void advance(int count) {
            context.checkCancelled();
            done += count;
            long percent = Math.min(100, done * 100 / size);
            if (percent >= reported + STEP_PERCENT) {
                reported = percent;
                context.progress((int) percent);
            }
        }
    }
}
