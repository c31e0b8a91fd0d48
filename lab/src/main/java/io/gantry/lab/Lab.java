package io.gantry.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A running lab: several hosts with a real libvirtd each, on this machine. It belongs to this JVM and is taken down by
 * {@link #close()}, or by itself within seconds when the JVM is gone.
 */
public final class Lab implements AutoCloseable {
    private final LabScript script;
    private final LabEnvironment environment;

    private Lab(LabScript script, LabEnvironment environment) {
        this.script = script;
        this.environment = environment;
    }

    /** {@return why there can be no lab here; empty if there can} */
    public static Optional<String> obstacle() {
        return Obstacle.search();
    }

    /** Starts a lab with the hosts h1 to hN and waits until their daemons answer. */
    public static Lab start(int hosts) {
        return start(LabScript.find(), hosts);
    }

    static Lab start(LabScript script, int hosts) {
        script.run(
                "up",
                Integer.toString(hosts),
                "--owner",
                Long.toString(ProcessHandle.current().pid()));
        return new Lab(script, LabEnvironment.parse(script.run("env")));
    }

    /** Starts more hosts, if there are fewer. The result replaces this lab; only one of both is to be closed. */
    Lab withAtLeast(int hosts) {
        return hosts <= environment.hosts().size() ? this : start(script, hosts);
    }

    LabScript script() {
        return script;
    }

    /** Host {@code n}, counted from 1. */
    public LabHost host(int n) {
        return environment.hosts().get(n - 1);
    }

    /** A directory at the same path on all hosts and here. libvirt takes it for local: migrations need "unsafe". */
    public Path sharedDirectory() {
        return environment.shared();
    }

    /** The guests' kernel. */
    public Path kernel() {
        return environment.kernel();
    }

    /** The tiny guest's initial RAM file system, the only one it has. */
    public Path initrd() {
        return environment.initrd();
    }

    /**
     * The initial RAM file system of another guest, with the same kernel and command line, that runs Debian's cloud-init on a
     * config drive and tells what came of it ({@link LabGuest#awaitCloudInit}). It takes 192 MiB of RAM.
     */
    public Path cloudInitInitrd() {
        return environment.cloudInitInitrd();
    }

    /** {@return the guest's initial file system with the QEMU guest agent, which is started where its channel is there} */
    public Path agentInitrd() {
        return environment.agentInitrd();
    }

    /** An empty qcow2 image of 64 MiB, to be the backing file of disks. */
    public Path baseImage() {
        return environment.baseImage();
    }

    /** The emulator for guests that shall survive a live migration. */
    public Path emulator() {
        return environment.emulator();
    }

    /** The kernel command line, to be followed by the guest's own words, such as {@code lab.ws=32 lab.rate=10}. */
    public String kernelCommandLine() {
        return environment.kernelCommandLine();
    }

    /** A new directory in the shared directory; its name starts with {@code name}. */
    public Path newDirectory(String name) {
        try {
            return Files.createTempDirectory(sharedDirectory(), name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command on the host and returns its standard output. */
    public String exec(LabHost host, String... words) {
        return script.run(
                Stream.concat(Stream.of("exec", host.name()), Stream.of(words)).toArray(String[]::new));
    }

    /** Power failure: every process of the host is killed at once. What was on its disk stays. */
    public void powerOff(LabHost host) {
        script.run("poweroff", host.name());
    }

    /** Starts the host again after {@link #powerOff} and waits until its daemon answers. */
    public void powerOn(LabHost host) {
        script.run("poweron", host.name());
    }

    /** Kills the daemon; guests run on. */
    public void killLibvirtd(LabHost host) {
        script.run("libvirtd", host.name(), "kill");
    }

    /** Stops the daemon in an orderly way; guests run on. */
    public void stopLibvirtd(LabHost host) {
        script.run("libvirtd", host.name(), "stop");
    }

    /** Starts the daemon, if it does not run, and waits until it answers. */
    public void startLibvirtd(LabHost host) {
        script.run("libvirtd", host.name(), "start");
    }

    /** Makes the daemon hang: connections stay open, nothing is answered. */
    public void freezeLibvirtd(LabHost host) {
        script.run("libvirtd", host.name(), "freeze");
    }

    /** Undoes {@link #freezeLibvirtd}. */
    public void thawLibvirtd(LabHost host) {
        script.run("libvirtd", host.name(), "thaw");
    }

    /** Process id of the guest's QEMU on that host, as seen from this JVM. */
    public long qemuPid(LabHost host, UUID guest) {
        return Long.parseLong(
                script.run("qemu-pid", host.name(), guest.toString()).strip());
    }

    /** Kills the guest's QEMU on that host and waits for its end. */
    public void killQemu(LabHost host, UUID guest) {
        ProcessHandle.of(qemuPid(host, guest)).ifPresent(qemu -> {
            qemu.destroyForcibly();
            Poll.await(
                    "end of QEMU " + qemu.pid(),
                    Duration.ofSeconds(10),
                    () -> !qemu.isAlive(),
                    () -> "guest " + guest + " on " + host.name());
        });
    }

    /** Takes the lab down; nothing of it stays, neither processes nor files. */
    @Override
    public void close() {
        script.run("down");
    }

    @Override
    public String toString() {
        return "lab of " + environment.hosts().size() + " hosts in " + script.root();
    }
}
