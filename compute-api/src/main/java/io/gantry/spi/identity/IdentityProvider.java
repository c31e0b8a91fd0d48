package io.gantry.spi.identity;

import io.gantry.error.IdentityUnavailable;
import io.gantry.error.Unauthenticated;
import io.gantry.identity.Caller;
import io.gantry.identity.Credentials;

/**
 * Tells who calls. Safe for use by many threads.
 *
 * <p>One that passes {@code IdentityProviderContract} of {@code compute-tck} works with the engine.
 */
public interface IdentityProvider extends AutoCloseable {
    /**
     * {@return who has these credentials, with the highest role that the user has in the project} May block, and may take
     * long on purpose: keep the caller for the length of a session.
     *
     * <p>Implementations compare secrets in constant time, neither log them nor put them into errors, and answer an unknown
     * user as they answer a wrong secret.
     *
     * @param credentials what the caller gave
     * @throws Unauthenticated if they are wrong, or the user has no role in the project, or no project is named and the
     *     user has roles in several ones or none
     * @throws IdentityUnavailable if that cannot be told now
     */
    Caller authenticate(Credentials credentials);

    /** Releases what the provider holds. Closing twice does nothing. */
    @Override
    default void close() {}
}
