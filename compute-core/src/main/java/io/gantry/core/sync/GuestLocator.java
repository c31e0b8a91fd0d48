package io.gantry.core.sync;

import io.gantry.core.host.HostRegistry;
import io.gantry.error.ComputeException;
import io.gantry.host.HostId;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.GuestState;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks both ends of a move who has the guest. */
public final class GuestLocator {
    private static final Logger LOG = LoggerFactory.getLogger(GuestLocator.class);

    private final HostRegistry hosts;

    /**
     * Creates a locator.
     *
     * @param hosts the connections
     */
    public GuestLocator(HostRegistry hosts) {
        this.hosts = hosts;
    }

    /**
     * What was found.
     *
     * @param host where the guest is; empty if that cannot be told
     * @param power its power state there
     */
    public record Located(Optional<HostId> host, PowerState power) {}

    /** What one host says. */
    private enum Answer {
        HERE,
        IN_TRANSIT,
        NOT_HERE,
        NO_ANSWER
    }

    /**
     * Finds a guest that was to move.
     *
     * <p>A host on which it runs, or stands paused or off as the engine knows it, has it. A host that answers that it
     * has none rules itself out, and the source has it then only if it says so: nothing is concluded from silence.
     */
    public Located locate(InstanceId id, HostId source, HostId target) {
        Said atTarget = ask(id, target);
        if (atTarget.answer() == Answer.HERE && atTarget.power() == PowerState.RUNNING) {
            return new Located(Optional.of(target), atTarget.power());
        }
        Said atSource = ask(id, source);
        if (atSource.answer() == Answer.HERE) {
            return new Located(Optional.of(source), atSource.power());
        }
        if (atTarget.answer() == Answer.HERE && atSource.answer() == Answer.NOT_HERE) {
            return new Located(Optional.of(target), atTarget.power());
        }
        return new Located(Optional.empty(), PowerState.NOSTATE);
    }

    /** {@return whether a guest is on its way to a host, or may be, since the host does not answer} */
    public boolean isArriving(InstanceId id, HostId target) {
        Answer answer = ask(id, target).answer();
        return answer == Answer.IN_TRANSIT || answer == Answer.NO_ANSWER;
    }

    private record Said(Answer answer, PowerState power) {}

    private Said ask(InstanceId id, HostId host) {
        try {
            Optional<GuestState> guest = hosts.connection(host).guest(id);
            if (guest.isEmpty()) {
                return new Said(Answer.NOT_HERE, PowerState.NOSTATE);
            }
            PowerState power = guest.get().power();
            return new Said(power == PowerState.NOSTATE ? Answer.IN_TRANSIT : Answer.HERE, power);
        } catch (ComputeException e) {
            LOG.info("Host {} cannot say whether it has {}", host, id, e);
            return new Said(Answer.NO_ANSWER, PowerState.NOSTATE);
        }
    }
}
