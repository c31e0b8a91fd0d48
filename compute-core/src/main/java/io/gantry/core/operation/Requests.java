package io.gantry.core.operation;

import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.core.state.TokenRow;
import io.gantry.error.IdempotencyConflict;
import io.gantry.error.ResourceRef;
import io.gantry.identity.Caller;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationStatus;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Enters requests into the journal, each token once. */
final class Requests {
    private final State state;
    private final Clock clock;
    private final String node;

    Requests(State state, Clock clock, String node) {
        this.state = state;
        this.clock = clock;
        this.node = node;
    }

    /** {@return the operations that an equal request with this token started} */
    Optional<List<OperationId>> earlier(Transaction tx, Caller caller, RequestOptions options, String hash) {
        return options.idempotencyToken()
                .flatMap(token -> state.tokens()
                        .get(tx, key(caller, token))
                        .map(Table.Entry::value)
                        .map(row -> {
                            if (!row.requestHash().equals(hash)) {
                                throw new IdempotencyConflict(
                                        token,
                                        row.operations().stream()
                                                .findFirst()
                                                .map(OperationId::toString)
                                                .orElse("none"));
                            }
                            return row.operations();
                        }));
    }

    void remember(Transaction tx, Caller caller, RequestOptions options, String hash, List<OperationId> operations) {
        options.idempotencyToken()
                .ifPresent(token ->
                        state.tokens().insert(tx, new TokenRow(key(caller, token), hash, List.copyOf(operations))));
    }

    private static String key(Caller caller, String token) {
        return caller.project() + "/" + token;
    }

    /** {@return the entry of a request that is accepted} */
    OperationRow entry(
            OperationId id,
            String verb,
            ResourceRef resource,
            Object request,
            Caller caller,
            RequestOptions options,
            Admission admission) {
        Instant now = clock.instant();
        return new OperationRow(
                id,
                verb,
                resource,
                options.requestId().orElse(id.toString()),
                caller,
                state.json().write(request),
                node,
                admission.epoch(),
                OperationStatus.ACCEPTED,
                -1,
                false,
                0,
                false,
                false,
                now.plus(options.deadline().orElse(OperationSettings.DEADLINE)),
                admission.data(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                now,
                now);
    }

    /** {@return a hash of what was asked; equal for equal requests} */
    String hash(String verb, Object key) {
        try {
            byte[] text = (verb + state.json().write(key)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
