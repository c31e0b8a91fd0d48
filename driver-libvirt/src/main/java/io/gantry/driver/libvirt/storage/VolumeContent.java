package io.gantry.driver.libvirt.storage;

import io.gantry.error.ComputeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The content of a volume, fetched piece by piece. */
final class VolumeContent extends InputStream {
    private static final int PIECE = 4 << 20;

    /** Fetches a piece. */
    @FunctionalInterface
    interface Pieces {
        byte[] fetch(long offset, int length);
    }

    private final long bytes;
    private final Pieces pieces;
    private byte[] piece = new byte[0];
    private int at;
    private long fetched;
    private boolean closed;

    VolumeContent(long bytes, Pieces pieces) {
        this.bytes = bytes;
        this.pieces = pieces;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (closed) {
            throw new IOException("this content was closed");
        }
        if (length == 0) {
            return 0;
        }
        if (at == piece.length && !fetch()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, buffer, offset, count);
        at += count;
        return count;
    }

    private boolean fetch() throws IOException {
        int wanted = (int) Math.min(PIECE, bytes - fetched);
        if (wanted == 0) {
            return false;
        }
        try {
            piece = pieces.fetch(fetched, wanted);
        } catch (ComputeException e) {
            throw new IOException("the content cannot be read any further: " + e.getMessage(), e);
        }
        if (piece.length != wanted) {
            throw new IOException("the content ends " + (bytes - fetched - piece.length) + " bytes too early");
        }
        at = 0;
        fetched += wanted;
        return true;
    }

    @Override
    public void close() {
        closed = true;
        piece = new byte[0];
        at = 0;
    }
}
