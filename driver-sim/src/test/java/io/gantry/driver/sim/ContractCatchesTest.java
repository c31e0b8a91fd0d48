package io.gantry.driver.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The driver contract catches a driver that breaks a promise: the simulated one with a fault in front of it. */
class ContractCatchesTest {
    static List<Arguments> faults() {
        return List.of(
                Arguments.of(FaultyDrivers.DeleteKeeps.class, "delete: removes a guest"),
                Arguments.of(FaultyDrivers.CreateTwiceFails.class, "create: makes a guest that is off"),
                Arguments.of(FaultyDrivers.UnknownIsIgnored.class, "unknown guest"),
                Arguments.of(FaultyDrivers.EventsAreLost.class, "start and power off"),
                Arguments.of(FaultyDrivers.ConsoleIsWhole.class, "console log"),
                Arguments.of(FaultyDrivers.PausedStarts.class, "pause and unpause"),
                Arguments.of(FaultyDrivers.ForeignGuestIsListed.class, "guests: lists what Gantry made"),
                Arguments.of(FaultyDrivers.EpochsAreForgotten.class, "epochs"),
                Arguments.of(FaultyDrivers.ThreadIsLeft.class, "close: the driver leaves no thread"),
                Arguments.of(FaultyDrivers.PropertyIsIgnored.class, "connect: an unknown host property"),
                Arguments.of(FaultyDrivers.OverlappingListener.class, "start and power off"),
                Arguments.of(FaultyDrivers.SourceKeepsGuest.class, "migration: a running guest moves"),
                Arguments.of(FaultyDrivers.AbortIsIgnored.class, "migration: aborted"),
                Arguments.of(FaultyDrivers.AbandonIsIgnored.class, "migration: what was prepared"),
                Arguments.of(FaultyDrivers.ArrivesRunning.class, "migration: a paused guest arrives paused"));
    }

    @Test
    void driverWithoutFaultPasses() {
        assertEquals(Set.of(), failedTests(FaultyDrivers.NoFault.class, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void faultIsCaught(Class<?> contract, String displayName) {
        assertFalse(failedTests(contract, displayName).isEmpty(), () -> "'" + displayName + "' should have failed");
    }

    private static Set<String> failedTests(Class<?> contract, String displayName) {
        Set<String> failed = new TreeSet<>();
        PostDiscoveryFilter named = test ->
                FilterResult.includedIf(!test.isTest() || test.getDisplayName().startsWith(displayName));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(contract))
                .filters(named)
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failed.add(test.getDisplayName());
                }
            }
        });
        return failed;
    }
}
