package io.gantry.core.reconcile;

import io.gantry.audit.Finding;
import io.gantry.core.observe.EngineEvents;
import io.gantry.core.operation.OperationEngine;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits again and again, and tells what is new. Of several control nodes one does it: the first by name whose lease
 * holds.
 */
public final class AuditWatch {
    private static final Logger LOG = LoggerFactory.getLogger(AuditWatch.class);

    private final Reconciler reconciler;
    private final OperationEngine operations;
    private final EngineEvents events;
    private final boolean repairs;
    private Set<Finding> known = Set.of();

    /**
     * Creates a watch.
     *
     * @param repairs whether it repairs what it finds, where it is provable whose the thing is
     */
    public AuditWatch(Reconciler reconciler, OperationEngine operations, EngineEvents events, boolean repairs) {
        this.reconciler = reconciler;
        this.operations = operations;
        this.events = events;
        this.repairs = repairs;
    }

    /** Audits once; called by one thread at a time. */
    public void run() {
        if (!operations.leads()) {
            known = Set.of();
            return;
        }
        Set<Finding> found = (repairs ? reconciler.repair() : reconciler.audit())
                .findings().stream().collect(Collectors.toSet());
        found.stream().filter(finding -> !known.contains(finding)).forEach(finding -> {
            LOG.warn("The audit found: {}", finding);
            events.found(finding);
        });
        known = found;
    }
}
