package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IoOpsFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new IoOpsFilter();
    }

    @ParameterizedTest
    @CsvSource({"0, 1, true", "1, 1, false", "7, 8, true", "8, 8, false", "9, 8, false"})
    void hostPassesWithFewerThanTheLimit(int running, int max, boolean passes) {
        assertEquals(passes, verdict(new IoOpsFilter(max), running).passed());
    }

    @Test
    void limitIs8IfNotSet() {
        assertEquals(Verdict.pass(), verdict(filter(), 7));
        assertEquals(
                Verdict.reject("IO_OPS", "fewer than 8 I/O operations", "8 I/O operations in progress"),
                verdict(filter(), 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void limitHasToLeaveRoomForOne(int max) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, () -> new IoOpsFilter(max));
        assertEquals("ioOpsFilter.max", refused.field());
        assertEquals(Integer.toString(max), refused.value());
    }

    private static Verdict verdict(HostFilter filter, int running) {
        return filter.test(Given.image(Map.of()), Given.busy(running, ""));
    }
}
