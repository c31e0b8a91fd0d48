package io.gantry.core.image;

import io.gantry.core.identity.AccessControl;
import io.gantry.core.operation.Admission;
import io.gantry.core.operation.OperationEngine;
import io.gantry.core.operation.OperationKind;
import io.gantry.core.operation.StepContext;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.error.UnexpectedFailure;
import io.gantry.identity.Caller;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.driver.ImageSource;
import io.gantry.spi.image.ImageStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The images of an engine, over an image store. */
public final class ImageCatalog {
    /** The property that says what an image was made for, by Glance's name. */
    public static final String TYPE = "image_type";

    /** The property that says which instance an image was made of, by Glance's name; only the engine sets it. */
    public static final String INSTANCE = "instance_uuid";

    private final ImageStore store;
    private final OperationEngine operations;
    private final OperationKind<ImportSaga.Request, Image> importing;

    /** Creates a catalog. */
    public ImageCatalog(ImageStore store, OperationEngine operations) {
        this.store = store;
        this.operations = operations;
        this.importing = operations.register(new OperationKind<>(
                ImportSaga.VERB,
                ImportSaga.Request.class,
                Image.class,
                request -> new ImportSaga(request, store, this::get)));
    }

    /** Copies a file into the image store. */
    public Operation<Image> importFile(Caller caller, ImageSpec spec, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new InvalidRequest("image.file", file, "is no readable file", "Give the path of the image's content");
        }
        // By it backups are counted and shelves removed: nobody else's images may pass for those of an instance.
        if (spec.properties().containsKey(INSTANCE)) {
            throw new InvalidRequest(
                    "image.properties." + INSTANCE,
                    spec.properties().get(INSTANCE),
                    "is set for images of instances only",
                    "Leave it out, or use another property");
        }
        ImportSaga.Request request = ImportSaga.Request.of(ImageId.random(), spec, file);
        return operations.submit(
                importing, request, caller, RequestOptions.none(), request, (tx, operation) -> Admission.free());
    }

    /**
     * {@return an image}
     *
     * @throws NotFound if there is none
     */
    public Image get(ImageId id) {
        return store.find(id).orElseThrow(() -> AccessControl.unknown(id.ref()));
    }

    /** {@return all images, by name} */
    public List<Image> list() {
        return store.list().stream()
                .sorted(Comparator.comparing(Image::name)
                        .thenComparing(image -> image.id().toString()))
                .toList();
    }

    /** Removes an image that no other one boots with. */
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
        remove(id);
    }

    /** Removes an image; does nothing if it is not there. */
    public void remove(ImageId id) {
        try {
            store.remove(id);
        } catch (IOException e) {
            throw new UnexpectedFailure(id.ref(), "Removing an image", e);
        }
    }

    /** Stores an image that a step makes, and reports how far it is. */
    public void add(ImageId id, ImageSpec spec, InputStream content, StepContext context, long size)
            throws IOException {
        store.add(id, spec, new ReportingStream(content, context, Math.max(1, size)));
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
}
