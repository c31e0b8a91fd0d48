package io.gantry.event;

/** A registration that ends when it is closed; closing twice does nothing. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** Ends the registration. A call that is under way in another thread may still finish after this returns. */
    @Override
    void close();
}
