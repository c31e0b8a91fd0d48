package io.gantry.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Filters are asked in the order of what a rejection costs. */
final class FilterOrderTest {
    private final FilterOrder order = new FilterOrder(3);

    @Test
    void atFirstTheConfiguredOrderHolds() {
        assertArrayEquals(new int[] {0, 1, 2}, order.order());
    }

    @Test
    void whatRejectsMostForWhatItCostsComesFirst() {
        order.measured(0, 1_000, 100, 99); // 10 ns a host, 1 of 100: 1,000 ns a rejection
        order.measured(1, 10_000, 100, 50); // 100 ns a host, a half: 200 ns
        order.measured(2, 2_000, 100, 0); // 20 ns a host, all: 20 ns

        assertArrayEquals(new int[] {2, 1, 0}, order.order());
    }

    @Test
    void ofThoseThatRejectNothingTheCheapestComesFirst() {
        order.measured(0, 3_000, 100, 100);
        order.measured(1, 1_000, 100, 100);
        order.measured(2, 2_000, 100, 100);

        assertArrayEquals(new int[] {1, 2, 0}, order.order());
    }

    @Test
    void oneThatIsNotKnownYetIsAskedFirstSoThatItBecomesKnown() {
        order.measured(0, 1_000, 100, 50);
        order.measured(1, 1_000, 100, 50);

        assertArrayEquals(new int[] {2, 0, 1}, order.order());
    }

    @Test
    void oneOutlierDoesNotOverturnWhatWasMeasuredBefore() {
        for (int i = 0; i < 20; i++) {
            order.measured(0, 100, 100, 50); // 2 ns a rejection
            order.measured(1, 1_000, 100, 50); // 20 ns
            order.measured(2, 10_000, 100, 50); // 200 ns
        }
        order.measured(0, 800, 100, 50);
        assertArrayEquals(new int[] {0, 1, 2}, order.order());

        for (int i = 0; i < 20; i++) {
            order.measured(0, 100_000, 100, 50);
        }
        assertArrayEquals(new int[] {1, 2, 0}, order.order());
    }

    @Test
    void whereNoHostWasLeftNothingIsMeasured() {
        order.measured(0, 1_000, 0, 0);

        assertArrayEquals(new int[] {0, 1, 2}, order.order());
    }

    @Test
    void theFirstDecisionAndOneInSixtyFourAreMeasured() {
        assertEquals(
                4, IntStream.range(0, 4 * 64).filter(i -> order.isSampled()).count());
    }
}
