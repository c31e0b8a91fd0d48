package io.gantry.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerQueueTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private boolean failing;

    private final HostListener listener = new HostListener() {
        @Override
        public void onGuestEvent(GuestEvent event) {
            told.add(event.reason());
            if (failing) {
                throw new IllegalStateException("a listener's fault");
            }
        }

        @Override
        public void onDisconnected(String reason) {
            told.add("disconnected: " + reason);
        }

        @Override
        public void onConnected() {
            told.add("connected");
        }
    };

    private final ListenerQueue queue = new ListenerQueue("a", listener, tasks::add, 4);

    private void event(String reason) {
        queue.guest(new GuestEvent(InstanceId.random(), GuestEvent.Kind.STARTED, reason));
    }

    private void run() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void keepsTheOrder() {
        event("1");
        queue.disconnected("x");
        queue.connected();
        run();
        event("2");
        run();
        assertEquals(List.of("1", "disconnected: x", "connected", "2"), told);
    }

    @Test
    void tooManyEventsGiveWayToOneFullReading() {
        for (int i = 0; i < 1000; i++) {
            event("event " + i);
        }
        run();
        assertEquals(List.of("connected"), told);
        event("later");
        run();
        assertEquals(List.of("connected", "later"), told);
    }

    @Test
    void anOverflowKeepsWhatWasToldOfTheConnection() {
        queue.disconnected("x");
        for (int i = 0; i < 10; i++) {
            event("event " + i);
        }
        run();
        assertEquals(List.of("disconnected: x", "connected"), told);
    }

    @Test
    void aListenersFaultDoesNotEndTheQueue() {
        failing = true;
        event("1");
        event("2");
        run();
        assertEquals(List.of("1", "2"), told);
    }

    @Test
    void nothingIsToldAfterClose() {
        event("1");
        queue.close();
        event("2");
        queue.connected();
        run();
        assertEquals(List.of(), told);
    }
}
