package io.gantry.driver.libvirt;

import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.LibvirtError;
import io.gantry.driver.libvirt.port.LibvirtPort;
import io.gantry.driver.libvirt.xml.XmlNode;
import io.gantry.error.InvalidState;
import io.gantry.error.OutcomeUnknown;
import io.gantry.error.Unsupported;
import io.gantry.image.Image;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.GuestAgentUnavailable;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DriverCapability;
import java.time.Duration;

/** What is asked of the QEMU agents in the guests of a host behind libvirt. */
public final class GuestAgent {
    /** The name of the channel that an agent listens on. */
    public static final String CHANNEL = "org.qemu.guest_agent.0";

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int ANSWERS = 3;

    private final LibvirtHost host;
    private final GuestLifecycle guests;

    /**
     * Creates what asks the agents.
     *
     * @param host the host
     * @param guests its guests
     */
    public GuestAgent(LibvirtHost host, GuestLifecycle guests) {
        this.host = host;
        this.guests = guests;
    }

    /**
     * Sets a user's password in a guest.
     *
     * @param context on whose behalf
     * @param id a guest that runs
     * @param user the user's name
     * @param password the new password
     * @throws Unsupported if the guest has no channel to an agent
     * @throws InvalidState if it does not run
     * @throws GuestAgentUnavailable if the agent does not answer; the password is as it was
     */
    public void setUserPassword(CallContext context, InstanceId id, String user, AdminPassword password) {
        host.change("set a password in guest " + id, context.timeout(), port -> {
            DomainStatus domain = guests.claim(port, context, id);
            requireRunning(id, domain);
            if (!hasChannel(port, id)) {
                throw new Unsupported(
                        id.ref(),
                        DriverCapability.SET_USER_PASSWORD.name(),
                        "it was made without a guest agent",
                        "Rebuild it from an image with the property " + Image.HW_QEMU_GUEST_AGENT + "=yes");
            }
            requireAnswer(context, port, id);
            try {
                port.domains().setUserPassword(id.value(), user, password.reveal());
            } catch (LibvirtError e) {
                throw failure(port, id, e);
            }
            return true;
        });
    }

    /**
     * Asks the agent for something else first. What libvirt says of an agent that does not answer does not tell whether it
     * was asked: after this it was.
     */
    private static void requireAnswer(CallContext context, LibvirtPort port, InstanceId id) {
        try {
            port.domains().askAgent(id.value(), seconds(context));
        } catch (LibvirtError e) {
            if (isSilence(e)) {
                throw new GuestAgentUnavailable(id.ref(), e.text());
            } // else it answers, if only that it will not say; or the next call fails for the same reason
        }
    }

    private static boolean isSilence(LibvirtError error) {
        return error.code() == LibvirtError.AGENT_UNRESPONSIVE
                || error.code() == LibvirtError.AGENT_UNSYNCED
                || error.code() == LibvirtError.AGENT_COMMAND_TIMEOUT;
    }

    /** The call's time is for several answers. */
    static int seconds(CallContext context) {
        Duration each = context.timeout().dividedBy(ANSWERS);
        return (int) Math.max(1, each.compareTo(ANSWER) < 0 ? each.toSeconds() : ANSWER.toSeconds());
    }

    private RuntimeException failure(LibvirtPort port, InstanceId id, LibvirtError error) {
        if (isSilence(error)) {
            return new OutcomeUnknown(
                    host.id(), "the agent of guest " + id + " did not answer: " + error.text(), error);
        }
        return switch (error.code()) {
            case LibvirtError.OPERATION_INVALID -> {
                requireRunning(id, guests.require(port, id));
                yield error;
            }
            case LibvirtError.NO_DOMAIN -> guests.notFound(id);
            default -> GuestLifecycle.failure(id, error);
        };
    }

    private static void requireRunning(InstanceId id, DomainStatus domain) {
        if (GuestStates.of(domain).power() != PowerState.RUNNING) {
            throw GuestLifecycle.invalid(id, "set a password in", domain, PowerState.RUNNING);
        }
    }

    private static boolean hasChannel(LibvirtPort port, InstanceId id) {
        return XmlNode.parse(port.domains().xml(id.value(), 0)).descendants("channel").stream()
                .flatMap(channel -> channel.find("target").stream())
                .anyMatch(target -> target.attribute("name").orElse("").equals(CHANNEL));
    }
}
