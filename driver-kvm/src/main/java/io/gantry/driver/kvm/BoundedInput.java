package io.gantry.driver.kvm;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Content that must have been read within some time, so that a slow source ends as a failure to read and not as a hang. */
final class BoundedInput extends FilterInputStream {
    private final long end;
    private final Duration patience;

    BoundedInput(InputStream content, Duration patience) {
        super(content);
        this.patience = patience;
        this.end = System.nanoTime() + patience.toNanos();
    }

    private void check() throws IOException {
        if (System.nanoTime() - end > 0) {
            throw new IOException("the content was not read to its end within " + patience);
        }
    }

    @Override
    public int read() throws IOException {
        check();
        return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        check();
        return super.read(buffer, offset, length);
    }
}
