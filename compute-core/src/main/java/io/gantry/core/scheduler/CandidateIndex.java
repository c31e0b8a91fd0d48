package io.gantry.core.scheduler;

import io.gantry.host.HostId;
import io.gantry.spi.scheduler.HostView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * The hosts of an engine, in memory, as filters and weighers see them: what decisions are made from without reading the
 * store. It may lag behind the store, which has the last word in the claim's transaction. Safe for use by many threads.
 */
public final class CandidateIndex {
    private final CandidateTable table = new CandidateTable();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Creates an index without hosts. */
    public CandidateIndex() {}

    /** Adds a host, or replaces it. */
    public void put(HostView view) {
        change(() -> table.put(view));
    }

    /** Removes a host, if it is there. */
    public void remove(HostId host) {
        change(() -> table.remove(host));
    }

    /** Replaces all hosts. */
    public void load(Collection<HostView> hosts) {
        change(() -> table.load(hosts));
    }

    /** {@return a host; empty if it is not there} */
    public Optional<HostView> get(HostId host) {
        return read(rows -> rows.get(host));
    }

    /** {@return all hosts, by id} */
    public List<HostView> views() {
        return read(rows -> {
            List<HostView> views = new ArrayList<>(rows.size());
            for (int row = 0; row < rows.size(); row++) {
                views.add(rows.view(row));
            }
            return views;
        });
    }

    /** {@return all hosts, by id, some of them as others see them} */
    public List<HostView> views(Map<HostId, HostView> overrides) {
        Map<HostId, HostView> hosts = new TreeMap<>();
        views().forEach(view -> hosts.put(view.id(), view));
        hosts.putAll(overrides);
        return List.copyOf(hosts.values());
    }

    /** {@return how many hosts there are} */
    public int size() {
        return read(CandidateTable::size);
    }

    /** {@return what a function yields while no host changes; it is to be brief, since changes wait for it} */
    <T> T read(Function<CandidateTable, T> work) {
        lock.readLock().lock();
        try {
            return work.apply(table);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void change(Runnable work) {
        lock.writeLock().lock();
        try {
            work.run();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
