package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract on an implementation and tells how its tests ended. */
final class ContractRun implements TestExecutionListener {
    private final Map<String, Status> results = new TreeMap<>();

    private ContractRun() {}

    /** Runs the tests whose display name begins in this way. */
    static ContractRun of(Class<?> contractTest, String displayName) {
        ContractRun run = new ContractRun();
        PostDiscoveryFilter named = test ->
                FilterResult.includedIf(!test.isTest() || test.getDisplayName().startsWith(displayName));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(contractTest))
                .filters(named)
                .build();
        LauncherFactory.create().execute(request, run);
        return run;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            results.put(test.getDisplayName(), result.getStatus());
        }
    }

    void assertAllPass() {
        assertTrue(
                results.size() > 2 && results.values().stream().allMatch(status -> status != Status.FAILED),
                () -> "results: " + results);
    }

    /** Fails unless the contract has this test and the implementation does not pass it. */
    static void assertCatches(Class<?> contractTest, String displayName) {
        ContractRun run = of(contractTest, displayName);
        assertTrue(
                run.results.containsValue(Status.FAILED),
                () -> "'" + displayName + "' should have failed: " + run.results);
    }
}
