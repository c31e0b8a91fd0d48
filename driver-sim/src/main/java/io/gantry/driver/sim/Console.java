package io.gantry.driver.sim;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A guest's serial console: a few lines when it boots, and a heartbeat for each second that it runs. Heartbeats are
 * written when somebody reads. Guarded by the guest's lock.
 */
final class Console {
    private static final int KEPT = 64 * 1024;
    private static final int HEARTBEAT = 48;
    private static final long SECOND = 1_000_000_000L;

    private final StringBuilder text = new StringBuilder(96);
    private long runNanos;
    private long beats;

    void line(String line) {
        writeHeartbeats();
        append(line);
    }

    void boot(String name, long boot) {
        line("[sim] boot " + boot + " of " + name);
        line("[sim] " + name + " login: ");
        runNanos = 0;
        beats = 0;
    }

    void elapse(long nanos) {
        runNanos += nanos;
    }

    byte[] tail(int maxBytes) {
        writeHeartbeats();
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return bytes.length <= maxBytes ? bytes : Arrays.copyOfRange(bytes, bytes.length - maxBytes, bytes.length);
    }

    private void writeHeartbeats() {
        long due = runNanos / SECOND;
        // Those that would be cut off at once are not written at all.
        beats = Math.max(beats, due - KEPT / HEARTBEAT);
        while (beats < due) {
            beats++;
            append("[sim] heartbeat " + beats);
        }
    }

    private void append(String line) {
        text.append(line).append('\n');
        if (text.length() > 2 * KEPT) {
            text.delete(0, text.length() - KEPT);
        }
    }
}
