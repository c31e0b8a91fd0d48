package io.gantry.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal behind a guest's console, open for input.
 *
 * <p>It is kept open, since QEMU looks only once a second whether somebody has opened it; and it is read, since QEMU would
 * stop to write, also to the log, with 4 KiB waiting. Both is done by child processes: a JVM that leads its session would
 * make the terminal its controlling one by opening it, and would be hung up when QEMU ends.
 */
final class ConsolePty implements AutoCloseable {
    private static final Pattern TTY = Pattern.compile("<console type='pty' tty='(/dev/pts/\\d+)'");

    private final Process reader;
    private final Process writer;
    private final OutputStream input;

    private ConsolePty(Process reader, Process writer) {
        this.reader = reader;
        this.writer = writer;
        this.input = writer.getOutputStream();
    }

    static ConsolePty open(LabHost host, UUID guest) {
        String xml = Command.run("virsh", "-q", "-c", host.uri(), "dumpxml", guest.toString());
        Matcher tty = TTY.matcher(xml);
        if (!tty.find()) {
            throw new LabException("guest %s on %s has no console of type pty, or does not run:%n%s"
                    .formatted(guest, host.name(), xml));
        }
        try {
            return new ConsolePty(
                    new ProcessBuilder("sh", "-c", "exec cat <\"$0\"", tty.group(1))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start(),
                    new ProcessBuilder("sh", "-c", "exec cat >\"$0\"", tty.group(1))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start());
        } catch (IOException e) {
            throw new LabException("cannot open the console of " + guest, e);
        }
    }

    /** Whether QEMU has not closed it. */
    boolean isOpen() {
        return reader.isAlive() && writer.isAlive();
    }

    void writeLine(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new LabException("cannot write to the console: " + line, e);
        }
    }

    @Override
    public void close() {
        reader.destroyForcibly();
        writer.destroyForcibly();
    }
}
