package io.gantry.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The script {@code lab/lab}, for the lab below one root directory. */
record LabScript(Path script, Path root) {
    private static final String HOME_PROPERTY = "gantry.lab.home";
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /** A lab of its own, unless the environment asks for a certain one. */
    static LabScript find() {
        Path script = locate().orElseThrow(() -> new LabException("no lab/lab above %s; set the system property %s"
                .formatted(System.getProperty("user.dir"), HOME_PROPERTY)));
        return new LabScript(script, chooseRoot(System.getenv()));
    }

    static Optional<Path> locate() {
        String home = System.getProperty(HOME_PROPERTY);
        Stream<Path> candidates = home != null
                ? Stream.of(Path.of(home, "lab"))
                : Stream.<Path>iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
                        .map(p -> p.resolve("lab/lab"));
        return candidates.filter(Files::isExecutable).map(Path::toAbsolutePath).findFirst();
    }

    static Path chooseRoot(Map<String, String> environment) {
        String root = environment.get("GANTRY_LAB_ROOT");
        if (root != null) {
            return Path.of(root);
        }
        String id = ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime() & 0xffffff, 36);
        return Path.of(environment.getOrDefault("TMPDIR", "/var/tmp"), "gantry-lab-" + id);
    }

    String run(String... arguments) {
        return command(arguments).output();
    }

    Command command(String... arguments) {
        List<String> words = Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                .toList();
        return new Command(words, Map.of("GANTRY_LAB_ROOT", root.toString()), TIMEOUT);
    }
}
