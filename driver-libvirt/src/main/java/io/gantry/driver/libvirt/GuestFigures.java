package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.instance.InstanceDiagnostics;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.unit.DiskSize;
import io.gantry.unit.MemorySize;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Reads what a hypervisor behind libvirt knows of its guests. */
public final class GuestFigures {
    private static final int KIB = 1024;

    private final LibvirtHost host;
    private final GuestLifecycle guests;

    /**
     * Creates a reader.
     *
     * @param host the host
     * @param guests its guests
     */
    public GuestFigures(LibvirtHost host, GuestLifecycle guests) {
        this.host = host;
        this.guests = guests;
    }

    /**
     * {@return the diagnostics of a guest} All figures are of one call, which does not wait for other jobs.
     *
     * @param id a guest that is on
     * @param driver the driver's name
     * @param hypervisor the hypervisor's type
     * @throws InvalidState if it is off
     * @throws Conflict if another job keeps it busy
     */
    public InstanceDiagnostics read(InstanceId id, String driver, String hypervisor) {
        return host.read("read diagnostics of guest " + id, port -> {
            DomainStatus domain = guests.require(port, id);
            JobStatistics figures;
            try {
                figures = port.domains().figures(id.value());
            } catch (LibvirtError e) {
                throw e.code() == LibvirtError.NO_DOMAIN ? guests.notFound(id) : e;
            }
            return of(domain, figures, driver, hypervisor);
        });
    }

    /** Puts figures together; the state is that among them, whatever it was before. */
    static InstanceDiagnostics of(DomainStatus before, JobStatistics figures, String driver, String hypervisor) {
        InstanceId id = new InstanceId(before.id());
        DomainStatus domain = new DomainStatus(
                before.id(),
                before.name(),
                (int) figures.number("state.state").orElse(DomainStatus.NOSTATE),
                (int) figures.number("state.reason").orElse(0),
                before.saved());
        if (!domain.isActive()) {
            throw GuestLifecycle.invalid(id, "read the diagnostics of", domain, PowerState.RUNNING, PowerState.PAUSED);
        }
        List<InstanceDiagnostics.Disk> disks = disks(figures);
        long known = figures.number("block.count").orElse(0);
        if (known > 0 && disks.isEmpty()) {
            throw new Conflict(
                    id.ref(),
                    "Another job keeps " + id.ref() + " busy, so that its disks cannot be read",
                    "Try again when that has ended");
        }
        return new InstanceDiagnostics(
                GuestStates.of(domain).power(),
                driver,
                hypervisor,
                Optional.empty(),
                cpus(figures),
                new InstanceDiagnostics.Memory(
                        memory(figures, "balloon.maximum").orElse(MemorySize.ZERO),
                        memory(figures, "balloon.current").orElse(MemorySize.ZERO),
                        memory(figures, "balloon.usable").or(() -> memory(figures, "balloon.unused"))),
                disks);
    }

    private static List<InstanceDiagnostics.Cpu> cpus(JobStatistics figures) {
        return IntStream.range(0, (int) figures.number("vcpu.maximum").orElse(0))
                .filter(cpu -> figures.number("vcpu." + cpu + ".state").isPresent())
                .mapToObj(cpu -> new InstanceDiagnostics.Cpu(
                        cpu,
                        figures.number("vcpu." + cpu + ".time").stream()
                                .mapToObj(Duration::ofNanos)
                                .findFirst()))
                .toList();
    }

    private static Optional<MemorySize> memory(JobStatistics figures, String name) {
        return figures.number(name).stream()
                .mapToObj(kib -> new MemorySize(kib * KIB))
                .findFirst();
    }

    /** {@return the disks that have figures; one without a medium, such as an empty CD drive, has none} */
    private static List<InstanceDiagnostics.Disk> disks(JobStatistics figures) {
        return LongStream.range(0, figures.number("block.count").orElse(0))
                .mapToObj(disk -> "block." + disk + ".")
                .filter(disk -> figures.number(disk + "rd.reqs").isPresent())
                .map(disk -> new InstanceDiagnostics.Disk(
                        String.valueOf(figures.values().getOrDefault(disk + "name", "")),
                        new DiskSize(figures.number(disk + "rd.bytes").orElse(0)),
                        figures.number(disk + "rd.reqs").orElse(0),
                        new DiskSize(figures.number(disk + "wr.bytes").orElse(0)),
                        figures.number(disk + "wr.reqs").orElse(0),
                        figures.number(disk + "errors").stream()
                                .mapToObj(OptionalLong::of)
                                .findFirst()
                                .orElse(OptionalLong.empty())))
                .toList();
    }
}
