package io.gantry.driver.sim;

import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.error.HypervisorError;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationTarget;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.unit.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A simulated host as the target of migrations. */
final class SimMigrationTarget implements MigrationTarget {
    static final String TARGET = "target";
    static final String TICKET = "ticket";

    private final SimConnection connection;
    private final HostNode node;
    private final SimFleet fleet;

    SimMigrationTarget(SimConnection connection, HostNode node, SimFleet fleet) {
        this.connection = connection;
        this.node = node;
        this.fleet = fleet;
    }

    @Override
    public List<String> refusals(MigrationOffer offer) {
        return connection.call(SimCall.REFUSALS, fleet.surroundings().callTimeout(), () -> reasonsAgainst(offer));
    }

    private List<String> reasonsAgainst(MigrationOffer offer) {
        List<String> reasons = new ArrayList<>();
        HostConfig config = node.config();
        if (!offer.hypervisorType().equals(SimDriver.NAME)) {
            return List.of("The guest comes from hypervisor " + offer.hypervisorType() + ", this one is "
                    + SimDriver.NAME + ".");
        }
        if (offer.facts().getOrDefault(SimMigrationSource.SOURCE, "").equals(node.name())) {
            reasons.add("The guest is on this host already.");
        }
        String architecture = offer.facts().getOrDefault(SimMigrationSource.ARCHITECTURE, "");
        if (!architecture.equals(config.architecture())) {
            reasons.add(
                    "The guest's architecture is " + architecture + ", the host's is " + config.architecture() + ".");
        }
        MemorySize memory = memory(offer);
        if (memory.compareTo(config.memory()) > 0) {
            reasons.add("The guest has " + memory + " of memory, the host " + config.memory() + " in all.");
        }
        node.occupancy().missing(offer.layout()).ifPresent(missing -> reasons.add("The guest " + missing + "."));
        return reasons;
    }

    @Override
    public MigrationTicket prepare(CallContext context, MigrationOffer offer) {
        return connection.call(SimCall.PREPARE, context.timeout(), () -> {
            List<String> reasons = reasonsAgainst(offer);
            if (!reasons.isEmpty()) {
                throw new HypervisorError(node.name(), 0, 0, String.join(" ", reasons), null);
            }
            InstanceId id = offer.guest();
            if (node.find(id) != null) {
                throw new Conflict(id.ref(), "Host " + node.name() + " has " + id.ref(), "Choose another target");
            }
            Incoming incoming = node.arriving().computeIfAbsent(id, guest -> {
                node.occupancy().take(guest, offer.layout());
                return new Incoming(
                        guest,
                        fleet.nextTicket(),
                        new PageTable(
                                (int) (memory(offer).bytes() / Workload.PAGE_BYTES),
                                fleet.surroundings().pages()),
                        context);
            });
            incoming.admit(context);
            keepOnlyWithPower(id);
            return new MigrationTicket(
                    HostId.of(node.name()), Map.of(TARGET, node.name(), TICKET, Long.toString(incoming.ticket())));
        });
    }

    /** Power may have gone since the call got through, and with it all that was prepared. */
    private void keepOnlyWithPower(InstanceId id) {
        try {
            node.gate().requirePower();
        } catch (HostUnreachable e) {
            node.abandon(id);
            throw e;
        }
    }

    private static MemorySize memory(MigrationOffer offer) {
        return new MemorySize(Long.parseLong(offer.facts().getOrDefault(SimMigrationSource.MEMORY_BYTES, "0")));
    }

    @Override
    public void abandon(CallContext context, InstanceId id) {
        connection.call(SimCall.ABANDON, context.timeout(), () -> {
            node.abandon(context, id);
            return id;
        });
    }
}
