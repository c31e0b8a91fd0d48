package io.gantry.topology;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a guest with a topology or devices is on its host.
 *
 * @param cells where each of its cells is, in the order of its topology; none for a guest without topology
 * @param emulatorCpu the CPU that is taken for the emulator's threads, if one is
 * @param devices the addresses of its devices, in the order of its requests
 */
public record GuestPlacement(List<CellPlacement> cells, Optional<Integer> emulatorCpu, List<String> devices) {
    /** Nothing of what a topology or devices take. */
    public static final GuestPlacement NONE = new GuestPlacement(List.of(), Optional.empty(), List.of());

    /**
     * Copies the lists.
     *
     * @param cells see the record
     * @param emulatorCpu see the record
     * @param devices see the record
     */
    public GuestPlacement {
        cells = List.copyOf(cells);
        devices = List.copyOf(devices);
    }

    /**
     * {@return this and another placement as one, where it is not known which of both a guest has}
     *
     * @param other the other one
     */
    public GuestPlacement with(GuestPlacement other) {
        return new GuestPlacement(
                Stream.concat(cells.stream(), other.cells.stream()).toList(),
                emulatorCpu.or(() -> other.emulatorCpu),
                Stream.concat(devices.stream(), other.devices.stream()).toList());
    }
}
