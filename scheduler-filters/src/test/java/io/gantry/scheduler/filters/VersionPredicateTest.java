package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionPredicateTest {
    @ParameterizedTest(name = "[{index}] ''{0}'' of {1}: {2}")
    @CsvSource({
        "'>=7.2',            7.2.22, true",
        "'>= 7.2.22',        7.2.22, true",
        "'>7.2.22',          7.2.22, false",
        "'>7.2.21',          7.2.22, true",
        "'<7.2.22',          7.2.22, false",
        "'<=7.2.22',         7.2.22, true",
        "'==7.2.22',         7.2.22, true",
        "'==7.2',            7.2.22, false",
        "'==7.2',            7.2.0,  true",
        "'!=7.2.22',         7.2.22, false",
        "'>=6.0,<8',         7.2.22, true",
        "' >=6.0 , <7.2 ',   7.2.22, false",
        "'>=6,!=7.2.22,<8',  7.2.22, false",
        "'>=10',             9.9.9,  false",
        "'<10',              9.9.9,  true",
        "'>=7.10',           7.9.0,  false"
    })
    void goldenTable(String predicate, String version, boolean holds) {
        assertEquals(holds, VersionPredicate.parse(predicate).orElseThrow().holds(version));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "7.2",
                "=7.2",
                "=>7.2",
                "~7.2",
                ">=",
                ">=a",
                ">=7.2a1",
                ">=7.2.22.1",
                ">=7.",
                ">=.7",
                ">=7,",
                ",>=7",
                ">=7 <8",
                ">=7.1000",
                ">=-7"
            })
    void whatHasAnotherFormSaysNothing(String predicate) {
        assertEquals(Optional.empty(), VersionPredicate.parse(predicate));
    }
}
