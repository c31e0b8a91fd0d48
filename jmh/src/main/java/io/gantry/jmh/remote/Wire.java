package io.gantry.jmh.remote;

import io.gantry.core.state.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;

/** One conversation, and what is said in it: numbers, bytes, values as JSON, failures serialised. For one thread at a time. */
final class Wire implements AutoCloseable {
    /** Opens a connection to a host; what the host's side says after its answer are events. */
    static final int CONNECT = 1;

    /** Calls something on a connection. */
    static final int CALL = 2;

    /** Does something to a machine. */
    static final int MACHINE = 3;

    /** What a call yielded follows. */
    static final int RESULT = 4;

    /** What a call threw follows. */
    static final int FAILURE = 5;

    /** The content of the call's source is asked for, and follows from the other side. */
    static final int CONTENT = 6;

    /** The connection to a host is closed; said in the conversation that opened it. */
    static final int END = 7;

    private final Channel channel;
    private final Json json;
    private final DataInputStream in;
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(frame);

    Wire(Channel channel, Json json) {
        this(channel, channel.input(), json);
    }

    /** A wire that reads one frame only. */
    Wire(Channel channel, byte[] frame, Json json) {
        this(channel, new ByteArrayInputStream(frame), json);
    }

    private Wire(Channel channel, InputStream in, Json json) {
        this.channel = channel;
        this.json = json;
        this.in = new DataInputStream(in);
    }

    int readNumber() throws IOException {
        return in.readInt();
    }

    void number(int number) throws IOException {
        out.writeInt(number);
    }

    byte[] readBytes() throws IOException {
        return in.readNBytes(in.readInt());
    }

    void bytes(byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    String readText() throws IOException {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    void text(String text) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    <T> T read(Class<T> type) throws IOException {
        return json.read(readText(), type);
    }

    void value(Object value) throws IOException {
        text(json.write(value));
    }

    /** Reads what the other side threw; its resource, which is not serialised, is missing. */
    Throwable readFailure() throws IOException {
        try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(readBytes()))) {
            return (Throwable) objects.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException("The other side threw something unknown", e);
        }
    }

    void failure(Throwable failure) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(failure);
        }
        bytes(bytes.toByteArray());
    }

    /** Sends what was written since the last time, as one frame. */
    void flush() throws IOException {
        channel.send(frame.toByteArray());
        frame.reset();
    }

    /** Ends the conversation. */
    @Override
    public void close() {
        channel.close();
    }
}
