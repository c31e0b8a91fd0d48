package io.gantry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.error.InvalidRequest;
import io.gantry.image.Image;
import io.gantry.image.ImageId;
import io.gantry.instance.Instance;
import io.gantry.instance.VmState;
import io.gantry.operation.RequestOptions;
import io.gantry.placement.NoValidHost;
import io.gantry.placement.ProviderId;
import io.gantry.placement.Verdict;
import io.gantry.scheduler.filters.ImageTraitsRequestFilter;
import io.gantry.spi.scheduler.HostFilter;
import io.gantry.spi.scheduler.HostView;
import io.gantry.spi.scheduler.PlacementRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** An instance that is rebuilt keeps its host, which has to be one for the new image, too. */
final class RebuildHostTest extends VerbTestBase {
    private static final ProviderId H1 = ProviderId.of("h1");
    private static final Map<String, String> NEEDS_SSD = Map.of("trait:CUSTOM_SSD", "required");

    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    ComputeEngineBuilder settings(ComputeEngineBuilder builder) {
        return builder.filters(List.of(new Door())).requestFilter(new ImageTraitsRequestFilter());
    }

    /** Rejects all hosts while it is closed; it does not ask about images. */
    private final class Door implements HostFilter {
        @Override
        public Verdict test(PlacementRequest request, HostView host) {
            return closed.get() ? Verdict.reject("CLOSED", "an open door", "a closed one") : Verdict.pass();
        }
    }

    private NoValidHost refused(Instance instance, ImageId image) {
        return SimEngine.failure(NoValidHost.class, instances().rebuild(instance.id(), image));
    }

    private void assertAsItWas(Instance instance) {
        Instance now = get(instance.id());
        assertEquals(VmState.ACTIVE, now.state());
        assertEquals(instance.image(), now.image());
        assertEquals(instance.host(), now.host());
        assertEquals(42, engine.host(1).guest(instance.id()).disk().read(3));
        assertEquals(1, engine.claimedInstances(1));
    }

    private Instance marked() {
        Instance instance = running("web");
        engine.host(1).guest(instance.id()).disk().write(3, 42);
        return instance;
    }

    @Test
    void anImageForOtherHostsIsRefusedAndNothingIsChanged() {
        Instance instance = marked();

        NoValidHost refused = refused(instance, engine.image(NEEDS_SSD));

        assertEquals(
                List.of("h1 TraitsFilter TRAIT_MISSING: needs CUSTOM_SSD, has none of them"),
                refused.report().rejected().stream()
                        .map(host -> host.host() + " "
                                + host.rejection()
                                        .map(rejection -> rejection.filter() + " " + rejection.verdict())
                                        .orElse(""))
                        .toList());
        assertAsItWas(instance);
        refused(instance, engine.image(Map.of(Image.ARCHITECTURE, "s390x")));
        assertAsItWas(instance);
    }

    @Test
    void anImageThatTheHostIsForIsTaken() {
        Instance instance = running("web");
        engine.compute().providers().setTraits(H1, Set.of("CUSTOM_SSD"));
        ImageId image = engine.image(NEEDS_SSD);

        Instance rebuilt = await(instances().rebuild(instance.id(), image));

        assertEquals(VmState.ACTIVE, rebuilt.state());
        assertEquals(image, rebuilt.image());
        assertEquals(1, engine.claimedInstances(1));
    }

    @Test
    void requestFiltersSayWhatTheImageNeeds() {
        Instance instance = marked();
        ImageId image = engine.image(Map.of("hw_video_model", "qxl"));

        assertTrue(refused(instance, image).getMessage().contains("COMPUTE_GRAPHICS_MODEL_QXL"));

        assertAsItWas(instance);
        engine.compute().providers().setTraits(H1, Set.of("COMPUTE_GRAPHICS_MODEL_QXL"));
        assertEquals(image, await(instances().rebuild(instance.id(), image)).image());
    }

    @Test
    void theSameImageAndOtherFiltersAreNotAskedAgain() {
        engine.compute().providers().setTraits(H1, Set.of("CUSTOM_SSD"));
        ImageId image = engine.image(NEEDS_SSD);
        Instance instance =
                await(instances().create(engine.spec("web").image(image).build()));
        assertEquals(h(1), instance.host().orElseThrow());
        engine.compute().providers().setTraits(H1, Set.of());
        engine.compute().hosts().disable(h(1), "no more of them");
        closed.set(true);

        assertEquals(image, await(instances().rebuild(instance.id(), image)).image());
        assertEquals(
                engine.image(),
                await(instances().rebuild(instance.id(), engine.image())).image());
    }

    @Test
    void aTraitThatTheFlavorForbidsIsRefusedBeforeAnythingBegins() {
        Instance instance = await(instances()
                .create(engine.spec("web")
                        .flavor(engine.flavor("trait:CUSTOM_SSD", "forbidden"))
                        .build()));

        InvalidRequest refused = assertThrows(
                InvalidRequest.class,
                () -> instances().rebuild(instance.id(), engine.image(NEEDS_SSD), RequestOptions.none()));

        assertEquals("image.properties.trait:CUSTOM_SSD", refused.field());
        assertEquals(VmState.ACTIVE, get(instance.id()).state());
        assertEquals(engine.image(), get(instance.id()).image());
    }
}
