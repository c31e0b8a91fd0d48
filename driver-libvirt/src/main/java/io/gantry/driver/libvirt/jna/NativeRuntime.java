package io.gantry.driver.libvirt.jna;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.LongByReference;
import io.gantry.driver.libvirt.port.LibvirtError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.Libvirt;

/**
 * The loaded library and what libvirt keeps once for a process: its error handler and its event loop. Hence the one
 * static variable of this module.
 */
final class NativeRuntime {
    private static final long OLDEST = 6_000_000;
    private static final List<String> NEEDED = List.of(
            "virConnectCompareHypervisorCPU",
            "virConnectGetAllDomainStats",
            "virConnectGetDomainCapabilities",
            "virConnectSetKeepAlive",
            "virDomainGetJobStats",
            "virDomainGetState",
            "virDomainMigrateToURI3",
            "virStorageVolGetInfoFlags");

    private static @Nullable NativeRuntime loaded;

    private final NativeLibvirt lib;
    private final EventLoop events;

    // Without a handler of ours libvirt prints each error to stderr. Held here because libvirt keeps it for good.
    private final Libvirt.VirErrorCallback silence = (data, error) -> {};

    private NativeRuntime(NativeLibvirt lib) {
        this.lib = lib;
        LastError.check(lib, lib.virInitialize());
        lib.virSetErrorFunc(null, silence);
        this.events = new EventLoop(lib);
    }

    /** Loads libvirt at the first call. */
    static synchronized NativeRuntime get() {
        NativeRuntime runtime = loaded;
        if (runtime == null) {
            runtime = new NativeRuntime(load());
            loaded = runtime;
        }
        return runtime;
    }

    NativeLibvirt lib() {
        return lib;
    }

    EventLoop events() {
        return events;
    }

    private static NativeLibvirt load() {
        NativeLibvirt lib;
        List<String> missing = new ArrayList<>();
        try {
            lib = Native.load(
                    "virt", NativeLibvirt.class, Map.of(Library.OPTION_STRING_ENCODING, StandardCharsets.UTF_8.name()));
            for (String symbol : NEEDED) {
                if (!has(symbol)) {
                    missing.add(symbol);
                }
            }
        } catch (UnsatisfiedLinkError e) {
            LibvirtError error = new LibvirtError(
                    LibvirtError.NO_SUPPORT, 0, "the library libvirt.so.0 cannot be loaded here: " + e.getMessage());
            error.initCause(e);
            throw error;
        }
        LongByReference version = new LongByReference();
        LastError.check(lib, lib.virGetVersion(version, null, null));
        if (version.getValue() < OLDEST || !missing.isEmpty()) {
            throw new LibvirtError(
                    LibvirtError.NO_SUPPORT,
                    0,
                    "libvirt 6.0 or newer is needed here, found " + version.getValue() + " without " + missing);
        }
        return lib;
    }

    private static boolean has(String symbol) {
        try {
            return NativeLibrary.getInstance("virt").getFunction(symbol) != null;
        } catch (UnsatisfiedLinkError e) {
            return false; // the symbol's absence is the answer
        }
    }
}
