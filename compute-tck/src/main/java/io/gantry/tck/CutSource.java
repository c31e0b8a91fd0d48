package io.gantry.tck;

import io.gantry.image.DiskFormat;
import io.gantry.spi.driver.DiskSource;
import io.gantry.unit.DiskSize;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Content that breaks off in its middle: by throwing, or by just ending. */
record CutSource(DiskSource whole, boolean throwing) implements DiskSource {
    @Override
    public DiskFormat format() {
        return whole.format();
    }

    @Override
    public DiskSize virtualSize() {
        return whole.virtualSize();
    }

    @Override
    public long contentBytes() {
        return whole.contentBytes();
    }

    @Override
    public InputStream open() throws IOException {
        return new CutStream(whole.open(), contentBytes() / 2, throwing);
    }

    private static final class CutStream extends FilterInputStream {
        private final boolean throwing;
        private long left;

        CutStream(InputStream whole, long length, boolean throwing) {
            super(whole);
            this.left = length;
            this.throwing = throwing;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                if (throwing) {
                    throw new IOException("the content broke off");
                }
                return -1;
            }
            int read = super.read(target, offset, (int) Math.min(left, length));
            left -= Math.max(0, read);
            return read;
        }
    }
}
