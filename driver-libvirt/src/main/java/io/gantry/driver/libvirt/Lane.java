package io.gantry.driver.libvirt;

/** Kinds of call that must not keep each other waiting: each has its own threads. */
enum Lane {
    /** Short calls: questions, and requests to stop something. */
    CONTROL(4, 256),
    /** Changes of guests. */
    CHANGE(6, 256),
    /** Transfers of images and migrations: minutes. */
    TRANSFER(8, 64);

    private final int threads;
    private final int queued;

    Lane(int threads, int queued) {
        this.threads = threads;
        this.queued = queued;
    }

    int threads() {
        return threads;
    }

    int queued() {
        return queued;
    }
}
