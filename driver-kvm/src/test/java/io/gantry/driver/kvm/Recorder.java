package io.gantry.driver.kvm;

import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.GuestEvent;
import io.gantry.spi.driver.HostListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a host's listener was told. */
final class Recorder implements HostListener {
    private final List<GuestEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> connection = new CopyOnWriteArrayList<>();

    @Override
    public void onGuestEvent(GuestEvent event) {
        events.add(event);
    }

    @Override
    public void onDisconnected(String reason) {
        connection.add("disconnected: " + reason);
    }

    @Override
    public void onConnected() {
        connection.add("connected");
    }

    boolean saw(InstanceId guest, GuestEvent.Kind kind) {
        return events.stream().anyMatch(event -> event.guest().equals(guest) && event.kind() == kind);
    }

    List<GuestEvent> events() {
        return List.copyOf(events);
    }

    /** {@return what was told of the connection, the last thing last} */
    List<String> connection() {
        return List.copyOf(connection);
    }
}
