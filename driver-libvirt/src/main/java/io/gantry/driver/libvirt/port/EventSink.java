package io.gantry.driver.libvirt.port;

import java.util.UUID;

/** Told what happens on a connection. Called from the one thread that serves all connections: never blocks. */
public interface EventSink {
    /**
     * A domain changed.
     *
     * @param domain its UUID
     * @param name its name
     * @param event a {@code virDomainEventType}
     * @param detail a detail of that type
     */
    void onLifecycle(UUID domain, String name, int event, int detail);

    /**
     * A domain rebooted.
     *
     * @param domain its UUID
     * @param name its name
     */
    void onReboot(UUID domain, String name);

    /**
     * A job on a domain ended.
     *
     * @param domain its UUID
     * @param statistics the job's last figures
     */
    void onJobCompleted(UUID domain, JobStatistics statistics);

    /**
     * The connection broke.
     *
     * @param reason why
     */
    void onClosed(String reason);
}
