package io.gantry.core.image;

import io.gantry.core.operation.StepContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reports how much was read, and ends when the owner cancels. */
final class ReportingStream extends FilterInputStream {
    private static final int STEP_PERCENT = 5;

    private final StepContext context;
    private final long size;
    private long done;
    private long reported;

    ReportingStream(InputStream in, StepContext context, long size) {
        super(in);
        this.context = context;
        this.size = size;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        advance(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        advance(Math.max(0, count));
        return count;
    }

    private void advance(int count) {
        context.checkCancelled();
        done += count;
        long percent = Math.min(100, done * 100 / size);
        if (percent >= reported + STEP_PERCENT) {
            reported = percent;
            context.progress((int) percent);
        }
    }
}
