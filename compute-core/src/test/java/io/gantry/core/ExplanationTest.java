package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.placement.HostReport;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads when no host will do. */
final class ExplanationTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private SimEngine engine;

    @BeforeEach
    void open() {
        engine = SimEngine.open(directory, 5, builder -> builder.reportedHosts(2));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void flavor(String name, int vcpus, MemorySize memory) {
        engine.compute()
                .flavors()
                .create(Flavor.builder(name)
                        .vcpus(vcpus)
                        .memory(memory)
                        .disk(DiskSize.gib(1))
                        .build());
    }

    private PlacementReport explain(String flavor) {
        return engine.compute()
                .instances()
                .explain(engine.spec("web").flavor(flavor).build());
    }

    private void disable(String host) {
        engine.compute().hosts().disable(HostId.of(host), "new memory on Monday");
    }

    @Test
    void aDryRunNamesForEachHostTheFirstFailingFilterAndItsNumbersAndSaysWhatWouldHelp() {
        flavor("large", 2, MemorySize.gib(20));
        disable("h2");

        PlacementReport report = explain("large");

        assertEquals(Optional.empty(), report.chosen());
        assertEquals("""
                  h1  rejected by RamFilter: MEMORY_TOTAL: needs 20 GiB, has 16 GiB in all
                  h2  rejected by ComputeFilter: HOST_DISABLED: needs an enabled host, has one that is disabled: new memory on Monday
                  h3  rejected by RamFilter: MEMORY_TOTAL: needs 20 GiB, has 16 GiB in all
                  h4  rejected by RamFilter: MEMORY_TOTAL: needs 20 GiB, has 16 GiB in all
                  h5  rejected by RamFilter: MEMORY_TOTAL: needs 20 GiB, has 16 GiB in all
                5 of 5 hosts rejected: ComputeFilter/HOST_DISABLED x1, RamFilter/MEMORY_TOTAL x4
                Scarcest: memory, on 4 of 5 hosts. h1 lacks nothing else but 4 GiB of memory: ask for so much less, or add a larger host""", report.table());
    }

    @Test
    void whereOnlyAPolicyStandsInTheWayTheHostsAreNamed() {
        List.of("h1", "h2", "h3", "h4", "h5").forEach(this::disable);

        String advice = explain(SimEngine.FLAVOR).advice().orElseThrow();

        assertEquals(
                "Scarcest: an enabled host, on 5 of 5 hosts. One filter alone stands in the way on"
                        + " h1 (ComputeFilter HOST_DISABLED: needs an enabled host, has one that is disabled: new memory on"
                        + " Monday), h2 (ComputeFilter HOST_DISABLED: needs an enabled host, has one that is disabled: new"
                        + " memory on Monday), h3 (ComputeFilter HOST_DISABLED: needs an enabled host, has one that is"
                        + " disabled: new memory on Monday) and 2 more hosts",
                advice);
    }

    @Test
    void whereEachHostIsShortOfSeveralThingsThatIsSaid() {
        flavor("huge", 64, MemorySize.gib(64));

        assertTrue(
                explain("huge")
                        .advice()
                        .orElseThrow()
                        .endsWith("Each host is short of several things; see its report, or add a host"),
                () -> explain("huge").table());
    }

    @Test
    void aFailureNamesAFewHostsCountsTheOthersAndGivesTheAdvice() {
        flavor("large", 2, MemorySize.gib(20));

        NoValidHost failure = SimEngine.failure(
                NoValidHost.class,
                engine.compute()
                        .instances()
                        .create(engine.spec("web").flavor("large").build()));

        assertEquals(2, failure.report().hosts().size());
        assertEquals(5, failure.report().total());
        assertTrue(failure.getMessage().contains("RamFilter/MEMORY_TOTAL x5"), failure.getMessage());
        assertTrue(failure.getMessage().contains("h1 lacks nothing else but 4 GiB of memory"), failure.getMessage());
    }

    @Test
    void whatIsKeptOfASuccessNamesTheBestHostsWithTheirScoresAndCountsTheOthers() {
        disable("h4");
        Instance instance = engine.created("web");

        PlacementReport report =
                engine.compute().instances().placement(instance.id()).orElseThrow();

        assertEquals(instance.host(), report.chosen());
        assertEquals(
                List.of("h1", "h2", "h4"),
                report.hosts().stream().map(HostReport::host).map(HostId::value).toList());
        assertEquals(2, report.passedOver());
        assertEquals("1 of 5 hosts rejected: ComputeFilter/HOST_DISABLED x1", report.summary());
        assertTrue(report.table().startsWith("* h1  passed, weight 3.000 (RamWeigher 1.000 of "), report.table());
    }

    @Test
    void whatOthersHoldCanBeFreed() {
        flavor("half", 1, MemorySize.gib(9));
        for (int host = 1; host <= 5; host++) {
            engine.compute()
                    .instances()
                    .create(engine.spec("web-" + host).flavor("half").build())
                    .await(SimEngine.PATIENCE);
        }

        assertEquals(
                "Scarcest: memory, on 5 of 5 hosts. h1 lacks nothing else but 2 GiB of memory: free that there, or ask for so"
                        + " much less",
                explain("half").advice().orElseThrow());
    }
}
