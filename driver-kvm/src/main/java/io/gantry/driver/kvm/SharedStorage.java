package io.gantry.driver.kvm;

import io.gantry.error.Conflict;
import io.gantry.error.HostUnreachable;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.GuestState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Knows a driver's connected hosts and which of them share storage, so that no host removes or replaces the files of a
 * guest that another host has.
 */
final class SharedStorage {
    private final List<KvmHost> hosts = new CopyOnWriteArrayList<>();

    void add(KvmHost host) {
        hosts.add(host);
    }

    void remove(KvmHost host) {
        hosts.remove(host);
    }

    /** {@return a connected host} */
    Optional<KvmHost> host(String id) {
        return hosts.stream().filter(host -> host.libvirt().id().equals(id)).findFirst();
    }

    private List<KvmHost> others(KvmHost host) {
        return host.properties().storageId().isEmpty()
                ? List.of()
                : hosts.stream()
                        .filter(other -> other != host
                                && other.properties()
                                        .storageId()
                                        .equals(host.properties().storageId()))
                        .toList();
    }

    /** {@return whether another host that sees the same files has the guest} */
    boolean isElsewhere(KvmHost host, InstanceId guest) {
        return others(host).stream()
                .anyMatch(other -> other.lifecycle().guest(guest).isPresent());
    }

    /**
     * {@return whether another host that sees the same files has the guest, as far as those hosts answer}
     *
     * <p>For files of a guest that this host itself had until now.
     */
    boolean isKnownElsewhere(KvmHost host, InstanceId guest) {
        return others(host).stream().anyMatch(other -> {
            try {
                return other.lifecycle().guest(guest).isPresent();
            } catch (HostUnreachable e) {
                return false; // it was here a moment ago, and a guest is in one place
            }
        });
    }

    /**
     * Refuses a guest that another host has switched on, as far as those hosts answer. One that is off there is about to
     * leave it, or was left behind: that is for whoever moves it to know.
     */
    void requireNotOnElsewhere(KvmHost host, InstanceId guest) {
        for (KvmHost other : others(host)) {
            if (isOn(other, guest)) {
                throw new Conflict(
                        guest.ref(),
                        "Host " + other.libvirt().id() + " on the same storage has " + guest.ref() + " switched on",
                        "Power it off there, or migrate it");
            }
        }
    }

    private static boolean isOn(KvmHost host, InstanceId guest) {
        try {
            return host.lifecycle()
                    .guest(guest)
                    .map(GuestState::power)
                    .filter(power -> power == PowerState.RUNNING || power == PowerState.PAUSED)
                    .isPresent();
        } catch (HostUnreachable e) {
            return false; // its guests are taken over once it is known to be dead, and it cannot be asked then
        }
    }

    void requireNotElsewhere(KvmHost host, InstanceId guest) {
        if (isElsewhere(host, guest)) {
            throw new Conflict(
                    guest.ref(),
                    "Another host of storage " + host.properties().storageId().orElse("") + " has " + guest.ref(),
                    "Delete or migrate it there first");
        }
    }
}
