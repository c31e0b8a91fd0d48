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
                Arguments.of(FaultyForms.EpochsAreForgotten.class, "epochs: an operation"),
                Arguments.of(FaultyDrivers.ThreadIsLeft.class, "close: the driver leaves no thread"),
                Arguments.of(FaultyDrivers.PropertyIsIgnored.class, "connect: an unknown host property"),
                Arguments.of(FaultyDrivers.OverlappingListener.class, "start and power off"),
                Arguments.of(FaultyDrivers.SourceKeepsGuest.class, "migration: a running guest moves"),
                Arguments.of(FaultyDrivers.AbortIsIgnored.class, "migration: aborted"),
                Arguments.of(FaultyDrivers.AbandonIsIgnored.class, "migration: what was prepared"),
                Arguments.of(FaultyDrivers.ArrivesRunning.class, "migration: a paused guest arrives paused"),
                Arguments.of(FaultyForms.ResumeBootsAnew.class, "suspend and resume"),
                Arguments.of(FaultyForms.SuspendOnlyPauses.class, "suspend and resume"),
                Arguments.of(FaultyForms.SuspendTwiceFails.class, "suspend and resume"),
                Arguments.of(FaultyForms.SuspendOfOffIsIgnored.class, "suspend: a guest is on"),
                Arguments.of(FaultyForms.StartResumes.class, "suspend: a guest is on"),
                Arguments.of(FaultyForms.PowerOffKeepsSavedMemory.class, "suspend: a guest is on"),
                Arguments.of(FaultyForms.ResizeKeepsMemory.class, "resize"),
                Arguments.of(FaultyForms.ResizeKeepsDisk.class, "resize"),
                Arguments.of(FaultyForms.ResizeReplacesDisk.class, "resize"),
                Arguments.of(FaultyForms.ResizeOfRunningIsIgnored.class, "resize"),
                Arguments.of(FaultyForms.RescueBootsNormally.class, "rescue"),
                Arguments.of(FaultyForms.UnrescueOnlyPowersOff.class, "rescue"),
                Arguments.of(FaultyForms.UnrescueStopsNormalGuest.class, "rescue"),
                Arguments.of(FaultySystems.NmiIsIgnored.class, "NMI: the guest sees one"),
                Arguments.of(FaultySystems.NmiUnpauses.class, "NMI: the guest sees one"),
                Arguments.of(FaultySystems.NmiOfOffIsIgnored.class, "NMI: a guest that is off"),
                Arguments.of(FaultySystems.PasswordIsIgnored.class, "password: the agent"),
                Arguments.of(FaultySystems.PasswordIsShown.class, "password: the agent"),
                Arguments.of(FaultySystems.PasswordWithoutAgentIsIgnored.class, "password: a guest that does not run"),
                Arguments.of(FaultySystems.DiagnosticsStopTheGuest.class, "diagnostics: tell"),
                Arguments.of(FaultySystems.DiagnosticsOfOffAreEmpty.class, "diagnostics: a guest that is off"),
                Arguments.of(FaultyForms.EpochsOfOneOperation.class, "epochs: every changing call"),
                Arguments.of(FaultyForms.EpochsOfOneOperation.class, "epochs: a call of a higher one"),
                Arguments.of(FaultyForms.EpochsAreNotMigrated.class, "migration: the guest's epoch"),
                Arguments.of(FaultyForms.FenceIsIgnored.class, "epochs: a call of a higher one"),
                Arguments.of(FaultyForms.ReleaseDeletes.class, "release: the guest is gone"),
                Arguments.of(FaultyForms.ReleaseKeepsGuest.class, "release: the guest is gone"),
                Arguments.of(FaultyForms.DeleteKeepsDisks.class, "delete: nothing is left"),
                Arguments.of(FaultyForms.DeleteKeepsCopies.class, "delete: nothing is left"),
                Arguments.of(FaultyForms.SharedReleaseDeletes.class, "release: another host"),
                Arguments.of(FaultyForms.TakingOverMakesFreshDisk.class, "release: another host"),
                Arguments.of(FaultyLayouts.CpusAreDedicated.class, "layout: no more CPUs"),
                Arguments.of(FaultyLayouts.CreateIgnoresLayout.class, "layout: what the host does not have"),
                Arguments.of(FaultyLayouts.ResizeIgnoresLayout.class, "layout: a guest that is to be resized"),
                Arguments.of(FaultyLayouts.TargetTakesAnyLayout.class, "layout: a target refuses"),
                Arguments.of(FaultyDisks.ContentAgainFails.class, "copy: of one moment"),
                Arguments.of(FaultyDisks.RebuildOfRunningStopsIt.class, "rebuild"),
                Arguments.of(FaultyDisks.DisksAreMissing.class, "disks: there exactly"),
                Arguments.of(FaultyDisks.CopyIsLive.class, "copy: of one moment"),
                Arguments.of(FaultyDisks.CopyAgainIsAnotherOne.class, "copy: of one moment"),
                Arguments.of(FaultyDisks.CopyStopsGuest.class, "copy: of one moment"),
                Arguments.of(FaultyDisks.ContentIsIgnored.class, "copy: of one moment"),
                Arguments.of(FaultyDisks.NamesAreNotChecked.class, "copy: an unknown guest"),
                Arguments.of(FaultyDisks.BrokenContentLeavesDisk.class, "create from content"),
                Arguments.of(FaultyDisks.CutContentIsTaken.class, "create from content"),
                Arguments.of(FaultyDisks.RestoreKeepsCopy.class, "restore"),
                Arguments.of(FaultyDisks.RestoreDoesNothing.class, "restore"),
                Arguments.of(FaultyDisks.RestoreAgainIsNotFound.class, "restore"),
                Arguments.of(FaultyDisks.RestoreOfRunningStopsIt.class, "restore"),
                Arguments.of(FaultyDisks.RebuildKeepsDisk.class, "rebuild"),
                Arguments.of(FaultyDisks.RebuildAgainIsAnotherOne.class, "rebuild"),
                Arguments.of(FaultyDisks.UsedDiskIsDeletedOrIgnored.class, "release: the guest is gone"),
                Arguments.of(FaultyDisks.DeleteKeepsLeftovers.class, "release: the guest is gone"),
                Arguments.of(FaultyDisks.CopiesAreNotListed.class, "release: the guest is gone"),
                Arguments.of(FaultyDisks.EveryRootIsInUse.class, "release: the guest is gone"));
    }

    @Test
    void driverWithoutFaultPasses() {
        assertEquals(Set.of(), failedTests(FaultyDrivers.NoFault.class, ""));
    }

    @Test
    void driverThatCanDoLessPasses() {
        assertEquals(Set.of(), failedTests(FaultyForms.FewCapabilities.class, ""));
    }

    @ParameterizedTest(name = "{0}: {1}")
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
