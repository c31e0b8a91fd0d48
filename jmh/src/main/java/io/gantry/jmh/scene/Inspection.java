package io.gantry.jmh.scene;

import io.gantry.audit.Audit;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Looks until store, ledger and hosts agree, and nothing is under way; hosts that come back take a moment. */
public record Inspection(Stage stage) {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration SETTLING = Duration.ofSeconds(8);

    /** {@return what is still wrong when patience ends} */
    public List<String> findings() {
        long end = System.nanoTime() + SETTLING.toNanos();
        List<String> findings = look();
        while (!findings.isEmpty() && System.nanoTime() < end) {
            pause();
            findings = look();
        }
        return findings;
    }

    private List<String> look() {
        Audit audit = stage.compute().audit();
        return Stream.of(
                        audit.findings().stream().map(Object::toString),
                        audit.silentHosts().stream().map(host -> host + " is silent"),
                        stage.compute().runningOperations().stream()
                                .map(operation -> operation.verb() + " runs in status " + operation.status()),
                        stage.compute().instances().list().stream()
                                .filter(instance -> instance.task().isPresent())
                                .map(instance -> instance.id() + " has task " + instance.task()))
                .flatMap(found -> found)
                .toList();
    }

    public static void pause() {
        try {
            Thread.sleep(LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
