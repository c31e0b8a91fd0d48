package io.gantry.samples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.instance.Instance;
import io.gantry.operation.AwaitInterrupted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The tutorial, as its reader runs it. */
final class QuickstartTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final QuickstartOutput out =
            new QuickstartOutput(new PrintStream(printed, true, StandardCharsets.UTF_8), false);

    @Test
    void onSimulatedHostsItEndsWithThePhaseTableAndLeavesNothing() throws IOException {
        try (QuickstartSetup setup = new SimulatedSetup()) {
            out.migrated(Quickstart.run(setup, out));
        }

        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("Instance web-3 is ACTIVE on host-"), text);
        assertTrue(text.contains("rejected by VcpuFilter"), text);
        assertTrue(text.contains("% PRE_COPY host-1 -> host-2"), text);
        assertTrue(text.contains("  STOP_AND_COPY "), text);
        assertTrue(text.contains("  downtime "), text);
        assertEquals(
                3, text.lines().filter(line -> line.startsWith("Deleted web-")).count());
    }

    @Test
    void aProgressBarShowsOnATerminal() throws IOException {
        try (QuickstartSetup setup = new SimulatedSetup()) {
            Quickstart.run(setup, new QuickstartOutput(new PrintStream(printed, true, StandardCharsets.UTF_8), true));
        }

        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("\r  memory"), text);
        assertTrue(text.contains("100%"), text);
    }

    @Test
    void whenItIsInterruptedItCleansUpAllTheSame() throws IOException {
        try (QuickstartSetup setup = new SimulatedSetup() {
            @Override
            public void beforeMigration(Instance instance) {
                Thread.currentThread().interrupt();
            }
        }) {
            Quickstart.run(setup, out);
        } catch (AwaitInterrupted e) {
            out.failed("The quickstart", e);
        }

        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("Interrupted; cleaning up"), text);
        assertEquals(
                3, text.lines().filter(line -> line.startsWith("Deleted web-")).count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--hosts qemu:///one | --hosts names one host",
                "--hosts qemu:///one,qemu:///two | --hosts needs --image",
                "--hosts qemu:///one,qemu:///two --peers qemu:///one --image x | --peers names 1 hosts",
                "--hosts qemu:///one,qemu:///two --image x --kernel y | --kernel and --initrd go together",
                "--colour blue | Unknown options",
                "--image-format vmdk | expected one of"
            })
    void wrongUsageIsExplained(String arguments, String problem) {
        StringWriter err = new StringWriter();
        CommandLine command = QuickstartCommand.commandLine().setErr(new PrintWriter(err));

        assertEquals(2, command.execute(arguments.split(" ")));
        assertTrue(err.toString().contains(problem), err.toString());
    }
}
