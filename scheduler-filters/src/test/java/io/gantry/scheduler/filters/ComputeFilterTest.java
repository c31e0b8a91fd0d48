package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostState;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.tck.HostFilterContract;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComputeFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new ComputeFilter();
    }

    @Test
    void hostThatIsUpAndEnabledPasses() {
        assertEquals(Verdict.pass(), verdict(HostState.UP, Optional.empty()));
    }

    @Test
    void disabledHostIsRejectedWithTheOperatorsReason() {
        Verdict verdict = verdict(HostState.UP, Optional.of("new disks on Friday"));
        assertEquals("HOST_DISABLED", verdict.code());
        assertTrue(verdict.toString().contains("new disks on Friday"), verdict.toString());
    }

    @Test
    void hostThatIsDownIsRejected() {
        assertEquals("HOST_DOWN", verdict(HostState.DOWN, Optional.empty()).code());
    }

    @Test
    void whatTheOperatorSaidComesBeforeWhatHappened() {
        assertEquals(
                "HOST_DISABLED", verdict(HostState.DOWN, Optional.of("repair")).code());
    }

    private Verdict verdict(HostState state, Optional<String> reason) {
        return filter().test(Given.image(Map.of()), Given.host(state, reason, Given.inventory("x86_64", "kvm")));
    }
}
