package io.gantry.jmh.fleet;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.OperationRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.driver.sim.SimFleet;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.VmState;
import io.gantry.spi.driver.GuestState;
import io.gantry.store.jdbc.JdbcStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** What the store says, read without an engine, and whether it fits what nodes promised and hosts have. */
final class Books implements AutoCloseable {
    private final JdbcStore store;
    private final State state;

    Books(String url) {
        this.store = JdbcStore.postgres(url, "postgres", "postgres");
        this.state = new State(store, new Random());
    }

    /** {@return the operations that a node has and that have not ended} */
    Set<String> running(String node) {
        return state.read(tx -> state.operations().find(tx, "owner", node)).stream()
                .map(entry -> entry.value().id().toString())
                .collect(Collectors.toSet());
    }

    /** {@return how many operations have not ended, whoever has them} */
    int running() {
        return state.read(tx -> state.operations().find(tx, "ended", "false")).size();
    }

    /** {@return those of some operations that have not ended, whoever has them} */
    List<String> unended(Set<String> operations) {
        return state.read(tx -> operations.stream()
                .filter(id -> state.operations()
                        .get(tx, id)
                        .map(Table.Entry::value)
                        .filter(row -> !row.status().ended())
                        .isPresent())
                .toList());
    }

    /** {@return how the operations of which the store still has a record ended, of those that did not succeed} */
    List<String> unsuccessful(Set<String> operations) {
        return state.read(tx -> state.operations().readable(tx)).stream()
                .filter(row -> operations.contains(row.id().toString()))
                .filter(row -> !row.status().name().equals("SUCCEEDED"))
                .map(OperationRow::toString)
                .toList();
    }

    /**
     * {@return what is wrong}
     *
     * @param promised the instances whose creates were acknowledged
     */
    List<String> check(SimFleet fleet, Set<String> promised) {
        List<String> problems = new ArrayList<>();
        Map<InstanceId, HostId> recorded = new HashMap<>();
        for (InstanceRow row : state.read(tx -> state.instances().readable(tx))) {
            if (row.instance().state() != VmState.ACTIVE
                    || row.operation().isPresent()
                    || row.instance().host().isEmpty()) {
                problems.add("instance " + row.instance().id() + " is "
                        + row.instance().state() + " with task "
                        + row.instance().task() + " and fault " + row.instance().fault() + " on "
                        + row.instance().host());
            }
            row.instance().host().ifPresent(host -> recorded.put(row.instance().id(), host));
        }
        promised.stream()
                .filter(id -> !recorded.containsKey(InstanceId.of(id)))
                .forEach(id -> problems.add("instance " + id + " was acknowledged and is lost"));
        guests(fleet, recorded, problems);
        claims(recorded, problems);
        return problems;
    }

    private static void guests(SimFleet fleet, Map<InstanceId, HostId> recorded, List<String> problems) {
        Map<InstanceId, String> seen = new HashMap<>();
        for (String host : fleet.hosts()) {
            for (GuestState guest : fleet.host(host).guests()) {
                String other = seen.put(guest.id(), host);
                if (other != null) {
                    problems.add("instance " + guest.id() + " has guests on " + other + " and " + host);
                }
                HostId where = recorded.get(guest.id());
                if (where == null || !where.value().equals(host)) {
                    problems.add("guest " + guest.id() + " on " + host + " is recorded on " + where);
                }
            }
        }
        recorded.keySet().stream()
                .filter(id -> !seen.containsKey(id))
                .forEach(id -> problems.add("instance " + id + " has no guest"));
    }

    private void claims(Map<InstanceId, HostId> recorded, List<String> problems) {
        Map<String, Map<String, Long>> sums = new HashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, HostId> holders = new HashMap<>();
        for (ClaimRow claim : state.read(tx -> state.claims().readable(tx))) {
            numbers.merge(claim.provider(), 1, Integer::sum);
            Map<String, Long> sum = sums.computeIfAbsent(claim.provider(), provider -> new HashMap<>());
            claim.amounts().forEach((resource, amount) -> sum.merge(resource, amount, Long::sum));
            if (holders.put(claim.consumer(), claim.host()) != null) {
                problems.add(claim.consumer() + " holds two claims");
            }
        }
        recorded.forEach((id, host) -> {
            if (!host.equals(holders.remove("instance:" + id))) {
                problems.add("instance " + id + " holds no claim on " + host);
            }
        });
        holders.keySet().forEach(consumer -> problems.add(consumer + " holds a claim and is no instance"));
        for (ProviderRow provider : state.read(tx -> state.providers().readable(tx))) {
            Map<String, Long> sum = sums.getOrDefault(provider.id(), Map.of());
            boolean same = provider.claims() == numbers.getOrDefault(provider.id(), 0)
                    && provider.used().entrySet().stream()
                            .allMatch(used -> used.getValue().equals(sum.getOrDefault(used.getKey(), 0L)))
                    && sum.entrySet().stream().allMatch(part -> provider.usedOf(part.getKey()) == part.getValue());
            if (!same) {
                problems.add("provider " + provider.id() + " says " + provider.used() + ", its claims " + sum);
            }
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
