package io.gantry.core.lifecycle;

import io.gantry.core.aggregate.HostZones;
import io.gantry.core.flavor.FlavorBook;
import io.gantry.core.host.HostRegistry;
import io.gantry.core.identity.AccessControl;
import io.gantry.core.image.ImageCatalog;
import io.gantry.core.keypair.KeyPairBook;
import io.gantry.core.observe.EngineEvents;
import io.gantry.core.operation.OperationEngine;
import io.gantry.core.placement.BuildFailures;
import io.gantry.core.placement.Ledger;
import io.gantry.core.placement.Placer;
import io.gantry.core.quota.QuotaBook;
import io.gantry.core.state.State;
import io.gantry.core.sync.GuestSync;
import io.gantry.spi.fence.Fencer;
import java.time.Clock;
import java.util.Optional;

/**
 * What the verbs work with.
 *
 * @param state the tables
 * @param ledger the claims
 * @param zones which zone each host is in
 * @param quotas the charges
 * @param keyPairs the users' key pairs
 * @param flavors the flavors
 * @param placer finds hosts
 * @param buildFailures which hosts failed builds
 * @param hosts the connections
 * @param images the images
 * @param operations runs sagas
 * @param sync follows guests
 * @param events tells listeners
 * @param access says who may do what
 * @param fencer proves that hosts are dead, if the engine has one
 * @param settings how instances are treated that nobody asks about
 * @param clock tells the time
 */
public record Services(
        State state,
        Ledger ledger,
        HostZones zones,
        QuotaBook quotas,
        KeyPairBook keyPairs,
        FlavorBook flavors,
        Placer placer,
        BuildFailures buildFailures,
        HostRegistry hosts,
        ImageCatalog images,
        OperationEngine operations,
        GuestSync sync,
        EngineEvents events,
        AccessControl access,
        Optional<Fencer> fencer,
        LifecycleSettings settings,
        Clock clock) {}
