package io.gantry.driver.libvirt.jna;

import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.EventSink;
import io.gantry.driver.libvirt.port.HostCalls;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.MigrationCalls;
import io.gantry.driver.libvirt.port.StorageCalls;

/** The port over a native connection. */
final class JnaPort implements LibvirtPort {
    private final NativeConnection connection;
    private final HostCalls host;
    private final DomainCalls domains;
    private final MigrationCalls migrations;
    private final StorageCalls storage;

    private JnaPort(NativeConnection connection) {
        this.connection = connection;
        this.host = new JnaHostCalls(connection);
        this.domains = new JnaDomainCalls(connection);
        this.migrations = new JnaMigrationCalls(connection);
        this.storage = new JnaStorageCalls(connection);
    }

    static JnaPort open(NativeRuntime runtime, String uri, EventSink sink) {
        return new JnaPort(NativeConnection.open(runtime, uri, sink));
    }

    @Override
    public HostCalls host() {
        return host;
    }

    @Override
    public DomainCalls domains() {
        return domains;
    }

    @Override
    public MigrationCalls migrations() {
        return migrations;
    }

    @Override
    public StorageCalls storage() {
        return storage;
    }

    @Override
    public boolean isAlive() {
        return connection.isAlive();
    }

    @Override
    public void abandon() {
        connection.abandon();
    }

    @Override
    public void close() {
        connection.close();
    }
}
