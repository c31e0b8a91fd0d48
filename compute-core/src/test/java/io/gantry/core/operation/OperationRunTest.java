package io.gantry.core.operation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.state.OperationRow;
import io.gantry.core.state.State;
import io.gantry.core.store.InMemoryStore;
import io.gantry.error.ComputeException;
import io.gantry.error.NotFound;
import io.gantry.error.ResourceRef;
import io.gantry.error.UnexpectedFailure;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.operation.AwaitInterrupted;
import io.gantry.operation.AwaitTimedOut;
import io.gantry.operation.NotCancellable;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.OperationId;
import io.gantry.operation.OperationStatus;
import io.gantry.operation.RequestOptions;
import io.gantry.spi.store.StoreUnavailable;
import io.gantry.spi.store.Transaction;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps forward, steps back, and what the journal says meanwhile. */
final class OperationRunTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Caller CALLER = new Caller(ProjectId.of("acme"), UserId.of("ann"), Role.MEMBER);

    private final List<String> trace = new CopyOnWriteArrayList<>();
    private final State state = new State(InMemoryStore.create(), new Random(1));
    private final Lanes lanes = new Lanes(Thread::new);
    private final Map<String, Saga<String>> scripts = new ConcurrentHashMap<>();
    private final OperationKind<String, String> kind =
            new OperationKind<>("test", String.class, String.class, key -> requireNonNull(scripts.get(key)));
    private final OperationEngine engine = engine(Duration.ofHours(1));

    private OperationEngine engine(Duration retention) {
        OperationEngine made = new OperationEngine(
                state,
                lanes,
                Runnable::run,
                Clock.systemUTC(),
                new OperationSettings("node", Duration.ofSeconds(15), retention, Duration.ofMillis(500)),
                OperationProbe.NONE);
        made.register(kind);
        made.start();
        return made;
    }

    @AfterEach
    void close() {
        engine.close();
        lanes.close();
    }

    @Test
    void stepsRunInOrderAndTheEndIsRecordedInTheJournal() {
        Operation<String> operation = submit(new Script(step("one"), step("two")));

        assertEquals("done", operation.await(PATIENCE));
        assertEquals(List.of("one", "two", "succeed"), trace);
        assertEquals(OperationStatus.SUCCEEDED, journal(operation).status());
        assertEquals(1, journal(operation).step());
    }

    @Test
    void aFailureUndoesTheBegunStepsInReverse() {
        Operation<String> operation = submit(new Script(step("one"), step("two"), failing("three"), step("four")));

        NotFound failure = assertThrows(NotFound.class, () -> operation.await(PATIENCE));

        assertEquals(List.of("one", "two", "three", "undo three", "undo two", "undo one", "fail undone"), trace);
        assertEquals(OperationStatus.FAILED, journal(operation).status());
        assertEquals(failure.code(), journal(operation).failure().orElseThrow().code());
    }

    @Test
    void anUndoThatFailsEndsTheUndoingAndIsNotLost() {
        Operation<String> operation = submit(new Script(step("one"), failingUndo("two"), failing("three")));

        NotFound failure = assertThrows(NotFound.class, () -> operation.await(PATIENCE));

        assertEquals(List.of("one", "two", "three", "undo three", "undo two", "fail NOT undone"), trace);
        assertEquals(1, failure.getSuppressed().length);
    }

    @Test
    void whatAStepRecordsIsJournaledForItsUndoing() {
        Operation<String> operation = submit(new Script(
                new Scripted("one") {
                    @Override
                    public void run(StepContext context) {
                        context.record("place", "h1");
                    }

                    @Override
                    public void undo(StepContext context) {
                        trace.add("undo at " + context.recorded("place").orElse("nowhere"));
                    }
                },
                failing("two")));

        assertThrows(NotFound.class, () -> operation.await(PATIENCE));
        assertTrue(trace.contains("undo at h1"));
        assertEquals("h1", journal(operation).data().get("place"));
    }

    @Test
    void somethingThatNoContractNamesBecomesATypedFailure() {
        Operation<String> operation = submit(new Script(new Scripted("one") {
            @Override
            public void run(StepContext context) {
                throw new IllegalStateException("a fault of the test");
            }
        }));

        UnexpectedFailure failure = assertThrows(UnexpectedFailure.class, () -> operation.await(PATIENCE));
        assertTrue(failure.getMessage().contains("Step one"), failure.getMessage());
        assertTrue(failure.getCause() instanceof IllegalStateException);
    }

    @Test
    void aFailureAtTheEndUndoesEverything() {
        Operation<String> operation = submit(new Script(step("one")) {
            @Override
            public String succeed(Transaction tx, StepContext context) {
                throw failure();
            }
        });

        assertThrows(NotFound.class, () -> operation.await(PATIENCE));
        assertEquals(List.of("one", "undo one", "fail undone"), trace);
    }

    @Test
    void whatTheStoreCouldNotRecordAtTheEndIsRecordedLaterAndNotUndone() {
        Operation<String> operation = submit(new Script(step("one")) {
            private boolean down = true;

            @Override
            public String succeed(Transaction tx, StepContext context) {
                if (down) {
                    down = false;
                    throw new StoreUnavailable("test", "is down", "Wait", null);
                }
                return super.succeed(tx, context);
            }
        });
        assertThrows(AwaitTimedOut.class, () -> operation.await(Duration.ofMillis(500)));

        engine.tick();

        assertEquals("done", operation.await(PATIENCE));
        assertTrue(trace.stream().noneMatch(line -> line.startsWith("undo")), trace.toString());
    }

    @Test
    void aSagaMayBeginAgainAfterAllIsUndone() {
        Operation<String> operation = submit(
                new Script(step("one"), new Scripted("two") {
                    private int runs;

                    @Override
                    public void run(StepContext context) {
                        super.run(context);
                        if (++runs < 3) {
                            throw failure();
                        }
                    }
                }) {
                    @Override
                    public boolean retry(StepContext context, ComputeException failure) {
                        return true;
                    }
                });

        assertEquals("done", operation.await(PATIENCE));
        assertEquals(3, trace.stream().filter("one"::equals).count());
        assertEquals(2, trace.stream().filter("undo one"::equals).count());
    }

    @Test
    void theFirstStepIsBegunByTheEntryOfTheAcceptance() {
        List<Long> versions = new ArrayList<>();
        Operation<String> operation = submit(new Script(new Scripted("one") {
            @Override
            public void run(StepContext context) {
                versions.add(state.<Long>read(tx -> state.operations()
                        .get(tx, context.operation().toString())
                        .orElseThrow()
                        .row()
                        .version()));
            }
        }));

        operation.await(PATIENCE);

        assertEquals(List.of(1L), versions);
    }

    @Test
    void aBriefStepIsJournaledWithTheNextEntry() {
        List<Integer> begun = new ArrayList<>();
        Operation<String> operation = submit(new Script(step("one"), new Scripted("two") {
            @Override
            public boolean isBrief() {
                return true;
            }

            @Override
            public void run(StepContext context) {
                begun.add(journal(context.operation()).step());
            }
        }));

        operation.await(PATIENCE);

        assertEquals(List.of(0), begun, "the journal knows of the step before");
        assertEquals(
                List.of("one DONE", "two DONE"),
                journal(operation).steps().stream()
                        .map(step -> step.name() + " " + step.result())
                        .toList());
    }

    @Test
    void aStepWithNothingToDoIsPassedOverAndUndoneAllTheSame() {
        Operation<String> operation = submit(new Script(
                new Scripted("one") {
                    @Override
                    public boolean isNeeded(StepContext context) {
                        return false;
                    }
                },
                failing("two")));

        assertThrows(NotFound.class, () -> operation.await(PATIENCE));

        assertEquals(List.of("two", "undo two", "undo one", "fail undone"), trace);
    }

    @Test
    void afterAStepThatCommitsNothingIsCancelledOrUndone() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Operation<String> operation = submit(new Script(
                step("one"),
                new Scripted("two") {
                    @Override
                    public boolean commits() {
                        return true;
                    }
                },
                blocking("three", begun, go),
                failing("four")));
        assertTrue(begun.await(10, TimeUnit.SECONDS));

        assertThrows(NotCancellable.class, operation::cancel);
        go.countDown();

        assertThrows(NotFound.class, () -> operation.await(PATIENCE));
        assertEquals(List.of("one", "two", "four", "fail NOT undone"), trace);
        assertTrue(journal(operation).committed());
    }

    @Test
    void cancellingStopsBeforeTheNextStepAndUndoes() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Operation<String> operation = submit(new Script(blocking("one", begun, go), step("two")));
        assertTrue(begun.await(10, TimeUnit.SECONDS));

        operation.cancel();
        operation.cancel();
        go.countDown();

        assertThrows(OperationCancelled.class, () -> operation.await(PATIENCE));
        assertEquals(List.of("undo one", "fail undone"), trace);
        assertEquals(OperationStatus.CANCELLED, operation.status());
    }

    @Test
    void awaitingEndsWithItsTimeoutOrInterruptButTheOperationGoesOn() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Operation<String> operation = submit(new Script(blocking("one", begun, go)));
        assertTrue(begun.await(10, TimeUnit.SECONDS));

        assertThrows(AwaitTimedOut.class, () -> operation.await(Duration.ofMillis(10)));
        Thread.currentThread().interrupt();
        assertThrows(AwaitInterrupted.class, () -> operation.await(PATIENCE));
        assertTrue(Thread.interrupted(), "the flag is set again");

        go.countDown();
        assertEquals("done", operation.await(PATIENCE));
    }

    @Test
    void futuresEndAsTheOperationDoesAndCannotDisturbIt() throws ExecutionException, InterruptedException {
        Operation<String> operation = submit(new Script(step("one")));
        CompletableFuture<String> theirs = operation.toCompletableFuture();
        theirs.complete("something else");

        assertEquals("done", operation.await(PATIENCE));
        assertEquals("done", operation.toCompletableFuture().get());
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> submit(new Script(failing("one"))).toCompletableFuture().join());
        assertTrue(failure.getCause() instanceof NotFound);
    }

    @Test
    void endedOperationsAreForgottenAfterTheirTime() throws InterruptedException {
        try (OperationEngine forgetful = engine(Duration.ZERO)) {
            RequestOptions token = RequestOptions.idempotencyToken("token");
            Operation<String> first = submit(forgetful, token, new Script(step("one")));
            first.await(PATIENCE);
            Operation<String> second = submit(forgetful, RequestOptions.none(), new Script(step("two")));
            second.await(PATIENCE);
            submit(forgetful, RequestOptions.none(), new Script(step("three"))).await(PATIENCE);

            // What an end entails goes on for a moment after those who await it are told.
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (state.transact(tx -> state.tokens().all(tx).size()) > 0 && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            assertThrows(NotFound.class, () -> forgetful.get(first.id()));
            assertEquals(0, (int) state.transact(tx -> state.tokens().all(tx).size()));
        }
    }

    @Test
    void anEqualRequestWithTheSameTokenYieldsTheSameOperationAlsoInARace() throws InterruptedException {
        RequestOptions token = RequestOptions.idempotencyToken("token");
        List<Operation<String>> got = new CopyOnWriteArrayList<>();
        List<Thread> racers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            racers.add(new Thread(() -> got.add(submit(engine, token, new Script(step("one"))))));
        }
        racers.forEach(Thread::start);
        for (Thread racer : racers) {
            racer.join();
        }

        assertEquals(16, got.size());
        got.forEach(operation -> assertEquals(got.get(0).id(), operation.id()));
        got.get(0).await(PATIENCE);
        assertEquals(1, trace.stream().filter("one"::equals).count());
    }

    private Operation<String> submit(Script script) {
        return submit(engine, RequestOptions.none(), script);
    }

    private Operation<String> submit(OperationEngine to, RequestOptions options, Script script) {
        String request = UUID.randomUUID().toString();
        scripts.put(request, script);
        return to.submit(kind, "the same", CALLER, options, request, (tx, id) -> Admission.free());
    }

    private OperationRow journal(Operation<?> operation) {
        return journal(operation.id());
    }

    private OperationRow journal(OperationId operation) {
        return state.transact(tx ->
                state.operations().get(tx, operation.toString()).orElseThrow().value());
    }

    private static NotFound failure() {
        return new NotFound(new ResourceRef("test", "failure"), "Nothing is to be done");
    }

    private Step step(String name) {
        return new Scripted(name);
    }

    private Step failing(String name) {
        return new Scripted(name) {
            @Override
            public void run(StepContext context) {
                super.run(context);
                throw failure();
            }
        };
    }

    private Step failingUndo(String name) {
        return new Scripted(name) {
            @Override
            public void undo(StepContext context) {
                super.undo(context);
                throw failure();
            }
        };
    }

    private Step blocking(String name, CountDownLatch begun, CountDownLatch go) {
        return new Scripted(name) {
            @Override
            public void run(StepContext context) {
                begun.countDown();
                try {
                    assertTrue(go.await(10, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    /** A step that leaves a trace. */
    private class Scripted implements Step {
        private final String name;

        Scripted(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Lane lane(StepContext context) {
            return new Lane.Control();
        }

        @Override
        public void run(StepContext context) {
            trace.add(name);
        }

        @Override
        public void undo(StepContext context) {
            trace.add("undo " + name);
        }
    }

    /** A saga that leaves a trace. */
    private class Script implements Saga<String> {
        private final List<Step> steps;

        Script(Step... steps) {
            this.steps = List.of(steps);
        }

        @Override
        public ResourceRef resource() {
            return new ResourceRef("test", "1");
        }

        @Override
        public List<Step> steps() {
            return steps;
        }

        @Override
        public boolean cancellable() {
            return true;
        }

        @Override
        public String succeed(Transaction tx, StepContext context) {
            trace.add("succeed");
            return "done";
        }

        @Override
        public void fail(Transaction tx, StepContext context, ComputeException failure, boolean undone) {
            trace.add(undone ? "fail undone" : "fail NOT undone");
        }
    }
}
