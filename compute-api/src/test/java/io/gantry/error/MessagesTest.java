package io.gantry.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.migration.MigrationFailed;
import io.gantry.migration.MigrationPhase;
import io.gantry.operation.AwaitInterrupted;
import io.gantry.operation.AwaitTimedOut;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationId;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import io.gantry.spi.store.StaleRow;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every kind of failure. */
class MessagesTest {
    private static final Pattern CODE = Pattern.compile("[A-Z]+(_[A-Z]+)*");
    private static final ResourceRef REF = new ResourceRef("instance", "i-1");
    private static final OperationId OPERATION = OperationId.random();

    static Stream<ComputeException> failures() {
        return Stream.of(
                new NotFound(REF, "List the instances"),
                new InvalidRequest("field", "value", "is wrong", "Give another"),
                new Conflict(REF, "it is being stopped", "Await that"),
                new IdempotencyConflict("token", "op-1"),
                new InvalidState(REF, "start", "ACTIVE", List.of("STOPPED")),
                new Forbidden(REF, "delete", "Ask for the role 'member'"),
                new Unauthenticated(),
                new IdentityUnavailable(new IOException("secret-host:35357 does not answer")),
                new Unsupported(REF, "LIVE_MIGRATION", "its driver cannot", "Use another host"),
                new HostUnreachable("h1", "no answer", null),
                new OutcomeUnknown("h1", "the answer was lost", null),
                new HypervisorError("h1", 38, 10, "no space left", null),
                new UnexpectedFailure(null, "step 'spawn'", new IOException("broken")),
                new UnexpectedFailure(REF, "step 'spawn'", new IOException()),
                new StaleRow("instances", "i-1"),
                new AwaitInterrupted(OPERATION, "create"),
                new AwaitTimedOut(OPERATION, "create"),
                new NotCancellable(OPERATION, "create"),
                new OperationCancelled(OPERATION, "create"),
                new NoValidHost(REF, new PlacementReport(Optional.empty(), List.of())),
                new MigrationFailed(REF, MigrationPhase.PRE_COPY, HostId.of("h1"), "the link broke", null),
                new MigrationFailed(REF, MigrationPhase.SWITCH, null, "both hosts are gone", null));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void messageSaysWhatIsWrongAndWhatToDo(ComputeException failure) {
        String message = failure.getMessage();
        assertTrue(message.endsWith(". " + failure.remediation() + "."), message);
        assertFalse(message.replace("(...)", "").contains(".."), message);
        assertFalse(message.contains(" ()"), message);
        assertFalse(message.contains("  "), message);
        assertFalse(failure.remediation().isBlank());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void messageShowsNoNullAndNoObjectAddress(ComputeException failure) {
        assertFalse(failure.getMessage().matches(".*\\bnull\\b.*"), failure.getMessage());
        assertFalse(failure.getMessage().matches(".*@[0-9a-f]{5,}.*"), failure.getMessage());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void codeIsUpperSnake(ComputeException failure) {
        assertTrue(CODE.matcher(failure.code()).matches(), failure.code());
    }

    @Test
    void everyKindHasItsOwnCode() {
        Set<String> codes = new HashSet<>();
        Set<Class<?>> kinds = new HashSet<>();
        failures().filter(failure -> kinds.add(failure.getClass())).forEach(failure -> {
            assertTrue(codes.add(failure.code()), () -> "two kinds have code " + failure.code());
        });
        assertTrue(kinds.size() >= 17);
    }

    @Test
    void retryIsAdvisedOnlyWhereItMayHelp() {
        Set<String> retryable = new HashSet<>();
        failures().filter(ComputeException::retryable).forEach(failure -> retryable.add(failure.code()));
        assertEquals(
                Set.of(
                        "CONFLICT",
                        "IDEMPOTENCY_CONFLICT",
                        "HOST_UNREACHABLE",
                        "IDENTITY_UNAVAILABLE",
                        "OUTCOME_UNKNOWN",
                        "STALE_ROW",
                        "AWAIT_INTERRUPTED",
                        "AWAIT_TIMED_OUT",
                        "NO_VALID_HOST",
                        "MIGRATION_FAILED"),
                retryable);
    }

    @Test
    void causeAndResourceAreKept() {
        IOException cause = new IOException("broken");
        assertSame(cause, new HypervisorError("h1", 1, 2, "p", cause).getCause());
        assertEquals(Optional.of(REF), new NotFound(REF, "r").resource());
        assertEquals(Optional.of(new ResourceRef("host", "h1")), new HostUnreachable("h1", "p", null).resource());
        assertEquals(Optional.empty(), new UnexpectedFailure(null, "w", cause).resource());
    }

    @Test
    void partsAreReadable() {
        HypervisorError error = new HypervisorError("h1", 38, 10, "no space left", null);
        assertEquals("h1", error.host());
        assertEquals(38, error.nativeCode());
        assertEquals(10, error.domain());
        InvalidState state = new InvalidState(REF, "start", "ACTIVE", List.of("STOPPED"));
        assertEquals(
                "Cannot start instance i-1 while it is ACTIVE. Bring it to one of [STOPPED] first.",
                state.getMessage());
        assertEquals("start", state.verb());
        assertEquals("ACTIVE", state.state());
        assertEquals(List.of("STOPPED"), state.allowed());
        assertEquals("LIVE_MIGRATION", new Unsupported(REF, "LIVE_MIGRATION", "w", "r").capability());
        MigrationFailed failed = new MigrationFailed(
                InstanceId.of("00000000-0000-0000-0000-000000000001").ref(),
                MigrationPhase.PRE_COPY,
                HostId.of("h1"),
                "the link broke",
                null);
        assertEquals(
                "Migration of instance 00000000-0000-0000-0000-000000000001 failed in phase PRE_COPY: the link broke; "
                        + "the guest is on h1. Remove the cause and migrate again, or choose another target.",
                failed.getMessage());
        assertEquals(Optional.of(HostId.of("h1")), failed.whereTheGuestRuns());
        assertEquals(MigrationPhase.PRE_COPY, failed.phase());
    }
}
