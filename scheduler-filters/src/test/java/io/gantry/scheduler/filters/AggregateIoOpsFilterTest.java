package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.InvalidRequest;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AggregateIoOpsFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new AggregateIoOpsFilter();
    }

    @ParameterizedTest(name = "[{index}] {0} in progress, aggregates ''{1}'': {2}")
    @CsvSource({
        "7, '', OK",
        "8, '', IO_OPS",
        "8, 'max_io_ops_per_host=9', OK",
        "9, 'max_io_ops_per_host=9', IO_OPS",
        "2, 'max_io_ops_per_host=9/max_io_ops_per_host= 3 ', OK",
        "3, 'max_io_ops_per_host=9/max_io_ops_per_host= 3 ', IO_OPS",
        "7, 'max_io_ops_per_host=2/max_io_ops_per_host=few', OK",
        "8, 'max_io_ops_per_host=20/max_io_ops_per_host=few', IO_OPS",
        "0, 'max_io_ops_per_host=0', IO_OPS",
        "0, 'max_io_ops_per_host=-1', IO_OPS",
        "8, 'max_instances_per_host=20', IO_OPS"
    })
    void goldenTable(int running, String aggregates, String code) {
        assertEquals(
                code,
                filter().test(Given.image(Map.of()), Given.busy(running, aggregates))
                        .code());
    }

    @Test
    void limitHasToLeaveRoomForOne() {
        assertEquals(
                "aggregateIoOpsFilter.max",
                assertThrows(InvalidRequest.class, () -> new AggregateIoOpsFilter(0))
                        .field());
    }
}
