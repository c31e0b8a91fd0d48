package io.gantry.jmh.race;

import io.gantry.core.ComputeEngineBuilder;
import io.gantry.core.store.InMemoryStore;
import io.gantry.driver.sim.SimFleet;
import io.gantry.jmh.node.Scratch;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.jmh.scene.Stage;
import io.gantry.quota.QuotaResource;
import io.gantry.store.jdbc.JdbcStore;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets verbs, creates and control nodes race, and looks at what is left. */
public final class RaceRun {
    private static final int SHORT_PAIRS = 60;
    private static final int SHOWN = 20;

    private final boolean isShort;
    private final Scratch scratch;
    private final List<Trial> trials = new ArrayList<>();

    private RaceRun(boolean isShort, Scratch scratch) {
        this.isShort = isShort;
        this.scratch = scratch;
    }

    /** Runs the races; exits with 1 if anything was left wrong. */
    public static void main(String... args) throws InterruptedException {
        Scratch scratch = Scratch.create("gantry-race");
        System.exit(new RaceRun(List.of(args).contains("--short"), scratch).run() ? 0 : 1);
    }

    private boolean run() throws InterruptedException {
        System.out.printf("%-44s %6s %6s %6s %9s%n", "race", "races", "won", "lost", "failures");
        int pairs = isShort ? SHORT_PAIRS : Integer.MAX_VALUE;
        try (SimFleet fleet = SimFleet.create();
                Stage one = inMemory(fleet)) {
            one.furnish();
            note(new Pairs(fleet, one, one).run("pairs of verbs, one node", pairs));
            note(new Crowds(fleet, List.of(one)).room("100 creates, room for 60, one node"));
        }
        try (PostgresServer postgres = PostgresServer.start()) {
            scratch.alsoClose(postgres);
            String url = postgres.newSchema();
            try (SimFleet fleet = SimFleet.create();
                    Stage one = shared(fleet, url, "one", Map.of());
                    Stage other = shared(fleet, url, "other", Map.of())) {
                one.furnish();
                note(new Pairs(fleet, one, other).run("pairs of verbs, two nodes", pairs));
                note(new Crowds(fleet, List.of(one, other)).room("100 creates, room for 60, two nodes"));
            }
            quota(postgres.newSchema());
            NodeStorm storm = new NodeStorm(scratch.directory(), postgres, isShort);
            note(storm.run("three nodes, killed and stopped"));
        }
        trials.forEach(trial -> trial.problems().stream()
                .distinct()
                .limit(SHOWN)
                .forEach(problem -> System.out.println("FAILURE " + trial.name() + ": " + problem)));
        int failures =
                trials.stream().mapToInt(trial -> trial.problems().size()).sum();
        System.out.printf(
                "race: %d races, %d won, %d lost, %d failures%n",
                trials.stream().mapToInt(Trial::races).sum(),
                trials.stream().mapToLong(Trial::won).sum(),
                trials.stream().mapToLong(Trial::lost).sum(),
                failures);
        return failures == 0;
    }

    private void quota(String url) throws InterruptedException {
        Map<QuotaResource, Long> limit =
                Map.of(QuotaResource.INSTANCES, (long) Crowds.QUOTA, QuotaResource.CORES, -1L, QuotaResource.RAM, -1L);
        try (SimFleet fleet = SimFleet.create();
                Stage one = shared(fleet, url, "one", limit);
                Stage other = shared(fleet, url, "other", limit)) {
            one.furnish();
            note(new Crowds(fleet, List.of(one)).quota("50 creates, quota 10, one node"));
            note(new Crowds(fleet, List.of(one, other)).quota("50 creates, quota 10, two nodes"));
        }
    }

    private Stage inMemory(SimFleet fleet) {
        return Stage.open(
                fleet.driver(),
                InMemoryStore.create(),
                RemoteFleet.machines(fleet),
                scratch.directory().resolve("in-memory"),
                "host-",
                Stage.settings("one", true));
    }

    private Stage shared(SimFleet fleet, String url, String node, Map<QuotaResource, Long> quotas) {
        return Stage.open(
                fleet.driver(),
                JdbcStore.postgres(url, "postgres", "postgres"),
                RemoteFleet.machines(fleet),
                scratch.directory().resolve("shared" + url.hashCode()),
                "host-",
                builder -> {
                    ComputeEngineBuilder set = Stage.settings(node, true).apply(builder);
                    return quotas.isEmpty() ? set : set.quotas(quotas);
                });
    }

    private void note(Trial trial) {
        trials.add(trial);
        System.out.printf(
                "%-44s %6d %6d %6d %9d%n",
                trial.name(),
                trial.races(),
                trial.won(),
                trial.lost(),
                trial.problems().size());
    }
}
