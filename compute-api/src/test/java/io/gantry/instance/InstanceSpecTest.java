package io.gantry.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.image.ImageId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceSpecTest {
    private static final String METACHARACTERS = "<>&'\";$`\\|*?!#(){}[]~^%=+,@/\t\n\r\0\u001b\u007f\u0085\u2028\u202e";

    private static InstanceSpec.Builder named(String name) {
        return InstanceSpec.builder(name).flavor("m1.small").image(ImageId.random());
    }

    private static void assertRefused(String field, String value, InstanceSpec.Builder builder) {
        InvalidRequest refused = assertThrows(InvalidRequest.class, builder::build);
        assertEquals(field, refused.field());
        assertEquals(new InvalidRequest(field, value, "", "").value(), refused.value(), "the refused value is shown");
        assertTrue(refused.remediation().length() > 5, refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "web-1", "web 1", "Web.1_a:b", "büro", "服务器-1", "é", "a-", "e\u0301"})
    void goodNamesAreTaken(String name) {
        assertEquals(name, named(name).build().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-a", " a", "a ", ".a", "_a", ":a", "a\n", "\na", "--help", "../etc", "🚀"})
    void otherFormsAreRefused(String name) {
        assertRefused("instance.name", name, named(name));
    }

    static Stream<String> metacharacters() {
        return METACHARACTERS.codePoints().mapToObj(Character::toString);
    }

    @ParameterizedTest
    @MethodSource("metacharacters")
    void metacharactersAreRefusedAnywhere(String character) {
        assertRefused("instance.name", character, named(character));
        assertRefused("instance.name", "a" + character, named("a" + character));
        assertRefused("instance.name", "a" + character + "b", named("a" + character + "b"));
    }

    @Property
    void nameThatIsTakenIsHarmlessInXmlShellAndLogs(@ForAll String name) {
        String taken;
        try {
            taken = named(name).build().name();
        } catch (InvalidRequest e) {
            taken = "";
        }
        assertTrue(
                taken.codePoints().noneMatch(c -> METACHARACTERS.indexOf(c) >= 0 || Character.isISOControl(c)), name);
    }

    @Test
    void nameHasAtMost255Characters() {
        assertEquals(255, named("a".repeat(255)).build().name().length());
        assertRefused("instance.name", "a".repeat(256), named("a".repeat(256)));
    }

    @Test
    void flavorAndImageAreRequired() {
        assertRefused("instance.flavor", "null", InstanceSpec.builder("a").image(ImageId.random()));
        assertRefused("instance.image", "null", InstanceSpec.builder("a").flavor("f"));
    }

    @Test
    void metadataIsCheckedByItem() {
        assertEquals(
                Map.of("a_B-1:. c", "v".repeat(255)),
                named("a").metadata("a_B-1:. c", "v".repeat(255)).build().metadata());
        assertRefused("instance.metadata.k", "v".repeat(256), named("a").metadata("k", "v".repeat(256)));
        for (String key : new String[] {"", "a<b", "ä", "a\n", "k".repeat(256), "a/b", "a=b"}) {
            assertRefused("instance.metadata.key", key, named("a").metadata(key, "v"));
        }
    }

    @Test
    void metadataHasAtMost1024Items() {
        InstanceSpec.Builder builder = named("a");
        IntStream.range(0, 1024).forEach(i -> builder.metadata("k" + i, "v"));
        assertEquals(1024, builder.build().metadata().size());
        assertRefused("instance.metadata", "1025 items", builder.metadata("k1024", "v"));
    }

    @Test
    void specDoesNotFollowItsBuilder() {
        InstanceSpec.Builder builder = named("a").metadata("k", "v");
        InstanceSpec spec = builder.build();
        builder.metadata("other", "v").host(HostId.of("h1"));
        assertEquals(Map.of("k", "v"), spec.metadata());
        assertEquals(Optional.empty(), spec.host());
        assertThrows(UnsupportedOperationException.class, () -> spec.metadata().put("a", "b"));
    }
}
