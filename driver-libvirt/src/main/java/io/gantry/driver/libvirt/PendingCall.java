package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** A call on its way through a host's threads: it knows whether it was begun, and whether the connection outlived it. */
final class PendingCall<T> implements Runnable {
    private enum Stage {
        QUEUED,
        BEGUN,
        WITHDRAWN
    }

    private final LibvirtPort port;
    private final PortCall<T> call;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.QUEUED);
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile boolean sent;
    private volatile boolean connectionLost;

    PendingCall(LibvirtPort port, PortCall<T> call) {
        this.port = port;
        this.call = call;
    }

    @Override
    public void run() {
        if (!stage.compareAndSet(Stage.QUEUED, Stage.BEGUN)) {
            return;
        }
        try {
            if (!port.isAlive()) {
                connectionLost = true;
                throw new LibvirtError(LibvirtError.RPC, LibvirtError.FROM_RPC, "the connection is broken");
            }
            sent = true;
            result.complete(call.call(port));
        } catch (LibvirtError e) {
            connectionLost = connectionLost || !port.isAlive();
            result.completeExceptionally(e);
        } catch (Throwable e) {
            // Whatever it is, the thread that waits must get it; there it is thrown again.
            result.completeExceptionally(e);
        }
    }

    /** Takes the call back; false if it was begun. */
    boolean withdraw() {
        return stage.compareAndSet(Stage.QUEUED, Stage.WITHDRAWN);
    }

    /** {@return whether libvirt may have been asked} */
    boolean wasSent() {
        return sent;
    }

    /** {@return whether the connection was found broken with the failure} */
    boolean lostConnection() {
        return connectionLost;
    }

    T await(Duration deadline) throws InterruptedException, ExecutionException, TimeoutException {
        return result.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }
}
