package io.gantry.tck;

import io.gantry.host.HostState;
import io.gantry.spi.scheduler.HostTable;
import io.gantry.spi.scheduler.HostView;
import java.util.List;
import java.util.stream.IntStream;

/** The hosts of samples as columns. */
final class SampleTable implements HostTable {
    private final List<HostView> hosts;

    SampleTable(List<SchedulerSample> samples) {
        this.hosts = samples.stream().map(SchedulerSample::host).toList();
    }

    /** {@return rows, as others leave them that were asked before} */
    int[] everyThird() {
        return IntStream.range(0, hosts.size()).filter(row -> row % 3 != 1).toArray();
    }

    @Override
    public int size() {
        return hosts.size();
    }

    @Override
    public HostView view(int row) {
        return hosts.get(row);
    }

    @Override
    public boolean available(int row) {
        return view(row).state() == HostState.UP && view(row).disabledReason().isEmpty();
    }

    /** Each host is a platform of its own, which is allowed. */
    @Override
    public int platform(int row) {
        return row;
    }

    @Override
    public int platforms() {
        return hosts.size();
    }

    @Override
    public HostView example(int platform) {
        return view(platform);
    }

    @Override
    public int zone(int row) {
        return zoneNumber(view(row).zone());
    }

    @Override
    public int zoneNumber(String name) {
        return hosts.stream().map(HostView::zone).distinct().toList().indexOf(name);
    }

    @Override
    public long vcpus(int row) {
        return view(row).inventory().vcpus();
    }

    @Override
    public long freeVcpus(int row) {
        return view(row).freeVcpus();
    }

    @Override
    public long memory(int row) {
        return view(row).inventory().memory().bytes();
    }

    @Override
    public long freeMemory(int row) {
        return view(row).freeMemory();
    }

    @Override
    public long disk(int row) {
        return view(row).inventory().disk().bytes();
    }

    @Override
    public long freeDisk(int row) {
        return view(row).freeDisk();
    }

    @Override
    public int instances(int row) {
        return view(row).usage().instances();
    }

    @Override
    public boolean mayHaveIoOps() {
        return hosts.stream().anyMatch(host -> host.ioOps() != 0);
    }

    @Override
    public boolean mayHaveFailedBuilds() {
        return hosts.stream().anyMatch(host -> host.failedBuilds() != 0);
    }
}
