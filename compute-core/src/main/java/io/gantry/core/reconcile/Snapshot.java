package io.gantry.core.reconcile;

import io.gantry.core.placement.Need;
import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.LeftoverRow;
import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The records at one moment.
 *
 * @param instances all instances
 * @param running the operations that have not ended
 * @param worked what running operations work on
 * @param movers the consumers of claims that are moves: running ones, and those to be confirmed or reverted
 * @param claims all claims
 * @param byHost the instances by the host that they are on
 * @param hosts all hosts
 * @param leftovers what is still to be removed from hosts
 * @param gone instances that are known to be gone
 */
record Snapshot(
        Map<InstanceId, InstanceRow> instances,
        Set<OperationId> running,
        Set<ResourceRef> worked,
        Set<String> movers,
        List<ClaimRow> claims,
        Map<HostId, List<InstanceRow>> byHost,
        Map<HostId, HostRow> hosts,
        List<LeftoverRow> leftovers,
        Set<InstanceId> gone) {
    static Snapshot of(State state, Transaction tx) {
        Map<InstanceId, InstanceRow> instances = values(state.instances().all(tx))
                .collect(Collectors.toMap(row -> row.instance().id(), Function.identity()));
        List<OperationRow> running =
                values(state.operations().find(tx, "ended", "false")).toList();
        Stream<OperationId> resizes = instances.values().stream()
                .flatMap(row -> row.resized().stream())
                .map(InstanceRow.Resized::operation);
        return new Snapshot(
                instances,
                running.stream().map(OperationRow::id).collect(Collectors.toSet()),
                running.stream().map(OperationRow::resource).collect(Collectors.toSet()),
                Stream.concat(running.stream().map(OperationRow::id), resizes)
                        .map(Need::migration)
                        .collect(Collectors.toSet()),
                values(state.claims().all(tx)).toList(),
                instances.values().stream()
                        .filter(row -> row.instance().host().isPresent())
                        .collect(Collectors.groupingBy(
                                row -> row.instance().host().orElseThrow())),
                values(state.hosts().all(tx)).collect(Collectors.toMap(HostRow::id, Function.identity())),
                values(state.leftovers().all(tx)).toList(),
                values(state.tombstones().all(tx)).map(row -> row.instance()).collect(Collectors.toSet()));
    }

    private static <R> Stream<R> values(List<Table.Entry<R>> entries) {
        return entries.stream().map(Table.Entry::value);
    }

    /** {@return whether something is being done to an instance, so that nothing about it is sure} */
    boolean inMotion(InstanceId id) {
        return Optional.ofNullable(instances.get(id)).filter(Snapshot::inMotion).isPresent()
                || worked.contains(id.ref());
    }

    private static boolean inMotion(InstanceRow row) {
        return row.operation().isPresent()
                || row.next().isPresent()
                || row.moveTo().isPresent();
    }

    /** {@return whether a guest of an instance may be on a host} */
    static boolean belongs(InstanceRow row, HostId host) {
        return row.instance().host().equals(Optional.of(host))
                || row.resized()
                        .filter(resized -> resized.source().equals(host))
                        .isPresent();
    }

    /** {@return whether a claim has somebody whose it is} */
    boolean hasConsumer(ClaimRow claim) {
        return Need.instanceOf(claim.consumer())
                .map(id -> Optional.ofNullable(instances.get(id))
                        .filter(row -> inMotion(id) || belongs(row, claim.host()))
                        .isPresent())
                .orElseGet(() -> movers.contains(claim.consumer()));
    }
}
