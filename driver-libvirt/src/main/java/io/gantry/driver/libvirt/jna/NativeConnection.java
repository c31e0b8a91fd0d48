package io.gantry.driver.libvirt.jna;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import com.sun.jna.PointerType;
import io.gantry.driver.libvirt.port.EventSink;
import io.gantry.driver.libvirt.port.LibvirtError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.CString;
import org.libvirt.jna.ConnectionPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@code virConnectPtr} with its callbacks. */
final class NativeConnection {
    private static final Logger LOG = LoggerFactory.getLogger(NativeConnection.class);
    private static final int KEEP_ALIVE_SECONDS = 5;
    private static final int KEEP_ALIVE_COUNT = 3;
    private static final int EVENT_LIFECYCLE = 0;
    private static final int EVENT_REBOOT = 1;
    private static final int EVENT_JOB_COMPLETED = 21;

    private final NativeRuntime runtime;
    private final NativeLibvirt lib;
    private final ConnectionPointer pointer;
    private final long number;
    private final List<Integer> registrations = new ArrayList<>();
    private volatile boolean abandoned;

    private NativeConnection(NativeRuntime runtime, ConnectionPointer pointer, long number) {
        this.runtime = runtime;
        this.lib = runtime.lib();
        this.pointer = pointer;
        this.number = number;
    }

    static NativeConnection open(NativeRuntime runtime, String uri, EventSink sink) {
        NativeLibvirt lib = runtime.lib();
        long number = runtime.events().add(sink);
        ConnectionPointer pointer;
        try {
            pointer = LastError.check(lib, lib.virConnectOpenAuth(uri, null, 0));
        } catch (LibvirtError e) {
            runtime.events().remove(number);
            throw e;
        }
        NativeConnection connection = new NativeConnection(runtime, pointer, number);
        try {
            connection.watch();
            return connection;
        } catch (LibvirtError e) {
            connection.close();
            throw e;
        }
    }

    private void watch() {
        EventLoop events = runtime.events();
        Pointer opaque = new Pointer(number);
        optional("keep-alive", () -> lib.virConnectSetKeepAlive(pointer, KEEP_ALIVE_SECONDS, KEEP_ALIVE_COUNT));
        optional("close callback", () -> lib.virConnectRegisterCloseCallback(pointer, events.closed(), opaque, null));
        register("lifecycle", EVENT_LIFECYCLE, events.lifecycle(), opaque);
        register("reboot", EVENT_REBOOT, events.reboot(), opaque);
        register("job completed", EVENT_JOB_COMPLETED, events.jobCompleted(), opaque);
    }

    private void register(String what, int event, Callback callback, Pointer opaque) {
        optional(what + " event", () -> {
            int id = lib.virConnectDomainEventRegisterAny(pointer, null, event, callback, opaque, null);
            if (id >= 0) {
                registrations.add(id);
            }
            return id;
        });
    }

    private interface NativeStep {
        int run();
    }

    private void optional(String what, NativeStep step) {
        if (step.run() < 0) {
            LibvirtError error = LastError.copy(lib);
            if (!error.isUnsupported()) {
                throw error;
            }
            LOG.debug("Connection {} goes without {}: {}", number, what, error.text());
        }
    }

    NativeLibvirt lib() {
        return lib;
    }

    /** {@return the pointer for a call that starts now} */
    ConnectionPointer pointer() {
        if (abandoned) {
            throw new LibvirtError(
                    LibvirtError.RPC, LibvirtError.FROM_RPC, "this connection was given up before the call was sent");
        }
        return pointer;
    }

    boolean isAlive() {
        return !abandoned && lib.virConnectIsAlive(pointer) == 1;
    }

    void abandon() {
        abandoned = true;
    }

    void close() {
        abandoned = true;
        // Errors of these calls mean that the daemon is gone, and its share of the work with it.
        for (int registration : registrations) {
            if (lib.virConnectDomainEventDeregisterAny(pointer, registration) < 0) {
                LOG.debug(
                        "Closing connection {}: {}", number, LastError.copy(lib).text());
            }
        }
        registrations.clear();
        if (lib.virConnectUnregisterCloseCallback(pointer, runtime.events().closed()) < 0) {
            LOG.debug("Closing connection {}: {}", number, LastError.copy(lib).text());
        }
        int references = lib.virConnectClose(pointer);
        if (references != 0) {
            LOG.warn("Connection {} keeps {} references after it was closed: a leak", number, references);
        }
        runtime.events().remove(number);
    }

    int check(int result) {
        return LastError.check(lib, result);
    }

    <T> T check(@Nullable T result) {
        return LastError.check(lib, result);
    }

    /** Takes over a string that libvirt allocated. */
    String text(@Nullable CString string) {
        return LastError.check(lib, string).toString();
    }

    /** Uses a native object and frees it. The error of a failed use is copied before, since freeing resets it. */
    <P extends PointerType, T> T using(@Nullable P object, ToIntFunction<P> free, Function<P, T> use) {
        P held = LastError.check(lib, object);
        try {
            return use.apply(held);
        } finally {
            if (free.applyAsInt(held) < 0) {
                LOG.warn(
                        "A native object could not be freed: {}",
                        LastError.copy(lib).text());
            }
        }
    }
}
