package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.spi.store.StateStore;
import io.gantry.tck.MapStore.Fault;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract passes a good store, and catches each fault that a store may have. */
class StateStoreContractTest {
    @Test
    void goodStorePasses() {
        ContractRun.of(Good.class, "").assertAllPass();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.LOST_UPDATES, LostUpdates.class, "overtaken: who read a row"),
                Arguments.of(Fault.LOST_UPDATES, LostUpdates.class, "overtaken: no write skew"),
                Arguments.of(Fault.WRITE_SKEW, WriteSkew.class, "overtaken: no write skew"),
                Arguments.of(Fault.WRITE_SKEW, WriteSkew.class, "overtaken: no phantom"),
                Arguments.of(Fault.READ_COMMITTED, ReadCommitted.class, "overtaken: who only reads"),
                Arguments.of(Fault.NO_ROLLBACK, NoRollback.class, "transact: what the function throws"),
                Arguments.of(Fault.NO_ROLLBACK, NoRollback.class, "threads: a failed transaction"),
                Arguments.of(Fault.BLIND_UPDATE, BlindUpdate.class, "update, delete: with a row that has changed"),
                Arguments.of(Fault.BLIND_UPDATE, BlindUpdate.class, "update, delete: stale already within"),
                Arguments.of(Fault.NO_VERSIONS, NoVersions.class, "update: raises the version"),
                Arguments.of(Fault.OLD_INDEX, OldIndex.class, "find: follows each change"),
                Arguments.of(Fault.ATTRIBUTES_STAY, AttributesStay.class, "find: follows each change"),
                Arguments.of(Fault.ANY_ORDER, AnyOrder.class, "find, scan: by key"),
                Arguments.of(Fault.INSERT_REPLACES, InsertReplaces.class, "insert: a key that is taken"),
                Arguments.of(Fault.PATTERNS, Patterns.class, "insert: bodies, keys and values"));
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

    abstract static class Case extends StateStoreContract {
        private final Fault[] faults;

        Case(Fault... faults) {
            this.faults = faults;
        }

        @Override
        protected StateStore newStore() {
            return new MapStore(faults);
        }
    }

    static class Good extends Case {}

    static class LostUpdates extends Case {
        LostUpdates() {
            super(Fault.LOST_UPDATES);
        }
    }

    static class WriteSkew extends Case {
        WriteSkew() {
            super(Fault.WRITE_SKEW);
        }
    }

    static class ReadCommitted extends Case {
        ReadCommitted() {
            super(Fault.READ_COMMITTED);
        }
    }

    static class NoRollback extends Case {
        NoRollback() {
            super(Fault.NO_ROLLBACK);
        }
    }

    static class BlindUpdate extends Case {
        BlindUpdate() {
            super(Fault.BLIND_UPDATE);
        }
    }

    static class NoVersions extends Case {
        NoVersions() {
            super(Fault.NO_VERSIONS);
        }
    }

    static class OldIndex extends Case {
        OldIndex() {
            super(Fault.OLD_INDEX);
        }
    }

    static class AttributesStay extends Case {
        AttributesStay() {
            super(Fault.ATTRIBUTES_STAY);
        }
    }

    static class AnyOrder extends Case {
        AnyOrder() {
            super(Fault.ANY_ORDER);
        }
    }

    static class InsertReplaces extends Case {
        InsertReplaces() {
            super(Fault.INSERT_REPLACES);
        }
    }

    static class Patterns extends Case {
        Patterns() {
            super(Fault.PATTERNS);
        }
    }
}
