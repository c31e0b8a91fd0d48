package io.gantry.topology;

import io.gantry.unit.MemorySize;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the first thing of a host that keeps a guest from fitting, for a guest that does not fit. */
final class FitDiagnosis {
    private final HostTopology host;
    private final TopologyFit fit;
    private final DeviceFit deviceFit;
    private final boolean freeable;

    /** @param freeable whether the guest would fit onto the empty host */
    FitDiagnosis(HostTopology host, TopologyUse used, TopologyFit fit, boolean freeable) {
        this.host = host;
        this.fit = fit;
        this.deviceFit = new DeviceFit(host, used);
        this.freeable = freeable;
    }

    TopologyLack of(Optional<GuestTopology> guest, List<PciRequest> devices) {
        return guest.flatMap(this::cells)
                .or(() -> devices(devices))
                .orElseGet(() -> lack(
                        "PCI_AFFINITY",
                        words(devices) + " near the guest's cells",
                        "none that are free near cells with room",
                        "PCI devices near NUMA cells"));
    }

    private TopologyLack lack(String code, String needed, String free, String resource) {
        return new TopologyLack(code, needed, free, resource, 0, "", freeable);
    }

    private Optional<TopologyLack> devices(List<PciRequest> requests) {
        for (PciRequest request : requests) {
            long free = deviceFit.free(request);
            if (free < request.count()) {
                long all = host.devices().stream().filter(request::accepts).count();
                return Optional.of(new TopologyLack(
                        "PCI_DEVICES",
                        request.count() + " " + request.alias(),
                        free + " free of " + all,
                        "PCI devices " + request.alias(),
                        request.count() - free,
                        " " + request.alias(),
                        freeable));
            }
        }
        return deviceFit.pick(requests, Optional.empty()).isPresent()
                ? Optional.empty()
                : Optional.of(lack("PCI_DEVICES", words(requests), "not all of them at once", "PCI devices"));
    }

    private static String words(List<PciRequest> requests) {
        return requests.stream()
                .map(request -> request.count() + " " + request.alias())
                .collect(Collectors.joining(", "));
    }

    private Optional<TopologyLack> cells(GuestTopology guest) {
        if (host.cells().isEmpty()) {
            return Optional.of(lack("NUMA_CELLS", "a host whose NUMA cells are known", "none known", "NUMA cells"));
        }
        int wanted = guest.cells().size();
        int has = host.cells().size();
        if (wanted > has) {
            return Optional.of(new TopologyLack(
                    "NUMA_CELLS", cells(wanted), cells(has), "NUMA cells", wanted - has, " NUMA cells", false));
        }
        for (int i = 0; i < wanted; i++) {
            Optional<TopologyLack> lack = cell(guest, guest.cells().get(i), TopologyFit.hasEmulator(guest, i));
            if (lack.isPresent()) {
                return lack;
            }
        }
        return fit.place(Optional.of(guest), List.of()).isPresent()
                ? Optional.empty()
                : Optional.of(
                        lack("NUMA_CELLS", cells(wanted), "room for each of them, but not for all", "NUMA cells"));
    }

    private static String cells(int count) {
        return count + (count == 1 ? " NUMA cell" : " NUMA cells");
    }

    /** {@return why a cell fits onto none of the host's; empty if it fits onto one} */
    private Optional<TopologyLack> cell(GuestTopology guest, GuestCell cell, boolean emulator) {
        List<CellFit> fits = host.cells().stream().map(fit::onCell).toList();
        if (fits.stream().anyMatch(on -> on.place(guest, cell, emulator).isPresent())) {
            return Optional.empty();
        }
        int dedicated = cell.dedicated().size() + (emulator ? 1 : 0);
        if (fits.stream().noneMatch(on -> on.hasDedicated(guest.threadPolicy(), cell, emulator))) {
            return Optional.of(dedicated(guest.threadPolicy(), dedicated, fits));
        }
        if (fits.stream().noneMatch(on -> on.hasShared(cell))) {
            return Optional.of(shared(cell.shared(), fits));
        }
        if (fits.stream().noneMatch(on -> on.hasMemory(guest, cell))) {
            return Optional.of(memory(guest, cell.memory(), fits));
        }
        return Optional.of(lack(
                "NUMA_CELLS",
                cpus(dedicated) + ", " + cell.shared() + " shared vCPUs and " + cell.memory() + " on one cell",
                "no cell with all of that",
                "NUMA cells"));
    }

    private static String cpus(int dedicated) {
        return dedicated + (dedicated == 1 ? " dedicated CPU" : " dedicated CPUs");
    }

    private TopologyLack dedicated(CpuThreadPolicy policy, int wanted, List<CellFit> fits) {
        CellFit best = best(fits, Comparator.comparingInt(on -> on.freeDedicated(policy)));
        int free = best.freeDedicated(policy);
        String how =
                policy == CpuThreadPolicy.PREFER ? "" : ", " + policy.name().toLowerCase(Locale.ROOT);
        return new TopologyLack(
                "DEDICATED_CPUS",
                cpus(wanted) + " on one cell" + how,
                free + " on cell " + best.id(),
                "dedicated CPUs on one cell",
                Math.max(0, wanted - free),
                " dedicated CPUs",
                freeable);
    }

    private TopologyLack shared(int wanted, List<CellFit> fits) {
        CellFit best = best(fits, Comparator.comparingLong(CellFit::freeShared));
        long free = Math.max(0, best.freeShared());
        return new TopologyLack(
                "SHARED_CPUS",
                wanted + " shared vCPUs on one cell",
                free + " on cell " + best.id() + " of " + best.sharedCpus() + " CPUs",
                "shared vCPUs on one cell",
                Math.max(0, wanted - free),
                " shared vCPUs",
                freeable);
    }

    private TopologyLack memory(GuestTopology guest, MemorySize wanted, List<CellFit> fits) {
        CellFit best = best(fits, Comparator.comparingLong(on -> on.freeMemory(guest)));
        long free = Math.max(0, best.freeMemory(guest));
        String pages = switch (guest.pageSize().kind()) {
            case UNSPECIFIED -> "";
            case EXACT -> " in pages of " + new MemorySize(guest.pageSize().kib() * 1024L);
            default -> " in pages of size " + guest.pageSize().kind().name().toLowerCase(Locale.ROOT);
        };
        return new TopologyLack(
                "CELL_MEMORY",
                wanted + pages + " on one cell",
                new MemorySize(free) + " on cell " + best.id(),
                "memory on one cell",
                Math.max(0, wanted.bytes() - free) >> 20,
                " MiB on one cell",
                freeable);
    }

    private static CellFit best(List<CellFit> fits, Comparator<CellFit> by) {
        return fits.stream()
                .max(by.thenComparing(Comparator.comparingInt(CellFit::id).reversed()))
                .orElseThrow();
    }
}
