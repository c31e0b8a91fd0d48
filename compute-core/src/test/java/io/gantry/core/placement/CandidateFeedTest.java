package io.gantry.core.placement;

import static io.gantry.core.placement.LedgerBench.H1;
import static io.gantry.core.placement.LedgerBench.H2;
import static io.gantry.core.placement.LedgerBench.need;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.core.host.HostRegistry;
import io.gantry.core.scheduler.CandidateIndex;
import io.gantry.core.state.State;
import io.gantry.host.AllocationRatios;
import io.gantry.host.HostId;
import io.gantry.placement.Inventory;
import io.gantry.placement.Provider;
import io.gantry.placement.ProviderId;
import io.gantry.placement.ProviderSpec;
import io.gantry.placement.ResourceClass;
import io.gantry.spi.scheduler.HostView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The index is what the ledger would say, whoever changed it. */
final class CandidateFeedTest {
    private static final HostId[] HOSTS = {H1, H2, HostId.of("h3")};

    private final LedgerBench bench = new LedgerBench();
    private final HostRegistry registry = new HostRegistry(Map.of());
    private final CandidateIndex index = new CandidateIndex();
    private final CandidateFeed feed = bench.feed(bench.state, registry, index);

    private List<String> ledger() {
        return bench.state.transact(tx -> bench.ledger.views(tx, registry::state)).stream()
                .map(HostView::toString)
                .toList();
    }

    private List<String> indexed() {
        return index.views().stream().map(HostView::toString).toList();
    }

    /** Each change through one of two control nodes on one store: the one with the index, or another one. */
    private void change(int change, LedgerBench at) {
        HostId host = HOSTS[change % 3];
        boolean known = bench.state.transact(tx -> bench.state.hosts().exists(tx, host.value()));
        String consumer = "c" + change % 4;
        switch (change / 3 % 8) {
            case 0 -> {
                if (!known) {
                    at.register(host, 8, 16, 100, AllocationRatios.DEFAULT);
                } else if (at.provider(host.value()).used().isEmpty()) {
                    at.state.change(tx -> {
                        at.ledger.removeHost(tx, host);
                        at.state
                                .hosts()
                                .delete(
                                        tx,
                                        at.state.hosts().get(tx, host.value()).orElseThrow());
                    });
                }
            }
            case 1, 2 -> {
                if (known) {
                    at.claim(consumer, host, need(1 + change % 3, 512, 1024));
                }
            }
            case 3 -> {
                if (known) {
                    at.release(consumer, host);
                }
            }
            case 4 -> {
                if (known) {
                    at.setInventory(host.value(), ResourceClass.VCPU, Inventory.of(4 + change % 5));
                }
            }
            case 5 -> at.aggregate("rack-" + change % 2);
            case 6 -> {
                if (known && at.hasAggregate("rack-" + change % 2)) {
                    at.providers.setAggregates(ProviderId.of(host.value()), Set.of("rack-" + change % 2));
                }
            }
            default -> {
                if (at.hasAggregate("rack-0")) {
                    at.providers.put(ProviderSpec.builder(ProviderId.of("pool:disk"))
                            .traits(Provider.SHARES_VIA_AGGREGATE)
                            .aggregates("rack-0")
                            .inventory(ResourceClass.DISK_MB, Inventory.of(500_000 + change))
                            .build());
                }
            }
        }
    }

    @Property(tries = 150)
    void theIndexFollowsEachChangeOfThisProcessAndFindsThoseOfOthers(
            @ForAll @Size(max = 60) List<@IntRange(max = 2_000) Integer> changes) {
        new CandidateFeedTest().follow(changes);
    }

    private void follow(List<Integer> changes) {
        LedgerBench other = bench.onTheSameStore();
        boolean others = false;
        for (int change : changes) {
            boolean elsewhere = change % 7 == 0;
            change(change, elsewhere ? other : bench);
            others |= elsewhere;
            if (others && change % 5 == 0) {
                feed.compare();
                others = false;
            }
            if (!others) {
                assertEquals(ledger(), indexed());
            }
        }
        feed.compare();
        assertEquals(ledger(), indexed());
    }

