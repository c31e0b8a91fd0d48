package io.gantry.jmh.fleet;

import io.gantry.driver.sim.SimFleet;
import io.gantry.jmh.node.Scratch;
import io.gantry.jmh.remote.RemoteFleet;
import io.gantry.store.jdbc.testing.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Lets three control nodes on one PostgreSQL fill a large simulated fleet, kills one of them, and checks the books. */
public final class FleetRun {
    private static final Duration LONG = Duration.ofMinutes(60);
    private static final Duration CALM = Duration.ofSeconds(2);
    private static final int SHOWN = 20;

    private final Plan plan;
    private final Scratch scratch;
    private final List<Member> nodes = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private FleetRun(Plan plan, Scratch scratch) {
        this.plan = plan;
        this.scratch = scratch;
    }

    /** Runs it; exits with 1 if anything was lost, doubled or left over, or taken over too late. */
    public static void main(String... args) throws InterruptedException {
        Plan plan = Plan.of(List.of(args).contains("--short"));
        System.exit(new FleetRun(plan, Scratch.create("gantry-fleet")).run() ? 0 : 1);
    }

    private boolean run() throws InterruptedException {
        row("processors", Runtime.getRuntime().availableProcessors() + ", shared by all processes of the run");
        try (PostgresServer postgres = PostgresServer.start();
                SimFleet fleet = SimFleet.create();
                RemoteFleet remote = RemoteFleet.serve(fleet)) {
            scratch.alsoClose(postgres);
            String url = postgres.newSchema();
            try (Books books = new Books(url)) {
                for (int i = 0; i < Plan.NODES; i++) {
                    nodes.add(Member.start(i, remote.port(), url, scratch.directory()));
                }
                for (Member node : nodes) {
                    node.await("OPEN", LONG);
                }
                nodes.get(0).tell("FURNISH");
                nodes.get(0).await("FURNISHED", LONG);
                Duration registering = register();
                Creates creates = create();
                weigh();
                Takeover takeover = kill(books);
                check(fleet, books);
                return judge(registering, creates, takeover);
            } finally {
                nodes.forEach(Member::close);
            }
        }
    }

    private static void row(String what, Object value) {
        System.out.printf("%-34s %s%n", what, value);
    }

    /** {@return what each node takes at most, of so many} */
    private static int share(int all) {
        return (all + Plan.NODES - 1) / Plan.NODES;
    }

    private Duration register() throws InterruptedException {
        long began = System.nanoTime();
        int share = share(plan.hosts());
        for (int i = 0; i < Plan.NODES; i++) {
            nodes.get(i).tell("REGISTER", i * share, Math.min(plan.hosts(), (i + 1) * share));
        }
        for (Member node : nodes) {
            node.await("REGISTERED", LONG);
        }
        Duration registered = since(began);
        row(
                "hosts registered",
                String.format(
                        "%,d in %.1f s, %.0f/s",
                        plan.hosts(), seconds(registered), plan.hosts() / seconds(registered)));
        nodes.forEach(node -> node.tell("MEET", plan.hosts()));
        for (Member node : nodes) {
            node.await("MET", LONG);
        }
        Duration met = since(began);
        row("each node connected to all", String.format("%.1f s after the first was registered", seconds(met)));
        return met;
    }

    /** What the creates came to; times in microseconds. */
    private record Creates(double perSecond, Samples step, double stale, double refused) {}

    private Creates create() throws InterruptedException {
        int share = share(plan.instances());
        Contention.Counts before = counts();
        Processors.Spent spent = Processors.spent(nodes);
        long began = System.nanoTime();
        for (int i = 0; i < Plan.NODES; i++) {
            nodes.get(i).tell("CREATE", i * share, Math.min(plan.instances(), (i + 1) * share), plan.callers());
        }
        List<String> perNode = new ArrayList<>();
        boolean stopped = false;
        while (nodes.stream().anyMatch(node -> !node.hasSaid("CREATED"))) {
            if (!stopped && since(began).compareTo(plan.most()) > 0) {
                nodes.forEach(node -> node.tell("STOP"));
                stopped = true;
            }
            Thread.sleep(100);
        }
        for (Member node : nodes) {
            node.await("CREATED", LONG);
            perNode.add(String.format("%.1f", node.made().size() / seconds(since(began))));
        }
        Duration took = since(began);
        Contention.Counts counts = counts();
        Samples step = samples(0);
        Samples claim = samples(1);
        Samples whole = samples(2);
        double perSecond = step.count() / seconds(took);
        row(
                "instances created",
                String.format(
                        "%,d in %.0f s by %d callers a node: %.1f/s; per node %s/s",
                        step.count(), seconds(took), plan.callers(), perSecond, String.join(", ", perNode)));
        row("placement (decision and claim)", step);
        row("request to claim", claim);
        row("whole create", whole);
        double placements = counts.claims() - before.claims();
        double stale = (counts.staleClaims() - before.staleClaims()) / placements;
        double refused = (counts.refusedClaims() - before.refusedClaims()) / placements;
        row("claims that ran again, refused", String.format("%.3f and %.3f per placement", stale, refused));
        row(
                "transactions",
                String.format(
                        "%.1f per create, %.3f of them ran again",
                        (counts.transactions() - before.transactions()) / placements,
                        (double) (counts.stale() - before.stale()) / (counts.transactions() - before.transactions())));
        row("processor time", Processors.spent(nodes).since(spent).of(took));
        return new Creates(perSecond, step, stale, refused);
    }

