package io.gantry.lab;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A guest driven through virsh, with its disk and its log on the shared directory. */
final class TinyGuest implements AutoCloseable {
    private static final Pattern UUID_ELEMENT = Pattern.compile("<uuid>(.*)</uuid>");

    private final Lab lab;
    private final UUID uuid;
    private final LabGuest console;

    private TinyGuest(Lab lab, UUID uuid, LabGuest console) {
        this.lab = lab;
        this.uuid = uuid;
        this.console = console;
    }

    static TinyGuest start(Lab lab, String name, String... words) {
        String[] command = Stream.concat(Stream.of("domain-xml", name, "96"), Stream.of(words))
                .toArray(String[]::new);
        return start(lab, name, lab.script().run(command));
    }

    /** A guest that runs cloud-init; vdb is the config drive. */
    static TinyGuest startCloudInit(Lab lab, String name, Path configDrive) {
        String drive = """
                <disk type='file' device='disk'>
                  <driver name='qemu' type='raw'/>
                  <source file='%s'/>
                  <target dev='vdb' bus='virtio'/>
                  <readonly/>
                </disk>
                """.formatted(configDrive);
        String xml = lab.script()
                .run("domain-xml", name, "192")
                .replace(lab.initrd().toString(), lab.cloudInitInitrd().toString())
                .replace("<controller", drive + "<controller");
        return start(lab, name, xml);
    }

    private static TinyGuest start(Lab lab, String name, String xml) {
        Matcher uuidElement = UUID_ELEMENT.matcher(xml);
        if (!uuidElement.find()) {
            throw new LabException(xml);
        }
        UUID uuid = UUID.fromString(uuidElement.group(1));
        Path shared = lab.sharedDirectory();
        LabHost host = lab.host(1);
        try {
            Path file = Files.writeString(shared.resolve(name + ".xml"), xml);
            String disk = shared.resolve(name + ".qcow2").toString();
            Command.run("qemu-img", "create", "-q", "-f", "qcow2", disk, "64M");
            Command.run("virsh", "-q", "-c", host.uri(), "define", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TinyGuest guest = new TinyGuest(lab, uuid, new LabGuest(shared.resolve(name + ".log"), host, uuid));
        guest.virsh(host, "start");
        return guest;
    }

    UUID uuid() {
        return uuid;
    }

    LabGuest console() {
        return console;
    }

    String virsh(LabHost host, String command, String... more) {
        return Command.run(Stream.concat(
                                Stream.of("virsh", "-q", "-c", host.uri(), command, uuid.toString()), Stream.of(more))
                        .toArray(String[]::new))
                .strip();
    }

    String state(LabHost host) {
        return virsh(host, "domstate");
    }

    void migrate(LabHost from, LabHost to, String... more) {
        Stream<String> options = Stream.of(
                to.peerUri(),
                "tcp://" + to.migrationAddress(),
                "--live",
                "--p2p",
                "--unsafe",
                "--persistent",
                "--undefinesource");
        virsh(from, "migrate", Stream.concat(options, Stream.of(more)).toArray(String[]::new));
        console.at(to);
    }

    @Override
    public void close() {
        console.close();
        String hosts = IntStream.rangeClosed(1, 2)
                .mapToObj(n -> lab.host(n).uri())
                .map(uri ->
                        "virsh -q -c '%s' destroy %s; virsh -q -c '%s' undefine %s;".formatted(uri, uuid, uri, uuid))
                .collect(joining());
        Command.run("sh", "-c", "{ " + hosts + " } >/dev/null 2>&1 || true");
    }
}
