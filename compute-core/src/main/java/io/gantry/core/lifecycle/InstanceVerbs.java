package io.gantry.core.lifecycle;

import io.gantry.core.operation.Step;
import io.gantry.core.placement.Placer;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.PlacementRow;
import io.gantry.core.state.Table;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.Instances;
import io.gantry.instance.RebootKind;
import io.gantry.instance.StopOptions;
import io.gantry.instance.VmState;
import io.gantry.operation.Operation;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.PlacementReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The verbs on instances. */
public final class InstanceVerbs implements Instances {
    private final Services services;
    private final InstanceRows rows;
    private final Placer placer;
    private final CreateChecks checks;
    private final PowerSteps power;

    /** Creates the verbs. */
    public InstanceVerbs(Services services, Placer placer) {
        this.services = services;
        this.rows = new InstanceRows(services.state(), services.clock());
        this.placer = placer;
        this.checks = new CreateChecks(services);
        this.power = new PowerSteps(services.hosts().signals());
    }

    /** The part of a request to create that makes two of them equal. */
    private record CreateKey(String name, String flavor, String image, String host, Map<String, String> metadata) {}

    /** The part of any other request that makes two of them equal. */
    private record VerbKey(String verb, InstanceId instance, String how) {}

    @Override
    public Operation<Instance> create(InstanceSpec spec, RequestOptions options) {
        CreateRequest request = checks.check(spec, InstanceId.random());
        CreateKey key = new CreateKey(
                spec.name(),
                spec.flavor(),
                spec.image().toString(),
                spec.host().map(HostId::value).orElse(""),
                new TreeMap<>(spec.metadata()));
        return services.operations().submit(key, options, (tx, operation) -> {
            InstanceRow row = InstanceRow.building(
                    request.id(),
                    request.name(),
                    request.flavor(),
                    request.image().id(),
                    request.metadata(),
                    operation,
                    services.clock().instant());
            services.state().instances().insert(tx, row);
            return new CreateSaga(services, placer, request);
        });
    }

    @Override
    public PlacementReport explain(InstanceSpec spec) {
        CreateRequest request = checks.check(spec, InstanceId.random());
        return Placer.best(placer.rank(request.placement(), request.host(), host -> Optional.empty()));
    }

    @Override
    public Optional<PlacementReport> placement(InstanceId id) {
        return services.state().transact(tx -> {
            rows.get(tx, id);
            return services.state()
                    .placements()
                    .get(tx, id.toString())
                    .map(Table.Entry::value)
                    .map(PlacementRow::report);
        });
    }

    @Override
    public Instance get(InstanceId id) {
        return services.state().transact(tx -> rows.get(tx, id).value().instance());
    }

    @Override
    public List<Instance> list() {
        return services.state()
                .transact(tx -> services.state().instances().all(tx).stream()
                        .map(entry -> entry.value().instance())
                        .sorted(Comparator.comparing(Instance::createdAt).thenComparing(Instance::id))
                        .toList());
    }

    @Override
    public Operation<Instance> start(InstanceId id, RequestOptions options) {
        return onHost(
                Verb.START,
                id,
                "",
                options,
                host -> GuestStep.calling("start-guest", services, host, (context, connection) -> {
                    connection.startGuest(context.call(PowerSteps.CALL), id);
                    PowerSteps.lookForRunning(context, connection, id, host.value());
                }));
    }

    @Override
    public Operation<Instance> stop(InstanceId id, StopOptions how, RequestOptions options) {
        Duration timeout = how.cleanTimeout();
        return onHost(
                Verb.STOP,
                id,
                timeout.toString(),
                options,
                host -> GuestStep.waiting("stop-guest", services, host, (context, connection) -> {
                    power.stop(context, connection, id, timeout);
                    PowerSteps.look(context, connection, id);
                }));
    }

    @Override
    public Operation<Instance> reboot(InstanceId id, RebootKind kind, RequestOptions options) {
        boolean soft = kind == RebootKind.SOFT;
        return onHost(
                soft ? Verb.REBOOT : Verb.REBOOT_HARD,
                id,
                "",
                options,
                host -> GuestStep.waiting("reboot-guest", services, host, (context, connection) -> {
                    if (soft) {
                        power.reboot(context, connection, id, PowerSteps.SOFT_REBOOT);
                    } else {
                        power.reset(context, connection, id);
                    }
                    PowerSteps.lookForRunning(context, connection, id, host.value());
                }));
    }

    @Override
    public Operation<Instance> pause(InstanceId id, RequestOptions options) {
        return onHost(
                Verb.PAUSE,
                id,
                "",
                options,
                host -> GuestStep.calling("pause-guest", services, host, (context, connection) -> {
                    connection.pauseGuest(context.call(PowerSteps.CALL), id);
                    PowerSteps.look(context, connection, id);
                }));
    }

    @Override
    public Operation<Instance> unpause(InstanceId id, RequestOptions options) {
        return onHost(
                Verb.UNPAUSE,
                id,
                "",
                options,
                host -> GuestStep.calling("unpause-guest", services, host, (context, connection) -> {
                    connection.unpauseGuest(context.call(PowerSteps.CALL), id);
                    PowerSteps.look(context, connection, id);
                }));
    }

    @Override
    public Operation<Instance> delete(InstanceId id, RequestOptions options) {
        return services.operations().submit(new VerbKey(Verb.DELETE.word(), id, ""), options, (tx, operation) -> {
            InstanceRow before = rows.get(tx, id).value();
            rows.take(tx, id, Verb.DELETE, operation);
            return new DeleteSaga(services, before);
        });
    }

    private Operation<Instance> onHost(
            Verb verb, InstanceId id, String how, RequestOptions options, Function<HostId, Step> step) {
        return services.operations().submit(new VerbKey(verb.word(), id, how), options, (tx, operation) -> {
            Instance before = rows.take(tx, id, verb, operation);
            return new InstanceSaga(services, verb, id, List.of(step.apply(requireHost(before, verb.word()))));
        });
    }

    private static HostId requireHost(Instance instance, String verb) {
        return instance.host()
                .orElseThrow(() -> new InvalidState(
                        instance.id().ref(),
                        verb,
                        instance.state() + " without a host",
                        List.of(VmState.ACTIVE.name(), VmState.PAUSED.name(), VmState.STOPPED.name())));
    }

    @Override
    public String consoleLog(InstanceId id, int maxBytes) {
        if (maxBytes < 1) {
            throw new InvalidRequest("consoleLog.maxBytes", maxBytes, "must be at least 1", "Ask for 1 byte or more");
        }
        HostId host = requireHost(get(id), "read the console of");
        return new String(services.hosts().connection(host).consoleLog(id, maxBytes), StandardCharsets.UTF_8);
    }
}
