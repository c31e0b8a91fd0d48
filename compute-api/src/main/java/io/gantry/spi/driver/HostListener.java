package io.gantry.spi.driver;

/**
 * Told what happens on a host. Implementations return quickly and do not call the driver from these methods.
 */
public interface HostListener {
    /**
     * A guest changed by itself or by a request.
     *
     * @param event what happened
     */
    void onGuestEvent(GuestEvent event);

    /**
     * The connection broke, or a call went without an answer: guests may change unseen until
     * {@link #onConnected}.
     *
     * @param reason what was noticed
     */
    void onDisconnected(String reason);

    /** The connection works again, or events were lost: read all guests anew. */
    void onConnected();
}
