package io.gantry.core.lifecycle;

import io.gantry.core.operation.Admission;
import io.gantry.core.operation.Submission;
import io.gantry.core.placement.Placer;
import io.gantry.core.placement.Ranking;
import io.gantry.core.scheduler.Exclusion;
import io.gantry.core.state.InstanceRow;
import io.gantry.core.state.Transactor;
import io.gantry.flavor.Flavor;
import io.gantry.host.HostId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.instance.InstanceSpec;
import io.gantry.instance.TaskState;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.quota.QuotaExceeded;
import io.gantry.servergroup.ServerGroupPolicy;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates several instances at once. All are charged, placed and claimed in the one transaction that accepts them: if one
 * finds no host, none is created and nothing is left.
 */
final class MultiCreate {
    private final Services services;
    private final VerbRegistry verbs;
    private final Asking asking;
    private final CreateChecks checks;
    private final InstanceRows rows;
    private final Charges charges;

    MultiCreate(Services services, VerbRegistry verbs, Asking asking, CreateChecks checks) {
        this.services = services;
        this.verbs = verbs;
        this.asking = asking;
        this.checks = checks;
        this.rows = new InstanceRows(services);
        this.charges = new Charges(services.quotas());
    }

    List<Operation<Instance>> create(InstanceSpec spec, int min, int max, RequestOptions options) {
        CreateKey key = CreateKey.of(spec, min, max);
        // What fits is asked first; a racer may take some of it before the charge, which then says so.
        for (int count = fitting(spec, min, max); ; count--) {
            try {
                return submit(spec, key, count, options);
            } catch (QuotaExceeded e) {
                if (count == min) {
                    throw e;
                }
            }
        }
    }

    private int fitting(InstanceSpec spec, int min, int max) {
        return services.state().read(tx -> {
            Flavor flavor = services.flavors().usable(tx, asking.caller(), "instance.flavor", spec.flavor());
            return Math.max(min, charges.howManyFit(tx, asking.caller(), flavor, max));
        });
    }

    private List<Operation<Instance>> submit(InstanceSpec spec, CreateKey key, int count, RequestOptions options) {
        List<Submission<CreateRequest>> submissions = new ArrayList<>();
        List<HostId> touched = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            CreateRequest request = checks.check(spec.numbered(number), InstanceId.random(), number - 1);
            int left = count - number + 1;
            submissions.add(
                    new Submission<>(request, (tx, operation) -> accept(tx, operation, request, left, touched)));
        }
        try {
            return services.operations().submitAll(verbs.create, key, asking.caller(), options, submissions).stream()
                    .map(asking::seen)
                    .toList();
        } catch (NoValidHost e) {
            throw asking.seen(e, submissions.get(0).request().id().ref());
        }
    }

    /**
     * Claims for one of the instances.
     *
     * @param left how many are not placed yet, this one included
     * @param touched hosts with claims of those before it; also of an earlier attempt, which matters no more
     */
    private Admission accept(
            Transaction tx, OperationId operation, CreateRequest request, int left, List<HostId> touched) {
        charges.charge(tx, request);
        checks.join(tx, request);
        InstanceRow row = request.row(operation, services.clock().instant());
        services.state().instances().insert(tx, row);
        Ranking ranking = request.forced()
                ? services.placer()
                        .force(tx, request.placement(), request.host().orElseThrow())
                : services.placer().rank(tx, request.placement(), request.host(), together(tx, request, left), touched);
        HostId chosen = services.placer()
                .claim(
                        ranking,
                        Placer.Claim.of(
                                within(tx),
                                request.id(),
                                operation,
                                (same, host) -> rows.change(
                                        same,
                                        request.id(),
                                        edit -> edit.host(Optional.of(host)).task(TaskState.SPAWNING))));
        touched.add(chosen);
        return Admission.of(row.epoch()).recording(Map.of(InstanceSaga.HOST, chosen.value()));
    }

    /** What is to be on one host goes where there is room for all of it. */
    private Exclusion together(Transaction tx, CreateRequest request, int left) {
        if (left == 1) {
            return Exclusion.NONE;
        }
        boolean isTogether = request.group()
                .flatMap(group -> services.state().serverGroups().get(tx, group.toString()))
                .filter(group -> group.value().policy() == ServerGroupPolicy.AFFINITY)
                .isPresent();
        return isTogether ? new RoomForAll(request.placement(), left) : Exclusion.NONE;
    }

    private static Transactor within(Transaction tx) {
        return new Transactor() {
            @Override
            public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
                return work.apply(tx);
            }
        };
    }
}
