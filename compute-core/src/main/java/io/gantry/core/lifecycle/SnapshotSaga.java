package io.gantry.core.lifecycle;

import io.gantry.core.image.ImageCatalog;
import io.gantry.core.operation.Step;
import io.gantry.core.operation.StepContext;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.InstanceId;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes an image of an instance's disk, and for a backup deletes older ones. The instance stays as it is. */
final class SnapshotSaga extends InstanceSaga<Image> {
    private static final String TYPE = "backup_type";
    private static final String IMAGE = "image";

    private final Request request;

    /**
     * What is asked.
     *
     * @param id the instance
     * @param image the id of the image to be
     * @param name its name
     * @param backup the kind of backup; empty for an image that is kept for good
     * @param rotation how many backups of the kind are kept
     */
    record Request(InstanceId id, ImageId image, String name, Optional<String> backup, int rotation) {
        Verb verb() {
            return backup.isPresent() ? Verb.BACKUP : Verb.CREATE_IMAGE;
        }
    }

    SnapshotSaga(Services services, Request request) {
        super(services, request.verb().word(), request.id());
        this.request = request;
    }

    @Override
    public List<Step> steps() {
        Map<String, String> properties = request.backup()
                .map(type -> Map.of(ImageCatalog.TYPE, "backup", TYPE, type))
                .orElse(Map.of(ImageCatalog.TYPE, "snapshot"));
        List<Step> steps = new ArrayList<>(
                new ImageUpload(services, id, request.image(), request.name(), properties, this::host, this::disks)
                        .steps());
        steps.add(GuestStep.waiting(
                        "note-image",
                        context -> context.record(IMAGE, services.images().get(request.image())))
                .committing());
        if (request.backup().isPresent()) {
            steps.add(GuestStep.waiting("rotate-backups", this::rotate));
        }
        return steps;
    }

    private void rotate(StepContext context) {
        List<Image> backups = services.images().list().stream()
                .filter(image -> id.toString().equals(image.properties().get(ImageCatalog.INSTANCE)))
                .filter(image -> request.backup()
                        .equals(Optional.ofNullable(image.properties().get(TYPE))))
                .sorted(Comparator.comparing(Image::createdAt).reversed())
                .toList();
        backups.stream()
                .skip(request.rotation())
                .forEach(image -> services.images().remove(image.id()));
    }

    @Override
    public Image succeed(Transaction tx, StepContext context) {
        rows.change(tx, id, edit -> edit.fault(Optional.empty()).free());
        return context.recorded(IMAGE, Image.class).orElseThrow();
    }
}
