package io.gantry.topology;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which devices a guest is given. Devices that differ only in their address are tried once. */
final class DeviceFit {
    private final List<PciDevice> all;
    private final Set<String> used;
    private final Set<String> functionsInPart;
    private final Map<Integer, Integer> socketOfCell;

    DeviceFit(HostTopology host, TopologyUse use) {
        this.all = host.devices();
        this.used = use.devices();
        this.functionsInPart = all.stream()
                .filter(device -> used.contains(device.address()))
                .flatMap(device -> device.physicalFunction().stream())
                .collect(Collectors.toSet());
        this.socketOfCell = host.cells().stream().collect(Collectors.toMap(HostCell::id, HostCell::socket));
    }

    /** {@return free devices that are attached to the cell} */
    long freeOn(int cell) {
        return all.stream()
                .filter(this::isFree)
                .filter(device -> device.cell().filter(on -> on == cell).isPresent())
                .count();
    }

    /** {@return how many devices that a request accepts are free, wherever they are} */
    long free(PciRequest request) {
        return all.stream().filter(this::isFree).filter(request::accepts).count();
    }

    /** {@return how many devices are free} */
    int free() {
        return (int) all.stream().filter(this::isFree).count();
    }

    /** {@return addresses in the order of the requests; {@code cells} is empty for a guest without topology} */
    Optional<List<String>> pick(List<PciRequest> requests, Optional<Set<Integer>> cells) {
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            PciRequest request = requests.get(i);
            List<PciDevice> eligible = all.stream()
                    .filter(this::isFree)
                    .filter(request::accepts)
                    .filter(device -> cells.isEmpty() || allowed(request.policy(), device, cells.get()))
                    .sorted(Comparator.comparing(device -> cells.isPresent() && !isOn(device, cells.get())))
                    .toList();
            units.addAll(Collections.nCopies(request.count(), new Unit(i, eligible)));
        }
        List<PciDevice> picked = new ArrayList<>();
        return pick(units, picked)
                ? Optional.of(picked.stream().map(PciDevice::address).toList())
                : Optional.empty();
    }

    /** One device that is wanted, and those that it may be. */
    private record Unit(int request, List<PciDevice> eligible) {}

    private static boolean pick(List<Unit> units, List<PciDevice> picked) {
        int unit = picked.size();
        if (unit == units.size()) {
            return true;
        }
        List<PciDevice> devices = units.get(unit).eligible();
        // The devices of one request are alike to it: only ascending choices are tried.
        boolean goesOn =
                unit > 0 && units.get(unit - 1).request() == units.get(unit).request();
        int first = goesOn ? devices.indexOf(picked.get(unit - 1)) + 1 : 0;
        Set<Kind> tried = new HashSet<>();
        for (PciDevice device : devices.subList(first, devices.size())) {
            if (!conflicts(device, picked) && tried.add(kind(device))) {
                picked.add(device);
                if (pick(units, picked)) {
                    return true;
                }
                picked.remove(unit);
            }
        }
        return false;
    }

    private record Kind(
            String vendor, String product, PciType type, Optional<Integer> cell, Optional<String> physicalFunction) {}

    /** A physical function of which there are virtual ones is like no other. */
    private static Kind kind(PciDevice device) {
        Optional<String> function =
                device.type() == PciType.PF ? Optional.of(device.address()) : device.physicalFunction();
        return new Kind(device.vendor(), device.product(), device.type(), device.cell(), function);
    }

    private static boolean conflicts(PciDevice device, List<PciDevice> picked) {
        return picked.stream()
                .anyMatch(other ->
                        other.address().equals(device.address()) || isPartOf(other, device) || isPartOf(device, other));
    }

    private static boolean isPartOf(PciDevice virtual, PciDevice physical) {
        return virtual.physicalFunction().filter(physical.address()::equals).isPresent();
    }

    private boolean isFree(PciDevice device) {
        return !used.contains(device.address())
                && !functionsInPart.contains(device.address())
                && device.physicalFunction().filter(used::contains).isEmpty();
    }

    private boolean allowed(PciNumaPolicy policy, PciDevice device, Set<Integer> cells) {
        return switch (policy) {
            case PREFERRED -> true;
            case LEGACY -> device.cell().isEmpty() || isOn(device, cells);
            case REQUIRED -> isOn(device, cells);
            case SOCKET ->
                device.cell()
                        .map(socketOfCell::get)
                        .filter(socket -> cells.stream().map(socketOfCell::get).anyMatch(socket::equals))
                        .isPresent();
        };
    }

    private static boolean isOn(PciDevice device, Set<Integer> cells) {
        return device.cell().filter(cells::contains).isPresent();
    }
}
