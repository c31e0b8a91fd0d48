package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link HostFilter} promises. Subclass it with a filter, and add what only your filter promises. */
public abstract class HostFilterContract {
    private static final Pattern UPPER_SNAKE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");

    /** Creates the contract. */
    protected HostFilterContract() {}

    /** {@return a new filter} */
    protected abstract HostFilter filter();

    /**
     * {@return the requests and hosts to try; the default ones are 240 of many sizes, states and image properties}
     *
     * <p>Override it if your filter looks at what these do not vary.
     */
    protected List<SchedulerSample> samples() {
        return SchedulerSample.spread(240);
    }

    @Test
    @DisplayName("has a name that is not blank and stays the same")
    void nameIsStable() {
        HostFilter filter = filter();
        assertFalse(filter.name().isBlank(), "the name is blank");
        assertEquals(filter.name(), filter.name());
        assertEquals(filter.name(), filter().name(), "two filters of one kind have different names");
    }

    @Test
    @DisplayName("judges every host: passes with code OK, or rejects with a code in UPPER_SNAKE_CASE")
    void verdictsAreWellFormed() {
        HostFilter filter = filter();
        for (SchedulerSample sample : samples()) {
            Verdict verdict = filter.test(sample.request(), sample.host());
            assertTrue(verdict != null, () -> "no verdict for " + sample);
            assertTrue(UPPER_SNAKE.matcher(verdict.code()).matches(), () -> "code '" + verdict.code() + "'");
            assertEquals(verdict.passed(), verdict.code().equals("OK"), () -> "OK means a pass: " + verdict);
        }
    }

    @Test
    @DisplayName("rejects with no code that its description leaves out, if that names any")
    void codesAreDescribed() {
        HostFilter filter = filter();
        List<String> described = filter.description().codes();
        for (SchedulerSample sample : described.isEmpty() ? List.<SchedulerSample>of() : samples()) {
            Verdict verdict = filter.test(sample.request(), sample.host());
            assertTrue(verdict.passed() || described.contains(verdict.code()), () -> "code '" + verdict.code() + "'");
        }
    }

    @Test
    @DisplayName("keeps by columns, if it judges by columns at all, exactly the hosts that it passes one by one")
    void columnsAgree() {
        HostFilter filter = filter();
        List<SchedulerSample> samples = samples();
        SampleTable table = new SampleTable(samples);
        for (SchedulerSample sample : samples) {
            filter.columns(sample.request()).ifPresent(columns -> {
                int[] rows = table.everyThird();
                int[] passed = IntStream.of(rows)
                        .filter(row ->
                                filter.test(sample.request(), table.view(row)).passed())
                        .toArray();
                int kept = columns.retain(table, rows, rows.length);
                assertArrayEquals(passed, Arrays.copyOf(rows, kept), () -> "for " + sample.request());
            });
        }
    }

    @Test
    @DisplayName("gives the same arguments the same verdict, from 8 threads and in any order")
    void isPure() {
        HostFilter filter = filter();
        List<SchedulerSample> samples = samples();
        List<Verdict> first = samples.stream()
                .map(sample -> filter.test(sample.request(), sample.host()))
                .toList();
        Concurrently.inAnyOrder(samples.size(), i -> {
            SchedulerSample sample = samples.get(i);
            assertEquals(first.get(i), filter.test(sample.request(), sample.host()), () -> "for " + sample);
        });
    }
}
