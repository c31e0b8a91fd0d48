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
import java.util.stream.Stream;

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
        return host.read(
                "list guests",
                port -> domains(port).stream().map(GuestStates::of).toList());
    }

    /**
     * {@return the domains of all guests}
     *
     * @param port a connection to the host
     */
    public List<DomainStatus> domains(LibvirtPort port) {
        List<DomainStatus> domains = port.domains().list();
        marked.retainAll(domains.stream().map(DomainStatus::id).toList());
        return domains.stream().filter(domain -> isGuest(port, domain)).toList();
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

    NotFound notFound(InstanceId id) {
        return new NotFound(id.ref(), "It is not on host " + host.id() + ": list the instances to see where it is");
    }

    private boolean isGuest(LibvirtPort port, DomainStatus domain) {
        if (!GuestMark.isDomainName(domain.id(), domain.name())) {
            return false;
        }
        if (marked.contains(domain.id())) {
            return true;
        }
        boolean found = GuestMarks.read(port, domain.id()).isPresent();
        if (found) {
            marked.add(domain.id());
        }
        return found;
    }

    /**
     * Refuses a call with a lower epoch than the guest's.
     *
     * @param port a connection to the host
     * @param context on whose behalf
     * @param id a guest
     * @return the guest's mark
     * @throws NotFound if there is no such guest
     * @throws Conflict if a higher epoch is recorded
     */
    public GuestMark check(LibvirtPort port, CallContext context, InstanceId id) {
        GuestMark mark = GuestMarks.read(port, id.value()).orElseThrow(() -> notFound(id));
        GuestMarks.check(mark, context, id);
        return mark;
    }

    /**
     * Refuses a call with a lower epoch than the guest's, and records a higher one. What changes a guest begins with it.
     *
     * @param port a connection to the host
     * @param context on whose behalf
     * @param id a guest
     * @return the guest's domain
     * @throws NotFound if there is no such guest
     * @throws Conflict if a higher epoch is recorded, or a job keeps the guest's domain busy
     */
    public DomainStatus claim(LibvirtPort port, CallContext context, InstanceId id) {
        DomainStatus domain = require(port, id);
        GuestMark mark = check(port, context, id);
        try {
            GuestMarks.record(port, mark, context, domain);
        } catch (LibvirtError e) {
            throw failure(id, e);
        }
        return domain;
    }

    /**
     * Records the caller's epoch with a guest, if there is one.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws Conflict if a higher epoch is recorded, or a job keeps the guest's domain busy
     */
    public void fence(CallContext context, InstanceId id) {
        host.change("fence guest " + id, context.timeout(), port -> {
            if (find(port, id).isPresent()) {
                claim(port, context, id);
            }
            return true;
        });
    }

    /**
     * Powers a guest on.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws InvalidState if it is suspended: its memory would be lost, or come back where nobody expects it
     */
    public void start(CallContext context, InstanceId id) {
        host.change("start guest " + id, context.timeout(), port -> {
            DomainStatus domain = claim(port, context, id);
            if (domain.saved()) {
                throw invalid(id, "start", domain, PowerState.SHUTDOWN, PowerState.CRASHED);
            }
            if (!domain.isActive()) {
                unlessReached(port, id, DomainStatus::isActive, DomainCalls::start);
            }
            return true;
        });
    }

    /**
     * Saves a guest's memory and powers it off.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws InvalidState if it is off without saved memory
     */
    public void suspend(CallContext context, InstanceId id) {
        host.transfer("suspend guest " + id, context.timeout(), port -> {
            DomainStatus domain = claim(port, context, id);
            if (!domain.saved()) {
                if (!domain.isActive()) {
                    throw invalid(id, "suspend", domain, PowerState.RUNNING, PowerState.PAUSED);
                }
                unlessReached(port, id, DomainStatus::saved, DomainCalls::save);
            }
            return true;
        });
    }

    /**
     * Powers a guest on with the memory that was saved.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws InvalidState if it is off without saved memory
     */
    public void resume(CallContext context, InstanceId id) {
        host.transfer("resume guest " + id, context.timeout(), port -> {
            DomainStatus domain = claim(port, context, id);
            if (domain.isActive()) {
                return true;
            }
            if (!domain.saved()) {
                throw invalid(id, "resume", domain, PowerState.SUSPENDED);
            }
            GuestMark mark = check(port, context, id);
            unlessReached(port, id, DomainStatus::isActive, DomainCalls::start);
            // With its memory came the metadata of the time when it was saved.
            GuestMarks.write(port, mark, id.value(), true);
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
     * Powers a guest off; memory that was saved is lost.
     *
     * @param context on whose behalf
     * @param id the guest
     */
    public void powerOff(CallContext context, InstanceId id) {
        host.change("power off guest " + id, context.timeout(), port -> {
            DomainStatus domain = require(port, id);
            GuestMark mark = check(port, context, id);
            if (domain.isActive()) {
                // The epoch is recorded afterwards: as long as a job hangs on the guest, nobody can write its metadata.
                unlessReached(port, id, found -> !found.isActive(), DomainCalls::destroy);
                domain = require(port, id);
            }
            GuestMarks.record(port, mark, context, domain);
            if (domain.saved()) {
                port.domains().removeSaved(id.value());
            }
            return true;
        });
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
     * Sends a guest a non-maskable interrupt.
     *
     * @param context on whose behalf
     * @param id the guest
     * @throws InvalidState if it is off
     */
    public void injectNmi(CallContext context, InstanceId id) {
        String verb = "send an NMI to";
        change(verb + " guest", small(context), context, id, on(id, verb), DomainCalls::injectNmi);
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
                throw failure(id, e);
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
            if (needed.test(claim(port, context, id))) {
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
                throw invalid(id, verb, domain, PowerState.RUNNING, PowerState.PAUSED);
            }
            return true;
        };
    }

    /**
     * Refuses a guest that is on, or has saved memory.
     *
     * @param id the guest
     * @param verb what was asked
     * @param domain its domain
     * @throws InvalidState if it is not off
     */
    public static void requireOff(InstanceId id, String verb, DomainStatus domain) {
        if (domain.isActive() || domain.saved()) {
            throw invalid(id, verb, domain, PowerState.SHUTDOWN, PowerState.CRASHED);
        }
    }

    static InvalidState invalid(InstanceId id, String verb, DomainStatus domain, PowerState... allowed) {
        return new InvalidState(
                id.ref(),
                verb,
                GuestStates.of(domain).power().name(),
                Stream.of(allowed).map(PowerState::name).toList());
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
                throw failure(id, e);
            }
        }
    }

    /**
     * {@return a retryable failure if another job, such as a migration, kept the guest busy; else the error itself}
     *
     * @param id the guest
     * @param error what a call for it failed with
     */
    public static RuntimeException failure(InstanceId id, LibvirtError error) {
        return error.code() == LibvirtError.OPERATION_TIMEOUT
                ? new Conflict(
                        id.ref(),
                        "Another job keeps " + id.ref() + " busy: " + error.text(),
                        "Try again when that has ended")
                : error;
    }
}
