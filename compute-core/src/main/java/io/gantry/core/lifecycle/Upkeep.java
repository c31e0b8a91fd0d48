package io.gantry.core.lifecycle;

import io.gantry.core.state.InstanceRow;
import io.gantry.error.ComputeException;
import io.gantry.instance.InstanceId;
import io.gantry.operation.RequestOptions;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does for instances what is due without anybody asking: confirms resizes, takes shelved instances off their hosts, and
 * reclaims deleted ones. Where several control nodes find the same instance, the first one has it.
 */
public final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final Services services;
    private final InstanceVerbs verbs;

    /**
     * Creates the upkeep.
     *
     * @param verbs the verbs of the engine itself
     */
    public Upkeep(Services services, InstanceVerbs verbs) {
        this.services = services;
        this.verbs = verbs;
    }

    /** Does what is due by now; called again and again. */
    public void run() {
        Instant now = services.clock().instant();
        services.state().read(tx -> services.state().instances().findReadable(tx, "due", "true")).stream()
                .filter(row -> row.operation().isEmpty())
                .filter(row -> row.due().filter(due -> !due.isAfter(now)).isPresent())
                .forEach(this::attend);
    }

    private void attend(InstanceRow row) {
        InstanceId id = row.instance().id();
        try {
            switch (row.instance().state()) {
                case RESIZED -> verbs.confirmResize(id, RequestOptions.none());
                case SHELVED -> verbs.shelveOffload(id, RequestOptions.none());
                case SOFT_DELETED -> verbs.forceDelete(id, RequestOptions.none());
                default ->
                    LOG.warn(
                            "Nothing is due for instance {} in state {}",
                            id,
                            row.instance().state());
            }
        } catch (ComputeException e) {
            LOG.info("What is due for instance {} is done later, or by somebody else: {}", id, e.getMessage());
        }
    }
}
