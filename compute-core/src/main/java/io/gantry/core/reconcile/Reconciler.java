package io.gantry.core.reconcile;

import io.gantry.audit.Audit;
import io.gantry.audit.Finding;
import io.gantry.audit.Finding.Kind;
import io.gantry.core.image.ImageCatalog;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.state.State;
import io.gantry.error.ComputeException;
import io.gantry.error.HostUnreachable;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.image.Image;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares store, ledger and hypervisors. What hosts say is compared with the records of before and of after they were
 * asked: a difference that is in both is one that no operation under way explains.
 */
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration CALL = Duration.ofMinutes(2);

    private final Services services;
    private final State state;

    /** Creates a reconciler. */
    public Reconciler(Services services) {
        this.services = services;
        this.state = services.state();
    }

    /** {@return all differences} */
    public Audit audit() {
        return run(false);
    }

    /** {@return all differences, after those were repaired of which it is provable whose the thing is} */
    public Audit repair() {
        return run(true);
    }

    private Audit run(boolean repair) {
        List<HostId> silent = new ArrayList<>();
        Set<Finding> before = hosts(silent);
        Set<Finding> after = hosts(silent);
        List<Finding> findings = new ArrayList<>();
        before.stream()
                .filter(after::contains)
                .map(finding -> repair ? repaired(finding) : finding)
                .forEach(findings::add);
        // A transaction that reads everything and could write would have to be alone in the store.
        List<Finding> records = state.read(tx -> new StoreAudit(services).run(tx, false));
        findings.addAll(
                repair && !records.isEmpty() ? state.transact(tx -> new StoreAudit(services).run(tx, true)) : records);
        findings.addAll(images(repair));
        findings.sort(Comparator.comparing(Finding::kind)
                .thenComparing(finding -> finding.resource().toString()));
        return new Audit(
                services.clock().instant(),
                findings,
                silent.stream().distinct().sorted().toList());
    }

    private Set<Finding> hosts(List<HostId> silent) {
        Snapshot snapshot = state.read(tx -> Snapshot.of(state, tx));
        Set<Finding> findings = new LinkedHashSet<>();
        HostAudit audit = new HostAudit(services.hosts(), snapshot);
        for (HostId host : snapshot.hosts().keySet()) {
            try {
                findings.addAll(audit.run(host));
            } catch (HostUnreachable e) {
                LOG.debug("Host {} did not answer the audit", host, e);
                silent.add(host);
            }
        }
        // By what is recorded now: what an operation began or ended meanwhile is no difference.
        Snapshot now = state.read(tx -> Snapshot.of(state, tx));
        findings.removeIf(finding -> moved(finding, snapshot, now));
        return findings;
    }

    private static boolean moved(Finding finding, Snapshot before, Snapshot now) {
        if (!finding.resource().kind().equals("instance")) {
            return false;
        }
        InstanceId id = InstanceId.of(finding.resource().id());
        return now.inMotion(id)
                || !Optional.ofNullable(before.instances().get(id))
                        .map(row -> row.epoch())
                        .equals(Optional.ofNullable(now.instances().get(id)).map(row -> row.epoch()));
    }

    private Finding repaired(Finding finding) {
        if (finding.repair().isEmpty() || finding.host().isEmpty()) {
            return finding;
        }
        InstanceId id = InstanceId.of(finding.resource().id());
        HostId host = finding.host().get();
        try {
            switch (finding.kind()) {
                case UNKNOWN_GUEST -> services.hosts().connection(host).deleteGuest(context(id), id);
                case LEAKED_DISK -> deleteDisks(host, id);
                case LEFTOVER -> services.sync().lookAtAll(host);
                default -> {
                    return finding;
                }
            }
            return finding.asRepaired();
        } catch (ComputeException e) {
            LOG.warn("{} on host {} was not repaired", finding.kind(), host, e);
            return finding;
        }
    }

    private void deleteDisks(HostId host, InstanceId id) {
        GuestDisks disks = services.hosts().connection(host).disks().orElseThrow();
        Snapshot now = state.read(tx -> Snapshot.of(state, tx));
        HostAudit audit = new HostAudit(services.hosts(), now);
        for (GuestDisk disk : disks.list()) {
            if (disk.instance().equals(id) && audit.isLeaked(host, disk, disks.storageId())) {
                disks.delete(context(id), disk);
            }
        }
    }

    private CallContext context(InstanceId id) {
        long epoch = state.read(tx -> state.instances().get(tx, id.toString()))
                .map(entry -> entry.value().epoch())
                .orElse(Long.MAX_VALUE);
        return new CallContext(OperationId.random(), epoch, CALL);
    }

    /** Images that shelved instances were kept as, and that nobody needs any more. */
    private List<Finding> images(boolean repair) {
        List<Image> shelves = services.images().list().stream()
                .filter(image -> "shelf".equals(image.properties().get(ImageCatalog.TYPE)))
                .filter(image -> image.properties().containsKey(ImageCatalog.INSTANCE))
                .toList();
        Snapshot snapshot = state.read(tx -> Snapshot.of(state, tx));
        List<Finding> findings = new ArrayList<>();
        for (Image image : shelves) {
            InstanceId owner = InstanceId.of(image.properties().getOrDefault(ImageCatalog.INSTANCE, ""));
            boolean needed = snapshot.inMotion(owner)
                    || Optional.ofNullable(snapshot.instances().get(owner))
                            .flatMap(row -> row.shelf())
                            .equals(Optional.of(image.id()));
            if (!needed) {
                if (repair) {
                    services.images().remove(image.id());
                }
                findings.add(new Finding(
                        Kind.LEAKED_IMAGE,
                        new ResourceRef("image", image.id().toString()),
                        Optional.empty(),
                        "no image",
                        "the shelf of instance " + owner,
                        Optional.of("remove the image"),
                        repair));
            }
        }
        return findings;
    }
}
