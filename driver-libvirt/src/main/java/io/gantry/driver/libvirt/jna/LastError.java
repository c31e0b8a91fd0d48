package io.gantry.driver.libvirt.jna;

import io.gantry.driver.libvirt.port.LibvirtError;
import org.jspecify.annotations.Nullable;

/**
 * Turns results into exceptions. libvirt keeps the last error for each native thread, so a call and its check belong
 * on the same platform thread, with no other call between.
 */
final class LastError {
    private LastError() {}

    static int check(NativeLibvirt lib, int result) {
        if (result < 0) {
            throw copy(lib);
        }
        return result;
    }

    static <T> T check(NativeLibvirt lib, @Nullable T result) {
        if (result == null) {
            throw copy(lib);
        }
        return result;
    }

    static LibvirtError copy(NativeLibvirt lib) {
        String message = lib.virGetLastErrorMessage();
        return new LibvirtError(
                lib.virGetLastErrorCode(),
                lib.virGetLastErrorDomain(),
                message == null ? "libvirt reports an error without a message" : message);
    }
}
