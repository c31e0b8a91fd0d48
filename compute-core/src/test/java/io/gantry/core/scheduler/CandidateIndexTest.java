package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.host.HostId;
import io.gantry.host.HostState;
import io.gantry.host.HostUsage;
import io.gantry.spi.scheduler.HostView;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Columns say what the views say, whatever was put, replaced and removed. */
final class CandidateIndexTest {
    private static HostView view(int number) {
        boolean even = number % 2 == 0;
        return SchedulerFixture.view(
                        "h" + number % 20,
                        even ? Map.of("rack-" + number % 3, Map.of("k" + number % 5, "v")) : Map.of())
                .toBuilder()
                .state(number % 7 == 0 ? HostState.DOWN : HostState.UP)
                .disabled(number % 11 == 0 ? Optional.of("dust") : Optional.empty())
                .zone("zone-" + number % 4)
                .ioOps(number % 13 == 0 ? number : 0)
                .failedBuilds(number % 17 == 0 ? number / 2.0 : 0)
                .usage(new HostUsage(number, number, MemorySize.mib(number), DiskSize.gib(number)))
                .build();
    }

    @Property
    void columnsAreWhatTheViewsSay(@ForAll @Size(max = 80) List<@IntRange(min = -200, max = 200) Integer> changes) {
        CandidateIndex index = new CandidateIndex();
        TreeMap<HostId, HostView> expected = new TreeMap<>();
        for (int change : changes) {
            HostView view = view(Math.abs(change));
            if (change < 0) {
                index.remove(view.id());
                expected.remove(view.id());
            } else if (change > 195) {
                List<HostView> all = new ArrayList<>(expected.values());
                Collections.reverse(all);
                index.load(all);
            } else {
                index.put(view);
                expected.put(view.id(), view);
            }
        }

        assertEquals(List.copyOf(expected.values()), index.views());
        expected.forEach((id, view) -> assertEquals(Optional.of(view), index.get(id)));
        assertEquals(Optional.empty(), index.get(HostId.of("nobody")));
        index.read(table -> {
            for (int row = 0; row < table.size(); row++) {
                HostView view = table.view(row);
                assertEquals(
                        view.state() == HostState.UP && view.disabledReason().isEmpty(), table.available(row));
                assertEquals(
                        view.inventory().hypervisorVersion(),
                        table.example(table.platform(row)).inventory().hypervisorVersion());
                assertEquals(table.zone(row), table.zoneNumber(view.zone()));
                assertEquals(view.inventory().vcpus(), table.vcpus(row));
                assertEquals(view.freeVcpus(), table.freeVcpus(row));
                assertEquals(view.inventory().memory().bytes(), table.memory(row));
                assertEquals(view.freeMemory(), table.freeMemory(row));
                assertEquals(view.inventory().disk().bytes(), table.disk(row));
                assertEquals(view.freeDisk(), table.freeDisk(row));
                assertEquals(view.usage().instances(), table.instances(row));
                assertEquals(view.ioOps(), table.ioOps(row));
                assertEquals(view.failedBuilds(), table.failedBuilds(row));
            }
            assertEquals(expected.values().stream().anyMatch(view -> view.ioOps() != 0), table.mayHaveIoOps());
            assertEquals(
                    expected.values().stream().anyMatch(view -> view.failedBuilds() != 0), table.mayHaveFailedBuilds());
            for (int key = 0; key < 6; key++) {
                String name = "k" + key;
                boolean mentioned = expected.values().stream()
                        .anyMatch(view -> !view.aggregateMetadata(name).isEmpty());
                assertEquals(mentioned, table.mentions(name));
            }
            return table.size();
        });
    }
}
