package io.gantry.tck;

import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.ColumnFilter;
import io.gantry.spi.scheduler.ColumnWeigher;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.HostWeigher;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.spi.scheduler.PluginDescription;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The contracts of filters and weighers pass good ones, and catch bad ones. */
class SchedulerContractsTest {
    @Test
    void goodOnesPass() {
        ContractRun.of(GoodFilter.class, "").assertAllPass();
        ContractRun.of(GoodWeigher.class, "").assertAllPass();
    }

    @Test
    void filterWithMemoryIsCaught() {
        ContractRun.assertCatches(FilterWithMemory.class, "gives the same arguments");
    }

    @Test
    void filterWithoutNameIsCaught() {
        ContractRun.assertCatches(FilterWithoutName.class, "has a name");
    }

    @Test
    void filterWithProseForCodeIsCaught() {
        ContractRun.assertCatches(FilterWithProse.class, "judges every host");
    }

    @Test
    void filterThatRejectsWithOkIsCaught() {
        ContractRun.assertCatches(FilterThatRejectsWithOk.class, "judges every host");
    }

    @Test
    void filterThatKeepsACodeToItselfIsCaught() {
        ContractRun.assertCatches(FilterThatKeepsACodeToItself.class, "rejects with no code");
    }

    @Test
    void filterWhoseColumnsSayAnotherThingIsCaught() {
        ContractRun.of(FilterByColumns.class, "").assertAllPass();
        ContractRun.assertCatches(FilterWithOtherColumns.class, "keeps by columns");
    }

    @Test
    void weigherWhoseColumnsSayAnotherThingIsCaught() {
        ContractRun.assertCatches(WeigherWithOtherColumns.class, "rates by columns");
    }

    @Test
    void weigherWithMemoryIsCaught() {
        ContractRun.assertCatches(WeigherWithMemory.class, "gives the same arguments");
    }

    @Test
    void weigherWithABlankKeyIsCaught() {
        ContractRun.assertCatches(WeigherWithABlankKey.class, "has one scale");
    }

    @Test
    void weigherThatDividesByNothingIsCaught() {
        ContractRun.assertCatches(WeigherThatDividesByNothing.class, "rates every host");
    }

    abstract static class FilterCase extends HostFilterContract implements HostFilter {
        @Override
        protected HostFilter filter() {
            return this;
        }
    }

    static class GoodFilter extends FilterCase {
        @Override
        public Verdict test(PlacementRequest request, HostView host) {
            return host.freeMemory() > 0 ? Verdict.pass() : Verdict.reject("MEMORY_2", "some", "none");
        }
    }

    static class FilterByColumns extends GoodFilter {
        @Override
        public Optional<ColumnFilter> columns(PlacementRequest request) {
            return Optional.of((hosts, rows, count) -> {
                int kept = 0;
                for (int i = 0; i < count; i++) {
                    if (isKept(hosts.freeMemory(rows[i]))) {
                        rows[kept++] = rows[i];
                    }
                }
                return kept;
            });
        }

        boolean isKept(long freeMemory) {
            return freeMemory > 0;
        }
    }

    static class FilterWithOtherColumns extends FilterByColumns {
        @Override
        boolean isKept(long freeMemory) {
            return freeMemory > 1L << 40;
        }
    }

    static class FilterWithMemory extends FilterCase {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public Verdict test(PlacementRequest request, HostView host) {
            return calls.incrementAndGet() % 3 == 0 ? Verdict.pass() : Verdict.reject("NOT_NOW", "", "");
        }
    }

    static class FilterWithoutName extends GoodFilter {
        @Override
        public String name() {
            return " ";
        }
    }

    static class FilterWithProse extends FilterCase {
        @Override
        public Verdict test(PlacementRequest request, HostView host) {
            return Verdict.reject("not enough memory", "", "");
        }
    }

    static class FilterThatRejectsWithOk extends FilterCase {
        @Override
        public Verdict test(PlacementRequest request, HostView host) {
            return Verdict.reject("OK", "", "");
        }
    }

    static class FilterThatKeepsACodeToItself extends GoodFilter {
        @Override
        public PluginDescription description() {
            return PluginDescription.of("hosts with memory", "memory").rejectingWith("MEMORY_1");
        }
    }

    abstract static class WeigherCase extends HostWeigherContract implements HostWeigher {
        @Override
        protected HostWeigher weigher() {
            return this;
        }
    }

    static class GoodWeigher extends WeigherCase {
        @Override
        public double weigh(PlacementRequest request, HostView host) {
            return host.freeVcpus();
        }
    }

    static class WeigherWithOtherColumns extends GoodWeigher {
        @Override
        public Optional<ColumnWeigher> columns(PlacementRequest request) {
            return Optional.of((hosts, rows, count, raw) -> {
                for (int i = 0; i < count; i++) {
                    raw[i] = i;
                }
            });
        }
    }

    static class WeigherWithMemory extends WeigherCase {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public double weigh(PlacementRequest request, HostView host) {
            return calls.incrementAndGet();
        }
    }

    static class WeigherWithABlankKey extends GoodWeigher {
        @Override
        public Optional<String> multiplierKey() {
            return Optional.of(" ");
        }
    }

    static class WeigherThatDividesByNothing extends WeigherCase {
        @Override
        public double weigh(PlacementRequest request, HostView host) {
            return host.freeMemory() / (double) host.usage().disk().toMib();
        }
    }
}
