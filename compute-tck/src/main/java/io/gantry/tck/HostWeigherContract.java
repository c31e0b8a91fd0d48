package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.spi.scheduler.HostWeigher;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link HostWeigher} promises. Subclass it with a weigher, and add what only your weigher promises. */
public abstract class HostWeigherContract {
    /** Creates the contract. */
    protected HostWeigherContract() {}

    /** {@return a new weigher} */
    protected abstract HostWeigher weigher();

    /** {@return the requests and hosts to try; see {@link HostFilterContract#samples()}} */
    protected List<SchedulerSample> samples() {
        return SchedulerSample.spread(240);
    }

    @Test
    @DisplayName("has a name that is not blank and stays the same")
    void nameIsStable() {
        HostWeigher weigher = weigher();
        assertFalse(weigher.name().isBlank(), "the name is blank");
        assertEquals(weigher.name(), weigher.name());
        assertEquals(weigher.name(), weigher().name(), "two weighers of one kind have different names");
    }

    @Test
    @DisplayName("rates every host with a finite number")
    void valuesAreFinite() {
        HostWeigher weigher = weigher();
        for (SchedulerSample sample : samples()) {
            assertTrue(Double.isFinite(weigher.weigh(sample.request(), sample.host())), () -> "for " + sample);
        }
    }

    @Test
    @DisplayName("has one scale, and one key of aggregate metadata for its multiplier if any, which is not blank")
    void scaleAndMultiplierKeyAreStable() {
        HostWeigher weigher = weigher();
        assertTrue(weigher.scale() != null, "no scale");
        assertEquals(weigher.scale(), weigher().scale());
        assertEquals(weigher.multiplierKey(), weigher().multiplierKey());
        assertFalse(weigher.multiplierKey().filter(String::isBlank).isPresent(), "the key is blank");
    }

    @Test
    @DisplayName("rates by columns, if it rates by columns at all, as it rates hosts one by one")
    void columnsAgree() {
        HostWeigher weigher = weigher();
        List<SchedulerSample> samples = samples();
        SampleTable table = new SampleTable(samples);
        for (SchedulerSample sample : samples) {
            weigher.columns(sample.request()).ifPresent(columns -> {
                int[] rows = table.everyThird();
                double[] raw = new double[rows.length];
                columns.weigh(table, rows, rows.length, raw);
                double[] expected = IntStream.of(rows)
                        .mapToDouble(row -> weigher.weigh(sample.request(), table.view(row)))
                        .toArray();
                assertArrayEquals(expected, raw, () -> "for " + sample.request());
                if (columns.isZero(table)) {
                    assertArrayEquals(new double[rows.length], expected, () -> "said to be 0 for " + sample.request());
                }
            });
        }
    }

    @Test
    @DisplayName("gives the same arguments the same value, from 8 threads and in any order")
    void isPure() {
        HostWeigher weigher = weigher();
        List<SchedulerSample> samples = samples();
        double[] first = samples.stream()
                .mapToDouble(sample -> weigher.weigh(sample.request(), sample.host()))
                .toArray();
        Concurrently.inAnyOrder(samples.size(), i -> {
            SchedulerSample sample = samples.get(i);
            assertEquals(first[i], weigher.weigh(sample.request(), sample.host()), () -> "for " + sample);
        });
    }
}
