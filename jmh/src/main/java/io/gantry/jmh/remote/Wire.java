package io.gantry.jmh.remote;

import io.gantry.core.state.Json;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One socket, and what is written to it: numbers, bytes, values as JSON, failures serialised. For one thread at a time. */
final class Wire implements AutoCloseable {
    /** Opens a connection to a host; further words of it are events. */
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

    /** The caller ends the conversation. */
    static final int END = 7;

    private final Socket socket;
    private final Json json;
    private final DataInputStream in;
    private final DataOutputStream out;

    Wire(Socket socket, Json json) throws IOException {
        this.socket = socket;
        this.json = json;
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
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

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
