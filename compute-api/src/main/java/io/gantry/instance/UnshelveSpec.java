package io.gantry.instance;

import io.gantry.host.HostId;
import java.util.Optional;

/**
 * Where to bring a shelved instance back.
 *
 * @param host the host, which still has to pass the filters; empty for the scheduler's choice
 */
public record UnshelveSpec(Optional<HostId> host) {
    private static final UnshelveSpec ANYWHERE = new UnshelveSpec(Optional.empty());

    /** {@return wherever the scheduler chooses} */
    public static UnshelveSpec anywhere() {
        return ANYWHERE;
    }

    /**
     * {@return on one host}
     *
     * @param host the host
     */
    public static UnshelveSpec on(HostId host) {
        return new UnshelveSpec(Optional.of(host));
    }
}
