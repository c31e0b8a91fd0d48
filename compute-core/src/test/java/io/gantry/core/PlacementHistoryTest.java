package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.error.Forbidden;
import io.gantry.error.NotFound;
import io.gantry.host.HostId;
import io.gantry.identity.Caller;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import io.gantry.instance.Instance;
import io.gantry.instance.InstanceId;
import io.gantry.operation.Operation;
import io.gantry.operation.OperationId;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.PlacementReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an operation decided can be read when others have decided since. */
final class PlacementHistoryTest extends VerbTestBase {
    private Optional<HostId> chosen(Instance instance, OperationId operation) {
        return instances().placement(instance.id(), operation).orElseThrow().chosen();
    }

    private Operation<Instance> move(Instance instance, int host) {
        return engine.compute().migrations().cold(instance.id(), Optional.of(h(host)), NO_OPTIONS);
    }

    private OperationId moved(Instance instance, int host) {
        Operation<Instance> move = move(instance, host);
        await(move);
        await(instances().confirmResize(instance.id()));
        return move.id();
    }

    @Test
    void eachOperationKeepsItsOwn() {
        Operation<Instance> create =
                instances().create(engine.spec("web").host(h(1)).build());
        Instance web = await(create);
        OperationId there = moved(web, 2);

        engine.compute().hosts().disable(h(3), "no more of them");
        Operation<Instance> refused = move(web, 3);
        SimEngine.failure(NoValidHost.class, refused);

        assertEquals(Optional.of(h(1)), chosen(web, create.id()));
        assertEquals(Optional.of(h(2)), chosen(web, there));
        PlacementReport report = instances().placement(web.id(), refused.id()).orElseThrow();
        assertEquals(Optional.empty(), report.chosen());
        assertEquals(
                List.of("HOST_DISABLED"),
                report.rejected().stream()
                        .map(host -> host.rejection().orElseThrow().verdict().code())
                        .toList());
        assertEquals(Optional.of(report), instances().placement(web.id()));
        assertEquals(Optional.empty(), instances().placement(web.id(), OperationId.random()));
    }

    @Test
    void thoseOfInstancesThatAreCreatedTogetherAreKeptToo() {
        instances().create(engine.spec("web").build(), 3, 3, NO_OPTIONS).forEach(create -> {
            Instance web = await(create);
            assertEquals(web.host(), chosen(web, create.id()));
        });
    }

    @Test
    void theFirstOfManyIsForgotten() {
        Operation<Instance> create =
                instances().create(engine.spec("web").host(h(1)).build());
        Instance web = await(create);
        OperationId first = moved(web, 2);
        for (int i = 0; i < 4; i++) {
            moved(web, i % 2 == 0 ? 1 : 2);
        }

        assertEquals(Optional.empty(), instances().placement(web.id(), create.id()));
        assertEquals(Optional.of(h(2)), chosen(web, first));
    }

    @Test
    void onlyThoseReadItWhoMaySeeHosts() {
        Operation<Instance> create = engine.create("web");
        Instance web = await(create);
        Caller member = new Caller(web.project(), UserId.of("ann"), Role.MEMBER);

        assertThrows(
                Forbidden.class, () -> engine.compute().as(member).instances().placement(web.id(), create.id()));
        assertThrows(NotFound.class, () -> instances().placement(InstanceId.random(), create.id()));
    }
}
