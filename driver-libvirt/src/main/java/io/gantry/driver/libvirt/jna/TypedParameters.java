package io.gantry.driver.libvirt.jna;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.gantry.driver.libvirt.port.JobStatistics;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An array of {@code virTypedParameter} that libvirt allocates; freed by {@link #close}. */
final class TypedParameters implements AutoCloseable {
    /** struct { char field[80]; int type; union { 8 bytes } value; }. */
    private static final int STRIDE = 96;

    private static final int TYPE = 80;
    private static final int VALUE = 88;

    private final NativeLibvirt lib;
    private final PointerByReference array = new PointerByReference();
    private final IntByReference count = new IntByReference();
    private final IntByReference max = new IntByReference();

    TypedParameters(NativeLibvirt lib) {
        this.lib = lib;
    }

    TypedParameters add(String name, @Nullable String value) {
        if (value != null) {
            LastError.check(lib, lib.virTypedParamsAddString(array, count, max, name, value));
        }
        return this;
    }

    TypedParameters add(String name, long value) {
        LastError.check(lib, lib.virTypedParamsAddULLong(array, count, max, name, value));
        return this;
    }

    PointerByReference array() {
        return array;
    }

    IntByReference count() {
        return count;
    }

    JobStatistics read() {
        return read(array.getValue(), count.getValue());
    }

    /** Reads an array that somebody else frees. */
    static JobStatistics read(@Nullable Pointer array, int count) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; array != null && i < count; i++) {
            long at = (long) STRIDE * i;
            Object value = value(array, at);
            if (value != null) {
                values.put(array.getString(at, StandardCharsets.UTF_8.name()), value);
            }
        }
        return new JobStatistics(values);
    }

    private static @Nullable Object value(Pointer array, long at) {
        return switch (array.getInt(at + TYPE)) {
            case 1 -> (long) array.getInt(at + VALUE);
            case 2 -> Integer.toUnsignedLong(array.getInt(at + VALUE));
            case 3, 4 -> array.getLong(at + VALUE);
            case 5 -> array.getDouble(at + VALUE);
            case 6 -> array.getByte(at + VALUE) != 0;
            case 7 -> text(array.getPointer(at + VALUE));
            default -> null; // a type that libvirt adds later: nothing reads such a figure yet
        };
    }

    private static @Nullable String text(@Nullable Pointer text) {
        return text == null ? null : text.getString(0, StandardCharsets.UTF_8.name());
    }

    @Override
    public void close() {
        if (array.getValue() != null) {
            lib.virTypedParamsFree(array.getValue(), count.getValue());
            array.setValue(null);
        }
    }
}