    @Test
    void aFeedThatStartsLateReadsAllThatThereIs() {
        bench.register(H2, 8, 16, 100, AllocationRatios.DEFAULT);
        bench.register(H1, 4, 8, 50, AllocationRatios.DEFAULT);
        CandidateIndex late = new CandidateIndex();
        bench.feed(bench.state, registry, late).compare();

        assertEquals(ledger(), late.views().stream().map(HostView::toString).toList());
        assertEquals(2, late.views().size());
    }

    @Test
    void whatDidNotCommitIsNotSeen() {
        bench.register(H1, 8, 16, 100, AllocationRatios.DEFAULT);
        List<String> before = indexed();
        try {
            bench.state.change(tx -> {
                bench.ledger.claim(tx, "a", H1, need(2, 512, 1024));
                throw new IllegalStateException("a fault of the test");
            });
        } catch (IllegalStateException e) {
            assertEquals("a fault of the test", e.getMessage());
        }

        assertEquals(before, indexed());
        assertTrue(before.get(0).contains("vcpus=0"), before::toString);
    }

    @Test
    void aHostThatRefusedIsReadAgain() {
        bench.register(H1, 8, 16, 100, AllocationRatios.DEFAULT);
        bench.onTheSameStore().claim("a", H1, need(2, 512, 1024));
        assertTrue(!indexed().equals(ledger()), "the test needs a stale index");

        feed.reread(H1);

        assertEquals(ledger(), indexed());
    }

    @Test
    void partsOfHostsAreFollowed() {
        ResourceClass gpu = ResourceClass.of("CUSTOM_GPU");
        Demand one = new Demand(need(1, 512, 1024), List.of(Demand.Group.of(Map.of(gpu, 1L))), false, false);
        LedgerBench other = bench.onTheSameStore();
        bench.register(H1, 8, 16, 100, AllocationRatios.DEFAULT);
        assertTrue(feed.lack(H1, one).isPresent(), "no part has any");
        assertTrue(feed.lack(H2, one).isPresent(), "the host is not known");

        bench.providers.put(ProviderSpec.builder(ProviderId.of("h1-gpu"))
                .parent(ProviderId.of("h1"))
                .inventory(gpu, Inventory.of(1))
                .build());
        assertEquals(Optional.empty(), feed.lack(H1, one));

        other.state.change(tx -> assertEquals(Optional.empty(), other.ledger.claim(tx, "a", H1, one)));
        feed.compare();
        assertEquals(
                "0 CUSTOM_GPU in one part of the host",
                feed.lack(H1, one).orElseThrow().free());

        bench.release("a", H1);
        bench.providers.remove(ProviderId.of("h1-gpu"));
        assertTrue(feed.lack(H1, one).isPresent(), "the part is gone");
    }

    @Test
    void aHostThatWasRegisteredAnewIsFollowedThoughItsVersionsBeginAnew() {
        LedgerBench other = bench.onTheSameStore();
        bench.register(H1, 8, 16, 100, AllocationRatios.DEFAULT);
        for (int i = 0; i < 5; i++) {
            bench.claim("a", H1, need(1 + i % 2, 512, 1024));
        }
        bench.release("a", H1);
        other.state.change(tx -> {
            other.ledger.removeHost(tx, H1);
            other.state.hosts().delete(tx, other.state.hosts().get(tx, "h1").orElseThrow());
        });
        other.register(H1, 2, 4, 20, AllocationRatios.DEFAULT);
        feed.compare();

        assertEquals(ledger(), indexed());
        bench.claim("b", H1, need(1, 512, 1024));
        assertEquals(ledger(), indexed());
    }

    @Test
    void twoStatesOfOneStoreAreTwoProcesses() {
        State second = bench.onTheSameStore().state;
        assertTrue(second != bench.state, "one state would tell the feed of all changes");
    }
}
