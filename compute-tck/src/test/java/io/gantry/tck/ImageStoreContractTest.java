package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.image.ImageStore;
import io.gantry.tck.MapImageStore.Fault;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract passes a good store, and catches each fault that a store may have. */
class ImageStoreContractTest {
    @Test
    void goodStorePasses() {
        ContractRun.of(Good.class, "").assertAllPass();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.VISIBLE_EARLY, VisibleEarly.class, "add: an image is not visible before"),
                Arguments.of(Fault.LEFTOVERS, Leftovers.class, "add: content that breaks off"),
                Arguments.of(Fault.NO_INSPECTION, NoInspection.class, "add: content of another format"),
                Arguments.of(Fault.BACKING_FILE, BackingFile.class, "add: content of another format"),
                Arguments.of(Fault.REPLACES, Replaces.class, "add: with an id that is there"),
                Arguments.of(Fault.CONTENT_STAYS, ContentStays.class, "remove: metadata and content go"),
                Arguments.of(Fault.WRONG_SIZE, WrongSize.class, "add: a qcow2 image is as large"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("faults")
    void faultIsCaught(Fault fault, Class<?> contract, String displayName) {
        ContractRun.assertCatches(contract, displayName);
    }

    @Test
    void everyFaultIsTried() {
        EnumSet<Fault> tried = EnumSet.noneOf(Fault.class);
        faults().forEach(arguments -> tried.add((Fault) arguments.get()[0]));
        assertEquals(EnumSet.allOf(Fault.class), tried);
    }

    abstract static class Case extends ImageStoreContract {
        private final Fault[] faults;

        Case(Fault... faults) {
            this.faults = faults;
        }

        @Override
        protected ImageStore newStore() {
            return new MapImageStore(faults);
        }

        @Override
        protected OptionalLong occupied(ImageStore store) {
            return OptionalLong.of(((MapImageStore) store).occupied());
        }
    }

    static class Good extends Case {}

    static class VisibleEarly extends Case {
        VisibleEarly() {
            super(Fault.VISIBLE_EARLY);
        }
    }

    static class Leftovers extends Case {
        Leftovers() {
            super(Fault.LEFTOVERS);
        }
    }

    static class NoInspection extends Case {
        NoInspection() {
            super(Fault.NO_INSPECTION);
        }
    }

    static class BackingFile extends Case {
        BackingFile() {
            super(Fault.BACKING_FILE);
        }
    }

    static class Replaces extends Case {
        Replaces() {
            super(Fault.REPLACES);
        }
    }

    static class ContentStays extends Case {
        ContentStays() {
            super(Fault.CONTENT_STAYS);
        }
    }

    static class WrongSize extends Case {
        WrongSize() {
            super(Fault.WRONG_SIZE);
        }
    }
}
