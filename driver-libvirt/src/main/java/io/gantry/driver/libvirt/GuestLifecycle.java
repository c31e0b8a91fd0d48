package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.GuestState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The verbs that are the same for all hypervisors behind libvirt. Each is idempotent: it looks at the guest's state
 * first, and again if libvirt finds that the state has changed meanwhile. Sees only domains that carry Gantry's mark.
 */
public final class GuestLifecycle {
    private final LibvirtHost host;
    private final Set<UUID> marked = ConcurrentHashMap.newKeySet();

    /**
     * Creates the verbs of a host.
     *
     * @param host the host
     */
    public GuestLifecycle(LibvirtHost host) {
        this.host = host;
    }

    /** {@return all guests} */
    public List<GuestState> guests() {
        return host.read("list guests", port -> {
            List<DomainStatus> domains = port.domains().list();
            marked.retainAll(domains.stream().map(DomainStatus::id).toList());
            return domains.stream()
                    .filter(domain -> isGuest(port, domain))
                    .map(GuestStates::of)
                    .toList();
        });
    }

    /**
     * {@return one guest; empty if there is none}
     *
     * @param id the guest
     */
    public Optional<GuestState> guest(InstanceId id) {
        return host.read("read guest " + id, port -> find(port, id).map(GuestStates::of));
    }

    /**
     * {@return a guest's domain; empty if there is none}
     *
     * @param port a connection to the host
     * @param id the guest
     */
    public Optional<DomainStatus> find(LibvirtPort port, InstanceId id) {
        return port.domains().find(id.value()).filter(domain -> isGuest(port, domain));
    }

    /**
     * {@return a guest's domain}
     *
     * @param port a connection to the host
     * @param id the guest
     * @throws NotFound if there is none
     */
    public DomainStatus require(LibvirtPort port, InstanceId id) {
        return find(port, id).orElseThrow(() -> notFound(id));
    }

    private NotFound notFound(InstanceId id) {
        return new NotFound(id.ref(), "It is not on host " + host.id() + ": list the instances to see where it is");
    }

    private boolean isGuest(LibvirtPort port, DomainStatus domain) {
        if (!GuestMark.isDomainName(domain.id(), domain.name())) {
            return false;
        }
        if (marked.contains(domain.id())) {
            return true;
        }
        boolean found = mark(port, domain.id()).isPresent();
        if (found) {
            marked.add(domain.id());
        }
        return found;
    }

    private static Optional<GuestMark> mark(LibvirtPort port, UUID id) {
        try {
            return port.domains().metadata(id, GuestMark.NAMESPACE).map(GuestMark::parse);
        } catch (LibvirtError e) {
            if (e.code() == LibvirtError.NO_DOMAIN) {
                return Optional.empty(); // it went away between the two calls
            }
            throw e;
        }
    }

    /**
     * Refuses a call whose operation belongs to somebody else by now.
     *
     * @param port a connection to the host
     * @param context on whose behalf
     * @param id a guest
     * @return the guest's mark
     * @throws Conflict if the operation has a higher epoch already
     */
    public GuestMark fence(LibvirtPort port, CallContext context, InstanceId id) {
        GuestMark mark = mark(port, id.value()).orElseThrow(() -> notFound(id));
        if (mark.operation().equals(context.operation()) && mark.epoch() > context.epoch()) {
            throw new Conflict(
                    id.ref(),
                    "operation " + context.operation() + " has epoch " + mark.epoch() + " there, and this call "
                            + context.epoch(),
                    "Leave the operation to the node that has taken it over");
        }
        return mark;
    }

    /**
     * Powers a guest on.
     *
     * @param context on whose behalf
     * @param id the guest
     */
    public void start(CallContext context, InstanceId id) {
        host.change("start guest " + id, context.timeout(), port -> {
            if (!require(port, id).isActive()) {
                GuestMark mark = fence(port, context, id).by(context);
                port.domains().setMetadata(id.value(), mark.toPlainXml(), GuestMark.PREFIX, GuestMark.NAMESPACE);
                unlessReached(port, id, DomainStatus::isActive, DomainCalls::start);
            }
            return true;
        });
    }

