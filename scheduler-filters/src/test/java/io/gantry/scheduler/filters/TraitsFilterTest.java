package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.flavor.Flavor;
import io.gantry.placement.Verdict;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.PlacementRequest;
import io.gantry.tck.HostFilterContract;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraitsFilterTest extends HostFilterContract {
    @Override
    protected HostFilter filter() {
        return new TraitsFilter();
    }

    @ParameterizedTest(name = "[{index}] flavor ''{0}'', image ''{1}'', host ''{2}'': {3}")
    @CsvSource({
        "'',                                  '',               '',         OK",
        "'',                                  '',               'A B',      OK",
        "'trait:A=required',                  '',               'A B',      OK",
        "'trait:A=required',                  '',               'B',        TRAIT_MISSING",
        "'trait:A=required;trait:B=required', '',               'A',        TRAIT_MISSING",
        "'',                                  'trait:A=required', 'A',      OK",
        "'',                                  'trait:A=required', '',       TRAIT_MISSING",
        "'trait:A=required',                  'trait:B=required', 'A',      TRAIT_MISSING",
        "'trait:A=required',                  'trait:B=required', 'A B',    OK",
        "'trait:A=forbidden',                 '',               'B',        OK",
        "'trait:A=forbidden',                 '',               'A B',      TRAIT_FORBIDDEN",
        "'trait:A=forbidden;trait:B=required','',               'A',        TRAIT_MISSING",
        "'trait1:A=required',                 '',               '',         OK"
    })
    void goldenTable(String extraSpecs, String properties, String traits, String code) {
        assertEquals(code, verdict(extraSpecs, properties, traits).code());
    }

    @Test
    void rejectionsNameTheTraits() {
        assertEquals(
                Verdict.reject("TRAIT_MISSING", "A, B", "none of them"),
                verdict("trait:B=required;trait:A=required", "", "C"));
        assertEquals(
                Verdict.reject("TRAIT_FORBIDDEN", "a host without A", "A"), verdict("trait:A=forbidden", "", "A C"));
    }

    @Test
    void filtersOfAmountsHeedWhatTheFlavorSaysInstead() {
        Flavor flavor = Flavor.builder("f")
                .vcpus(64)
                .memory(MemorySize.gib(64))
                .extraSpec("resources:VCPU", "8")
                .extraSpec("resources:MEMORY_MB", "0")
                .extraSpec("resources:DISK_GB", "101")
                .build();
        PlacementRequest request = Given.image(Map.of()).toBuilder()
                .flavor(flavor)
                .rootDisk(DiskSize.gib(1))
                .build();

        assertEquals(
                "OK", new VcpuFilter().test(request, Given.inZone("default")).code());
        assertEquals(
                "OK", new RamFilter().test(request, Given.inZone("default")).code());
        assertEquals(
                "DISK_TOTAL",
                new DiskFilter().test(request, Given.inZone("default")).code());
    }

    private Verdict verdict(String extraSpecs, String properties, String traits) {
        PlacementRequest request = Given.image(Given.pairs(properties)).toBuilder()
                .flavor(Given.flavor("f", Given.pairs(extraSpecs)).flavor())
                .build();
        return filter().test(
                        request,
                        Given.host("node1", 0, "").toBuilder()
                                .traits(traits.isEmpty() ? Set.of() : Set.of(traits.split(" ", -1)))
                                .build());
    }
}
