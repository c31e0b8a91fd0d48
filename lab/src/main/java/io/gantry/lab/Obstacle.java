package io.gantry.lab;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Why there can be no lab here, if so. */
record Obstacle(Optional<String> reason) {
    private static final String REQUIRED_PROPERTY = "gantry.lab.required";

    /** Says aloud what it finds: tests that are skipped in silence are not missed by anybody. */
    static Obstacle find() {
        Optional<String> reason = search();
        reason.ifPresent(text -> {
            if (Boolean.getBoolean(REQUIRED_PROPERTY)) {
                throw new LabException("real-hypervisor tests are required, but cannot run: " + text);
            }
            System.err.println("SKIPPED real-hypervisor tests: " + text);
        });
        return new Obstacle(reason);
    }

    static Optional<String> search() {
        String system = System.getProperty("os.name", "");
        if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
            return Optional.of("they need Linux, this is " + system);
        }
        Optional<Path> script = LabScript.locate();
        if (script.isEmpty()) {
            return Optional.of("lab/lab not found");
        }
        Command.Result check = LabScript.find().command("check").result();
        if (check.exitCode() == 0) {
            return Optional.empty();
        }
        String told = (check.err() + check.out()).strip().replace(System.lineSeparator(), "; ");
        return Optional.of(told.contains("lab/install") ? told : told + " (run lab/install as root)");
    }
}
