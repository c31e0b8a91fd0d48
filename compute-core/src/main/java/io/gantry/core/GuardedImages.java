package io.gantry.core;

import io.gantry.core.image.ImageCatalog;
import io.gantry.error.ResourceRef;
import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.image.ImageSpec;
import io.gantry.image.Images;
import io.gantry.operation.Operation;
import java.nio.file.Path;
import java.util.List;

/** The images as far as a caller may see and change them. */
final class GuardedImages implements Images {
    private final ImageCatalog images;
    private final Guard guard;
    private final Caller caller;

    GuardedImages(ImageCatalog images, Guard guard, Caller caller) {
        this.images = images;
        this.guard = guard;
        this.caller = caller;
    }

    @Override
    public Operation<Image> importFile(ImageSpec spec, Path file) {
        guard.require(Action.IMAGE_WRITE, new ResourceRef("image", spec.name()));
        return images.importFile(caller, spec, file);
    }

    @Override
    public Image get(ImageId id) {
        guard.require(Action.IMAGE_READ, id.ref());
        return images.get(id);
    }

    @Override
    public List<Image> list() {
        guard.require(Action.IMAGE_READ, new ResourceRef("image", "*"));
        return images.list();
    }

    @Override
    public void delete(ImageId id) {
        guard.require(Action.IMAGE_WRITE, id.ref());
        images.delete(id);
    }
}
