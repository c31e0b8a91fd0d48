package io.gantry.jmh.remote;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket for any number of conversations between two processes. Each frame names its conversation. The thread that
 * reads never waits for anything but the socket, so that no conversation holds up another one, on either side.
 */
final class Trunk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Trunk.class);

    private final Socket socket;
    private final Consumer<Channel> onOpened;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Integer, Channel> channels = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean broken;

    private Trunk(Socket socket, Consumer<Channel> onOpened) throws IOException {
        this.socket = socket;
        this.onOpened = onOpened;
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    }

    /** {@return the side that begins conversations} */
    static Trunk asking(Socket socket) throws IOException {
        // Whoever asked has gone away by now: nobody is left to hear it.
        Trunk trunk = new Trunk(socket, Channel::close);
        Thread reader = new Thread(trunk::read, "gantry-remote-answers");
        reader.setDaemon(true);
        reader.start();
        return trunk;
    }

    /**
     * {@return the side that answers; {@link #read} reads what is asked}
     *
     * @param onOpened told of each new conversation, with its first frame in it; not to block
     */
    static Trunk answering(Socket socket, Consumer<Channel> onOpened) throws IOException {
        return new Trunk(socket, onOpened);
    }

    /** {@return a new conversation} */
    Channel open() throws IOException {
        Channel channel = new Channel(this, numbers.incrementAndGet());
        channels.put(channel.number(), channel);
        if (broken) {
            channels.remove(channel.number());
            throw new IOException("The connection is broken");
        }
        return channel;
    }

    boolean isBroken() {
        return broken;
    }

    void send(int channel, byte[] frame) throws IOException {
        synchronized (out) {
            out.writeInt(channel);
            out.writeInt(frame.length);
            out.write(frame);
            out.flush();
        }
    }

    void forget(int channel) {
        channels.remove(channel);
    }

    /** Hands out frames until the socket ends; then all conversations are broken. */
    void read() {
        try {
            while (true) {
                int number = in.readInt();
                byte[] frame = in.readNBytes(in.readInt());
                Channel known = channels.get(number);
                if (known != null) {
                    known.receive(frame);
                } else {
                    Channel opened = new Channel(this, number);
                    channels.put(number, opened);
                    opened.receive(frame);
                    onOpened.accept(opened);
                }
            }
        } catch (IOException e) {
            LOG.debug("The connection is closed", e);
        } finally {
            broken = true;
            close();
            channels.values().forEach(Channel::breakOff);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("The socket did not close", e);
        }
    }
}
