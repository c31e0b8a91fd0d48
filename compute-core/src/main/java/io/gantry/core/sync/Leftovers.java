package io.gantry.core.sync;

import io.gantry.core.host.HostRegistry;
import io.gantry.core.state.LeftoverRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.ComputeException;
import io.gantry.error.Conflict;
import io.gantry.host.HostId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.HostConnection;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes guests from hosts that did not answer when that was to be done. */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final State state;
    private final HostRegistry hosts;

    Leftovers(State state, HostRegistry hosts) {
        this.state = state;
        this.hosts = hosts;
    }

    void remove(HostId host) {
        List<Table.Entry<LeftoverRow>> rows = state.read(tx -> state.leftovers().find(tx, "host", host.value()));
        for (Table.Entry<LeftoverRow> entry : rows) {
            LeftoverRow row = entry.value();
            try {
                remove(host, row);
                forget(row);
                LOG.info("Guest {} is removed from host {}, which did not answer before", row.instance(), host);
            } catch (Conflict e) {
                // A later operation has a guest of this instance there, which is none of the old one's.
                LOG.info("Guest {} on host {} belongs to a later operation by now", row.instance(), host, e);
                forget(row);
            } catch (ComputeException e) {
                LOG.warn("Guest {} is still to be removed from host {}", row.instance(), host, e);
            }
        }
    }

    private void remove(HostId host, LeftoverRow row) {
        HostConnection connection = hosts.connection(host);
        CallContext context = new CallContext(OperationId.random(), row.epoch(), TIMEOUT);
        if (row.keepDisks()) {
            connection.releaseGuest(context, row.instance());
        } else {
            connection.deleteGuest(context, row.instance());
        }
    }

    private void forget(LeftoverRow row) {
        state.change(tx -> state.leftovers()
                .get(tx, row.key())
                .filter(entry -> entry.value().equals(row))
                .ifPresent(entry -> state.leftovers().delete(tx, entry)));
    }
}