    /**
     * Asks a guest to shut down.
     *
     * @param context on whose behalf
     * @param id the guest
     */
    public void requestShutdown(CallContext context, InstanceId id) {
        change("request shutdown of guest", small(context), context, id, DomainStatus::isActive, DomainCalls::shutdown);
    }

    /**
     * Asks a guest to reboot.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws InvalidState if it is off
     */
    public void requestReboot(CallContext context, InstanceId id) {
        change("request reboot of guest", small(context), context, id, on(id, "reboot"), DomainCalls::reboot);
    }

    /**
     * Powers a guest off.
     *
     * @param context on whose behalf
     * @param id the guest
     */
    public void powerOff(CallContext context, InstanceId id) {
        change("power off guest", context.timeout(), context, id, DomainStatus::isActive, DomainCalls::destroy);
    }

    /**
     * Stops a guest's vCPUs.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws InvalidState if it is off
     */
    public void pause(CallContext context, InstanceId id) {
        change(
                "pause guest",
                small(context),
                context,
                id,
                on(id, "pause").and(domain -> domain.state() != DomainStatus.PAUSED),
                DomainCalls::suspend);
    }

    /**
     * Lets a guest's vCPUs run.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws InvalidState if it is off
     */
    public void unpause(CallContext context, InstanceId id) {
        change(
                "unpause guest",
                small(context),
                context,
                id,
                on(id, "unpause").and(domain -> domain.state() == DomainStatus.PAUSED),
                DomainCalls::resume);
    }

    /**
     * Removes a guest's domain in whatever state it is. Does nothing if there is none.
     *
     * @param port a connection to the host
     * @param id the guest
     * @return whether there was one
     */
    public boolean remove(LibvirtPort port, InstanceId id) {
        Optional<DomainStatus> domain = find(port, id);
        if (domain.isEmpty()) {
            return false;
        }
        if (domain.get().isActive()) {
            unlessReached(port, id, found -> !found.isActive(), DomainCalls::destroy);
        }
        try {
            port.domains().undefine(id.value(), DomainCalls.UNDEFINE_ALL);
        } catch (LibvirtError e) {
            if (port.domains().find(id.value()).isPresent()) {
                throw busy(id, e);
            } // else it was transient, or somebody else removed it: gone in any case
        }
        marked.remove(id.value());
        return true;
    }

    private void change(
            String what,
            Duration deadline,
            CallContext context,
            InstanceId id,
            Predicate<DomainStatus> needed,
            BiConsumer<DomainCalls, UUID> call) {
        host.change(what + " " + id, deadline, port -> {
            if (needed.test(require(port, id))) {
                fence(port, context, id);
                unlessReached(port, id, needed.negate(), call);
            }
            return true;
        });
    }

    /** These only pass a word on to the guest's process: if that takes long, something hangs. */
    private Duration small(CallContext context) {
        return context.timeout().compareTo(host.callDeadline()) < 0 ? context.timeout() : host.callDeadline();
    }

    private Predicate<DomainStatus> on(InstanceId id, String verb) {
        return domain -> {
            if (!domain.isActive()) {
                throw new InvalidState(
                        id.ref(),
                        verb,
                        GuestStates.of(domain).power().name(),
                        List.of(PowerState.RUNNING.name(), PowerState.PAUSED.name()));
            }
            return true;
        };
    }

    /** Makes a call; if it fails and the guest is where the call should bring it nonetheless, that is as good. */
    private void unlessReached(
            LibvirtPort port, InstanceId id, Predicate<DomainStatus> reached, BiConsumer<DomainCalls, UUID> call) {
        try {
            call.accept(port.domains(), id.value());
        } catch (LibvirtError e) {
            if (e.code() == LibvirtError.NO_DOMAIN) {
                throw notFound(id);
            }
            if (e.code() != LibvirtError.OPERATION_INVALID || !reached.test(require(port, id))) {
                throw busy(id, e);
            }
        }
    }

    /** {@return a retryable failure if another job, such as a migration, kept the guest busy; else the error itself} */
    private static RuntimeException busy(InstanceId id, LibvirtError error) {
        return error.code() == LibvirtError.OPERATION_TIMEOUT
                ? new Conflict(
                        id.ref(),
                        "Another job keeps " + id.ref() + " busy: " + error.text(),
                        "Try again when that has ended")
                : error;
    }
}
