package io.gantry.core.reconcile;

import io.gantry.audit.Finding;
import io.gantry.audit.Finding.Kind;
import io.gantry.core.lifecycle.Services;
import io.gantry.core.placement.Demand;
import io.gantry.core.placement.LedgerAudit;
import io.gantry.core.placement.Need;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.QuotaChargeRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ResourceRef;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.store.Transaction;
import io.gantry.topology.PciAlias;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares the records with each other, in one transaction. */
final class StoreAudit {
    private final Services services;
    private final State state;

    StoreAudit(Services services) {
        this.services = services;
        this.state = services.state();
    }

    /** {@return the differences; repaired ones if that is asked for} */
    List<Finding> run(Transaction tx, boolean repair) {
        Snapshot snapshot = Snapshot.of(state, tx);
        List<Finding> findings = new ArrayList<>();
        tasks(tx, snapshot, findings, repair);
        claims(tx, snapshot, findings, repair);
        charges(tx, snapshot, findings, repair);
        findings.addAll(new ZoneAudit(state, services.zones(), snapshot).run(tx, repair));
        findings.addAll(new TopologyAudit(snapshot).run());
        findings.addAll(new GroupAudit(snapshot).run(state.serverGroups().readable(tx)));
        new LedgerAudit(state)
                .run(tx, repair)
                .forEach(drift -> findings.add(finding(
                        Kind.PROVIDER_USAGE,
                        new ResourceRef("provider", drift.provider()),
                        drift.resource() + " " + drift.claimed(),
                        drift.resource() + " " + drift.recorded(),
                        "set the usage to the sum of the claims",
                        repair)));
        services.quotas()
                .recount(tx, repair)
                .forEach(drift -> findings.add(finding(
                        Kind.QUOTA_COUNTER,
                        new ResourceRef("quota", drift.owner()),
                        drift.resource() + " " + drift.charged(),
                        drift.resource() + " " + drift.counted(),
                        "set the counter to the sum of the charges",
                        repair)));
        return findings;
    }

    private static Finding finding(
            Kind kind, ResourceRef resource, String expected, String found, String remedy, boolean repair) {
        return new Finding(kind, resource, Optional.empty(), expected, found, Optional.of(remedy), repair);
    }

    private void tasks(Transaction tx, Snapshot snapshot, List<Finding> findings, boolean repair) {
        for (InstanceRow row : snapshot.instances().values()) {
            boolean held = row.operation()
                            .filter(holder -> !snapshot.running().contains(holder))
                            .isPresent()
                    || row.next()
                            .filter(next -> !snapshot.running().contains(next))
                            .isPresent();
            if (held) {
                findings.add(finding(
                        Kind.STUCK_TASK,
                        row.instance().id().ref(),
                        "no task",
                        row.instance().task().map(Enum::name).orElse("an operation that is over"),
                        "free the instance",
                        repair));
                if (repair) {
                    state.instances()
                            .get(tx, row.instance().id().toString())
                            .ifPresent(entry -> state.instances()
                                    .update(
                                            tx,
                                            entry,
                                            row.with(
                                                    services.clock().instant(),
                                                    edit -> edit.next(Optional.empty())
                                                            .free())));
                }
            }
        }
    }

    private void claims(Transaction tx, Snapshot snapshot, List<Finding> findings, boolean repair) {
        for (ClaimRow claim : snapshot.claims()) {
            if (!snapshot.hasConsumer(claim)) {
                findings.add(finding(
                        Kind.CLAIM_WITHOUT_CONSUMER,
                        new ResourceRef("claim", claim.key()),
                        "no claim",
                        claim.amounts().toString(),
                        "release the claim",
                        repair));
                if (repair) {
                    services.ledger().release(tx, claim.consumer(), claim.host());
                }
            }
        }
        Set<String> held = snapshot.claims().stream()
                .map(claim -> claim.consumer() + "@" + claim.host())
                .collect(Collectors.toSet());
        for (InstanceRow row : snapshot.instances().values()) {
            row.instance()
                    .host()
                    .filter(host -> !snapshot.inMotion(row.instance().id()))
                    .filter(host -> !held.contains(Need.instance(row.instance().id()) + "@" + host))
                    .ifPresent(host -> {
                        PlacementRequest request = row.placement();
                        // Which CPUs and devices its guest has is known to its claim only.
                        boolean claimable = request.topology().isEmpty()
                                && !request.flavor().extraSpecs().containsKey(PciAlias.EXTRA_SPEC);
                        boolean claimed = repair
                                && claimable
                                && services.ledger()
                                        .claim(tx, Need.instance(row.instance().id()), host, Demand.of(request))
                                        .isEmpty();
                        if (claimed) {
                            row.instance()
                                    .group()
                                    .ifPresent(group -> services.ledger()
                                            .occupy(
                                                    tx,
                                                    Need.instance(row.instance().id()),
                                                    host,
                                                    new ClaimRow.GroupSlot(
                                                            group,
                                                            row.instance().id())));
                        }
                        findings.add(new Finding(
                                Kind.MISSING_CLAIM,
                                row.instance().id().ref(),
                                Optional.of(host),
                                "a claim",
                                "none",
                                claimable
                                        ? Optional.of("claim what the instance uses, if there is room")
                                        : Optional.empty(),
                                claimed));
                    });
        }
    }

    private void charges(Transaction tx, Snapshot snapshot, List<Finding> findings, boolean repair) {
        state.quotaCharges().all(tx).stream()
                .map(Table.Entry::value)
                .map(QuotaChargeRow::consumer)
                .filter(consumer -> Need.instanceOf(consumer)
                        .filter(id -> !snapshot.instances().containsKey(id))
                        .isPresent())
                .forEach(consumer -> {
                    findings.add(finding(
                            Kind.QUOTA_CHARGE,
                            new ResourceRef("charge", consumer),
                            "no charge",
                            "a charge",
                            "release the charge",
                            repair));
                    if (repair) {
                        services.quotas().release(tx, consumer);
                    }
                });
    }
}
