package io.gantry.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.ResourceRef;
import io.gantry.host.HostId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementReportTest {
    private static final FilterResult PASSED = new FilterResult("ComputeFilter", Verdict.pass());
    private static final ResourceRef INSTANCE = new ResourceRef("instance", "i-1");

    private static HostReport rejected(String host, String filter, String code) {
        Verdict verdict = Verdict.reject(code, "4 GiB", "1 GiB");
        return new HostReport(HostId.of(host), List.of(PASSED, new FilterResult(filter, verdict)), List.of());
    }

    private static HostReport accepted(String host, double... weighted) {
        List<WeigherScore> scores = new ArrayList<>();
        for (double score : weighted) {
            scores.add(new WeigherScore("w", score, score, score));
        }
        return new HostReport(HostId.of(host), List.of(PASSED), scores);
    }

    @Test
    void verdictsReadAsSentences() {
        assertEquals(
                "MEMORY: needs 4 GiB, has 1 GiB",
                Verdict.reject("MEMORY", "4 GiB", "1 GiB").toString());
        assertEquals("FILTER_ERROR", Verdict.reject("FILTER_ERROR", "", "").toString());
        assertEquals("OK", Verdict.pass().toString());
        assertTrue(Verdict.pass().passed());
        assertFalse(Verdict.reject("MEMORY", "", "").passed());
    }

    @Test
    void rejectionIsTheFirstVerdictThatDidNotPass() {
        HostReport host = rejected("h1", "RamFilter", "MEMORY");
        assertEquals("RamFilter", host.rejection().orElseThrow().filter());
        assertEquals(Optional.empty(), accepted("h2").rejection());
    }

    @Test
    void weightIsTheSumOfTheWeightedScores() {
        assertEquals(0.75, accepted("h1", 1.0, 0.5, -0.75).weight());
        assertEquals(0.0, rejected("h1", "RamFilter", "MEMORY").weight());
    }

    @Test
    void summaryCountsReasons() {
        PlacementReport report = new PlacementReport(
                Optional.of(HostId.of("h4")),
                List.of(
                        accepted("h4", 1),
                        rejected("h1", "RamFilter", "MEMORY"),
                        rejected("h2", "DiskFilter", "DISK"),
                        rejected("h3", "RamFilter", "MEMORY")));
        assertEquals("3 of 4 hosts rejected: DiskFilter/DISK x1, RamFilter/MEMORY x2", report.summary());
        assertEquals(3, report.rejected().size());
        assertEquals("0 of 1 hosts rejected", new PlacementReport(Optional.empty(), List.of(accepted("h1"))).summary());
        assertEquals("no host is registered", new PlacementReport(Optional.empty(), List.of()).summary());
    }

    @Test
    void noValidHostSaysWhyHostByHost() {
        PlacementReport report = new PlacementReport(
                Optional.empty(), List.of(rejected("h1", "RamFilter", "MEMORY"), rejected("h2", "DiskFilter", "DISK")));
        NoValidHost failure = new NoValidHost(INSTANCE, report);
        assertEquals(
                "No host can take instance i-1: 2 of 2 hosts rejected: DiskFilter/DISK x1, RamFilter/MEMORY x1"
                        + " (h1: RamFilter MEMORY: needs 4 GiB, has 1 GiB; h2: DiskFilter DISK: needs 4 GiB, has 1 GiB)."
                        + " Ask for less, free the named resource, or add a host that has it.",
                failure.getMessage());
        assertSame(report, failure.report());
    }

    @Test
    void noValidHostShowsTenHosts() {
        List<HostReport> hosts = IntStream.range(0, 10_000)
                .mapToObj(i -> rejected("h" + i, "RamFilter", "MEMORY"))
                .toList();
        String message = new NoValidHost(INSTANCE, new PlacementReport(Optional.empty(), hosts)).getMessage();
        assertTrue(message.contains("10000 of 10000 hosts rejected: RamFilter/MEMORY x10000"), message);
        assertTrue(message.contains("h9: ") && !message.contains("h10: ") && message.contains("…"), message);
    }

    @Test
    void listsAreCopies() {
        List<HostReport> hosts = new ArrayList<>(List.of(accepted("h1")));
        PlacementReport report = new PlacementReport(Optional.empty(), hosts);
        hosts.clear();
        assertEquals(1, report.hosts().size());
        assertThrows(UnsupportedOperationException.class, () -> report.hosts().clear());
    }
}
