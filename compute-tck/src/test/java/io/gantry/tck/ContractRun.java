package io.gantry.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract on an implementation and tells how its tests ended. */
final class ContractRun implements TestExecutionListener {
    private final Map<String, Status> results = new TreeMap<>();

    private ContractRun() {}

    static ContractRun of(Class<?> contractTest) {
        ContractRun run = new ContractRun();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(contractTest))
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

    void assertFails(String displayName) {
        assertTrue(
                results.entrySet().stream()
                        .anyMatch(result ->
                                result.getKey().startsWith(displayName) && result.getValue() == Status.FAILED),
                () -> "'" + displayName + "' should have failed: " + results);
    }
}
