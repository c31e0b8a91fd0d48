package io.gantry.jmh.kill;

import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.instance.VmState;
import io.gantry.jmh.real.LabPlot;
import io.gantry.jmh.scene.Scenes;
import io.gantry.lab.Heartbeat;
import io.gantry.lab.Lab;
import io.gantry.lab.LabException;
import io.gantry.lab.LabGuest;
import io.gantry.lab.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at real hosts: by virsh at their domains, at the processes, at the files, and at what guests print. */
final class LabWitness implements Witness {
    // One storage: a resized instance has one guest and one disk, and a copy of the disk for the way back.
    private static final Set<VmState> WITH_GUEST =
            Set.copyOf(EnumSet.complementOf(EnumSet.of(VmState.BUILDING, VmState.SHELVED_OFFLOADED, VmState.ERROR)));
    private static final Duration HEARTBEAT = Duration.ofMinutes(1);
    private static final Pattern SOURCE = Pattern.compile("<source file='([^']+)'");

    /** Verbs that make the disk anew, or bring an older one back. */
    private static final Set<String> OTHER_DISK = Set.of("rebuild", "revert-resize");

    private final Lab lab;
    private final LabPlot plot;
    private final Path description;
    private final Map<InstanceId, Heartbeat> remembered = new HashMap<>();

    /**
     * Looks at some hosts of a lab.
     *
     * @param description where to write what control nodes have to know of them
     */
    LabWitness(Lab lab, LabPlot plot, Path description) {
        this.lab = lab;
        this.plot = plot;
        this.description = description;
        plot.write(description);
    }

    @Override
    public String[] site() {
        return new String[] {KillNode.REAL, description.toString()};
    }

    @Override
    public Set<VmState> withOneGuest() {
        return WITH_GUEST;
    }

    @Override
    public List<Guest> guests(InstanceId id) {
        return plot.hosts().stream()
                .filter(host -> domains(host).contains(id.toString()))
                .map(host -> new Guest(host.name(), power(virsh(host, "domstate", id.toString()))))
                .toList();
    }

    private Set<String> domains(LabHost host) {
        return virsh(host, "list", "--all", "--uuid")
                .lines()
                .filter(line -> !line.isBlank())
                .collect(Collectors.toSet());
    }

    private String virsh(LabHost host, String... words) {
        return lab.exec(
                        host,
                        Stream.concat(Stream.of("virsh", "-q"), Stream.of(words))
                                .toArray(String[]::new))
                .strip();
    }

    private static PowerState power(String state) {
        return switch (state) {
            case "running", "idle", "no state" -> PowerState.RUNNING;
            case "paused", "pmsuspended" -> PowerState.PAUSED;
            case "shut off" -> PowerState.SHUTDOWN;
            case "crashed" -> PowerState.CRASHED;
            default -> PowerState.NOSTATE;
        };
    }

    @Override
    public void remember(InstanceId id) {
        remembered.clear();
        guest(id, plot.hosts().get(0)).lastHeartbeat().ifPresent(beat -> remembered.put(id, beat));
    }

    private LabGuest guest(InstanceId id, LabHost host) {
        return new LabGuest(plot.consoleLog(id), host, id.value());
    }

    @Override
    public List<String> judge(String scene, List<Recorded> instances) {
        List<String> problems = new ArrayList<>();
        Set<String> known =
                instances.stream().map(instance -> instance.id().toString()).collect(Collectors.toSet());
        plot.hosts()
                .forEach(host -> domains(host).stream()
                        .filter(domain -> !known.contains(domain))
                        .forEach(domain -> problems.add(host.name() + " has domain " + domain + " of no instance")));
        List<String> files = files();
        files.stream()
                .filter(file -> known.stream().noneMatch(id -> file.startsWith(id + ".")))
                .forEach(file -> problems.add("file " + file + " is of no instance"));
        for (Recorded instance : instances) {
            spare(instance, files).forEach(file -> problems.add(instance.state() + " instance has file " + file));
            if (instance.power() == PowerState.RUNNING) {
                alive(Scenes.named(scene).verb(), instance).ifPresent(problems::add);
            }
        }
        return problems;
    }

    private List<String> files() {
        if (!Files.exists(plot.instances())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(plot.instances())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return files of an instance that are neither its disk, nor its log, nor what a resize keeps} */
    private List<String> spare(Recorded instance, List<String> files) {
        String id = instance.id().toString();
        Set<String> used = plot.hosts().stream()
                .filter(host -> domains(host).contains(id))
                .flatMap(host -> SOURCE.matcher(virsh(host, "dumpxml", "--inactive", id))
                        .results()
                        .map(found -> Path.of(found.group(1)).getFileName().toString()))
                .collect(Collectors.toSet());
        String copy = id + ".copy-resize.";
        return files.stream()
                .filter(file -> file.startsWith(id + ".") && !file.startsWith(id + ".console.log"))
                .filter(file -> used.stream().noneMatch(disk -> file.equals(disk) || file.startsWith(disk + ".root-")))
                .filter(file -> instance.state() != VmState.RESIZED || !file.startsWith(copy) || file.endsWith(".part"))
                .toList();
    }

    /** {@return what is wrong with a guest that should run, by what it prints} */
    private Optional<String> alive(String verb, Recorded instance) {
        LabHost host = plot.host(instance.host());
        Heartbeat now;
        try {
            now = guest(instance.id(), host).awaitHeartbeat(HEARTBEAT);
        } catch (LabException e) {
            return Optional.of("its guest says nothing: " + e.getMessage());
        }
        if (now.errs() != 0 || now.diskErrs() != 0) {
            return Optional.of("its guest has lost memory or disk: " + now);
        }
        Heartbeat before = remembered.get(instance.id());
        if (before == null) {
            return Optional.empty();
        }
        if (verb.equals("live-migrate") && !now.bootId().equals(before.bootId())) {
            return Optional.of("its guest was booted anew: before " + before + ", now " + now);
        }
        if (!OTHER_DISK.contains(verb) && now.diskCount() < before.diskCount()) {
            return Optional.of("its guest has an older disk: before " + before + ", now " + now);
        }
        return Optional.empty();
    }

    @Override
    public List<String> residue() {
        List<String> residue = new ArrayList<>();
        for (LabHost host : plot.hosts()) {
            domains(host).forEach(domain -> residue.add(host.name() + " has domain " + domain));
            lab.exec(host, "sh", "-c", "pgrep -f '^[^ ]*qemu-system' || true")
                    .lines()
                    .forEach(pid -> residue.add(host.name() + " has QEMU process " + pid));
        }
        files().forEach(file -> residue.add("there is file " + file));
        return residue;
    }
}
