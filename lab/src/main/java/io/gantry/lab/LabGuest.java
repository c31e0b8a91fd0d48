package io.gantry.lab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one of the lab's tiny guests over its serial console, without any network. The guest's domain needs a serial
 * port of type pty, as console, with a log file opened for appending, so that the log goes on after a migration.
 */
public final class LabGuest implements AutoCloseable {
    private static final Duration REPLY = Duration.ofMinutes(1);
    private static final String PING = "{\"execute\":\"guest-ping\"}";

    private final ConsoleLog log;
    private final UUID uuid;
    private LabHost host;
    private @Nullable ConsolePty pty;
    private int tag;

    /** A guest that is, or will be, on {@code host} and logs its console to that file. */
    public LabGuest(Path consoleLog, LabHost host, UUID uuid) {
        this.log = new ConsoleLog(consoleLog);
        this.host = host;
        this.uuid = uuid;
    }

    /** To be called after the guest has moved: its console is on {@code newHost} now. */
    public synchronized LabGuest at(LabHost newHost) {
        close();
        host = newHost;
        return this;
    }

    /** The next heartbeat from now on. */
    public Heartbeat awaitHeartbeat(Duration timeout) {
        long now = log.end();
        return Poll.awaitValue("heartbeat", timeout, () -> log.first(now, Heartbeat::parse), this::describe);
    }

    /** The next heartbeat of another boot than that one. */
    public Heartbeat awaitReboot(String oldBootId, Duration timeout) {
        long now = log.end();
        return Poll.awaitValue(
                "heartbeat of a new boot",
                timeout,
                () -> log.first(
                        now,
                        line -> Heartbeat.parse(line)
                                .filter(beat -> !beat.bootId().equals(oldBootId))),
                this::describe);
    }

    /** The last heartbeat so far. */
    public Optional<Heartbeat> lastHeartbeat() {
        return log.last(Heartbeat::parse);
    }

    /**
     * What cloud-init made of the instance, once it has ended; of a guest with {@link Lab#cloudInitInitrd()}, the only one
     * that tells.
     *
     * @param boot of which of the boots that are in the console's log, from 1
     */
    public CloudInitReport awaitCloudInit(int boot, Duration timeout) {
        return Poll.awaitValue(
                "end of cloud-init", timeout, () -> CloudInitReport.parse(log.lines(0), boot), this::describe);
    }

    /** Checks every page of the working set. */
    public Verification verify() {
        return Verification.parse(command("verify"));
    }

    /**
     * Starts to dirty memory anew.
     *
     * @param workingSet in MiB
     * @param rate in MiB/s; 0: without limit, -1: none
     * @param kind 'r': random contents, 'c': compressible, 'd': small changes
     */
    public void dirty(int workingSet, int rate, char kind) {
        String reply = command("dirty %d %d %c".formatted(workingSet, rate, kind));
        if (!reply.startsWith("dirty ok")) {
            throw new LabException(reply);
        }
    }

    /**
     * Has the guest carry out a command and returns the reply, one line: {@code ping}, {@code stat}, {@code verify},
     * {@code dirty WS RATE KIND}, {@code stop} or {@code sh COMMAND}. Waits for the guest to have booted. What is sent
     * while the guest moves to another host may be lost.
     */
    public synchronized String command(String command) {
        if (lastHeartbeat().isEmpty()) {
            awaitHeartbeat(REPLY);
        }
        String prefix = "@" + ++tag + " ";
        long now = log.end();
        openPty().writeLine(prefix + command);
        return Poll.awaitValue(
                "reply to " + prefix + command,
                REPLY,
                () -> log.first(now, line -> {
                    int start = line.indexOf(prefix);
                    return start < 0 ? Optional.empty() : Optional.of(line.substring(start + prefix.length()));
                }),
                this::describe);
    }

    /** Waits until the QEMU guest agent answers, which guests of {@link Lab#agentInitrd} with its channel have. */
    public void awaitAgent(Lab lab, Duration timeout) {
        Poll.await(
                "the guest agent's answer",
                timeout,
                () -> {
                    try {
                        lab.exec(host, "virsh", "qemu-agent-command", "--timeout", "5", uuid.toString(), PING);
                        return true;
                    } catch (LabException e) {
                        return false;
                    }
                },
                this::describe);
    }

    /** Looks in the guest whether a user's password is a given one, by the hash that the guest keeps. */
    public boolean acceptsPassword(String user, String password) {
        String line = command("sh grep ^" + user + ": /etc/shadow");
        String kept = line.substring(line.indexOf("out=") + "out=".length()).split(":", -1)[1];
        // perl's crypt is that of the C library; hexadecimal, since a process gets only what its locale can write
        Map<String, String> given =
                Map.of("PASSWORD", HexFormat.of().formatHex(password.getBytes(StandardCharsets.UTF_8)), "KEPT", kept);
        List<String> words = List.of("perl", "-e", "print crypt(pack('H*', $ENV{PASSWORD}), $ENV{KEPT})");
        return kept.equals(new Command(words, given, REPLY).output());
    }

    private ConsolePty openPty() {
        ConsolePty current = pty;
        if (current == null || !current.isOpen()) {
            close();
            current = ConsolePty.open(host, uuid);
            pty = current;
        }
        return current;
    }

    private String describe() {
        return "guest %s on %s, end of %s:%n%s"
                .formatted(uuid, host.name(), log.file(), String.join(System.lineSeparator(), log.lastLines(20)));
    }

    /** Lets go of the console; the guest itself is not touched. */
    @Override
    public synchronized void close() {
        if (pty != null) {
            pty.close();
            pty = null;
        }
    }
}
