package io.gantry.driver.sim;

import io.gantry.error.HypervisorError;
import io.gantry.error.InvalidState;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.MigrationJob;
import io.gantry.spi.driver.MigrationOffer;
import io.gantry.spi.driver.MigrationSource;
import io.gantry.spi.driver.MigrationTicket;
import io.gantry.spi.driver.MigrationTuning;
import java.util.List;
import java.util.Map;

/** A simulated host as the source of migrations. */
final class SimMigrationSource implements MigrationSource {
    static final String MEMORY_BYTES = "memory-bytes";
    static final String ARCHITECTURE = "architecture";
    static final String SOURCE = "source";

    private final SimConnection connection;
    private final HostNode node;
    private final SimFleet fleet;

    SimMigrationSource(SimConnection connection, HostNode node, SimFleet fleet) {
        this.connection = connection;
        this.node = node;
        this.fleet = fleet;
    }

    @Override
    public MigrationOffer offer(InstanceId id) {
        return connection.call(
                SimCall.OFFER,
                fleet.surroundings().callTimeout(),
                () -> node.use(id, "migrate", guest -> {
                    requireOn(guest);
                    return new MigrationOffer(
                            id,
                            SimDriver.NAME,
                            node.config().version(),
                            guest.spec().name() + ": " + guest.spec().flavor(),
                            Map.of(
                                    MEMORY_BYTES,
                                    Long.toString(guest.spec().flavor().memory().bytes()),
                                    ARCHITECTURE,
                                    node.config().architecture(),
                                    SOURCE,
                                    node.name()));
                }));
    }

    @Override
    public MigrationJob start(
            CallContext context, MigrationOffer offer, MigrationTicket ticket, MigrationTuning tuning) {
        return connection.call(
                SimCall.START_MIGRATION,
                context.timeout(),
                () -> node.use(offer.guest(), "migrate", guest -> {
                    guest.admit(context);
                    requireOn(guest);
                    return start(guest, ticket, tuning);
                }));
    }

    private MigrationJob start(Guest guest, MigrationTicket ticket, MigrationTuning tuning) {
        HostNode target = fleet.node(ticket.attributes().getOrDefault(SimMigrationTarget.TARGET, ""));
        Incoming incoming = target.arriving().get(guest.id());
        PrecopyJob running = guest.migration();
        if (running != null) {
            if (incoming != null && running.fills(incoming)) {
                return running;
            }
            throw refused("guest " + guest.id() + " is being migrated already");
        }
        String number = ticket.attributes().getOrDefault(SimMigrationTarget.TICKET, "");
        if (incoming == null || !Long.toString(incoming.ticket()).equals(number)) {
            throw refused("host " + target.name() + " expects no guest by ticket " + number);
        }
        PrecopyJob job = new PrecopyJob(guest, node, target, incoming, tuning, fleet.surroundings());
        PrecopyJob filling = incoming.claim(job);
        if (filling != job) {
            throw refused("ticket " + number + " was used before");
        }
        job.begin();
        return job;
    }

    @Override
    public void abort(CallContext context, InstanceId id) {
        connection.call(SimCall.ABORT_MIGRATION, context.timeout(), () -> {
            Guest guest = node.find(id);
            PrecopyJob running = guest == null ? null : guest.migration();
            if (guest != null && running != null) {
                guest.admit(context);
                running.abort();
                running.dropArrived();
            }
            return id;
        });
    }

    private HypervisorError refused(String problem) {
        return new HypervisorError(node.name(), 0, 0, problem, null);
    }

    private static void requireOn(Guest guest) {
        if (!guest.on()) {
            throw new InvalidState(guest.id().ref(), "migrate", guest.power().name(), List.of("RUNNING", "PAUSED"));
        }
    }
}
