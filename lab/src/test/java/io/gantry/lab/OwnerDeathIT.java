package io.gantry.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test JVM that is killed leaves nothing behind. */
@ExtendWith(LabExtension.class)
class OwnerDeathIT {
    /** The JVM that will be killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws InterruptedException {
            Lab lab = Lab.start(1);
            TinyGuest guest = TinyGuest.start(lab, "left");
            guest.console().awaitHeartbeat(Duration.ofMinutes(1));
            System.out.println(lab.script().root() + " " + lab.qemuPid(lab.host(1), guest.uuid()));
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void labGoesDownWithItsOwner() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + "gantry.lab.home=" + System.getProperty("gantry.lab.home", ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (System.getProperty("gantry.lab.home") == null) {
            builder.command().remove(1);
        }
        builder.environment().remove("GANTRY_LAB_ROOT");
        Process owner = builder.start();
        try {
            String line = owner.inputReader().readLine();
            assertTrue(line != null && line.contains(" "), () -> "the owner told: " + line);
            Path root = Path.of(line.split(" ", 2)[0]);
            ProcessHandle qemu =
                    ProcessHandle.of(Long.parseLong(line.split(" ", 2)[1])).orElseThrow();
            LabScript script = new LabScript(LabScript.locate().orElseThrow(), root);
            List<ProcessHandle> all = script.run("status")
                    .lines()
                    .filter(status -> status.contains("pid="))
                    .map(status -> Long.parseLong(status.substring(status.indexOf("pid=") + 4)))
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .flatMap(init -> Stream.concat(Stream.of(init), init.descendants()))
                    .toList();
            assertTrue(all.contains(qemu), "QEMU belongs to a host");
            owner.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            Poll.await(
                    "end of the lab",
                    Duration.ofSeconds(15),
                    () -> all.stream().noneMatch(ProcessHandle::isAlive) && !Files.exists(root),
                    () -> all.stream().filter(ProcessHandle::isAlive).toList().toString());
            assertFalse(qemu.isAlive());
            assertEquals(0, script.command("down").result().exitCode());
        } finally {
            owner.destroyForcibly();
        }
    }
}
