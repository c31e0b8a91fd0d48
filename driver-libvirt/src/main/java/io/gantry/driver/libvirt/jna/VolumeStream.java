package io.gantry.driver.libvirt.jna;

import com.sun.jna.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.libvirt.jna.SizeT;
import org.libvirt.jna.StreamPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A libvirt stream for one transfer; aborted by {@link #close} unless the transfer was finished. */
final class VolumeStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeStream.class);
    private static final int BUFFER = 256 * 1024;

    private final NativeConnection connection;
    private final NativeLibvirt lib;
    private final StreamPointer stream;
    private boolean used;
    private boolean finished;

    VolumeStream(NativeConnection connection) {
        this.connection = connection;
        this.lib = connection.lib();
        this.stream = connection.check(lib.virStreamNew(connection.pointer(), 0));
    }

    StreamPointer pointer() {
        return stream;
    }

    long send(InputStream content) throws IOException {
        used = true;
        long total = 0;
        byte[] chunk = new byte[BUFFER];
        try (Memory buffer = new Memory(BUFFER)) {
            for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
                buffer.write(0, chunk, 0, read);
                for (int sent = 0; sent < read; ) {
                    connection.pointer();
                    sent += connection.check(lib.virStreamSend(stream, buffer.share(sent), new SizeT(read - sent)));
                }
                total += read;
            }
        }
        connection.pointer();
        connection.check(lib.virStreamFinish(stream));
        finished = true;
        return total;
    }

    void receive(OutputStream sink) throws IOException {
        used = true;
        byte[] chunk = new byte[BUFFER];
        try (Memory buffer = new Memory(BUFFER)) {
            while (true) {
                connection.pointer();
                int received = connection.check(lib.virStreamRecv(stream, buffer, new SizeT(BUFFER)));
                if (received == 0) {
                    break;
                }
                buffer.read(0, chunk, 0, received);
                sink.write(chunk, 0, received);
            }
        }
        connection.check(lib.virStreamFinish(stream));
        finished = true;
    }

    @Override
    public void close() {
        if (used && !finished && lib.virStreamAbort(stream) < 0) {
            // The transfer has failed already, and that failure is what the caller gets to know.
            LOG.debug("Aborting a stream: {}", LastError.copy(lib).text());
        }
        lib.virStreamFree(stream);
    }
}
