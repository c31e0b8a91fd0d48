package io.gantry.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.image.ImageId;
import io.gantry.operation.OperationId;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdsTest {
    private static final String TEXT = "123e4567-e89b-12d3-a456-426614174000";

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("instanceId", (Function<String, Object>) InstanceId::of),
                Arguments.of("imageId", (Function<String, Object>) ImageId::of),
                Arguments.of("operationId", (Function<String, Object>) OperationId::of));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void textComesBackAndOtherTextIsRefused(String field, Function<String, Object> parse) {
        assertEquals(TEXT, parse.apply(TEXT).toString());
        assertEquals(parse.apply(TEXT), parse.apply(TEXT));
        for (String wrong : new String[] {"", "web-1", TEXT + "0".repeat(20), "<xml/>", "; rm -rf"}) {
            InvalidRequest refused = assertThrows(InvalidRequest.class, () -> parse.apply(wrong));
            assertEquals(field, refused.field());
            assertEquals(wrong, refused.value());
            assertTrue(refused.remediation().length() > 5);
        }
    }

    @Test
    void randomIdsDiffer() {
        assertNotEquals(InstanceId.random(), InstanceId.random());
        assertNotEquals(ImageId.random(), ImageId.random());
        assertNotEquals(OperationId.random(), OperationId.random());
    }

    @Test
    void referencesNameTheirKind() {
        assertEquals("instance " + TEXT, InstanceId.of(TEXT).ref().toString());
        assertEquals("image " + TEXT, ImageId.of(TEXT).ref().toString());
    }
}
