package io.gantry.scheduler.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nova's grammar of extra specs, case by case. */
class ExtraSpecMatchTest {
    @ParameterizedTest(name = "[{index}] ''{0}'' is as ''{1}'' asks: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    # No operator: the whole text
                    kvm        | kvm              | true
                    kvm        | KVM              | false
                    kvm        | qemu             | false
                    12         | 12               | true
                    12         | 12.0             | false
                    a b        | a b              | true
                    a          | ' a'             | false
                    ''         | ''               | true
                    a          | ''               | false
                    ''         | ' '              | false
                    # What looks like an operator and is none
                    5          | > 4              | false
                    > 4        | > 4              | true
                    5          | =5               | false
                    =5         | =5               | true
                    5          | < 6              | false
                    a          | s= a             | false
                    a          | <IN> a           | false
                    a          | <or>a            | false
                    5          | 5 = 5            | false
                    # = is at least
                    5          | = 4              | true
                    5          | = 5              | true
                    5          | = 6              | false
                    # Numbers
                    5          | >= 5             | true
                    5          | >= 5.5           | false
                    5          | <= 5             | true
                    5          | <= 4             | false
                    5          | == 5.0           | true
                    5          | == 6             | false
                    5          | != 6             | true
                    5          | != 5.0           | false
                    10         | >= 9             | true
                    -1         | <= 0             | true
                    -0         | == 0             | true
                    1e3        | == 1000          | true
                    .5         | == 0.5           | true
                    5.         | == +5            | true
                    ' 5 '      | == 5             | true
                    5          | '  ==   5   '    | true
                    5          | == 5 6           | true
                    # No numbers
                    five       | == five          | false
                    five       | != 5             | false
                    5          | != five          | false
                    5          | >= five          | false
                    5          | <= 0x10          | false
                    5          | <= 6d            | false
                    5          | == 5f            | false
                    NaN        | != 5             | false
                    5          | <= Infinity      | false
                    5          | <= inf           | false
                    ''         | = 0              | false
                    1 2        | >= 1             | false
                    5          | >= --4           | false
                    5          | >= 4,5           | false
                    5          | >= 1e            | false
                    # Text
                    abc        | s== abc          | true
                    abc        | s== abd          | false
                    abc        | s!= abd          | true
                    abc        | s!= abc          | false
                    abc        | s< abd           | true
                    abc        | s< abc           | false
                    abc        | s<= abc          | true
                    abd        | s<= abc          | false
                    abd        | s> abc           | true
                    abc        | s> abc           | false
                    abc        | s>= abc          | true
                    abb        | s>= abc          | false
                    10         | s< 9             | true
                    12         | s== 12.0         | false
                    abc        | s== abc d        | true
                    # Parts of text
                    abcd       | <in> bc          | true
                    abcd       | <in> bd          | false
                    abcd       | <in> bc zz       | true
                    aes mmx    | <all-in> aes mmx | true
                    aes mmx    | <all-in> mmx aes | true
                    aes mmx    | <all-in> aes sse | false
                    # Alternatives
                    kvm        | <or> kvm         | true
                    kvm        | <or> xen <or> kvm| true
                    kvm        | <or> xen         | false
                    kvm        | <or> xen qemu kvm| true
                    kvm        | <or> xen kvm     | false
                    kv         | <or> kvm <or> xen| false
                    kvm        | <or> xen <or>    | false
                    """)
    void goldenTable(String value, String requirement, boolean matches) {
        assertEquals(matches, ExtraSpecMatch.matches(value, requirement));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=",
                "==",
                "!=",
                ">=",
                "<=",
                "s==",
                "s!=",
                "s<",
                "s<=",
                "s>",
                "s>=",
                "<in>",
                "<all-in>",
                "<or>",
                " <or> "
            })
    void operatorWithoutOperandIsMetByNothing(String operator) {
        assertFalse(ExtraSpecMatch.matches("5", operator));
        assertFalse(ExtraSpecMatch.matches("", operator));
        assertFalse(ExtraSpecMatch.matches(operator, operator));
    }

    @Property
    void anyTextIsAnswered(@ForAll String value, @ForAll("requirements") String requirement) {
        boolean first = ExtraSpecMatch.matches(value, requirement);

        assertEquals(first, ExtraSpecMatch.matches(value, requirement));
    }

    @Property
    void numbersCompareAsNumbers(@ForAll int value, @ForAll int operand) {
        String text = Integer.toString(value);
        assertEquals(value >= operand, ExtraSpecMatch.matches(text, "= " + operand));
        assertEquals(value >= operand, ExtraSpecMatch.matches(text, ">= " + operand));
        assertEquals(value <= operand, ExtraSpecMatch.matches(text, "<= " + operand));
        assertEquals(value == operand, ExtraSpecMatch.matches(text, "== " + operand));
        assertEquals(value != operand, ExtraSpecMatch.matches(text, "!= " + operand));
    }

    @Provide
    Arbitrary<String> requirements() {
        Arbitrary<String> word = Arbitraries.oneOf(
                Arbitraries.of(
                        "=",
                        "==",
                        "!=",
                        ">=",
                        "<=",
                        "s==",
                        "s!=",
                        "s<",
                        "s>",
                        "<in>",
                        "<all-in>",
                        "<or>",
                        "1",
                        "1e",
                        "-",
                        ".",
                        "NaN",
                        "\t",
                        ""),
                Arbitraries.strings().ofMaxLength(4));
        return word.list().ofMaxSize(5).map(words -> String.join(" ", words));
    }
}
