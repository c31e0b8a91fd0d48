package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.Compute;
import io.gantry.driver.sim.SimCall;
import io.gantry.error.ComputeException;
import io.gantry.error.HypervisorError;
import io.gantry.flavor.Flavor;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceSpec;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationCancelled;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tenant learns what failed and what to do, but not which hosts there are and what they said; an admin learns that too. */
final class TenantFailuresTest extends VerbTestBase {
    private static final String SECRET = "a disk of h1 in rack 7 is full";

    private Compute tenant;

    @BeforeEach
    void becomeATenant() {
        tenant = engine.compute().as(new Caller(ProjectId.of("acme"), UserId.of("ann"), Role.MEMBER));
    }

    private static void speaksOfNoHost(Throwable failure) {
        StringWriter all = new StringWriter();
        failure.printStackTrace(new PrintWriter(all));
        String words = all.toString()
                .lines()
                .filter(line -> !line.strip().startsWith("at "))
                .reduce("", (a, b) -> a + b + "\n");
        assertFalse(words.matches("(?s).*\\bh[123]\\b.*") || words.contains("rack 7"), words);
    }

    private void failStarts(int times) {
        for (int n = 1; n <= 3; n++) {
            engine.host(n).failNext(SimCall.START, times, () -> new HypervisorError("h1", 1, 1, SECRET, null));
        }
    }

    @Test
    void whatAHypervisorSaidIsForAdmins() {
        failStarts(9);
        Operation<Instance> create =
                tenant.instances().create(engine.spec("web").build());

        ComputeException told = assertThrows(ComputeException.class, () -> create.await(SimEngine.PATIENCE));
        ComputeException admin = assertThrows(
                ComputeException.class,
                () -> engine.compute().operation(create.id()).await(SimEngine.PATIENCE));

        assertEquals(admin.code(), told.code());
        assertEquals(admin.retryable(), told.retryable());
        speaksOfNoHost(told);
        assertTrue(admin.toString().contains("h1") || admin.toString().contains("rack 7"), admin::toString);
        engine.host(1).clearFaults();
    }

    @Test
    void aFutureTellsNoMore() {
        failStarts(9);
        Operation<Instance> create =
                tenant.instances().create(engine.spec("web").build());

        CompletionException told = assertThrows(
                CompletionException.class, () -> create.toCompletableFuture().join());

        assertTrue(told.getCause() instanceof ComputeException);
        speaksOfNoHost(told);
    }

    @Test
    void whyNoHostIsSuitableIsForAdmins() {
        engine.compute()
                .flavors()
                .create(Flavor.builder("huge")
                        .vcpus(64)
                        .memory(MemorySize.gib(512))
                        .disk(DiskSize.gib(1))
                        .build());
        InstanceSpec huge =
                InstanceSpec.builder("web").flavor("huge").image(engine.image()).build();

        Operation<Instance> one = tenant.instances().create(huge);
        NoValidHost awaited = assertThrows(NoValidHost.class, () -> one.await(SimEngine.PATIENCE));
        NoValidHost atOnce =
                assertThrows(NoValidHost.class, () -> tenant.instances().create(huge, 2, 2, RequestOptions.none()));
        NoValidHost admin = assertThrows(
                NoValidHost.class, () -> engine.compute().operation(one.id()).await(SimEngine.PATIENCE));

        speaksOfNoHost(awaited);
        speaksOfNoHost(atOnce);
        assertTrue(awaited.report().hosts().isEmpty() && atOnce.report().hosts().isEmpty());
        assertEquals(3, admin.report().hosts().size());
    }

    @Test
    void whatSaysNothingOfHostsStaysAsItIs() {
        Instance instance =
                tenant.instances().create(engine.spec("web").build()).await(SimEngine.PATIENCE);
        engine.fleet().guest(instance.id()).ignoreShutdown(true);
        Operation<Instance> stop = tenant.instances().stop(instance.id());

        stop.cancel();

        assertThrows(OperationCancelled.class, () -> stop.await(SimEngine.PATIENCE));
    }
}
