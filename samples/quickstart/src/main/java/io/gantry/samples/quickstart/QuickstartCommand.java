package io.gantry.samples.quickstart;

import io.gantry.error.ComputeException;
import io.gantry.image.DiskFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Creates three instances, shows why each host was chosen, moves one live, and cleans up.",
        footer = {"", "Without --hosts, hosts are simulated. Exit status: 0 done, 1 failed, 2 wrong usage."})
final class QuickstartCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--hosts",
            split = ",",
            paramLabel = "URI",
            description = "libvirt URIs of real hosts, at least two")
    private List<String> hosts = List.of();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "URI",
            description = "how the hosts' daemons reach each other, in the order of --hosts; as --hosts if left out")
    private List<String> peers = List.of();

    @Option(
            names = {"-P", "--property"},
            paramLabel = "NAME=VALUE",
            description = "a setting of the KVM driver for all hosts, such as storage.directory=/srv/gantry")
    private Map<String, String> properties = Map.of();

    @Option(names = "--image", description = "disk image to boot from; needed with --hosts")
    private @Nullable Path image;

    @Option(names = "--image-format", defaultValue = "QCOW2", description = "RAW or QCOW2 (default: ${DEFAULT-VALUE})")
    private DiskFormat imageFormat = DiskFormat.QCOW2;

    @Option(names = "--kernel", description = "kernel to boot without a boot loader; with --initrd")
    private @Nullable Path kernel;

    @Option(names = "--initrd", description = "initial RAM disk of --kernel")
    private @Nullable Path initrd;

    @Option(names = "--cmdline", defaultValue = "console=ttyS0", description = "command line of --kernel")
    private String commandLine = "";

    @Option(names = "--memory", defaultValue = "512", description = "MiB an instance (default: ${DEFAULT-VALUE})")
    private int memoryMib;

    @Option(names = "--boot-seconds", defaultValue = "20", description = "wait for the guest to boot before it moves")
    private int bootSeconds;

    static CommandLine commandLine() {
        return new CommandLine(new QuickstartCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws IOException {
        QuickstartOutput out = new QuickstartOutput(System.out, Boolean.getBoolean("quickstart.terminal"));
        try (QuickstartSetup setup = hosts.isEmpty() ? new SimulatedSetup() : new LibvirtSetup(real(), out)) {
            out.migrated(Quickstart.run(setup, out));
            return 0;
        } catch (ComputeException e) {
            out.failed("The quickstart", e);
            return 1;
        }
    }

    private LibvirtOptions real() {
        if (hosts.size() < 2) {
            throw usage("--hosts names one host; a migration needs two");
        }
        if (!peers.isEmpty() && peers.size() != hosts.size()) {
            throw usage("--peers names " + peers.size() + " hosts, --hosts " + hosts.size());
        }
        if (image == null) {
            throw usage("--hosts needs --image FILE");
        }
        if ((kernel == null) != (initrd == null)) {
            throw usage("--kernel and --initrd go together");
        }
        Optional<LibvirtOptions.DirectBootFiles> boot = kernel == null || initrd == null
                ? Optional.empty()
                : Optional.of(new LibvirtOptions.DirectBootFiles(kernel, initrd, commandLine));
        return new LibvirtOptions(
                hosts, peers.isEmpty() ? hosts : peers, properties, image, imageFormat, boot, memoryMib, bootSeconds);
    }

    private ParameterException usage(String problem) {
        if (command == null) {
            throw new IllegalStateException("The command line was not parsed");
        }
        return new ParameterException(command.commandLine(), problem);
    }
}