    private Contention.Counts counts() throws InterruptedException {
        Contention.Counts all = new Contention.Counts(0, 0, 0, 0, 0);
        for (Member node : nodes) {
            node.tell("COUNT");
            node.await("COUNTS", LONG);
            all = all.plus(node.counts());
        }
        return all;
    }

    private Samples samples(int which) {
        return new Samples(nodes.stream()
                .flatMap(node -> node.made().stream())
                .mapToLong(times -> times[which])
                .sorted()
                .toArray());
    }

    private void weigh() throws InterruptedException {
        for (Member node : nodes) {
            node.tell("WEIGH");
            node.await("WEIGHED", LONG);
            long[] weight = node.weight();
            row(
                    node.name(),
                    String.format(
                            "%d MiB of heap after a collection, %d MiB resident, %d threads",
                            weight[0], weight[1], weight[2]));
        }
    }

    /** What became of a dead node's operations. */
    private record Takeover(int operations, Duration time, List<String> left) {}

    private Takeover kill(Books books) throws InterruptedException {
        int first = plan.instances();
        for (int i = 0; i < Plan.NODES; i++) {
            nodes.get(i).tell("CREATE", first, first + plan.perNode(), plan.callers());
            first += plan.perNode();
        }
        Member victim = nodes.get(Plan.NODES - 1);
        int before = victim.accepted().size();
        while (victim.accepted().size() < before + plan.perNode() / 2) {
            nodes.forEach(Member::listen);
            Thread.sleep(5);
        }
        victim.kill();
        long killed = System.nanoTime();
        Set<String> orphans = books.running(victim.name());
        List<String> left = List.copyOf(orphans);
        while (!left.isEmpty() && since(killed).compareTo(Plan.LEASE.multipliedBy(8)) < 0) {
            nodes.forEach(Member::listen);
            Thread.sleep(100);
            left = books.unended(Set.copyOf(left));
        }
        Duration time = since(killed);
        row(
                "node killed",
                String.format(
                        "%d operations under way, all ended after %.1f s; lease %d s",
                        orphans.size(), seconds(time), Plan.LEASE.toSeconds()));
        for (Member node : survivors()) {
            node.await("CREATED", LONG);
        }
        long end = System.nanoTime() + LONG.toNanos();
        while (books.running() > 0 && System.nanoTime() < end) {
            Thread.sleep(100);
        }
        Thread.sleep(CALM.toMillis());
        return new Takeover(orphans.size(), time, left);
    }

    private List<Member> survivors() {
        return nodes.subList(0, Plan.NODES - 1);
    }

    private void check(SimFleet fleet, Books books) throws InterruptedException {
        Set<String> promised = new TreeSet<>();
        Set<String> operations = new TreeSet<>();
        for (Member node : nodes) {
            promised.addAll(node.accepted().values());
            operations.addAll(node.accepted().keySet());
        }
        long began = System.nanoTime();
        problems.addAll(books.check(fleet, promised));
        books.unsuccessful(operations).forEach(row -> problems.add("not successful: " + row));
        Member auditor = nodes.get(0);
        auditor.tell("AUDIT");
        auditor.await("AUDITED", LONG);
        problems.addAll(auditor.findings());
        survivors().forEach(node -> problems.addAll(node.problems()));
        // What its callers were told as it died is nobody's problem; what it said before is.
        nodes.get(Plan.NODES - 1).problems().stream()
                .filter(problem -> problem.contains("WRONG"))
                .forEach(problems::add);
        row("checked and audited", String.format("%,d instances in %.0f s", promised.size(), seconds(since(began))));
    }

    private boolean judge(Duration registering, Creates creates, Takeover takeover) {
        problems.stream().distinct().limit(SHOWN).forEach(problem -> System.out.println("FAILURE " + problem));
        Duration bound = Plan.LEASE.plus(Plan.TAKEOVER);
        boolean held = problems.isEmpty()
                && takeover.operations() > 0
                && takeover.left().isEmpty()
                && takeover.time().compareTo(bound) <= 0;
        String memory =
                nodes.stream().map(node -> Long.toString(node.weight()[0])).collect(Collectors.joining("/"));
        System.out.printf(
                "fleet: %,d hosts known after %.0f s, %,d instances, %.1f creates/s, placement p50 %.1f ms p99 %.1f ms,"
                        + " %.3f claims run again and %.3f refused per placement, %s MiB of heap a node,"
                        + " %d operations of a dead node ended after %.1f s (bound: %d s), %d failures: %s%n",
                plan.hosts(),
                seconds(registering),
                creates.step().count(),
                creates.perSecond(),
                creates.step().millis(50),
                creates.step().millis(99),
                creates.stale(),
                creates.refused(),
                memory,
                takeover.operations(),
                seconds(takeover.time()),
                bound.toSeconds(),
                problems.size(),
                held ? "holds" : "DOES NOT HOLD");
        return held;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
