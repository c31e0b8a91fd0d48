package io.gantry.core.lifecycle;

import io.gantry.core.host.HostRegistry;
import io.gantry.core.image.ImageCatalog;
import io.gantry.core.observe.EngineEvents;
import io.gantry.core.operation.OperationEngine;
import io.gantry.core.placement.Ledger;
import io.gantry.core.state.State;
import io.gantry.core.sync.GuestSync;
import java.time.Clock;

/**
 * What the verbs work with.
 *
 * @param state the tables
 * @param ledger the claims
 * @param hosts the connections
 * @param images the images
 * @param operations runs sagas
 * @param sync follows guests
 * @param events tells listeners
 * @param clock tells the time
 */
public record Services(
        State state,
        Ledger ledger,
        HostRegistry hosts,
        ImageCatalog images,
        OperationEngine operations,
        GuestSync sync,
        EngineEvents events,
        Clock clock) {}
