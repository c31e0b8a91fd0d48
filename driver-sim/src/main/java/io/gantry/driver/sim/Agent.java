package io.gantry.driver.sim;

import io.gantry.error.HypervisorError;
import io.gantry.error.Unsupported;
import io.gantry.image.Image;
import io.gantry.instance.AdminPassword;
import io.gantry.instance.GuestAgentUnavailable;
import io.gantry.instance.InstanceId;
import io.gantry.spi.driver.DriverCapability;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/**
 * What answers for a guest from within: it knows {@code root} and the image's administrator, and keeps hashes of their
 * passwords. Guarded by the guest's lock.
 */
final class Agent {
    private static final String ROOT = "root";

    private final Map<String, byte[]> passwords = new HashMap<>();
    private boolean silent;

    void silent(boolean isSilent) {
        silent = isSilent;
    }

    void setPassword(InstanceId id, Image image, String host, String user, AdminPassword password) {
        if (!image.hasGuestAgent()) {
            throw new Unsupported(
                    id.ref(),
                    DriverCapability.SET_USER_PASSWORD.name(),
                    "it was made without a guest agent",
                    "Use an image with the property " + Image.HW_QEMU_GUEST_AGENT + "=yes");
        }
        if (silent) {
            throw new GuestAgentUnavailable(id.ref(), "it is silent");
        }
        if (!user.equals(ROOT) && !user.equals(image.adminUser())) {
            throw new HypervisorError(host, 0, 0, "guest " + id + " has no user " + user, null);
        }
        passwords.put(user, hash(password.reveal()));
    }

    boolean accepts(String user, String password) {
        byte[] known = passwords.get(user);
        return known != null && MessageDigest.isEqual(known, hash(password));
    }

    private static byte[] hash(String password) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
