package io.gantry.core.lifecycle;

import io.gantry.core.placement.Need;
import io.gantry.core.quota.QuotaBook;
import io.gantry.flavor.Flavor;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.quota.QuotaResource;
import io.gantry.spi.store.Transaction;
import io.gantry.unit.MemorySize;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What instances are charged to their projects' quotas. */
final class Charges {
    private static final String INSTANCES = "instances";
    private static final String CORES = "cores";
    private static final String RAM = "ram";
    private static final String METADATA_ITEMS = "metadata_items";

    private final QuotaBook quotas;

    Charges(QuotaBook quotas) {
        this.quotas = quotas;
    }

    /** Charges an instance that is to be made. */
    void charge(Transaction tx, CreateRequest request) {
        checkMetadata(tx, request.project(), request.user(), request.metadata());
        checkFiles(tx, request);
        charge(tx, request.id(), request.project(), request.user(), request.flavor());
    }

    private void checkFiles(Transaction tx, CreateRequest request) {
        Map<String, String> files = request.settings().files();
        check(tx, request, QuotaResource.INJECTED_FILES, files.size());
        files.forEach((path, content) -> {
            check(tx, request, QuotaResource.INJECTED_FILE_PATH_BYTES, path.getBytes(StandardCharsets.UTF_8).length);
            check(tx, request, QuotaResource.INJECTED_FILE_CONTENT_BYTES, Contents.bytes(content));
        });
    }

    private void check(Transaction tx, CreateRequest request, QuotaResource resource, long amount) {
        if (amount > 0) {
            quotas.check(tx, request.project(), request.user(), Map.of(resource.word(), amount));
        }
    }

    /** Charges an instance of this size. */
    private void charge(Transaction tx, InstanceId id, ProjectId project, UserId user, Flavor flavor) {
        quotas.charge(tx, Need.instance(id), project, user, of(flavor));
    }

    /** Tests whether an instance may have so many metadata items. */
    void checkMetadata(Transaction tx, ProjectId project, UserId user, Map<String, String> metadata) {
        quotas.check(tx, project, user, Map.of(METADATA_ITEMS, (long) metadata.size()));
    }

    /** Charges an instance of this size. */
    void charge(Transaction tx, Instance instance, Flavor flavor) {
        charge(tx, instance.id(), instance.project(), instance.user(), flavor);
    }

    /** Charges an instance for the larger of two sizes, as long as it may have either. */
    void chargeLarger(Transaction tx, Instance instance, Flavor one, Flavor other) {
        Map<String, Long> a = of(one);
        Map<String, Long> b = of(other);
        quotas.charge(
                tx,
                Need.instance(instance.id()),
                instance.project(),
                instance.user(),
                Map.of(
                        INSTANCES,
                        1L,
                        CORES,
                        Math.max(a.getOrDefault(CORES, 0L), b.getOrDefault(CORES, 0L)),
                        RAM,
                        Math.max(a.getOrDefault(RAM, 0L), b.getOrDefault(RAM, 0L))));
    }

    /** Charges an instance that is on no host. */
    void chargeOffloaded(Transaction tx, Instance instance) {
        quotas.charge(tx, Need.instance(instance.id()), instance.project(), instance.user(), Map.of(INSTANCES, 1L));
    }

    /** {@return how many instances of this size a caller may still create, up to a number} */
    int howManyFit(Transaction tx, Caller caller, Flavor flavor, int most) {
        return (int) quotas.howManyFit(tx, caller.project(), caller.user(), of(flavor), most);
    }

    /** Charges nothing any more. */
    void release(Transaction tx, InstanceId id) {
        quotas.release(tx, Need.instance(id));
    }

    private static Map<String, Long> of(Flavor flavor) {
        return Map.of(INSTANCES, 1L, CORES, (long) flavor.vcpus(), RAM, mebibytes(flavor.memory()));
    }

    private static long mebibytes(MemorySize size) {
        return (size.bytes() + (1L << 20) - 1) >> 20;
    }
}
