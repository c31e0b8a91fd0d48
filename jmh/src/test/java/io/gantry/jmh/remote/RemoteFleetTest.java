package io.gantry.jmh.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.driver.sim.SimCall;
import io.gantry.driver.sim.SimFleet;
import io.gantry.driver.sim.SimHold;
import io.gantry.error.HostUnreachable;
import io.gantry.error.OutcomeUnknown;
import io.gantry.host.HostId;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostConnection;
import io.gantry.spi.driver.HostEndpoint;
import io.gantry.spi.driver.HostListener;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RemoteFleetTest {
    private static final long PATIENCE = 20;
    private static final int HOSTS = 500;

    private final SimFleet fleet = SimFleet.create();
    private final RemoteFleet remote = RemoteFleet.serve(fleet);
    private final RemoteSimDriver driver = RemoteSimDriver.of(remote.port());

    /** Notes what it hears. */
    private static final class Notes implements HostListener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void onGuestEvent(GuestEvent event) {
            heard.add(event.kind().name());
        }

        @Override
        public void onDisconnected(String reason) {
            heard.add("lost: " + reason);
        }

        @Override
        public void onConnected() {
            heard.add("found");
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(PATIENCE, TimeUnit.SECONDS));
        }
    }

    @AfterEach
    void close() {
        driver.close();
        remote.close();
        fleet.close();
    }

    private HostConnection connect(String host, HostListener listener) {
        return driver.connect(new HostEndpoint(HostId.of(host), URI.create("sim://" + host), Map.of()), listener);
    }

    @Test
    void manyHostsShareOneSocketAndAFewThreads() {
        List<HostConnection> hosts = new ArrayList<>();
        int before = Thread.activeCount();
        for (int i = 0; i < HOSTS; i++) {
            hosts.add(connect("h" + i, new Notes()));
        }
        for (int i = 0; i < HOSTS; i++) {
            assertEquals("h" + i, hosts.get(i).inventory().hostname());
        }
        assertTrue(Thread.activeCount() < before + HOSTS / 5, Thread.activeCount() + " threads");
    }

    @Test
    void aCallThatHangsHoldsUpNoOtherHostAndNoOtherCall() throws Exception {
        HostConnection slow = connect("slow", new Notes());
        HostConnection quick = connect("quick", new Notes());
        SimHold hold = fleet.host("slow").holdNext(SimCall.INVENTORY);
        CompletableFuture<String> held =
                CompletableFuture.supplyAsync(() -> slow.inventory().hostname());
        assertTrue(hold.awaitCall(Duration.ofSeconds(PATIENCE)));
        assertEquals("quick", quick.inventory().hostname());
        assertEquals(List.of(), slow.guests());
        hold.release();
        assertEquals("slow", held.get(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    void eachSessionHearsOfItsOwnHostInOrder() throws Exception {
        Notes one = new Notes();
        Notes other = new Notes();
        connect("one", one);
        connect("other", other);
        for (int i = 0; i < 20; i++) {
            fleet.host("one").disconnect();
            fleet.host("one").reconnect();
        }
        fleet.host("other").disconnect();
        for (int i = 0; i < 20; i++) {
            assertEquals("lost: the network is gone", one.next());
            assertEquals("found", one.next());
        }
        assertEquals("lost: the network is gone", other.next());
        assertEquals(0, one.heard.size() + other.heard.size());
    }

    @Test
    void aConnectionThatIsClosedHearsNothingMoreAndRefusesCalls() throws Exception {
        Notes closed = new Notes();
        Notes open = new Notes();
        HostConnection left = connect("host", closed);
        connect("host", open);
        left.close();
        assertThrows(HostUnreachable.class, left::inventory);
        fleet.host("host").disconnect();
        assertEquals("lost: the network is gone", open.next());
        assertEquals(0, closed.heard.size());
    }

    @Test
    void aSocketThatBreaksFailsAllItsSessionsAndCallsAndLaterOnesHaveAnother() throws Exception {
        List<Notes> listeners = List.of(new Notes(), new Notes(), new Notes());
        List<HostConnection> hosts = new ArrayList<>();
        for (int i = 0; i < listeners.size(); i++) {
            hosts.add(connect("h" + i, listeners.get(i)));
        }
        SimHold hold = fleet.host("h0").holdNext(SimCall.INVENTORY);
        CompletableFuture<String> held =
                CompletableFuture.supplyAsync(() -> hosts.get(0).inventory().hostname());
        assertTrue(hold.awaitCall(Duration.ofSeconds(PATIENCE)));
        remote.dropNodes();
        for (Notes listener : listeners) {
            assertEquals("lost: the machine room is gone", listener.next());
        }
        ExecutionException broken = assertThrows(ExecutionException.class, () -> held.get(PATIENCE, TimeUnit.SECONDS));
        assertTrue(broken.getCause() instanceof OutcomeUnknown, broken.toString());
        assertThrows(HostUnreachable.class, hosts.get(1)::inventory);
        hold.release();
        assertEquals("h1", connect("h1", new Notes()).inventory().hostname());
    }

    @Test
    void whatAHostRefusesIsToldAndLeavesTheOthersAlone() {
        HostConnection host = connect("host", new Notes());
        fleet.host("host").disconnect();
        assertThrows(HostUnreachable.class, host::inventory);
        assertThrows(HostUnreachable.class, () -> connect("host", new Notes()));
        assertEquals("other", connect("other", new Notes()).inventory().hostname());
    }
}
