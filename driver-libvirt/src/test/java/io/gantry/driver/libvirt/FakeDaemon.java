package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.EventSink;
import io.gantry.driver.libvirt.port.HostCalls;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.port.MigrationCalls;
import io.gantry.driver.libvirt.port.PortConnector;
import io.gantry.driver.libvirt.port.StorageCalls;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A daemon that can be frozen, thawed, killed and started; its connections know whether they were freed. */
final class FakeDaemon implements PortConnector {
    final List<FakePort> ports = new CopyOnWriteArrayList<>();
    final AtomicInteger attempts = new AtomicInteger();
    final AtomicInteger opening = new AtomicInteger();
    final AtomicInteger mostOpening = new AtomicInteger();
    private volatile CountDownLatch thawed = new CountDownLatch(0);
    private volatile boolean down;

    void freeze() {
        thawed = new CountDownLatch(1);
    }

    void thaw() {
        thawed.countDown();
    }

    void kill() {
        down = true;
        ports.forEach(port -> {
            port.alive = false;
            port.sink.onClosed("the daemon closed the connection");
        });
    }

    void start() {
        down = false;
    }

    /** What every call does: takes for ever while the daemon is frozen. */
    void answer() {
        try {
            thawed.await();
        } catch (InterruptedException e) {
            throw new AssertionError("native code is not interrupted", e);
        }
    }

    @Override
    public LibvirtPort open(String uri, EventSink sink) {
        attempts.incrementAndGet();
        mostOpening.accumulateAndGet(opening.incrementAndGet(), Math::max);
        try {
            answer();
            if (down) {
                throw new LibvirtError(38, LibvirtError.FROM_RPC, "connection refused");
            }
            FakePort port = new FakePort(sink);
            ports.add(port);
            return port;
        } finally {
            opening.decrementAndGet();
        }
    }

    FakePort last() {
        return ports.get(ports.size() - 1);
    }

    long openPorts() {
        return ports.stream().filter(port -> !port.closed).count();
    }

    final class FakePort implements LibvirtPort {
        final EventSink sink;
        final AtomicInteger inCall = new AtomicInteger();
        volatile boolean alive = true;
        volatile boolean abandoned;
        volatile boolean closed;
        volatile boolean closedInCall;

        FakePort(EventSink sink) {
            this.sink = sink;
        }

        /** A call to libvirt. */
        String call() {
            if (abandoned) {
                throw new LibvirtError(LibvirtError.RPC, LibvirtError.FROM_RPC, "given up");
            }
            inCall.incrementAndGet();
            try {
                answer();
                if (!alive) {
                    throw new LibvirtError(38, LibvirtError.FROM_RPC, "end of file while reading data");
                }
                return "answer";
            } finally {
                inCall.decrementAndGet();
            }
        }

        @Override
        public HostCalls host() {
            throw new UnsupportedOperationException();
        }

        @Override
        public DomainCalls domains() {
            throw new UnsupportedOperationException();
        }

        @Override
        public MigrationCalls migrations() {
            throw new UnsupportedOperationException();
        }

        @Override
        public StorageCalls storage() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isAlive() {
            return alive && !abandoned;
        }

        @Override
        public void abandon() {
            abandoned = true;
        }

        @Override
        public void close() {
            closedInCall = inCall.get() > 0;
            closed = true;
        }
    }
}
