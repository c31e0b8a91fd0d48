package io.gantry.core;

import io.gantry.core.lifecycle.Services;
import io.gantry.core.lifecycle.VerbRegistry;
import io.gantry.core.maintenance.PlanRuns;
import io.gantry.core.migration.LiveMigrations;
import io.gantry.core.observe.EventBus;
import io.gantry.core.reconcile.Reconciler;
import io.gantry.core.servergroup.ServerGroupBook;
import io.gantry.host.Aggregates;
import io.gantry.host.Hosts;
import io.gantry.host.Zones;
import io.gantry.placement.Providers;
import io.gantry.spi.identity.IdentityProvider;

/**
 * What all callers of an engine share.
 *
 * @param services what the verbs work with
 * @param verbs the verbs on instances
 * @param liveMigrations live migration
 * @param planRuns plans of many moves
 * @param hosts the hosts
 * @param providers the resource providers
 * @param aggregates the aggregates
 * @param zones the zones
 * @param serverGroups the server groups
 * @param reconciler audits and repairs
 * @param identities says who callers are
 * @param bus tells listeners
 */
record EngineShared(
        Services services,
        VerbRegistry verbs,
        LiveMigrations liveMigrations,
        PlanRuns planRuns,
        Hosts hosts,
        Providers providers,
        Aggregates aggregates,
        Zones zones,
        ServerGroupBook serverGroups,
        Reconciler reconciler,
        IdentityProvider identities,
        EventBus bus) {}
