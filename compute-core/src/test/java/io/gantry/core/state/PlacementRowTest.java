package io.gantry.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.placement.FilterResult;
import io.gantry.placement.HostReport;
import io.gantry.placement.PlacementReport;
import io.gantry.placement.RejectionCount;
import io.gantry.placement.Shortage;
import io.gantry.placement.Verdict;
import io.gantry.placement.WeigherScore;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A decision comes back as it was kept. */
final class PlacementRowTest {
    private static final FilterResult A = new FilterResult("A", Verdict.pass());
    private static final FilterResult B = new FilterResult("B", Verdict.pass());
    private static final FilterResult NO_MEMORY = new FilterResult(
            "B", Verdict.lacking("MEMORY", "4 GiB", "1 GiB", new Shortage("memory", 3L << 30, "3 GiB", true)));
    private static final FilterResult REFUSED = new FilterResult("Claim", Verdict.reject("OTHER_ZONE", "z1", "z2"));

    private static HostReport host(String name, List<FilterResult> filters, WeigherScore... scores) {
        return new HostReport(HostId.of(name), filters, List.of(scores));
    }

    private static PlacementReport kept(PlacementReport report) {
        Json json = new Json();
        String text = json.write(PlacementRow.of(InstanceId.random(), OperationId.random(), report));
        return json.read(text, PlacementRow.class).report();
    }

    @Test
    void hostsThatPassedRefusedAndWereRejectedComeBackAsTheyWere() {
        PlacementReport report = new PlacementReport(
                Optional.of(HostId.of("h2")),
                List.of(
                        host("h1", List.of(A, B, REFUSED), new WeigherScore("Ram", 1e10, 1, 2.5)),
                        host("h2", List.of(A, B), new WeigherScore("Ram", 0.1, 0.3, -0.75)),
                        host("h3", List.of(A, NO_MEMORY)),
                        host("h4", List.of(new FilterResult("Retry", Verdict.reject("ALREADY_FAILED", "", ""))))),
                List.of(new RejectionCount("A", Optional.empty(), 7), new RejectionCount("B", Optional.of("X"), 1)),
                12,
                Optional.of("Scarcest: memory"));

        assertEquals(report, kept(report));
    }

    @Test
    void oneThatNamesNoHostComesBackToo() {
        PlacementReport report = new PlacementReport(Optional.empty(), List.of());

        assertEquals(report, kept(report));
    }

    @Test
    void namesAreKeptOnce() {
        PlacementReport report = new PlacementReport(
                Optional.empty(),
                IntStream.range(0, 10)
                        .mapToObj(i -> host("h" + i, List.of(A, B), new WeigherScore("AWeigher", i, 0, 0)))
                        .toList());

        String text = new Json().write(PlacementRow.of(InstanceId.random(), OperationId.random(), report));

        assertTrue(text.indexOf("AWeigher") > 0 && text.indexOf("AWeigher") == text.lastIndexOf("AWeigher"), text);
    }

    private static PlacementReport choosing(String host) {
        return new PlacementReport(Optional.of(HostId.of(host)), List.of());
    }

    @Test
    void decisionsOfAFewOperationsAreKeptAndOneOfEach() {
        InstanceId instance = InstanceId.random();
        List<OperationId> operations = IntStream.rangeClosed(0, PlacementRow.MOST)
                .mapToObj(i -> OperationId.random())
                .toList();
        PlacementRow row = PlacementRow.of(instance, operations.get(0), choosing("h0"));
        for (int i = 1; i <= PlacementRow.MOST; i++) {
            row = PlacementRow.of(instance, operations.get(i), choosing("first"))
                    .after(row);
            row = PlacementRow.of(instance, operations.get(i), choosing("h" + i))
                    .after(row);
        }

        PlacementRow read = new Json().read(new Json().write(row), PlacementRow.class);

        assertEquals(row, read);
        assertEquals(choosing("h" + PlacementRow.MOST), read.report());
        assertEquals(Optional.empty(), read.report(operations.get(0)));
        for (int i = 1; i <= PlacementRow.MOST; i++) {
            assertEquals(Optional.of(choosing("h" + i)), read.report(operations.get(i)));
        }
    }

    @Test
    void rowsOfBeforeOperationsWereKeptCanBeRead() {
        InstanceId instance = InstanceId.random();
        String now = new Json().write(PlacementRow.of(instance, OperationId.random(), choosing("h1")));
        String old = now.replaceAll("\"operation\":\\{[^}]*},", "").replace(",\"earlier\":[]", "");
        assertTrue(!old.contains("operation") && !old.contains("earlier"), old);

        PlacementRow row = new Json().read(old, PlacementRow.class);

        assertEquals(choosing("h1"), row.report());
        OperationId operation = OperationId.random();
        PlacementRow next = PlacementRow.of(instance, operation, choosing("h2")).after(row);
        assertEquals(Optional.of(choosing("h2")), next.report(operation));
        assertEquals(1, next.earlier().size());
    }
}
