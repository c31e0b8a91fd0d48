package io.gantry.core.state;

import io.gantry.operation.OperationId;
import java.util.List;
import java.util.Map;

/**
 * A used idempotency token.
 *
 * @param key the caller's project and the token
 * @param requestHash SHA-256 of the request that came with it
 * @param operations the operations that the request started
 */
public record TokenRow(String key, String requestHash, List<OperationId> operations) {
    Map<String, String> attributes() {
        return operations.isEmpty()
                ? Map.of()
                : Map.of("operation", operations.get(operations.size() - 1).toString());
    }
}
