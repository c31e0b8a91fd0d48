package io.gantry.core.placement;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.HostRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.store.Transaction;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.List;
import java.util.Optional;

/**
 * Who holds what on which host. Claims change in the caller's transaction, together with whatever else must be true at
 * the same time; each change raises the host row's version, so that two claims on one host never miss each other.
 */
public final class Ledger {
    private final State state;

    /**
     * Creates a ledger.
     *
     * @param state where it is kept
     */
    public Ledger(State state) {
        this.state = state;
    }

    /**
     * Claims room on a host.
     *
     * @return why the host lacks the room; empty if the claim was made
     * @throws NotFound if the host is not registered
     */
    public Optional<Verdict> claim(Transaction tx, String consumer, HostId host, Need need) {
        Table.Entry<HostRow> entry = host(tx, host);
        HostRow row = entry.value();
        Optional<Verdict> lack = lack(row, need);
        if (lack.isEmpty()) {
            state.claims().insert(tx, new ClaimRow(consumer, host, need.vcpus(), need.memory(), need.disk()));
            state.hosts().update(tx, entry, row.withUsage(plus(row.usage(), need, 1)));
        }
        return lack;
    }

    /** Releases what a consumer holds on a host; does nothing if it holds nothing there. */
    public void release(Transaction tx, String consumer, HostId host) {
        state.claims().get(tx, consumer + "@" + host).ifPresent(claim -> {
            state.claims().delete(tx, claim);
            ClaimRow held = claim.value();
            Table.Entry<HostRow> entry = host(tx, host);
            HostRow row = entry.value();
            Need need = new Need(held.vcpus(), held.memory(), held.disk());
            state.hosts().update(tx, entry, row.withUsage(plus(row.usage(), need, -1)));
        });
    }

    /** Releases what a consumer holds anywhere. */
    public void releaseAll(Transaction tx, String consumer) {
        claims(tx, consumer).forEach(claim -> release(tx, consumer, claim.host()));
    }

    /** Passes a claim from one consumer to another; the host stays charged as it was. */
    public void pass(Transaction tx, String from, String to, HostId host) {
        state.claims().get(tx, from + "@" + host).ifPresent(claim -> {
            state.claims().delete(tx, claim);
            ClaimRow held = claim.value();
            state.claims().insert(tx, new ClaimRow(to, host, held.vcpus(), held.memory(), held.disk()));
        });
    }

    /** {@return what a consumer holds} */
    public List<ClaimRow> claims(Transaction tx, String consumer) {
        return state.claims().find(tx, "consumer", consumer).stream()
                .map(Table.Entry::value)
                .toList();
    }

    /** {@return whether anybody holds anything on a host} */
    public boolean isUsed(Transaction tx, HostId host) {
        return !state.claims().find(tx, "host", host.value()).isEmpty();
    }

    private Table.Entry<HostRow> host(Transaction tx, HostId host) {
        return state.hosts()
                .get(tx, host.value())
                .orElseThrow(() -> new NotFound(host.ref(), "List the hosts with compute.hosts().list()"));
    }

    private static Optional<Verdict> lack(HostRow row, Need need) {
        HostView view = row.toView(HostState.UP);
        if (need.vcpus() > view.freeVcpus()) {
            return Optional.of(Verdict.reject("VCPU", need.vcpus() + " vCPU", view.freeVcpus() + " vCPU free"));
        }
        if (need.memory().bytes() > view.freeMemory()) {
            return Optional.of(Verdict.reject("MEMORY", need.memory().toString(), free(view.freeMemory())));
        }
        if (need.disk().bytes() > view.freeDisk()) {
            return Optional.of(Verdict.reject("DISK", need.disk().toString(), free(view.freeDisk())));
        }
        return Optional.empty();
    }

    private static String free(long bytes) {
        return new MemorySize(Math.max(0, bytes)) + " free";
    }

    private static HostUsage plus(HostUsage usage, Need need, int sign) {
        return new HostUsage(
                usage.instances() + sign,
                usage.vcpus() + sign * need.vcpus(),
                new MemorySize(usage.memory().bytes() + sign * need.memory().bytes()),
                new DiskSize(usage.disk().bytes() + sign * need.disk().bytes()));
    }
}
