package io.gantry.instance;

import io.gantry.error.InvalidRequest;
import io.gantry.host.HostId;
import io.gantry.host.ZoneName;
import java.util.Optional;

/**
 * Where to bring a shelved instance back. An instance that asked for a zone comes back there, unless another zone is
 * named, which is from then on the one that it stays in, or it is unpinned, and from then on stays in none.
 *
 * @param host the host, which still has to pass the filters, and to be in the instance's zone; empty for the scheduler's
 *     choice
 * @param zone the zone that it asks for from now on; empty to leave that as it is
 * @param unpin whether it asks for no zone any more; not together with a zone
 */
public record UnshelveSpec(Optional<HostId> host, Optional<String> zone, boolean unpin) {
    private static final UnshelveSpec ANYWHERE = new UnshelveSpec(Optional.empty(), Optional.empty(), false);

    /**
     * Checks the parts.
     *
     * @param host see the record
     * @param zone see the record
     * @param unpin see the record
     * @throws InvalidRequest if the zone's name has another form, or a zone is named and it is unpinned
     */
    public UnshelveSpec {
        zone.ifPresent(name -> ZoneName.check("unshelve.zone", name));
        if (zone.isPresent() && unpin) {
            throw new InvalidRequest(
                    "unshelve.zone",
                    zone.get(),
                    "is named for an instance that is to ask for none",
                    "Give one of both");
        }
    }

    /** {@return wherever the scheduler chooses; in its zone, if the instance asked for one} */
    public static UnshelveSpec anywhere() {
        return ANYWHERE;
    }

    /**
     * {@return on one host}
     *
     * @param host the host
     */
    public static UnshelveSpec on(HostId host) {
        return ANYWHERE.to(host);
    }

    /**
     * {@return in a zone, which the instance asks for from now on}
     *
     * @param zone one of the engine's zones
     * @throws InvalidRequest if the name has another form
     */
    public static UnshelveSpec zone(String zone) {
        return new UnshelveSpec(Optional.empty(), Optional.of(zone), false);
    }

    /** {@return in any zone, now and later} */
    public static UnshelveSpec unpinned() {
        return new UnshelveSpec(Optional.empty(), Optional.empty(), true);
    }

    /**
     * {@return the same, on one host}
     *
     * @param host the host
     */
    public UnshelveSpec to(HostId host) {
        return new UnshelveSpec(Optional.of(host), zone, unpin);
    }

    /**
     * {@return the zone that the instance asks for afterwards}
     *
     * @param before the one that it asked for before
     */
    public Optional<String> zoneAfter(Optional<String> before) {
        return unpin ? Optional.empty() : zone.or(() -> before);
    }
}
